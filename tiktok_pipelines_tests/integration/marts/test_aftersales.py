"""Returns and cancellations: what became of them, and which money went back."""

from datetime import date
from typing import Any

import pytest

from tiktok_pipelines_tests.integration.marts.books import Books, at, part

RETURN = "RETURN_OR_REFUND_REQUEST"


def send_back(books: Books, status: str, **row: Any) -> None:
    times = {
        "created_at": at("2026-03-05 10:00"),
        "updated_at": at("2026-03-06 16:30"),
    }
    told = {"return_id": "R", "order_id": "A", "status": status} | times | row
    books.add("returns", **told)


@pytest.mark.parametrize(
    ("status", "state"),
    [
        (f"{RETURN}_PENDING", "open"),
        ("AWAITING_BUYER_SHIP", "open"),
        (f"{RETURN}_SUCCESS", "open"),
        (f"{RETURN}_COMPLETE", "refunded"),
        ("REPLACEMENT_REQUEST_REFUND_SUCCESS", "refunded"),
        ("REPLACEMENT_REQUEST_COMPLETE", "sent_again"),
        ("REFUND_OR_RETURN_REQUEST_REJECT", "refused"),
        ("REJECT_RECEIVE_PACKAGE", "refused"),
        (f"{RETURN}_CANCEL", "withdrawn"),
        (None, "open"),
    ],
)
def test_money_is_back_with_the_final_status_alone(
    books: Books, status: str, state: str
) -> None:
    send_back(books, status, refund_total="12.50")

    found = books.row("fct_returns")

    assert found["state"] == state
    is_refunded = state == "refunded"
    assert found["is_refunded"] is is_refunded
    assert float(found["refunded_amount"]) == (12.5 if is_refunded else 0)
    assert found["refunded_date"] == (date(2026, 3, 7) if is_refunded else None)
    assert float(found["refund_total"]) == 12.5


def test_a_return_knows_its_order_and_its_units(books: Books) -> None:
    books.order("A", "2026-03-01 00:00", delivered_at=at("2026-03-04 22:00"))
    send_back(books, f"{RETURN}_COMPLETE", next_return_id="0")
    for number in (1, 2):
        line = {"return_line_id": f"RL{number}", "return_id": "R", "order_id": "A"}
        books.add("return_lines", **line)

    found = books.row("fct_returns")

    wanted = {
        "units": 2,
        "created_date": date(2026, 3, 5),
        "currency": "MYR",
        "is_superseded": False,
    }
    assert part(found, *wanted) == wanted
    assert float(found["days_after_delivery"]) == 0.5
    assert float(found["hours_to_close"]) == 30.5


def test_an_edited_request_goes_on_in_another(books: Books) -> None:
    send_back(books, "REFUND_OR_RETURN_REQUEST_REJECT", next_return_id="R2")
    send_back(books, f"{RETURN}_COMPLETE", return_id="R2")

    found = {
        row["return_id"]: row["is_superseded"] for row in books.rows("fct_returns")
    }

    assert found == {"R": True, "R2": False}


def cancel(books: Books, status: str, **row: Any) -> None:
    times = {
        "created_at": at("2026-03-05 10:00"),
        "updated_at": at("2026-03-05 16:00"),
    }
    key = {"cancellation_id": "C", "order_id": "A"}
    books.add("cancellations", **(key | {"status": status} | times | row))


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("PENDING", "open"),
        ("SUCCESS", "granted"),
        ("CANCEL", "withdrawn"),
        ("CANCELLED", "withdrawn"),
        ("COMPLETE", "done"),
        ("NEW_WORD", "other"),
    ],
)
def test_a_cancellation_refunds_when_it_is_done(
    books: Books, status: str, state: str
) -> None:
    books.order("A", "2026-03-01 00:00", "CANCELLED", paid_at=at("2026-03-01 01:00"))
    cancel(books, f"CANCELLATION_REQUEST_{status}", refund_total="9")

    found = books.row("fct_cancellations")

    assert (found["state"], found["is_refunded"]) == (state, state == "done")
    assert found["refunded_amount"] == (9 if state == "done" else 0)
    assert found["refunded_date"] == (date(2026, 3, 6) if state == "done" else None)


def test_nobody_gets_money_back_who_did_not_pay(books: Books) -> None:
    books.order("A", "2026-03-01 00:00", "CANCELLED", is_cod=True)
    cancel(books, "CANCELLATION_REQUEST_COMPLETE", refund_total="9")
    done = {"cancellation_id": "C2", "order_id": "unknown", "refund_total": "5"}
    cancel(books, "CANCELLATION_REQUEST_COMPLETE", **done)

    found = {
        row["cancellation_id"]: (row["is_refunded"], row["refunded_amount"])
        for row in books.rows("fct_cancellations")
    }

    assert found == {"C": (False, 0), "C2": (True, 5)}
