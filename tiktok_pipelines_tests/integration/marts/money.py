"""Statements, transactions, estimates and payouts, written down by hand."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from tiktok_pipelines_tests.integration.marts.books import Books, Row

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


def expect(books: Books, name: str, *figures: int, **row: Any) -> None:
    """TikTok's estimate, of the order itself unless told otherwise."""
    usual: Row = {
        "transaction_id": f"U{name}",
        "type": "ORDER",
        "order_id": name,
        "unsettled_reason": "waiting",
    }
    books.add(
        "unsettled_transactions", **(usual | amounts(*figures, prefix="est_") | row)
    )


def sale(books: Books, order_id: str, net: int, **row: Any) -> None:
    """An order of goods for so much; TikTok bears 5 of it."""
    told: Row = {"sub_total": str(net - 5), "platform_discount": "5"}
    books.order(order_id, "2026-03-02 00:00", **told, **row)


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
