"""What orders bring, statements and payouts, and the links between them."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.marts.books import Books, Row, at, part

DAY = timedelta(days=1)
AMOUNTS = (
    "revenue_amount",
    "shipping_cost_amount",
    "fee_tax_amount",
    "adjustment_amount",
    "settlement_amount",
)


def ago(days: float) -> datetime:
    """So many days before the present, as the views mean it."""
    now = datetime.now(UTC)  # noqa: TID251 - PostgreSQL asks the machine, too
    return now - days * DAY


def amounts(*figures: int, prefix: str = "") -> dict[str, str]:
    """Revenue, shipping, fees, adjustment; the settlement is their sum."""
    told = (*figures, sum(figures))
    return {
        prefix + name: str(figure) for name, figure in zip(AMOUNTS, told, strict=True)
    }


def settle(
    books: Books, number: int, statement: int, *figures: int, **row: Any
) -> None:
    """A transaction of an order, unless told otherwise."""
    usual = {"type": "ORDER"} if "type" not in row else {}
    books.add(
        "statement_transactions",
        transaction_id=f"T{number}",
        statement_id=f"ST{statement}",
        **amounts(*figures),
        **usual,
        **row,
    )


def state(books: Books, number: int, amount: str, when: datetime, **row: Any) -> None:
    books.add(
        "statements",
        statement_id=f"ST{number}",
        statement_at=when,
        settlement_amount=amount,
        **row,
    )


def expect(books: Books, order_id: str, *figures: int) -> None:
    """TikTok's estimate."""
    books.add(
        "unsettled_transactions",
        transaction_id=f"U{order_id}",
        type="ORDER",
        order_id=order_id,
        unsettled_reason="waiting",
        **amounts(*figures, prefix="est_"),
    )


def sale(books: Books, order_id: str, net: int, **row: Any) -> None:
    """An order of goods for so much; TikTok bears 5 of it."""
    told: Row = {"sub_total": str(net - 5), "platform_discount": "5"}
    books.order(order_id, "2026-03-02 00:00", **told, **row)


@pytest.fixture
def settled(books: Books) -> Books:
    """Order A: sold for 100, half of it refunded later, and a compensation of 3."""
    sale(books, "A", 100, delivered_at=at("2026-03-05 00:00"))
    state(books, 1, "70", at("2026-03-10 00:00"))
    state(books, 2, "-37", at("2026-03-20 00:00"))
    settle(books, 1, 1, 100, -10, -20, 0, order_id="A")
    settle(books, 2, 2, -50, 0, 10, 0, order_id="A")
    settle(books, 3, 2, 0, 0, 0, 3, type="LOGISTICS", adjustment_order_id="A")
    return books


def test_a_settled_order_is_the_sum_of_its_statements(settled: Books) -> None:
    found = settled.row("fct_order_finance")

    wanted = {
        "fee_state": "settled",
        "net_amount": 100,
        "revenue_amount": 50,
        "shipping_cost_amount": -10,
        "fee_tax_amount": -10,
        "adjustment_amount": 3,
        "settlement_amount": 33,
        "settled_amount": 33,
        "unsettled_amount": 0,
        "fee_pct": 20,
        "transaction_count": 3,
        "first_statement_at": at("2026-03-10 00:00"),
        "last_statement_at": at("2026-03-20 00:00"),
        "is_overdue": False,
    }
    assert part(found, *wanted) == wanted


def test_what_tiktok_still_expects_is_added(settled: Books) -> None:
    expect(settled, "A", -20, 0, 4, 0)

    found = settled.row("fct_order_finance")

    wanted = {
        "fee_state": "unsettled",
        "revenue_amount": 30,
        "settlement_amount": 17,
        "settled_amount": 33,
        "unsettled_amount": -16,
        "unsettled_reason": "waiting",
    }
    assert part(found, *wanted) == wanted


def test_an_order_nobody_speaks_of_is_estimated_by_the_shops_shares(
    settled: Books,
) -> None:
    # of 50 of revenue 10 went for shipping and 10 for fees
    sale(settled, "B", 41, delivered_at=ago(22))
    sale(settled, "C", 10, status="CANCELLED")

    found = settled.row("fct_order_finance", "order_id <> 'A'")

    wanted = {
        "order_id": "B",
        "fee_state": "estimated",
        "revenue_amount": 41,
        "settled_amount": 0,
        "transaction_count": 0,
        "is_overdue": True,
    }
    assert part(found, *wanted) == wanted
    assert [float(found[name]) for name in AMOUNTS[1:]] == [-8.2, -8.2, 0, 24.6]
    assert float(found["unsettled_amount"]) == 24.6


