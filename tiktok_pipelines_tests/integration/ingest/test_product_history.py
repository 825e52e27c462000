"""What products and prices were: with from and to, whatever order it was told in."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise, permutations
from typing import Any

import pytest
from sqlalchemy import text

from tiktok_pipelines.api.endpoints.table import PRODUCT_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.commit import commit_record_pages
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines.transform.products import PRODUCTS

Json = dict[str, Any]
SHOP = "7400000000000000001"
DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)


def product(
    day: int, title: str = "Mug", price: str = "10", *, seen: float | None = None
) -> RecordPage:
    """A product with one SKU as of the update of a day, seen then or later."""
    sku = {"id": "11", "price": {"currency": "MYR", "sale_price": price}}
    return page_of(day, title, [sku], seen=seen)


def page_of(
    day: int, title: str, skus: list[Json], *, seen: float | None = None
) -> RecordPage:
    record = {
        "id": "1",
        "title": title,
        "status": "ACTIVATE",
        "create_time": int(START.timestamp()),
        "update_time": int(at(day).timestamp()),
        "skus": skus,
    }
    page = Page(
        records=[record],
        total_count=1,
        next_page_token="",
        endpoint=PRODUCT_SEARCH,
        request={},
        body=b"",
        fetched_at=at(seen or day),
        request_id="",
    )
    return read_record_page(PRODUCTS, page, KEEP_ALL)


def keep(database: Database, *answers: RecordPage) -> int:
    """Each answer in a transaction of its own; the rows written."""
    return sum(
        committed.rows_written
        for page in answers
        for committed in commit_record_pages(database, ShopRun(SHOP), [page])
    )


def stored(database: Database, table: str, *names: str) -> list[tuple[Any, ...]]:
    columns = ", ".join(("valid_from", "valid_to", *names))
    statement = text(f"SELECT {columns} FROM tiktok.{table} ORDER BY valid_from")
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def forget(database: Database) -> None:
    tables = ", ".join(f"tiktok.{name}" for name in PRODUCTS.tables())
    with database.begin() as connection:
        connection.execute(text(f"TRUNCATE {tables}"))


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


def test_the_same_answers_again_write_nothing(database: Database) -> None:
    answers = [product(1), product(3, "Cup")]

    assert keep(database, *answers) > 4
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


def test_several_answers_of_one_transaction_count_each(database: Database) -> None:
    pages = [product(1), product(3, "Cup")]

    commit_record_pages(database, ShopRun(SHOP), pages)

    assert stored(database, "product_history", "title") == [
        (at(1), at(3), "Mug"),
        (at(3), None, "Cup"),
    ]


def removed(database: Database) -> list[tuple[Any, ...]]:
    statement = text(
        "SELECT sku_id, product_id, seller_sku, price::text, deleted_at, deleted_reason"
        " FROM tiktok.skus ORDER BY sku_id"
    )
    with database.begin() as connection:
        return [tuple(row) for row in connection.execute(statement)]


def sku(name: str, price: str) -> Json:
    money = {"currency": "MYR", "sale_price": price}
    return {"id": name, "seller_sku": f"code {name}", "price": money}


BOTH = [sku("11", "10"), sku("12", "20")]


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_a_sku_that_left_its_product_stays_as_removed(
    database: Database, order: tuple[int, ...]
) -> None:
    answers = [
        page_of(1, "Mug", BOTH),
        page_of(3, "Mug", BOTH[:1]),
        page_of(5, "Cup", BOTH[:1]),
    ]

    keep(database, *(answers[place] for place in order))

    assert removed(database) == [
        ("11", "1", "code 11", "10", None, None),
        ("12", "1", "code 12", "20", at(3), "removed"),
    ]
    told = stored(database, "sku_price_history", "sku_id")
    assert [row for row in told if row[2] == "12"] == [(at(1), at(3), "12")]


def test_a_sku_that_comes_back_is_there_again(database: Database) -> None:
    keep(
        database,
        page_of(1, "Mug", BOTH),
        page_of(3, "Mug", BOTH[:1]),
        page_of(5, "Mug", BOTH),
    )

    assert [row[4:] for row in removed(database)] == [(None, None), (None, None)]
