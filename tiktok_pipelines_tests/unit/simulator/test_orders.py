"""Simulated orders: statuses, amounts, times, like those recorded."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any, cast

import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.plan import OrderPlan, draw_plan
from tiktok_pipelines.simulator.render import render_order
from tiktok_pipelines.simulator.storefront import Storefront, open_storefront
from tiktok_pipelines.simulator.timeline import STATUSES

Json = dict[str, Any]

NOW = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
CONFIG = SimulatorConfig(orders=250, days=60, now=NOW)
SHOPS = [open_storefront(CONFIG, index) for index in range(6)]


@cache
def histories() -> tuple[tuple[Json, ...], ...]:
    """Every state that some orders of each market pass, order by order."""
    return tuple(
        history_of(front, draw_plan(front, number, created=1_760_000_000 + number))
        for front in SHOPS
        for number in range(250)
    )


def history_of(front: Storefront, plan: OrderPlan) -> tuple[Json, ...]:
    versions = sorted({plan.version_at(at) for at in plan.times})
    return tuple(render_order(front, plan, version=version) for version in versions)


def _all_orders(sim: Simulator) -> Iterator[Json]:
    for shop in sim.shops:
        yield from cast("list[Json]", sim.truth(shop.id))


def states() -> Iterator[Json]:
    for history in histories():
        yield from history


def money(block: Json, name: str) -> Decimal:
    return Decimal(block[name])


def test_every_status_is_met() -> None:
    assert {order["status"] for order in states()} == set(STATUSES)


def test_sub_total_is_products_less_discounts() -> None:
    for order in states():
        pay = order["payment"]
        discounts = money(pay, "seller_discount") + money(pay, "platform_discount")

        assert money(pay, "sub_total") == (
            money(pay, "original_total_product_price") - discounts
        )


def test_shipping_fee_is_the_original_less_its_discounts() -> None:
    for order in states():
        pay = order["payment"]
        taken_off = sum(
            money(pay, f"shipping_fee_{who}_discount")
            for who in ("seller", "platform", "cofunded")
        )

        assert money(pay, "shipping_fee") == (
            money(pay, "original_shipping_fee") - taken_off
        )


def test_total_amount_is_sub_total_and_shipping_and_tax() -> None:
    for order in states():
        pay = order["payment"]

        assert money(pay, "total_amount") == sum(
            money(pay, name) for name in ("sub_total", "shipping_fee", "tax")
        )


@pytest.mark.parametrize(
    ("of_line", "of_order"),
    [
        ("sale_price", "sub_total"),
        ("original_price", "original_total_product_price"),
        ("seller_discount", "seller_discount"),
        ("platform_discount", "platform_discount"),
    ],
)
def test_lines_add_up_to_the_order(of_line: str, of_order: str) -> None:
    for order in states():
        lines = sum(money(line, of_line) for line in order["line_items"])

        assert lines == money(order["payment"], of_order)


def test_dong_and_rupiah_have_no_decimals() -> None:
    amounts = [
        text
        for order in states()
        if order["payment"]["currency"] in ("VND", "IDR")
        for text in order["payment"].values()
    ]

    assert amounts
    assert not any("." in text for text in amounts)


def test_samples_cost_nothing_and_gifts_are_lines_at_zero() -> None:
    samples = [order for order in states() if order["is_sample_order"]]
    gifts = [
        line for order in states() for line in order["line_items"] if line["is_gift"]
    ]

    assert {order["payment"]["total_amount"] for order in samples} == {"0"}
    assert {line["sale_price"] for line in gifts} == {"0"}
    assert all(Decimal(line["gift_retail_price"]) > 0 for line in gifts)


def test_nothing_is_null_and_no_list_is_empty() -> None:
    for order in states():
        assert None not in order.values()
        assert [] not in order.values()
        assert all(None not in line.values() for line in order["line_items"])


def test_update_time_is_the_time_of_the_last_change_of_status() -> None:
    for history in histories():
        for before, after in pairwise(history):
            moved = before["update_time"] != after["update_time"]

            assert moved == (before["status"] != after["status"])


@pytest.mark.parametrize(
    "name", ["seller_note", "has_updated_recipient_address", "tracking_number"]
)
def test_some_changes_leave_update_time_alone(name: str) -> None:
    silent = [
        (before, after)
        for history in histories()
        for before, after in pairwise(history)
        if before["status"] == after["status"] and before.get(name) != after.get(name)
    ]

    assert silent
    assert all(a["update_time"] == b["update_time"] for a, b in silent)


def test_the_recipient_is_absent_until_the_seller_may_act() -> None:
    for order in states():
        if order["status"] in ("UNPAID", "ON_HOLD"):
            assert "recipient_address" not in order
            assert "packages" not in order
        elif order["status"] != "CANCELLED":
            assert "recipient_address" in order


def test_the_recipient_stays_when_an_order_is_cancelled() -> None:
    cancelled = [
        (before, after)
        for history in histories()
        for before, after in pairwise(history)
        if after["status"] == "CANCELLED" and "recipient_address" in before
    ]

    assert cancelled
    assert all(
        before["recipient_address"] == after["recipient_address"]
        for before, after in cancelled
        if before["has_updated_recipient_address"]
        == after["has_updated_recipient_address"]
    )


def test_clear_recipients_of_old_orders_come_back_masked_or_empty() -> None:
    faded = [
        after["recipient_address"]["name"]
        for history in histories()
        for before, after in pairwise(history)
        if before["status"] == after["status"] == "COMPLETED"
        and "*" not in before["recipient_address"]["name"]
    ]

    assert "" in faded
    assert any(name and not name.replace("*", "").strip() for name in faded)


def test_tiktoks_carriers_mask_the_recipient_and_own_fleets_do_not() -> None:
    for order in states():
        name = order.get("recipient_address", {}).get("name", "")
        if name and order["status"] != "COMPLETED":
            assert ("*" in name) == (order["shipping_type"] == "TIKTOK")


def test_cash_on_delivery_is_paid_at_delivery() -> None:
    cod = [order for order in states() if order["is_cod"]]

    assert cod
    assert all(order.get("paid_time") == order.get("delivery_time") for order in cod)


def test_time_fields_follow_the_life_of_an_order() -> None:
    names = ("create_time", "rts_time", "collection_time", "delivery_time")
    for order in states():
        times = [order[name] for name in names if name in order]

        assert times == sorted(times)
        assert order["update_time"] >= times[-1]
        assert (order["status"] == "CANCELLED") == ("cancel_time" in order)


def test_a_tracking_number_is_empty_until_shipped() -> None:
    for order in states():
        if "rts_time" not in order:
            assert order.get("tracking_number", "") == ""
        else:
            assert order["tracking_number"]


def test_split_orders_have_several_packages_and_all_lines_are_in_one() -> None:
    split = [order for order in states() if len(order.get("packages", [])) > 1]

    assert split
    for order in split:
        packages = {package["id"] for package in order["packages"]}
        assert packages == {line["package_id"] for line in order["line_items"]}
        assert order["split_or_combine_tag"] == "SPLIT"


def test_a_partial_cancellation_cancels_a_line_and_not_the_order() -> None:
    partial = [
        order
        for order in states()
        if order["status"] != "CANCELLED"
        and any(line["display_status"] == "CANCELLED" for line in order["line_items"])
    ]

    assert partial
    assert all("cancel_reason" not in order for order in partial)


def test_a_replacement_names_an_earlier_order() -> None:
    replacements = [order for order in states() if order["is_replacement_order"]]

    assert replacements
    assert all(order["replaced_order_id"] != order["id"] for order in replacements)


def test_several_units_of_a_sku_are_several_lines() -> None:
    skus = [[line["sku_id"] for line in order["line_items"]] for order in states()]

    assert any(len(set(order)) < len(order) for order in skus)


def test_ids_are_unique_over_all_shops() -> None:
    last = [history[-1] for history in histories()]
    lines = [line["id"] for order in last for line in order["line_items"]]
    packages = [one["id"] for order in last for one in order.get("packages", [])]

    assert len(last) == 6 * 250
    assert len({order["id"] for order in last}) == len(last)
    assert len(set(lines)) == len(lines)
    assert len(set(packages)) == len(packages)


def test_the_same_seed_and_time_give_the_same_orders() -> None:
    once, again = Simulator(CONFIG), Simulator(CONFIG)

    assert list(_all_orders(once)) == list(_all_orders(again))


def test_another_seed_gives_other_orders() -> None:
    ours, theirs = Simulator(CONFIG), Simulator(replace(CONFIG, seed=8))

    ids = {order["id"] for order in _all_orders(ours)}
    assert not ids & {order["id"] for order in _all_orders(theirs)}


def test_a_simulator_started_later_has_the_same_orders_and_newer_ones() -> None:
    running = Simulator(CONFIG)
    later = Simulator(replace(CONFIG, now=NOW + timedelta(days=1)))
    running.clock.advance(timedelta(days=1))

    before = {order["id"]: order for order in _all_orders(running)}
    after = {order["id"]: order for order in _all_orders(later)}
    assert len(before) > len(after) == 6 * 250
    assert after.items() <= before.items()


def test_the_asked_number_of_orders_is_visible_at_the_start() -> None:
    for orders in (0, 1, 7, 333):
        sim = Simulator(SimulatorConfig(shops=1, orders=orders, now=NOW))

        assert sim.count(sim.shops[0].id) == orders


def test_orders_are_of_realistic_size() -> None:
    sizes = [len(str(history[-1])) for history in histories()]

    assert 3_000 < sum(sizes) / len(sizes) < 6_000
