"""Customers: counted right, whatever comes in one transaction or in several."""

from datetime import UTC, datetime, timedelta

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import rows, table
from tiktok_pipelines_tests.integration.ingest.test_order_commit import (
    DELIVERED,
    LATER,
    SHOP,
    commit,
)
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import CREATED, HOUR, NOON, order


def test_customers_are_counted_from_their_orders(database: Database) -> None:
    hour_later = {"create_time": CREATED + HOUR}
    commit(database, order(1, user_id="a"), order(2, user_id="a", **hour_later))
    commit(database, order(3, user_id="b"), at=LATER)

    assert customers(database) == {"a": (2, 0, 1), "b": (1, 0, 0)}


def test_customers_are_counted_right_when_the_buyer_changes(database: Database) -> None:
    hour_later = {"create_time": CREATED + HOUR}
    commit(database, order(1, user_id="a"), order(2, user_id="a", **hour_later))
    commit(database, order(3, user_id="c"))

    commit(database, order(2, user_id="b", **hour_later, **DELIVERED), at=LATER)
    commit(database, order(3, user_id=None, **DELIVERED), at=LATER)

    assert customers(database) == {"a": (1, 0, 0), "b": (1, 1, 1)}


def test_customers_of_a_batch_are_added_or_counted_again(database: Database) -> None:
    hour_later = {"create_time": CREATED + HOUR}
    commit(database, order(1, user_id="a"), order(2, user_id="b"))

    commit(
        database,
        order(2, user_id="a", **DELIVERED),
        order(3, user_id="a", **hour_later),
        order(4, user_id="b", **hour_later),
        order(5, user_id="c", **hour_later),
        order(6, user_id="c", create_time=None),
        at=LATER,
    )
    commit(database, order(7, user_id="c"), at=LATER)

    assert customers(database) == {"a": (3, 0, 1), "b": (1, 1, 1), "c": (3, 0, 1)}


def test_a_customer_names_one_page_and_its_time(database: Database) -> None:
    """The last page of a transaction may have been asked for first."""
    pages = [
        read([order(1, user_id="a")], LATER),
        read([order(2, user_id="a")], NOON),
    ]

    commit_order_pages(database, SHOP, pages)

    told = "SELECT c.synced_at, p.fetched_at FROM tiktok.customers AS c"
    told += " JOIN tiktok_raw.pages AS p ON p.page_id = c.raw_page_id"
    assert rows(database, told) == [{"synced_at": NOON, "fetched_at": NOON}]


def customers(database: Database) -> dict[str, tuple[int, float, float]]:
    """Count, and hours from the first creation to the first and last order."""
    start = datetime(2026, 1, 5, 8, tzinfo=UTC)
    return {
        row["buyer_id"]: (
            row["order_count"],
            (row["first_order_at"] - start) / timedelta(hours=1),
            (row["last_order_at"] - start) / timedelta(hours=1),
        )
        for row in table(database, "tiktok.customers")
    }
