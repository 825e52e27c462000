"""The links between orders, transactions, statements and payments."""

from datetime import date

from tiktok_pipelines_tests.integration.marts.books import Books, Row, part
from tiktok_pipelines_tests.integration.marts.money import (
    ago,
    pay,
    sale,
    settle,
    state,
)


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
