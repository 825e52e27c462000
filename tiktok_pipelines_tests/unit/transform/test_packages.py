"""Packages, their details and their tracking, as received → rows, and back."""

from functools import cache
from typing import cast

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.tracking import render_tracking
from tiktok_pipelines.transform.buyers import take_buyer
from tiktok_pipelines.transform.packages import (
    ORDER_TRACKING,
    PACKAGE_DETAILS,
    PACKAGES,
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
SEARCH: Json = {
    "id": "11",
    "status": "PROCESSING",
    **{
        name: DETAIL[name]
        for name in ("update_time", "create_time", "orders", "order_line_item_ids")
    },
}


@cache
def simulated() -> list[Json]:
    sim = Simulator(CONFIG)
    return [row for shop in sim.shops for row in sim.truth(shop.id, "packages")]


def rows_of(mapping: RecordMap, record: Json, **given: str) -> RecordRows:
    rows, _ = read_record(mapping, record, NOON, given)
    assert isinstance(rows, RecordRows), rows
    assert rows.bad == []
    return rows


def given_back(mapping: RecordMap, record: Json) -> Json:
    rows = rows_of(mapping, record)
    buyer = take_buyer(dict(record))
    return give_back_record(mapping, rows.row, rows.parts, buyer)


def test_a_made_up_detail_is_given_back_field_by_field() -> None:
    assert given_back(PACKAGE_DETAILS, DETAIL) == DETAIL
    assert list(rows_of(PACKAGE_DETAILS, DETAIL).notes) == []


def test_simulated_packages_are_given_back_field_by_field() -> None:
    sim = Simulator(CONFIG)
    now = sim.clock.epoch()
    found = [row for shop in sim.shops for row in shop.packages.truth(now)]

    assert len(found) > 100
    for row in found:
        assert given_back(PACKAGES, row) == row


def test_simulated_details_are_given_back_field_by_field() -> None:
    assert len(simulated()) > 100
    for detail in simulated():
        assert given_back(PACKAGE_DETAILS, detail) == detail


def test_a_combined_package_names_both_orders_and_what_is_in_it_of_each() -> None:
    rows = rows_of(PACKAGES, SEARCH)

    assert [row["order_id"] for row in rows.parts["package_orders"]] == ["57", "58"]
    units = [
        (row["order_id"], row["sku_id"], row["quantity"])
        for row in rows.parts["package_skus"]
    ]
    assert units == [("57", "17", 2), ("58", "17", 1)]
    lines = [row["line_id"] for row in rows.parts["package_lines"]]
    assert lines == ["571", "572", "581"]


def test_the_recipient_belongs_to_every_order_in_the_package() -> None:
    rows = rows_of(PACKAGE_DETAILS, DETAIL)

    assert rows.order_ids == ["57", "58"]
    assert rows.buyer is not None
    assert rows.buyer.fields["recipient_address.name"] == "Jane Fake"


def test_the_sender_is_no_buyer_and_his_name_is_not_in_a_column() -> None:
    (sample,) = samples_of("package_detail")

    row = rows_of(PACKAGE_DETAILS, sample.data()).row

    assert row["sender_region_code"] == "US"
    assert "Jane Fake" not in row.values()
    assert b"Jane Fake" in cast("bytes", row["extra"])


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
