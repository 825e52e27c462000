"""Each recorded or published order becomes rows, and comes back field by field."""

import pytest

from tiktok_pipelines.transform.buyers import as_received
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.order_back import give_back_order
from tiktok_pipelines.transform.orders import read_order
from tiktok_pipelines_tests.unit.transform.samples import (
    NOON,
    Json,
    extra_of,
    golden_orders,
    rows_of,
)

PLACES = ("region_code", "postal_code")
ORDERS = golden_orders()
EACH = pytest.mark.parametrize("received", ORDERS.values(), ids=ORDERS)


def test_every_file_with_orders_is_read() -> None:
    files = {name.rpartition("-")[0] for name in ORDERS}

    assert len(files) == 9  # all but the page whose list is null
    assert len(ORDERS) >= 15


@EACH
def test_a_sample_lands_without_a_bad_record(received: Json) -> None:
    rows = rows_of(received)

    assert rows.bad_lines == []
    assert rows.lines is not None
    assert len(rows.lines) == len(received["line_items"])
    assert [note for note in rows.notes if note.kind == "unreadable"] == []


@EACH
def test_a_sample_is_given_back_field_by_field(received: Json) -> None:
    rows = rows_of(received)
    buyer = as_received(rows.buyer) if rows.buyer else {}
    whole = {**rows.order, "extra": {**extra_of(rows), **rows.detail}}

    again = give_back_order(whole, rows.lines or (), buyer)

    assert again == received


@EACH
def test_a_sample_has_its_plainest_facts_in_columns(received: Json) -> None:
    rows = rows_of(received)

    assert rows.order["order_id"] == received["id"]
    assert rows.order["status"] == received["status"]
    assert str(rows.order["total_amount"]) == received["payment"]["total_amount"]
    assert rows.order["currency"] == received["payment"]["currency"]


@EACH
def test_what_is_kept_of_a_sample_holds_no_buyer_data(received: Json) -> None:
    _, kept = read_order(received, NOON)

    text = encode(kept).decode()
    assert [name for name in _buyer_texts(received) if name in text] == []


def _buyer_texts(received: Json) -> list[str]:
    """What could name the buyer, less what is too short to search for."""
    address: Json = received.get("recipient_address") or {}
    found: list[object] = [
        *(received.get(name) for name in ("buyer_email", "cpf", "cpf_name")),
        *(value for name, value in address.items() if name not in PLACES),
    ]
    return [value for value in found if isinstance(value, str) and len(value) > 3]
