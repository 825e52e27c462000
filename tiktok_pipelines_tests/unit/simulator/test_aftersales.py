"""Cancellations and returns agree with the orders that they are about."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.cancellations import STATUSES
from tiktok_pipelines_tests.unit.simulator.worlds import (
    CONFIG,
    Json,
    everywhere,
    keyed,
    truth,
)

DONE = "CANCELLATION_REQUEST_COMPLETE"


@pytest.fixture(scope="module")
def sim() -> Simulator:
    return Simulator(CONFIG)


def total(block: Json, name: str = "refund_total") -> Decimal:
    return Decimal(block["refund_amount"][name])


@pytest.mark.parametrize("subject", ["cancellations", "returns"])
def test_the_same_seed_gives_the_same_records(sim: Simulator, subject: str) -> None:
    assert everywhere(sim, subject) == everywhere(Simulator(CONFIG), subject) != []


def test_every_cancelled_line_has_one_cancellation_and_no_other_has(
    sim: Simulator,
) -> None:
    for shop in sim.shops:
        cancelled = {
            line["id"]
            for order in truth(sim, shop, "orders")
            for line in order["line_items"]
            if line["display_status"] == "CANCELLED"
        }
        named = [
            line["order_line_item_id"]
            for row in truth(sim, shop, "cancellations")
            for line in row["cancel_line_items"]
            if row["cancel_status"] in (DONE, "CANCELLATION_REQUEST_SUCCESS")
        ]

        assert len(named) == len(set(named))
        assert set(named) == cancelled


def test_a_pending_cancellation_is_one_that_the_order_says_is_asked_for() -> None:
    sim = Simulator(CONFIG)
    seen = 0
    states: set[str] = set()
    for _ in range(14):
        orders = keyed(everywhere(sim, "orders"))
        asked = {key for key, one in orders.items() if one["is_buyer_request_cancel"]}
        pending = {
            row["order_id"]
            for row in everywhere(sim, "cancellations")
            if row["cancel_status"] == "CANCELLATION_REQUEST_PENDING"
        }
        seen += len(pending)
        states |= {row["cancel_status"] for row in everywhere(sim, "cancellations")}
        assert pending == asked
        sim.clock.advance(timedelta(hours=3))

    assert seen
    assert states == set(STATUSES)


def test_a_whole_cancellation_of_a_paid_order_gives_everything_back(
    sim: Simulator,
) -> None:
    orders = keyed(everywhere(sim, "orders"))
    checked = 0
    for row in everywhere(sim, "cancellations"):
        order = orders[row["order_id"]]
        is_whole = len(row["cancel_line_items"]) == len(order["line_items"])
        if "paid_time" not in order or order["status"] != "CANCELLED":
            assert "refund_amount" not in row or order["status"] != "CANCELLED"
        elif is_whole:
            checked += 1
            assert total(row) == Decimal(order["payment"]["total_amount"])

    assert checked


@pytest.mark.parametrize(
    ("subject", "lines"),
    [("cancellations", "cancel_line_items"), ("returns", "return_line_items")],
)
def test_refunds_of_lines_add_up_to_the_whole(
    sim: Simulator, subject: str, lines: str
) -> None:
    refunded = [row for row in everywhere(sim, subject) if "refund_amount" in row]
    assert refunded
    for row in refunded:
        assert total(row) == sum(total(line) for line in row[lines])
        assert total(row) == sum(
            total(row, f"refund_{part}") for part in ("subtotal", "shipping_fee", "tax")
        )


def test_only_delivered_orders_are_returned(sim: Simulator) -> None:
    for shop in sim.shops:
        orders = keyed(truth(sim, shop, "orders"))
        for row in truth(sim, shop, "returns"):
            order = orders[row["order_id"]]
            sold = {line["id"]: line for line in order["line_items"]}

            assert order["delivery_time"] < row["create_time"]
            for line in row["return_line_items"]:
                assert sold[line["order_line_item_id"]]["sku_id"] == line["sku_id"]
                assert not sold[line["order_line_item_id"]]["is_gift"]


def test_ids_of_lines_are_unique(sim: Simulator) -> None:
    ids = [
        line["return_line_item_id"]
        for row in everywhere(sim, "returns")
        for line in row["return_line_items"]
    ]

    assert len(ids) == len(set(ids))


def test_returns_pass_many_states_and_move_update_time() -> None:
    sim = Simulator(CONFIG)
    states: set[str] = set()
    before = keyed(everywhere(sim, "returns"), "return_id")
    for _ in range(25):
        sim.clock.advance(timedelta(hours=9))
        after = keyed(everywhere(sim, "returns"), "return_id")
        for key, row in after.items():
            states |= {row["return_status"], row.get("arbitration_status", "")}
            if key in before and row != before[key]:
                assert row["update_time"] > before[key]["update_time"]
        before = after

    assert len(states) >= 10


def test_a_refused_request_and_the_next_one_name_each_other(sim: Simulator) -> None:
    rows = keyed(everywhere(sim, "returns"), "return_id")
    pairs = [
        (row, rows[row["next_return_id"]])
        for row in rows.values()
        if "next_return_id" in row
    ]

    assert pairs
    for first, second in pairs:
        assert second["pre_return_id"] == first["return_id"]
        assert first["return_status"] == "REFUND_OR_RETURN_REQUEST_REJECT"


def test_records_of_a_return_begin_with_the_request(sim: Simulator) -> None:
    for shop in sim.shops:
        now = sim.clock.epoch()
        for life in shop.returns.visible(now):
            rows = shop.return_view.records(life, now)

            assert rows[0]["event"] == "ORDER_RETURN"
            assert rows[0]["create_time"] == life.create_time
            assert rows[-1]["create_time"] == life.standing_at(now).update_time
