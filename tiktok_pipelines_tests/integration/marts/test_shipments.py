"""From payment to the door, against what was due."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from tiktok_pipelines_tests.integration.marts.books import Books, Row, at, part

PAID = at("2026-03-02 00:00")
HOUR = timedelta(hours=1)
SECONDS = int(PAID.timestamp())
STATES = ("ready_state", "hand_over_state", "delivery_state")


def now() -> datetime:
    """The present, as the view means it."""
    return datetime.now(UTC)  # noqa: TID251 - PostgreSQL asks the machine, too


def paid(books: Books, order_id: str, status: str, **row: Any) -> None:
    usual: Row = {"paid_at": PAID, "extra": {}}
    books.order(order_id, "2026-03-01 23:00", status, **(usual | row))


def deadlines(*, ready: int, hand_over: int, deliver: int) -> dict[str, object]:
    """What TikTok tells, hours after payment."""
    return {
        "rts_sla_time": SECONDS + 3600 * ready,
        "tts_sla_time": SECONDS + 3600 * hand_over,
        "delivery_sla_time": SECONDS + 3600 * deliver,
    }


def test_each_step_is_measured_from_the_one_before(books: Books) -> None:
    paid(
        books,
        "A",
        "DELIVERED",
        shipped_at=PAID + 5 * HOUR,
        collected_at=PAID + 12.5 * HOUR,
        delivered_at=PAID + 60 * HOUR,
        extra=deadlines(ready=5, hand_over=12, deliver=60),
    )

    found = books.row("fct_shipments")

    assert part(found, "stage", "created_date", "due_date", "due_from_at") == {
        "stage": "delivered",
        "created_date": date(2026, 3, 2),
        "due_date": date(2026, 3, 2),
        "due_from_at": PAID,
    }
    steps = ("hours_to_ready", "hours_to_hand_over", "hours_to_deliver")
    assert [float(found[name]) for name in steps] == [5, 7.5, 47.5]
    assert [found[name] for name in STATES] == ["in_time", "late", "in_time"]
    assert found["ready_due_at"] == PAID + 5 * HOUR


def test_milliseconds_are_understood_and_nonsense_is_no_deadline(books: Books) -> None:
    odd = {
        "rts_sla_time": SECONDS * 1000,
        "tts_sla_time": 0,
        "delivery_sla_time": "soon",
        "cancel_order_sla_time": str(SECONDS),
    }
    paid(books, "A", "AWAITING_SHIPMENT", extra=odd)

    found = books.row("fct_shipments")

    assert found["ready_due_at"] == PAID
    assert found["hand_over_due_at"] == PAID + 48 * HOUR  # of the market
    assert found["delivery_due_at"] == PAID + 168 * HOUR
    assert found["auto_cancel_at"] == PAID


def test_what_is_not_done_is_open_or_overdue(books: Books) -> None:
    books.order("A", "2026-03-01 23:00", "AWAITING_COLLECTION", paid_at=now() - HOUR)
    paid(books, "B", "AWAITING_SHIPMENT")

    found = {row["order_id"]: row for row in books.rows("fct_shipments")}

    assert [found["A"][name] for name in STATES] == ["open"] * 3
    assert [found["B"][name] for name in STATES] == ["overdue"] * 3
    assert found["B"]["stage"] == "to_prepare"


def test_the_clock_of_cash_on_delivery_runs_from_creation(books: Books) -> None:
    books.order("A", "2026-03-01 23:00", "IN_TRANSIT", is_cod=True)
    paid(books, "B", "DELIVERED", is_cod=True, shipped_at=PAID)

    found = {row["order_id"]: row for row in books.rows("fct_shipments")}

    assert found["A"]["due_from_at"] == at("2026-03-01 23:00")
    assert float(found["B"]["hours_to_ready"]) == 1


def test_orders_that_need_no_parcel_are_not_here(books: Books) -> None:
    paid(books, "unpaid", "UNPAID", paid_at=None)
    paid(books, "held", "ON_HOLD")
    paid(books, "cancelled", "CANCELLED")
    paid(books, "failed", "CANCELLED", shipped_at=PAID + 50 * HOUR)

    found = books.row("fct_shipments")

    assert found["order_id"] == "failed"
    assert found["stage"] == "cancelled"
    assert [found[name] for name in STATES] == ["late", None, None]


@pytest.fixture
def parcels(books: Books) -> Books:
    """A is split into two parcels, the second of which it shares with B; C has none."""
    for order_id in "ABC":
        paid(books, order_id, "IN_TRANSIT", shipped_at=PAID, shipping_provider="Own")
    for number, hours in ((1, 2), (2, 1)):
        books.add(
            "packages",
            package_id=f"P{number}",
            status="FULFILLING",
            shipping_provider="J&T",
            created_at=PAID + hours * HOUR,
        )
    for package_id, order_id in (("P1", "A"), ("P2", "A"), ("P2", "B")):
        books.add("package_orders", package_id=package_id, order_id=order_id)
    return books


def test_an_order_has_a_row_for_each_package_or_one(parcels: Books) -> None:
    def told(row: Row) -> tuple[object, ...]:
        names = ("package_number", "package_count", "package_order_count")
        return (row["order_id"], row["package_id"], *(row[name] for name in names))

    rows = parcels.rows("fct_shipments")

    assert sorted(map(told, rows), key=str) == [
        ("A", "P1", 2, 2, 1),
        ("A", "P2", 1, 2, 2),
        ("B", "P2", 1, 1, 2),
        ("C", None, 1, 0, 0),
    ]
    carriers = {row["order_id"]: row["shipping_provider"] for row in rows}
    assert carriers == {"A": "J&T", "B": "J&T", "C": "Own"}
