"""Counting what is there, for the ledger."""

from sqlalchemy import text

from tiktok_pipelines.ingest.ledger import count_rows
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import scalar

SHOP_ID = "7490000000000000001"
FILL = f"""
    INSERT INTO tiktok.orders (shop_id, order_id, status, source, synced_at)
    SELECT '{SHOP_ID}', n::text, repeat('x', 900), 'api', now()
    FROM generate_series(1, 20000) AS n
"""
FETCHED = """
    SELECT pg_stat_get_tuples_fetched('tiktok.orders'::regclass)
         + pg_stat_get_tuples_returned('tiktok.orders'::regclass)
"""


def test_a_table_without_statistics_is_not_read_whole(
    database: Database,
) -> None:
    with database.begin() as connection:
        connection.execute(text(FILL))
    asked = [str(number) for number in range(19_001, 20_501)]

    assert count_rows(database, SHOP_ID, asked) == 1_000

    database.close()  # which tells the server's statistics
    assert scalar(database, FETCHED) < 2 * len(asked)
