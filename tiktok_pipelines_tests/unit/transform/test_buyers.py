"""Merging what is known of a buyer: clear wins, in any order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.buyers import (
    BuyerData,
    as_received,
    buyer_data,
    clarity,
    from_row,
    merge,
    take_buyer,
    to_row,
)
from tiktok_pipelines.transform.versions import Version
from tiktok_pipelines_tests.unit.transform.samples import (
    address,
    as_stored,
    emptied,
    masked,
    order,
)

EMPTY, MASKED, CLEAR = 1, 2, 3
TEXTS = st.sampled_from(["", " ", "A****", "****", "Aminah", "Jalan 5", "(+60)12****"])
LISTS = st.lists(st.fixed_dictionaries({"address_name": TEXTS}), max_size=2)
VALUES = TEXTS | LISTS | st.none() | st.integers(0, 3)
ADDRESSES = st.dictionaries(
    st.sampled_from(["name", "phone_number", "postal_code", "district_info"]), VALUES
)
TAKEN: st.SearchStrategy[dict[str, Any]] = st.fixed_dictionaries(
    {},
    optional={
        "recipient_address": ADDRESSES | st.none(),
        "buyer_email": VALUES,
        "buyer_message": TEXTS,
        "cpf": VALUES,
    },
).filter(bool)
# Two moments are 0: updated by an order that had no update time.
VERSIONS = st.builds(Version, st.integers(0, 3), st.integers(1, 4))
BUYERS = st.builds(buyer_data, TAKEN, VERSIONS)


@given(BUYERS)
def test_merging_is_idempotent(one: BuyerData) -> None:
    assert merge(one, one) == one


@given(BUYERS, BUYERS)
def test_merging_is_commutative(one: BuyerData, other: BuyerData) -> None:
    assert merge(one, other) == merge(other, one)


@given(BUYERS, BUYERS, BUYERS)
def test_merging_is_associative(one: BuyerData, two: BuyerData, six: BuyerData) -> None:
    assert merge(merge(one, two), six) == merge(one, merge(two, six))


@given(BUYERS, BUYERS)
def test_a_clear_value_is_never_lost_to_a_lesser_one(
    one: BuyerData, other: BuyerData
) -> None:
    merged = merge(one, other)

    for data in (one, other):
        for path, value in data.fields.items():
            assert clarity(merged.fields.get(path), path) >= clarity(value, path)


@given(BUYERS)
def test_a_row_gives_the_buyer_back(data: BuyerData) -> None:
    assert from_row(as_stored(to_row(data))) == data


@given(BUYERS, BUYERS)
def test_a_merged_row_gives_the_buyer_back(one: BuyerData, other: BuyerData) -> None:
    merged = merge(one, other)

    assert from_row(as_stored(to_row(merged))) == merged


@given(TAKEN)
def test_buyer_data_comes_back_nested_as_received(taken: dict[str, Any]) -> None:
    assert as_received(buyer_data(taken, Version(1, 1))) == taken


@pytest.mark.parametrize(
    ("value", "grade"),
    [
        ("Aminah", CLEAR),
        ("A****", MASKED),
        ("", EMPTY),
        ("  ", EMPTY),
        (None, EMPTY),
        ([], EMPTY),
        ({}, EMPTY),
        ([""], EMPTY),
        ({"drop_off_location": ""}, EMPTY),
        ([{"address_name": "Selangor"}], CLEAR),
        ([{"address_name": "Selangor"}, {"address_name": "S***"}], MASKED),
        ({"a": {"b": ["", "x*"]}}, MASKED),
        (0, CLEAR),
    ],
)
def test_a_value_is_as_clear_as_its_least_masked_part(
    value: object, grade: int
) -> None:
    assert clarity(value) == grade


def test_stars_in_a_message_are_the_buyers_own() -> None:
    assert clarity("ring **twice**", "buyer_message") == CLEAR


@pytest.mark.parametrize("later", [masked(1), emptied(), {}, None], ids=str)
def test_a_clear_recipient_survives_what_comes_later(later: object) -> None:
    clear = buyer_data({"recipient_address": address(1)}, Version(1, 1))
    given_later = buyer_data({"recipient_address": later}, Version(2, 2))

    row = to_row(merge(clear, given_later))

    assert row["name"] == "Aminah Recipient1"
    assert row["phone"] == "(+60)123456701"
    assert row["postal_code"] == "43000"


def test_a_newer_clear_recipient_replaces_an_older_one() -> None:
    old = buyer_data({"recipient_address": address(1)}, Version(1, 1))
    moved = buyer_data(
        {"recipient_address": address(1, full_address="Penang")}, Version(1, 2)
    )

    assert to_row(merge(moved, old))["full_address"] == "Penang"


def test_a_field_that_an_older_answer_gave_keeps_its_version() -> None:
    clear = buyer_data({"buyer_email": "a@x", "cpf": "1"}, Version(1, 1))
    later = buyer_data({"buyer_email": "a***", "cpf": "2"}, Version(2, 2))

    row = to_row(merge(clear, later))

    assert row["field_versions"] == b'{"buyer_email":[1,1]}'
    assert row["content_hash"] is None
    assert row["cpf"] == "2"


def test_taking_the_buyer_leaves_the_rest() -> None:
    received = order(buyer_new_thing=1, recipient_hint=2, cpf_kind=3)

    taken = take_buyer(received)

    assert set(taken) == {
        *("buyer_email", "buyer_message", "recipient_address"),
        *("buyer_new_thing", "recipient_hint", "cpf_kind"),
    }
    assert not taken.keys() & received.keys()
    assert "user_id" in received