def test_without_a_statement_there_is_no_estimate(books: Books) -> None:
    sale(books, "A", 100)

    found = books.row("fct_order_finance")

    assert part(found, "fee_state", "revenue_amount", "fee_tax_amount") == {
        "fee_state": "estimated",
        "revenue_amount": 100,
        "fee_tax_amount": None,
    }
    assert found["settlement_amount"] is None


def test_shares_are_of_the_shops_last_90_days(books: Books) -> None:
    sale(books, "A", 100)
    state(books, 1, "10", at("2026-01-01 00:00"))
    state(books, 2, "80", at("2026-04-01 00:00"))
    settle(books, 1, 1, 100, 0, -90, 0, order_id="old")
    settle(books, 2, 2, 100, 0, -20, 0, order_id="new")

    assert books.row("fct_order_finance")["fee_tax_amount"] == -20


def test_a_statement_is_made_up_by_its_transactions(settled: Books) -> None:
    state(settled, 3, "10", ago(1))
    state(settled, 4, "10", ago(1))
    settle(settled, 4, 4, 7, 0, 0, 0)
    settled.add("statement_totals", statement_id="ST4", transaction_count=2)
    state(settled, 5, "10", ago(1))
    settle(settled, 5, 5, 7, 0, 0, 0)
    state(settled, 6, "7.01", ago(1))
    settle(settled, 6, 6, 7, 0, 0, 0)

    found = {row["statement_id"]: row for row in settled.rows("rec_payouts")}

    assert {name: row["residual_class"] for name, row in found.items()} == {
        "ST1": "agrees",
        "ST2": "agrees",
        "ST3": "not_read",
        "ST4": "incomplete",
        "ST5": "differs",
        "ST6": "agrees",
    }
    assert found["ST1"]["covered_date"] == date(2026, 3, 9)
    assert found["ST5"]["residual_amount"] == 3
    assert found["ST5"]["is_open"]


@pytest.fixture
def british(database: Database) -> Books:
    """A shop in a market whose payments TikTok tells of."""
    return Books(database, "S9", "GBP").open("GB")


def pay(books: Books, number: int, amount: str, **row: Any) -> None:
    usual: Mapping[str, object] = {"status": "PAID", "created_at": ago(2)}
    books.add(
        "payments",
        payment_id=f"P{number}",
        amount=amount,
        settlement_amount=amount,
        settlement_currency="GBP",
        **(dict(usual) | row),
    )


def classes(books: Books) -> dict[str, str]:
    """What became of each statement's money."""
    return {
        row["statement_id"]: row["payout_class"] for row in books.rows("rec_payouts")
    }


def test_a_payout_is_told_by_class_and_age(british: Books) -> None:
    state(british, 1, "10", ago(5), payment_status="PROCESSING")
    state(british, 2, "10", ago(15), payment_status="PROCESSING")
    state(british, 3, "10", ago(5), payment_status="FAILED")
    state(british, 4, "10", ago(5), payment_status="PAID", payment_id="P9")
    paid = {"payment_status": "PAID", "payment_id": "P1"}
    state(british, 5, "10", ago(9), paid_at=ago(6), **paid)
    state(british, 6, "5", ago(8), paid_at=ago(6), **paid)
    pay(british, 1, "15")
    wrong = {"payment_status": "PAID", "payment_id": "P2"}
    state(british, 7, "10", ago(5), **wrong)
    pay(british, 2, "11")
    state(british, 8, "10", ago(3), payment_status="PROCESSING", payment_id="P3")
    pay(british, 3, "10", status="PROCESSING")

    assert classes(british) == {
        "ST1": "waiting",
        "ST2": "overdue",
        "ST3": "failed",
        "ST4": "payment_missing",
        "ST5": "paid",
        "ST6": "paid",
        "ST7": "payment_differs",
        "ST8": "processing",
    }
    found = {row["statement_id"]: row for row in british.rows("rec_payouts")}
    wanted = {"age_days": 3, "payment_statement_count": 2, "payment_amount": 15}
    assert part(found["ST5"], *wanted) == wanted
    assert found["ST7"]["payment_residual_amount"] == 1
    assert found["ST2"]["age_days"] == 15


