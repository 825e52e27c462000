"""One order as received to rows: columns, ``extra``, oddities."""

from datetime import timedelta
from decimal import Decimal

import msgspec
import pytest

from tiktok_pipelines.transform.buyers import as_received
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.notes import BadRecord, Note
from tiktok_pipelines.transform.order_back import give_back_order
from tiktok_pipelines.transform.orders import OrderRows, read_order
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    NOON,
    Json,
    address,
    bad_of,
    extra_in,
    extra_of,
    line,
    order,
    rows_of,
)


def notes_of(rows: OrderRows, kind: str) -> set[tuple[str, str, str]]:
    return {
        (note.object, note.path, note.value) for note in rows.notes if note.kind == kind
    }


def all_of(rows: OrderRows, kept: msgspec.Raw) -> bytes:
    """Everything that leaves the mapping but for the buyer, as text to search."""
    return repr([bytes(kept), rows.order, rows.lines]).encode()


def given_back(rows: OrderRows, buyer: Json) -> Json:
    row = {**rows.order, "extra": {**extra_of(rows), **rows.detail}}
    return give_back_order(row, rows.lines or (), buyer)


def test_fields_with_columns_do_not_stand_in_extra() -> None:
    rows = rows_of(order())

    assert extra_of(rows) == {
        "seller_note": "fragile",
        "payment": {"small_order_fee": "0.50"},
    }
    assert rows.order["total_amount"] == "123.9"
    assert rows.order["created_at"] == CREATED * 1_000_000


@pytest.mark.parametrize("number", [2**53 + 1, 576675116085249101, 2**63 + 7])
def test_an_id_that_comes_as_a_number_is_exact(number: int) -> None:
    item = line(1, 1, id=number, sku_id=number)
    received = order(id=number, user_id=number, line_items=[item])

    rows = rows_of(received)

    assert rows.order_id == str(number)
    assert rows.order["buyer_id"] == str(number)
    assert rows.lines is not None
    assert rows.lines[0]["line_id"] == rows.lines[0]["sku_id"] == str(number)
    assert given_back(rows, {})["id"] == number


def test_a_time_in_milliseconds_is_read_and_kept() -> None:
    received = order(paid_time=CREATED * 1000 + 250)

    rows = rows_of(received)

    assert rows.order["paid_at"] == CREATED * 1_000_000 + 250_000
    assert extra_of(rows)["paid_time"] == CREATED * 1000 + 250


def test_a_zero_time_is_no_time_and_kept() -> None:
    rows = rows_of(order(paid_time=0))

    assert rows.order["paid_at"] is None
    assert extra_of(rows)["paid_time"] == 0


@pytest.mark.parametrize("received", [..., None, []], ids=["missing", "null", "empty"])
def test_an_order_without_a_list_of_lines_keeps_those_known(received: object) -> None:
    rows = rows_of(order(line_items=received))

    assert rows.lines is None
    assert rows.bad_lines == []
    assert notes_of(rows, "unreadable") == set()


@pytest.mark.parametrize("received", ["none", 7, {"id": "1"}])
def test_a_list_of_lines_that_is_none_stays_in_extra(received: object) -> None:
    rows = rows_of(order(line_items=received))

    assert rows.lines is None
    assert extra_of(rows)["line_items"] == received
    assert notes_of(rows, "unreadable") == {("order", "line_items", "")}


@pytest.mark.parametrize(
    "changes",
    [
        {"payment": None},
        {"payment": {}},
        {"payment": "free"},
        {"payment": ...},
        {"line_items": None},
        {"line_items": []},
        {"line_items": ...},
        {"packages": None},
        {"status": None},
        {"id": 576675116085249101},
        {"update_time": 0},
        {"create_time": "soon"},
        {"is_cod": "true"},
        {"payment": {"currency": "MYR", "tax": "-0.00", "total_amount": 5}},
        {"payment_auth_code": "A1", "payment_card_type": None},
    ],
    ids=str,
)
def test_odd_fields_are_given_back_as_received(changes: Json) -> None:
    received = order(**changes)
    buyer = {name: received[name] for name in BUYER}

    assert given_back(rows_of(received), buyer) == received


