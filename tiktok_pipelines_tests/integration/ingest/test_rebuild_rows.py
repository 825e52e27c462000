"""Rows that a rebuild must tell apart, leave alone, or leave out."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tiktok_pipelines.errors import PipelineError, StorageError
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.rebuilds import (
    READ,
    SHOP,
    after,
    change,
    commit,
    differences,
    held,
    keep_page,
    places,
    rebuild,
    spill,
)
from tiktok_pipelines_tests.integration.ingest.stored import Row, count, scalar, table
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    line,
    order,
)

LATER = NOON + timedelta(minutes=1)
DELIVERED: Json = {"status": "DELIVERED", "update_time": CREATED + 9 * HOUR}


@pytest.mark.parametrize("when", ["at first", "at last"])
def test_an_order_that_postgresql_refuses_is_left_out_and_counted(
    database: Database, when: str
) -> None:
    commit(database, order(1), order(2))
    bad = order(3, seller_note=Decimal("1e200000"))

    def keep() -> None:
        keep_page(database, order(1, **DELIVERED), bad, order(4))

    if when == "at first":
        keep()
        report = rebuild(database)
    else:
        with after(database, READ, keep):
            report = rebuild(database)

    replayed = report.shops[0].replayed
    assert (replayed.refused_count, replayed.refused) == (1, (bad["id"],))
    assert (replayed.pages, replayed.orders) == (2, 5)
    assert {
        row["order_id"]: row["status"] for row in table(database, "tiktok.orders")
    } == {
        order(1)["id"]: "DELIVERED",
        order(2)["id"]: "AWAITING_SHIPMENT",
        order(4)["id"]: "AWAITING_SHIPMENT",
    }
    assert count(database, "tiktok_ops.quarantine_records") == 0
    assert count(database, "tiktok_raw.pages") == 2


def test_a_page_that_is_damaged_is_named(database: Database) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok_raw.pages SET body = 'x'")
    page_id = scalar(database, "SELECT page_id FROM tiktok_raw.pages")

    with pytest.raises(StorageError, match=f"page {page_id} .* backup"):
        rebuild(database)


def test_nothing_but_tables_of_rows_is_written(database: Database) -> None:
    odd = order(2, brand_new_field=1)
    commit(database, order(1), odd, order(3, id=""))
    change(
        database,
        "UPDATE tiktok.orders SET status = 'LOST'",
        "DELETE FROM tiktok_ops.api_drift",
        "UPDATE tiktok_ops.quarantine_records SET resolved_at = now()",
    )
    names = ("api_drift", "quarantine_records", "rechecks", "sync_windows")
    before = {name: table(database, f"tiktok_ops.{name}") for name in names}

    rebuild(database)

    assert {name: table(database, f"tiktok_ops.{name}") for name in names} == before
    assert count(database, "tiktok_raw.pages") == 1


def test_orders_from_elsewhere_are_left_alone_and_counted(database: Database) -> None:
    commit(database, order(1, user_id="a"), order(2, user_id="b"))
    change(
        database,
        "INSERT INTO tiktok.orders (shop_id, order_id, buyer_id, created_at, source,"
        " synced_at) SELECT shop_id, 'csv-1', 'a', created_at, 'csv', now()"
        " FROM tiktok.orders WHERE buyer_id = 'a'",
        "INSERT INTO tiktok.order_lines (shop_id, line_id, order_id, synced_at)"
        f" VALUES ('{SHOP.shop_id}', 'csv-1-1', 'csv-1', now())",
        "INSERT INTO tiktok.order_status_history (shop_id, order_id, status,"
        " changed_at, seen_at, source, synced_at)"
        f" VALUES ('{SHOP.shop_id}', 'csv-1', 'DELIVERED', now(), now(), 'csv', now())",
        "UPDATE tiktok.customers SET order_count = 2 WHERE buyer_id = 'a'",
    )
    before = places(database)

    assert rebuild(database).is_equal
    assert places(database) == before


def test_an_order_that_pages_tell_of_otherwise_is_left_to_where_it_comes_from(
    database: Database,
) -> None:
    commit(database, order(1), order(2))
    change(
        database,
        "UPDATE tiktok.orders SET source = 'csv', status = 'OWN', updated_at = NULL,"
        f" content_hash = NULL WHERE order_id = '{order(1)['id']}'",
    )
    before = places(database)

    assert rebuild(database).is_equal
    assert places(database) == before


@pytest.fixture
def half_told(database: Database) -> Database:
    """Two orders with buyer data, and a page that tells of the first alone."""
    commit(database, order(1))
    commit(database, order(2))
    change(
        database,
        "DELETE FROM tiktok_raw.pages WHERE page_id = (SELECT raw_page_id"
        f" FROM tiktok.orders WHERE order_id = '{order(2)['id']}')",
    )
    return database


def test_an_order_that_is_removed_takes_its_buyer_data_along(
    half_told: Database,
) -> None:
    before = held(half_told)

    report = rebuild(half_told, accepts_removals=True)

    after = held(half_told)
    assert differences(report)["order_recipients"] == (0, 1, 0, 0)
    assert {name: ids(rows) for name, rows in after.items() if name != "customers"} == {
        name: {order(1)["id"]} for name in after if name != "customers"
    }
    assert after["order_recipients"] == before["order_recipients"][:1]
    assert rebuild(half_told).is_equal


def ids(rows: list[Row]) -> set[str]:
    return {row["order_id"] for row in rows}


def test_buyer_data_that_would_go_is_counted_before(half_told: Database) -> None:
    before = places(half_told)

    report = rebuild(half_told)

    assert differences(report)["order_recipients"] == (0, 1, 0, 0)
    named = {each.table: each.rows for each in report.shops[0].differences}
    assert named["tiktok.order_recipients"] == {"removed": [order(2)["id"]]}
    assert places(half_told) == before


def test_buyer_data_that_older_code_left_in_pages_is_no_news_of_the_buyer(
    database: Database,
) -> None:
    commit(database, order(1))
    spill(database, order(1, buyer_email="new@relay.example"))
    change(
        database,
        "UPDATE tiktok.orders SET status = 'LOST'",
        "INSERT INTO tiktok_ops.privacy_rules VALUES ('*', '*', 'mask', now())",
    )
    before = places(database)["order_recipients"]

    assert rebuild(database).shops[0].is_applied

    assert places(database)["order_recipients"] == before


def test_amounts_are_compared_to_the_last_digit(database: Database) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok.order_lines SET sale_price = 59.5")

    report = rebuild(database)

    assert differences(report) == {"order_lines": (0, 0, 2, 0)}
    printed = "SELECT DISTINCT sale_price::text FROM tiktok.order_lines"
    assert scalar(database, printed) == "59.50"


def test_rows_that_only_name_another_page_are_told_apart(database: Database) -> None:
    commit(database, order(1), order(2, line_items=[line(2, 1)]))
    before = held(database)
    change(database, "UPDATE tiktok.order_lines SET raw_page_id = raw_page_id + 1")

    assert differences(rebuild(database)) == {"order_lines": (0, 0, 0, 3)}
    assert held(database) == before


def test_a_shop_that_nobody_knows_is_an_error(database: Database) -> None:
    with pytest.raises(PipelineError, match=r"shop 4711 .* shops list"):
        rebuild(database, "4711")


def test_a_database_without_pages_has_nothing_to_rebuild(database: Database) -> None:
    report = rebuild(database)

    assert report.shops == ()
    assert report.is_equal