def test_where_tiktok_tells_no_payments_the_statement_counts(books: Books) -> None:
    state(books, 1, "10", ago(5), payment_status="PAID", payment_id="P9")

    assert classes(books) == {"ST1": "paid"}


def links(books: Books, link: str) -> dict[str, Row]:
    """The records of one link."""
    rows = books.rows("rec_money_bridge", f"link = '{link}'")
    return {row["record_id"]: row for row in rows}


def test_lines_make_the_order(books: Books) -> None:
    for order_id, total in (("A", "20"), ("B", "20.01"), ("C", "25"), ("D", "9")):
        books.order(order_id, "2026-03-01 16:00", sub_total=total)
    for order_id in "ABC":
        books.lines(order_id, {}, {})

    found = links(books, "lines_to_order")

    residuals = {name: row["residual_class"] for name, row in found.items()}
    assert residuals == {
        "A": "agrees",
        "B": "agrees",
        "C": "differs",
        "D": "incomplete",
    }
    wanted = {
        "told_amount": 25,
        "found_amount": 20,
        "residual_amount": 5,
        "since_date": date(2026, 3, 2),
        "is_open": True,
    }
    assert part(found["C"], *wanted) == wanted
    assert not found["A"]["is_open"]


def test_transactions_make_the_order_less_refunds(settled: Books) -> None:
    sale(settled, "B", 40, delivered_at=ago(22))
    sale(settled, "C", 40, delivered_at=ago(20))
    sale(settled, "D", 40)
    settle(settled, 4, 1, 40, 0, 0, 0, order_id="D")
    sale(settled, "E", 40)
    settle(settled, 5, 1, 30, 0, 0, 0, order_id="E")
    sale(settled, "F", 40)
    settle(settled, 6, 1, 30, 0, 0, 0, order_id="F")
    settled.add(
        "returns",
        return_id="R",
        order_id="F",
        status="RETURN_OR_REFUND_REQUEST_COMPLETE",
    )
    sale(settled, "G", 40, status="CANCELLED")

    found = links(settled, "order_to_transactions")

    assert {name: row["residual_class"] for name, row in found.items()} == {
        "A": "refunded",
        "B": "overdue",
        "C": "not_yet",
        "D": "agrees",
        "E": "differs",
        "F": "refunded",
    }
    assert {name for name, row in found.items() if row["is_open"]} == {"B", "E"}


def test_components_make_the_transaction(settled: Books) -> None:
    told = {"statement_id": "ST1", "transaction_id": "T1"}
    for group, amount, is_summed in (
        ("revenue", "100", True),
        ("shipping", "-10", True),
        ("fee", "-20", True),
        ("supplementary", "99", False),
    ):
        row = {"component_group": group, "component": "x", "amount": amount}
        settled.add("transaction_components", is_summed=is_summed, **told, **row)

    found = links(settled, "components_to_transaction")

    residuals = {name: row["residual_class"] for name, row in found.items()}
    # the adjustment has no components, and needs none
    assert residuals == {"T1": "agrees", "T2": "incomplete", "T3": "agrees"}
    assert found["T2"]["residual_amount"] == -40
    assert found["T2"]["since_date"] == date(2026, 3, 20)


def test_transactions_make_the_statement_unless_it_is_young(settled: Books) -> None:
    state(settled, 3, "10", ago(4))
    state(settled, 4, "10", ago(6))

    found = links(settled, "transactions_to_statement")

    residuals = {name: row["residual_class"] for name, row in found.items()}
    assert residuals == {
        "ST1": "agrees",
        "ST2": "agrees",
        "ST3": "not_yet",
        "ST4": "overdue",
    }
    assert found["ST4"]["age_days"] == 6


def test_statements_make_the_payment(british: Books) -> None:
    state(british, 1, "10", ago(5), payment_id="P1")
    state(british, 2, "-3", ago(4), payment_id="P1")
    state(british, 3, "8", ago(4), payment_id="P2")
    pay(british, 1, "7")
    pay(british, 2, "9")
    pay(british, 3, "1")
    pay(british, 4, "1", created_at=ago(6))

    found = links(british, "statements_to_payment")

    assert {name: row["residual_class"] for name, row in found.items()} == {
        "P1": "agrees",
        "P2": "differs",
        "P3": "not_yet",
        "P4": "overdue",
    }
    assert found["P2"]["residual_amount"] == 1
