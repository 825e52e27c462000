"""What is read in one go becomes the same as what is read value by value."""

from typing import cast

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.documented_orders import read_documented
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines.transform.orders import OrderRows, read_order
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    NOON,
    Json,
    address,
    golden_orders,
    line,
    order,
)

ORDERS = golden_orders()
PLAIN = [
    name for name in ORDERS if name.startswith(("real", "synthetic_jp", "synthetic_vn"))
]


def quickly(received: object) -> tuple[OrderRows, bytes] | None:
    found = read_documented(msgspec.Raw(encode(received)), NOON)
    return None if found is None else (found[0], bytes(found[1]))


def carefully(received: object) -> tuple[OrderRows, bytes]:
    rows, kept = read_order(decode(encode(received)), NOON)
    return cast("OrderRows", rows), bytes(kept)


@pytest.mark.parametrize("name", PLAIN)
def test_a_recorded_order_is_as_documented(name: str) -> None:
    assert quickly(ORDERS[name]) == carefully(ORDERS[name])


def with_packages(**changes: object) -> Json:
    made = order() | {"packages": [{"id": "1"}]} | changes
    return {name: value for name, value in made.items() if value is not ...}


@pytest.mark.parametrize(
    "received",
    [
        with_packages(),
        order(),
        order(line_items=[line(1, 1, package_id="7")]),
        with_packages(status="A_NEW_ONE"),
        with_packages(recipient_address=..., buyer_email=..., buyer_message=...),
        with_packages(recipient_address={}),
        with_packages(recipient_address=address(1, name=None, door={"code": 7})),
        with_packages(cpf=["1"], buyer_avatar=""),
        with_packages(handling_duration={"type": "DAY"}, packages=[]),
        with_packages(line_items=[line(1, 1, item_tax=[{"tax_rate": "0"}, {}])]),
        with_packages(payment={**order()["payment"], "small_order_fee": ...}),
        with_packages(is_on_hold_order=False, cancel_reason="", seller_note="Hé\t☂"),
        with_packages(order_rights=1, fulfillment_priority_level=-5),
    ],
    ids=str,
)
def test_what_is_as_documented_becomes_the_same(received: Json) -> None:
    received["payment"] = {
        name: value for name, value in received["payment"].items() if value is not ...
    }

    assert quickly(received) == carefully(received)


@pytest.mark.parametrize(
    "received",
    [
        "text",
        None,
        [],
        order(id=5),
        order(id=""),
        order(id="x" * 201),
        order(id=...),
        order(new_field="1"),
        order(status=None),
        order(update_time=...),
        order(update_time=0),
        order(update_time=str(CREATED)),
        order(paid_time=CREATED * 1000),
        order(is_cod="true"),
        order(seller_note=None),
        order(seller_note=7),
        order(rts_sla_time="7"),
        order(cancel_order_sla_time=7.5),
        order(packages=[{"id": None}]),
        order(packages=[{"id": "1", "buyer_email": "x@example.invalid"}]),
        order(packages=["x@example.invalid"]),
        order(payment=None),
        order(payment={"currency": "MYR"}),
        order(payment={**order()["payment"], "tax": "07.0"}),
        order(payment={**order()["payment"], "tax": "-0"}),
        order(payment={**order()["payment"], "tax": 7}),
        order(payment={**order()["payment"], "tax": None}),
        order(line_items=[]),
        order(line_items=...),
        order(line_items=[line(1, 1), line(1, 1)]),
        order(line_items=[line(1, 1, id=...)]),
        order(line_items=[line(1, 1, sale_price="1e5")]),
        order(line_items=[line(1, 1, gift={"name": "x"})]),
        order(line_items=["x"]),
        order(buyer_email=None),
        order(buyer_phone="1"),
        order(cpf_new="1"),
        order(payment_card_type="VISA"),
        order(combined_listing_skus=[]),
    ],
    ids=str,
)
def test_what_needs_a_closer_look_is_refused(received: object) -> None:
    assert quickly(received) is None


def test_what_is_nested_too_deep_is_refused() -> None:
    deep = b'{"a":' * 10_000 + b"1" + b"}" * 10_000
    whole = encode(order()).replace(
        b'"recipient_address":{', b'"cpf":' + deep + b',"r":{'
    )

    assert read_documented(msgspec.Raw(whole), NOON) is None


_VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**13), 10**13),
    st.text(max_size=5),
    st.sampled_from(["0", "-1.50", "007", "12.340", "UNPAID", "1e3", ""]),
    st.lists(st.text(max_size=3), max_size=2),
    st.dictionaries(st.sampled_from(["id", "buyer_name", "days"]), st.text(max_size=3)),
)
_NAMES = sorted(
    {*order(), *order()["payment"], *line(1, 1), *address(1)}
    | {"packages", "handling_duration", "item_tax", "cpf", "new", "rts_time"}
)
_CHANGES = st.dictionaries(st.sampled_from(_NAMES), _VALUES, max_size=3)


@given(top=_CHANGES, paid=_CHANGES, first=_CHANGES, to=_CHANGES)
def test_what_is_taken_at_all_becomes_the_same(
    top: Json, paid: Json, first: Json, to: Json
) -> None:
    received = order(
        line_items=[line(1, 1) | first, line(1, 2)],
        payment=order()["payment"] | paid,
        recipient_address=address(1) | to,
    )

    found = quickly(received | top)

    assert found is None or found == carefully(received | top)