BUYER = ("buyer_email", "buyer_message", "recipient_address")


def test_an_unknown_field_is_kept_in_extra_and_noted() -> None:
    received = order(
        loyalty_tier="gold",
        line_items=[line(1, 1, engraving="A+B")],
        payment={"currency": "MYR", "carbon_fee": "0.10"},
    )

    rows = rows_of(received)

    assert extra_of(rows)["loyalty_tier"] == "gold"
    assert extra_of(rows)["payment"] == {"carbon_fee": "0.10"}
    assert rows.lines is not None
    assert extra_in(rows.lines[0]) == {
        "engraving": "A+B",
        "sku_image": "https://example.invalid/1.png",
    }
    assert notes_of(rows, "unknown_field") == {
        ("order", "loyalty_tier", ""),
        ("order", "payment.carbon_fee", ""),
        ("order_line", "engraving", ""),
    }


def test_a_note_quotes_no_unknown_value() -> None:
    rows = rows_of(order(secret_gift_note="for Aminah"))

    assert "Aminah" not in repr(rows.notes)


def test_a_new_status_lands_and_is_noted() -> None:
    rows = rows_of(order(status="IN_ORBIT"))

    assert rows.order["status"] == "IN_ORBIT"
    assert rows.notes == [Note("order", "new_value", "status", "IN_ORBIT")]


def test_an_order_as_documented_is_not_noted() -> None:
    assert rows_of(order()).notes == []


def test_an_unreadable_amount_is_noted_and_harms_nothing_else() -> None:
    rows = rows_of(order(payment={"currency": "MYR", "tax": "RM 5", "sub_total": "1"}))

    assert rows.order["tax"] is None
    assert rows.order["sub_total"] == "1"
    assert extra_of(rows)["payment"] == {"tax": "RM 5"}
    assert notes_of(rows, "unreadable") == {("order", "payment.tax", "")}


def test_buyer_fields_are_in_the_buyer_alone() -> None:
    received = order(
        buyer_nickname="aminah_01",
        buyer_avatar="https://example.invalid/face.jpeg",
        cpf="123.456.789-09",
        cpf_name="Aminah Souza",
        buyer_shoe_size="38",
        recipient_hint="blue door",
    )

    rows, kept = read_order(received, NOON)

    assert isinstance(rows, OrderRows)
    assert rows.buyer is not None
    assert {"cpf", "buyer_shoe_size", "recipient_hint"} < rows.buyer.fields.keys()
    without_buyer = all_of(rows, kept)
    for word in (b"Aminah", b"aminah", b"face.jpeg", b"123.456", b"38", b"blue door"):
        assert word not in without_buyer.replace(b"1731000000000000538", b"")


def test_buyer_data_deeper_in_an_order_is_taken_out_and_given_back() -> None:
    packages = [{"id": "1"}, {"id": "2", "recipient_address": address(5)}]
    received = order(packages=packages, line_items=[line(1, 1, buyer_message="Aminah")])

    rows, kept = read_order(received, NOON)

    assert isinstance(rows, OrderRows)
    assert rows.buyer is not None
    assert b"Aminah" not in all_of(rows, kept)
    assert given_back(rows, as_received(rows.buyer)) == received
    assert notes_of(rows, "unknown_field") >= {
        ("order", "packages[].recipient_address", "")
    }


def test_a_bare_text_in_place_of_a_line_is_kept_by_its_length_alone() -> None:
    rows = rows_of(order(line_items=["Aminah"]))

    assert [bad.content for bad in rows.bad_lines] == [{"text_of_length": 6}]


def test_a_new_status_that_is_no_word_is_noted_without_its_text() -> None:
    rows = rows_of(order(status="call Aminah: +60 12"))

    assert notes_of(rows, "new_value") == {("order", "status", "(no plain word)")}


def test_the_record_received_is_not_changed() -> None:
    received = order()

    read_order(received, NOON)

    assert received == order()


