"""What is asked of the tables before orders are written: no more than those orders."""

from collections import Counter

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.known_orders import known_orders
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.orders import OrderRows
from tiktok_pipelines_tests.integration.ingest.test_order_commit import SHOP, commit
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON, order


def test_orders_are_looked_up_by_key_in_tables_that_were_just_filled(
    database: Database,
) -> None:
    """PostgreSQL has no statistics of them, and would read all orders of the shop."""
    for start in range(0, 3000, 300):
        commit(database, *(order(start + number) for number in range(300)))

    with database.begin() as connection:
        before = rows_read(connection)
        known = known_orders(connection, SHOP, answers(*range(0, 3000, 10)))
        read_now = rows_read(connection) - before

    assert len(known) == 300
    assert read_now == Counter(orders=300, order_recipients=300)


def test_details_are_read_of_what_may_change_alone(database: Database) -> None:
    told = {"payment_card_type": "debit"}
    commit(database, order(1, **told), order(2, **told), order(3, **told), order(4))

    received = [
        *answers(1, 4),
        read([order(2, status="DELIVERED")], NOON).orders[0],
        read([order(3, payment_auth_code="42")], NOON).orders[0],
    ]
    with database.begin() as connection:
        known = known_orders(connection, SHOP, received)

    assert [known[rows.order_id].detail for rows in received] == [{}, {}, told, told]


def answers(*numbers: int) -> list[OrderRows]:
    return list(read([order(number) for number in numbers], NOON).orders)


def rows_read(connection: Connection) -> Counter[str]:
    """Rows that this session fetched from tables of ``tiktok``, by table."""
    statement = text(
        "SELECT relname, coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
        " AS fetched"
        " FROM pg_stat_xact_user_tables WHERE schemaname = 'tiktok'"
    )
    return Counter({row.relname: row.fetched for row in connection.execute(statement)})
