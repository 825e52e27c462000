"""Values of other kinds than documented land as they came, and are noted."""

from decimal import Decimal
from typing import Any

import pytest

from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.known import NUMBER_FIELDS
from tiktok_pipelines.transform.oddities import find_oddities, may_be_odd
from tiktok_pipelines_tests.unit.transform.samples import (
    Json,
    golden_orders,
    line,
    order,
    rows_of,
)


def noted(**changes: Any) -> list[str]:
    """What is noted of an order with these changes."""
    return [str(note) for note in rows_of(order(**changes)).notes]


def test_an_order_as_documented_is_not_noted() -> None:
    assert noted() == []


@pytest.mark.parametrize("name", [n for n in golden_orders() if "synthetic" not in n])
def test_a_recorded_order_is_not_noted(name: str) -> None:
    assert rows_of(golden_orders()[name]).notes == []


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"status": None}, ["null_value order.status"]),
        ({"seller_note": None}, ["null_value order.seller_note"]),
        ({"payment": None}, ["null_value order.payment"]),
        ({"packages": [{"id": None}]}, ["null_value order.packages[].id"]),
        ({"packages": [None]}, ["null_value order.packages[]"]),
        ({"user_id": 7510000000000000001}, ["other_type order.user_id"]),
        ({"packages": [{"id": 11}]}, ["other_type order.packages[].id"]),
        ({"create_time": "1767600000"}, ["other_type order.create_time"]),
        ({"rts_sla_time": "1767600000"}, ["other_type order.rts_sla_time"]),
        ({"order_rights": ["5"]}, ["other_type order.order_rights[]"]),
        ({"status": ...}, ["lost_field order.status"]),
        ({"line_items": ...}, ["lost_field order.line_items"]),
    ],
    ids=repr,
)
def test_a_value_of_another_kind_is_noted(changes: Json, expected: list[str]) -> None:
    assert noted(**changes) == expected


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"sku_id": 17310000000000005}, ["other_type order_line.sku_id"]),
        ({"sale_price": None}, ["null_value order_line.sale_price"]),
        ({"sale_price": ...}, ["lost_field order_line.sale_price"]),
        (
            {"item_tax": [{"tax_amount": Decimal("1.5")}]},
            ["other_type order_line.item_tax[].tax_amount"],
        ),
    ],
    ids=repr,
)
def test_a_line_with_a_value_of_another_kind_is_noted(
    changes: Json, expected: list[str]
) -> None:
    assert noted(line_items=[line(1, 1, **changes)]) == expected


def test_a_word_for_an_amount_is_unreadable() -> None:
    payment = order()["payment"] | {"tax": "none"}

    assert noted(payment=payment) == ["unreadable order.payment.tax"]


def test_an_amount_as_a_number_is_noted_in_the_payment() -> None:
    payment = order()["payment"] | {"small_order_fee": 5}

    assert noted(payment=payment) == ["other_type order.payment.small_order_fee"]


def test_packages_that_a_line_names_are_missed() -> None:
    assert noted(line_items=[line(1, 1, package_id="115")]) == [
        "lost_field order.packages"
    ]


def test_text_that_looks_like_json_is_no_oddity() -> None:
    quoted = 'say "null": 5, "create_time":"7", {"id":5}'

    assert noted(seller_note=quoted) == []


@pytest.mark.parametrize("name", sorted(NUMBER_FIELDS))
def test_the_first_look_knows_every_number(name: str) -> None:
    number: Json = {name: [5] if name == "order_rights" else 5}
    word: Json = {name: ["5"] if name == "order_rights" else "5"}

    assert (may_be_odd(encode(number)), find_oddities(number)) == (False, [])
    assert (may_be_odd(encode(word)), len(find_oddities(word))) == (True, 1)
