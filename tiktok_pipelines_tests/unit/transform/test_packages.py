"""Packages, their details and their tracking, as received → rows, and back."""

from functools import cache

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.tracking import render_tracking
from tiktok_pipelines.transform.buyers import take_buyer
from tiktok_pipelines.transform.packages import (
    ORDER_TRACKING,
    PACKAGE_DETAILS,
    PACKAGES,
    split_detail,
)
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.recorded import samples_of
from tiktok_pipelines_tests.unit.simulator.worlds import CONFIG
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json

DETAIL: Json = {
    "package_id": "11",
    "package_status": "PROCESSING",
    "update_time": 1767600000,
    "create_time": 1767500000,
    "orders": [
        {"id": "57", "skus": [{"id": "17", "quantity": 2}]},
        {"id": "58", "skus": [{"id": "17", "quantity": 1}]},
    ],
    "order_line_item_ids": ["571", "572", "581"],
    "recipient_address": {"name": "Jane Fake", "postal_code": "00000"},
    "weight": {"value": "1.2", "unit": "GRAM"},
    "insurance": {"is_purchased": True, "coverage_amount": "100"},
    "biz_extension_tags": ["NON_MCF"],
}
NAMES_OF_SEARCH = {"package_id": "id", "package_status": "status"}


@cache
def simulated() -> list[Json]:
    sim = Simulator(CONFIG)
    return [row for shop in sim.shops for row in sim.truth(shop.id, "packages")]


def published() -> list[Json]:
    return [sample.data() for sample in samples_of("package_detail")]


def rows_of(mapping: RecordMap, record: Json, **given: str) -> RecordRows:
    rows, _ = read_record(mapping, record, NOON, given)
    assert isinstance(rows, RecordRows), rows
    assert rows.bad == []
    return rows


def given_back(mapping: RecordMap, record: Json) -> Json:
    rows = rows_of(mapping, record)
    buyer = take_buyer(dict(record))
    return give_back_record(mapping, rows.row, rows.parts, buyer)


def whole(detail: Json) -> Json:
    """A detail again, from the rows of its two halves."""
    shared, rest = split_detail(detail)
    again = given_back(PACKAGES, shared)
    for name, of_search in NAMES_OF_SEARCH.items():
        if of_search in again:
            again[name] = again.pop(of_search)
    return {**again, **given_back(PACKAGE_DETAILS, rest)}


def test_a_published_detail_is_given_back_field_by_field() -> None:
    assert published()
    for detail in [*published(), DETAIL]:
        assert whole(detail) == detail


def test_simulated_details_are_given_back_field_by_field() -> None:
    assert len(simulated()) > 100
    for detail in simulated():
        assert whole(detail) == detail


@pytest.mark.parametrize("detail", [*published(), DETAIL], ids=["published", "made"])
def test_nothing_in_a_detail_is_unknown(detail: Json) -> None:
    shared, rest = split_detail(detail)

    notes = [*rows_of(PACKAGES, shared).notes, *rows_of(PACKAGE_DETAILS, rest).notes]
    assert [str(note) for note in notes] == []


def test_a_detail_says_of_the_package_what_a_search_says() -> None:
    told = {NAMES_OF_SEARCH.get(name, name): value for name, value in DETAIL.items()}
    names = ("id", "status", "update_time", "create_time", "orders")
    search = {name: told[name] for name in (*names, "order_line_item_ids")}

    by_search, by_detail = (
        rows_of(PACKAGES, record) for record in (search, split_detail(DETAIL)[0])
    )

    assert by_detail.row == by_search.row
    assert by_detail.parts == by_search.parts
    assert by_detail.version == by_search.version


def test_a_combined_package_names_both_orders_and_what_is_in_it_of_each() -> None:
    rows = rows_of(PACKAGES, split_detail(DETAIL)[0])

    assert [row["order_id"] for row in rows.parts["package_orders"]] == ["57", "58"]
    units = [
        (row["order_id"], row["sku_id"], row["quantity"])
        for row in rows.parts["package_skus"]
    ]
    assert units == [("57", "17", 2), ("58", "17", 1)]
    lines = [row["line_id"] for row in rows.parts["package_lines"]]
    assert lines == ["571", "572", "581"]


def test_the_recipient_belongs_to_every_order_in_the_package() -> None:
    rows = rows_of(PACKAGES, split_detail(DETAIL)[0])

    assert rows.order_ids == ["57", "58"]
    assert rows.buyer is not None
    assert rows.buyer.fields["recipient_address.name"] == "Jane Fake"


def test_buyer_data_anywhere_in_a_detail_goes_to_who_knows_the_orders() -> None:
    deep = {**DETAIL, "insurance": {"buyer_email": "b@x.example"}, "buyer_email": "a"}
    shared, rest = split_detail(deep)

    assert rows_of(PACKAGE_DETAILS, rest).buyer is None
    buyer = rows_of(PACKAGES, shared).buyer
    assert buyer is not None
    assert buyer.fields["insurance.buyer_email"] == "b@x.example"
    assert buyer.fields["buyer_email"] == "a"
    assert whole(deep) == deep


def test_the_sender_is_no_buyer() -> None:
    row = rows_of(PACKAGE_DETAILS, split_detail(published()[0])[1]).row

    assert row["sender_region_code"] == "US"
    assert b"Jane Fake" in row["extra"]  # type: ignore[operator]


def test_events_keep_their_places_when_newer_ones_come_before_them() -> None:
    (sample,) = samples_of("order_tracking")
    newest, oldest = sample.data()["tracking"]

    before = rows_of(ORDER_TRACKING, {"tracking": [oldest]}, order_id="57")
    after = rows_of(ORDER_TRACKING, {"tracking": [newest, oldest]}, order_id="57")

    (first,) = before.parts["tracking_events"]
    assert first in after.parts["tracking_events"]
    assert first["event_number"] == 1
    assert first["action_code"] == 10101
    assert first["happened_at"] == oldest["update_time_millis"] * 1000


def test_tracking_is_given_back_event_by_event() -> None:
    (sample,) = samples_of("order_tracking")
    sim = Simulator(CONFIG)
    now = sim.clock.epoch()
    plans = [plan for shop in sim.shops for plan in shop.orders.visible(now)][:50]
    records = [{"tracking": render_tracking(plan, now)} for plan in plans]

    for record in [sample.data(), *records]:
        rows = rows_of(ORDER_TRACKING, record, order_id="57")
        assert give_back_record(ORDER_TRACKING, rows.row, rows.parts) == record
