"""What orders bring, and what became of statements and their money."""

from datetime import date

from tiktok_pipelines_tests.integration.marts.books import Books, at, part
from tiktok_pipelines_tests.integration.marts.money import (
    AMOUNTS,
    ago,
    expect,
    pay,
    sale,
    settle,
    state,
)


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


def test_what_tiktok_expects_about_an_order_is_added(settled: Books) -> None:
    about = {"order_id": None, "adjustment_order_id": "A", "type": "LOGISTICS"}
    expect(settled, "1", 0, 0, 0, 7, **about)
    expect(settled, "A", -20, 0, 4, 2, adjustment_order_id="A")

    found = settled.row("fct_order_finance")

    wanted = {
        "fee_state": "unsettled",
        "revenue_amount": 30,
        "adjustment_amount": 12,
        "settlement_amount": 26,
        "unsettled_amount": -7,
    }
    assert part(found, *wanted) == wanted


def test_an_estimate_that_names_no_currency_counts(settled: Books) -> None:
    expect(settled, "A", -20, 0, 4, 0, currency=None)
    sale(settled, "C", 10, status="CANCELLED")
    expect(settled, "C", -5, 0, 0, 0, currency=None)

    found = {row["order_id"]: row for row in settled.rows("fct_order_finance")}

    wanted = {"fee_state": "unsettled", "revenue_amount": 30, "unsettled_amount": -16}
    assert part(found["A"], *wanted) == wanted
    assert part(found["C"], "fee_state", "settlement_amount") == {
        "fee_state": "unsettled",
        "settlement_amount": -5,
    }


def test_a_transaction_that_names_no_currency_counts(books: Books) -> None:
    sale(books, "A", 100)
    state(books, 1, "70", at("2026-03-10 00:00"))
    settle(books, 1, 1, 90, -10, -10, 0, order_id="A", currency=None)

    found = books.row("fct_order_finance")

    wanted = {
        "fee_state": "settled",
        "revenue_amount": 90,
        "shipping_cost_amount": -10,
        "fee_tax_amount": -10,
        "settlement_amount": 70,
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
