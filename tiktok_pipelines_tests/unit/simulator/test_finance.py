"""Money adds up: components, transactions, statements, payments."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import cast

import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines_tests.unit.simulator.worlds import (
    CONFIG,
    NOW,
    Json,
    everywhere,
    keyed,
    truth,
)

BRITISH = replace(CONFIG, shops=2, markets=("GB", "VN"))
PARTS = ("revenue", "shipping_cost", "fee_tax")
SUBJECTS = (
    "statements",
    "statement_transactions",
    "order_transactions",
    "withdrawals",
    "unsettled",
    "order_prices",
)


@pytest.fixture(scope="module")
def sim() -> Simulator:
    return Simulator(CONFIG)


@pytest.fixture(scope="module")
def british() -> Simulator:
    return Simulator(BRITISH)


def money(block: Json, name: str) -> Decimal:
    return Decimal(block[name])


def total(rows: Iterable[Json], name: str) -> Decimal:
    return sum((money(row, name) for row in rows), Decimal())


def leaves(block: Json) -> Iterator[Decimal]:
    for value in block.values():
        if isinstance(value, dict):
            yield from leaves(cast("Json", value))
        else:
            yield Decimal(value)


def transactions(sim: Simulator) -> list[Json]:
    return [
        row
        for statement in everywhere(sim, "statement_transactions")
        for row in statement.get("transactions", [])
    ]


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_same_seed_gives_the_same_records(sim: Simulator, subject: str) -> None:
    assert everywhere(sim, subject) == everywhere(Simulator(CONFIG), subject) != []


@pytest.mark.parametrize("part", PARTS)
def test_components_add_up_to_the_transaction(sim: Simulator, part: str) -> None:
    for row in transactions(sim):
        assert sum(leaves(row[f"{part}_breakdown"])) == money(row, f"{part}_amount")


@pytest.mark.parametrize("part", PARTS)
def test_components_of_estimates_add_up(sim: Simulator, part: str) -> None:
    for row in everywhere(sim, "unsettled"):
        assert sum(leaves(row[f"{part}_breakdown"])) == money(row, f"est_{part}_amount")


def test_a_settlement_is_the_sum_of_its_parts(sim: Simulator) -> None:
    kinds: set[str] = set()
    for row in transactions(sim):
        kinds.add(row["type"])
        parts = sum(money(row, f"{part}_amount") for part in (*PARTS, "adjustment"))
        assert money(row, "settlement_amount") == parts

    assert len(kinds) > 2


def test_transactions_add_up_to_their_statement(sim: Simulator) -> None:
    sim = Simulator(CONFIG)
    sim.clock.advance(timedelta(days=10))  # none is made in the days before
    statements = keyed(everywhere(sim, "statements"))
    checked = 0
    for totals in everywhere(sim, "statement_transactions"):
        statement = statements[totals["id"]]
        rows = totals.get("transactions", [])
        settled = money(statement, "settlement_amount")
        assert money(totals, "total_settlement_amount") == settled
        if statement["payment_status"] == "PAID":
            checked += 1
            for name in ("settlement", "revenue", "shipping_cost", "adjustment"):
                amount = f"{name}_amount"
                assert total(rows, amount) == money(statement, amount)

    assert checked > 50


def test_in_southeast_asia_fees_of_a_statement_contain_the_shipping(
    sim: Simulator, british: Simulator
) -> None:
    for row in everywhere(sim, "statements"):
        parts = ("revenue", "fee", "adjustment")
        assert money(row, "settlement_amount") == sum(
            money(row, f"{part}_amount") for part in parts
        )
    for row in truth(british, british.shops[0], "statements"):
        parts = ("revenue", "fee", "adjustment", "shipping_cost")
        assert money(row, "settlement_amount") == sum(
            money(row, f"{part}_amount") for part in parts
        )


def test_statements_add_up_to_their_payment(british: Simulator) -> None:
    shop = british.shops[0]
    payments = keyed(truth(british, shop, "payments"))
    statements = truth(british, shop, "statements")

    assert payments
    for payment_id, payment in payments.items():
        paid = [one for one in statements if one["payment_id"] == payment_id]
        assert Decimal(payment["amount"]["value"]) == total(paid, "settlement_amount")
        assert {one["payment_status"] for one in paid} == {payment["status"]}


def test_shops_of_southeast_asia_have_no_payments(
    sim: Simulator, british: Simulator
) -> None:
    assert everywhere(sim, "payments") == []
    assert truth(british, british.shops[1], "payments") == []


def test_sku_transactions_add_up_to_the_order_and_to_the_statements(
    sim: Simulator,
) -> None:
    by_order: dict[str, Decimal] = {}
    for row in transactions(sim):
        if "order_id" in row:
            known = by_order.get(row["order_id"], Decimal())
            by_order[row["order_id"]] = known + money(row, "settlement_amount")
    for order in everywhere(sim, "order_transactions"):
        rows = order.get("sku_transactions", [])
        settled = money(order, "settlement_amount")

        assert total(rows, "settlement_amount") == settled
        assert by_order.get(order["order_id"], Decimal()) == settled


def test_an_order_that_is_not_settled_has_no_transactions(sim: Simulator) -> None:
    waiting = {row["order_id"] for row in everywhere(sim, "unsettled")}
    assert waiting
    for order in everywhere(sim, "order_transactions"):
        if order["order_id"] in waiting:
            assert "sku_transactions" not in order


def test_revenue_of_a_sale_is_what_the_lines_say(sim: Simulator) -> None:
    orders = keyed(everywhere(sim, "orders"))
    sold = 0
    for row in transactions(sim):
        revenue = money(row, "revenue_amount")
        if row["type"] != "ORDER" or revenue < 0:
            continue
        lines = [
            line
            for line in orders[row["order_id"]]["line_items"]
            if line["display_status"] != "CANCELLED"
        ]
        sold += 1
        assert revenue == total(lines, "original_price") - total(
            lines, "seller_discount"
        )

    assert sold > 100


def test_a_refund_is_a_transaction_of_its_own_with_negative_revenue(
    sim: Simulator,
) -> None:
    returned = {
        row["order_id"]
        for row in everywhere(sim, "returns")
        if row["return_status"]
        in ("RETURN_OR_REFUND_REQUEST_COMPLETE", "REPLACEMENT_REQUEST_REFUND_SUCCESS")
    }
    refunds = [row for row in transactions(sim) if money(row, "revenue_amount") < 0]

    assert refunds
    for row in refunds:
        assert row["type"] == "ORDER"
        assert row["order_id"] in returned


def test_statements_come_late_and_are_incomplete_at_first() -> None:
    sim = Simulator(replace(CONFIG, shops=2, orders=120))
    lags: list[int] = []
    incomplete = 0
    seen: set[tuple[str, str]] = set()
    for _ in range(12 * 14):
        now = sim.clock.epoch()
        for shop in sim.shops:
            rows = keyed(truth(sim, shop, "statement_transactions"))
            for statement in truth(sim, shop, "statements"):
                if (shop.id, statement["id"]) in seen:
                    continue
                seen.add((shop.id, statement["id"]))
                lags.append(now - statement["statement_time"])
                told = total(
                    rows[statement["id"]].get("transactions", []), "settlement_amount"
                )
                incomplete += told != money(statement, "settlement_amount")
        sim.clock.advance(timedelta(hours=2))

    lags = [lag for lag in lags if lag < 5 * 86400]
    assert max(lags) > 86400
    assert min(lags) < 8 * 3600
    assert incomplete


def test_there_is_nothing_before_july_2023() -> None:
    early = datetime(2023, 7, 10, tzinfo=UTC)
    sim = Simulator(replace(CONFIG, now=early))

    times = [row["statement_time"] for row in everywhere(sim, "statements")]

    assert min(times) >= datetime(2023, 7, 1, tzinfo=UTC).timestamp()
    assert everywhere(sim, "unsettled") == []  # estimates began in 2025


def test_an_estimate_goes_when_the_order_is_settled() -> None:
    sim = Simulator(CONFIG)
    before = keyed(everywhere(sim, "unsettled"), "order_id")

    sim.clock.advance(timedelta(days=6))

    after = keyed(everywhere(sim, "unsettled"), "order_id")
    settled = {
        row["order_id"]
        for row in everywhere(sim, "order_transactions")
        if "sku_transactions" in row
    }
    gone = before.keys() - after.keys()
    assert gone
    assert not after.keys() & settled
    assert gone & settled


def test_every_payout_is_settled_into_the_balance(british: Simulator) -> None:
    shop = british.shops[0]
    settled = [
        money(row, "amount")
        for row in truth(british, shop, "withdrawals")
        if row["type"] == "SETTLE"
    ]
    paid = [
        Decimal(row["amount"]["value"])
        for row in truth(british, shop, "payments")
        if row["status"] == "PAID"
    ]

    assert settled == paid != []


def test_withdrawals_take_no_more_than_came_in() -> None:
    sim = Simulator(SimulatorConfig(orders=400, days=300, now=NOW))
    for shop in sim.shops:
        rows = truth(sim, shop, "withdrawals")
        came = total([row for row in rows if row["type"] == "SETTLE"], "amount")
        went = total([row for row in rows if row["type"] == "WITHDRAW"], "amount")
        assert 0 < went <= came
    kinds = {row["type"] for row in everywhere(sim, "withdrawals")}
    assert kinds == {"SETTLE", "WITHDRAW", "REVERSE"}


def test_prices_of_lines_add_up_to_the_order(sim: Simulator) -> None:
    for shop in sim.shops:
        orders = truth(sim, shop, "orders")
        for order, prices in zip(orders, truth(sim, shop, "order_prices"), strict=True):
            paid = money(prices, "payment")
            assert paid == money(order["payment"], "total_amount")
            for name in ("payment", "total", "subtotal", "shipping_sale_price"):
                assert total(prices["line_items"], name) == money(prices, name)
