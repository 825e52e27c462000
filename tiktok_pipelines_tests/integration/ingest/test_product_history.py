"""What products and prices were: with from and to, whatever order it was told in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from sqlalchemy import text

from tiktok_pipelines.ingest.product_history import keep_history
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.products import PRODUCTS
from tiktok_pipelines.transform.records import RecordRows, read_record

Json = dict[str, Any]
SHOP = "7400000000000000001"
DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def product(
    day: int, title: str = "Mug", price: str = "10", *, seen: float | None = None
) -> RecordRows:
    """A product as of the update of a day, seen then or later."""
    record = {
        "id": "1",
        "title": title,
        "status": "ACTIVATE",
        "create_time": int(START.timestamp()),
        "update_time": int((START + day * DAY).timestamp()),
        "skus": [{"id": "11", "price": {"currency": "MYR", "sale_price": price}}],
    }
    rows, _ = read_record(PRODUCTS, record, START + (seen or day) * DAY)
    assert isinstance(rows, RecordRows)
    return rows


def keep(database: Database, *answers: RecordRows) -> int:
    """Each answer in a transaction of its own; the rows added."""
    added = 0
    for page_id, rows in enumerate(answers, start=1):
        with database.begin() as connection:
            added += keep_history(connection, ShopRun(SHOP), [(page_id, rows)]).total()
    return added


def stored(database: Database, table: str, *names: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(("valid_from", "valid_to", *names))
    statement = text(f"SELECT {columns} FROM tiktok.{table} ORDER BY valid_from")
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def forget(database: Database) -> None:
    with database.begin() as connection:
        connection.execute(
            text("TRUNCATE tiktok.product_history, tiktok.sku_price_history")
        )


def at(day: float) -> datetime:
    return START + day * DAY


def test_each_title_counts_until_the_next_update(database: Database) -> None:
    keep(database, product(1), product(3, "Cup"), product(7, "Bowl"))

    assert stored(database, "product_history", "title") == [
        (at(1), at(3), "Mug"),
        (at(3), at(7), "Cup"),
        (at(7), None, "Bowl"),
    ]


def test_each_price_counts_until_the_next_update(database: Database) -> None:
    keep(database, product(1), product(3, price="12.50"))

    told = stored(database, "sku_price_history", "price", "currency")
    assert [(*row[:2], str(row[2]), row[3]) for row in told] == [
        (at(1), at(3), "10", "MYR"),
        (at(3), None, "12.50", "MYR"),
    ]


def test_a_change_without_an_update_counts_from_when_it_was_seen(
    database: Database,
) -> None:
    keep(database, product(1), product(1, price="9", seen=2.5))

    told = stored(database, "sku_price_history", "price")
    assert [(*row[:2], str(row[2])) for row in told] == [
        (at(1), at(2.5), "10"),
        (at(2.5), None, "9"),
    ]


def test_the_same_answers_again_add_nothing(database: Database) -> None:
    answers = [product(1), product(3, "Cup")]

    assert keep(database, *answers) == 4
    assert keep(database, *answers) == 0


def test_the_order_of_the_answers_makes_no_difference(database: Database) -> None:
    answers = [
        product(1),
        product(1, price="9", seen=2.5),
        product(3, "Cup"),
        product(4, "Cup", "8"),
    ]
    found: list[list[tuple[Any, ...]]] = []

    for order in permutations(answers):
        keep(database, *order)
        titles = stored(database, "product_history", "title")
        found.append(titles + stored(database, "sku_price_history", "price"))
        forget(database)

    assert len(found[0]) == 3 + 4
    assert all(one == other for one, other in pairwise(found))


def test_several_answers_of_one_page_count_each(database: Database) -> None:
    told = [(1, product(1)), (1, product(3, "Cup"))]

    with database.begin() as connection:
        added = keep_history(connection, ShopRun(SHOP), told)

    assert added == {1: 4}


@pytest.mark.parametrize("ended", [3, 5])
def test_the_price_of_a_removed_sku_ends(database: Database, ended: int) -> None:
    with database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tiktok.skus (shop_id, sku_id, product_id, deleted_at,"
                " synced_at) VALUES (:shop_id, '11', '1', :ended_at, now())"
            ),
            {"shop_id": SHOP, "ended_at": at(ended)},
        )

    keep(database, product(1))

    assert stored(database, "sku_price_history") == [(at(1), at(ended))]
