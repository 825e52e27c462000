"""Kept pages: read back as they were mapped, in the order of their commits."""

from datetime import timedelta

import pytest
from sqlalchemy import event

from tiktok_pipelines.api.endpoints.table import ORDER_DETAIL, ORDER_SEARCH
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.ingest.archive import (
    PAGES_AT_ONCE,
    pages_of,
    read_kept,
    sights_of,
)
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.rebuilds import (
    SHOP,
    change,
    commit,
    spill,
)
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    golden_orders,
    order,
)

OTHER = ShopRun("7490000000000000002")
DELIVERED: Json = {"status": "DELIVERED", "update_time": CREATED + 9 * HOUR}
LATER = NOON + timedelta(minutes=1)


def keep(database: Database, number: int) -> None:
    """Keep so many pages."""
    for place in range(number):
        commit(database, order(place), at=NOON + timedelta(seconds=place))


def selects(database: Database) -> list[str]:
    """The queries for pages that are sent from now on."""
    sent: list[str] = []

    def note(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM tiktok_raw.pages" in statement:
            sent.append(statement)

    event.listen(database.engine, "before_cursor_execute", note)
    return sent


def test_pages_come_back_as_they_were_mapped_less_buyer_data(
    database: Database,
) -> None:
    received = list(golden_orders().values())
    before = read(received)
    commit(database, *received)

    (kept,) = pages_of(database, SHOP.shop_id)

    again = read_kept(kept, kept.page())
    assert [rows.order for rows in again.orders] == [
        rows.order for rows in before.orders
    ]
    assert [rows.lines for rows in again.orders] == [
        rows.lines for rows in before.orders
    ]
    assert [rows.version for rows in again.orders] == [
        rows.version for rows in before.orders
    ]
    assert {rows.buyer for rows in again.orders} == {None}
    assert again.page_id == kept.page_id
    assert (again.request, again.fetched_at) == (before.request, before.fetched_at)


def test_buyer_data_that_older_code_left_in_a_page_is_given_to_nobody(
    database: Database,
) -> None:
    commit(database, order(1))
    spill(database, order(1))

    (kept,) = pages_of(database, SHOP.shop_id)
    (rows,) = read_kept(kept, kept.page()).orders

    assert b"buyer_email" in kept.answer()
    assert rows.buyer is None
    assert "buyer_email" not in repr(rows.order)


def test_pages_come_in_the_order_of_their_commits_each_once(database: Database) -> None:
    keep(database, PAGES_AT_ONCE + 1)
    commit(database, order(1), shop=OTHER)

    found = [kept.page_id for kept in pages_of(database, SHOP.shop_id)]

    assert len(found) == PAGES_AT_ONCE + 1
    assert found == sorted(set(found))


def test_pages_are_fetched_a_few_at_a_time(database: Database) -> None:
    keep(database, PAGES_AT_ONCE + 1)
    sent = selects(database)

    pages = pages_of(database, SHOP.shop_id)

    next(pages)
    assert len(sent) == 1
    assert len(list(pages)) == PAGES_AT_ONCE
    assert len(sent) == 3  # the last one finds nothing


def test_pages_that_are_committed_meanwhile_come_too(database: Database) -> None:
    commit(database, order(1))
    pages = pages_of(database, SHOP.shop_id)
    first = next(pages)

    commit(database, order(2), at=NOON - timedelta(hours=1))

    (second,) = pages
    assert second.page_id > first.page_id


def test_pages_asked_for_earlier_are_left_out(database: Database) -> None:
    keep(database, 3)

    found = pages_of(database, SHOP.shop_id, since=NOON + timedelta(seconds=1))

    assert len(list(found)) == 2


@pytest.mark.parametrize("endpoint", [ORDER_SEARCH, ORDER_DETAIL], ids=str)
def test_a_page_knows_which_call_it_answered(
    database: Database, endpoint: object
) -> None:
    commit(database, order(1))
    path = getattr(endpoint, "path", "")
    change(
        database,
        "UPDATE tiktok_raw.pages"
        f" SET request = jsonb_set(request, '{{path}}', '\"{path}\"')",
    )

    (kept,) = pages_of(database, SHOP.shop_id)

    assert kept.page().endpoint == endpoint


def test_a_damaged_page_is_named(database: Database) -> None:
    commit(database, order(1))
    change(database, "UPDATE tiktok_raw.pages SET body = 'x'")
    (kept,) = pages_of(database, SHOP.shop_id)

    with pytest.raises(StorageError, match=f"page {kept.page_id} of tiktok_raw"):
        kept.page()


def test_every_sight_of_an_order_is_found(database: Database) -> None:
    commit(database, order(1), order(2))
    commit(database, order(3), at=LATER)
    commit(database, order(2, **DELIVERED), order(3), at=LATER)

    sights = sights_of(database, SHOP.shop_id, order(2)["id"])

    assert [record["status"] for _, record in sights] == [
        "AWAITING_SHIPMENT",
        "DELIVERED",
    ]


def test_an_order_whose_id_came_as_a_number_is_found(database: Database) -> None:
    commit(database, order(id=5800000000000000042))

    ((_, record),) = sights_of(database, SHOP.shop_id, "5800000000000000042")

    assert record["id"] == 5800000000000000042


def test_an_id_that_stands_elsewhere_in_a_page_is_no_sight(database: Database) -> None:
    commit(database, order(1, seller_note=order(2)["id"]))

    assert list(sights_of(database, SHOP.shop_id, order(2)["id"])) == []