def test_the_fingerprint_does_not_follow_the_buyer_or_detail_fields() -> None:
    plain = rows_of(order())
    other = rows_of(order(recipient_address=address(9), payment_auth_code="A1"))

    assert other.order["content_hash"] == plain.order["content_hash"]
    assert other.detail == {"payment_auth_code": "A1"}


@pytest.mark.parametrize(
    "change",
    [{"seller_note": "x"}, {"line_items": [line(1, 1)]}, {"packages": [{"id": "1"}]}],
    ids=str,
)
def test_the_fingerprint_follows_everything_else(change: Json) -> None:
    plain = rows_of(order())

    assert rows_of(order(**change)).order["content_hash"] != plain.order["content_hash"]


@pytest.mark.parametrize("broken", [None, 7, [], {}, {"id": ""}, {"id": None}])
def test_a_bad_line_harms_only_itself(broken: object) -> None:
    rows = rows_of(order(line_items=[line(1, 1), broken, line(1, 3)]))

    assert rows.lines is not None
    assert [row["line_number"] for row in rows.lines] == [1, 3]
    assert [(bad.stream, bad.key) for bad in rows.bad_lines] == [
        ("order_lines", f"{rows.order_id}/2")
    ]
    is_text = isinstance(broken, str)
    kept = {"text_of_length": 4} if is_text else broken
    assert rows.bad_lines[0].content == kept


def test_a_line_that_comes_twice_loses_nothing_and_is_told() -> None:
    twice = [line(1, 1), line(1, 1, seller_sku="OTHER")]

    rows = rows_of(order(line_items=twice))

    assert rows.lines is not None
    assert len(rows.lines) == 1
    assert [bad.content for bad in rows.bad_lines] == [twice[1]]


@pytest.mark.parametrize(
    "record",
    [None, "order", 7, [], [order()]],
    ids=["null", "text", "number", "list", "orders"],
)
def test_a_record_that_is_no_object_is_bad(record: object) -> None:
    assert bad_of(record).reason == "the order is no object"


@pytest.mark.parametrize("key", [..., None, "", {}, True, Decimal("1.5")], ids=str)
def test_an_order_without_an_id_is_bad_and_told_without_its_buyer(key: object) -> None:
    bad = bad_of(order(id=key))

    assert bad.reason == "the order has no id"
    assert b"Aminah" not in encode(bad.content)
    assert b"fragile" in encode(bad.content)


def test_the_same_bad_record_has_the_same_key() -> None:
    one, other = bad_of(order(id="")), bad_of(order(id="", seller_note="x"))

    assert one.key == bad_of(order(id="")).key
    assert one.key != other.key


def test_every_answer_is_told_from_a_newer_one() -> None:
    early, late = rows_of(order()), rows_of(order(), NOON + timedelta(seconds=1))
    changed = rows_of(order(update_time=CREATED + 7200))

    assert early.version < late.version < changed.version


def test_an_order_without_an_update_time_is_older_than_any() -> None:
    without = rows_of(order(update_time=None), NOON + timedelta(days=9))

    assert without.version < rows_of(order()).version


def test_all_bad_lines_leave_the_known_ones_alone() -> None:
    nothing: Json = {}
    rows = rows_of(order(line_items=["?", nothing]))

    assert rows.lines is None
    assert all(isinstance(bad, BadRecord) for bad in rows.bad_lines)
    assert len(rows.bad_lines) == 2


def test_buyer_data_deeper_in_an_order_goes_to_the_buyer_and_back() -> None:
    received = order(
        packages=[{"id": "1", "recipient_address": {"name": "Nobody Known"}}],
        line_items=[line(1, 1, buyer_email="hidden@example.invalid")],
    )

    rows, kept = read_order(received, NOON)

    assert isinstance(rows, OrderRows)
    everything = all_of(rows, kept)
    assert b"Nobody Known" not in everything
    assert b"hidden@example" not in everything
    assert rows.buyer is not None
    given_back = give_back_order(
        {**rows.order}, list(rows.lines or ()), as_received(rows.buyer)
    )
    assert given_back == received
