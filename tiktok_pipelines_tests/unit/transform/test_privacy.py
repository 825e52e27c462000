"""Rules on buyer fields: which one holds, and what it does."""

import re
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.buyers import (
    BUYER_FIELDS,
    BuyerData,
    as_received,
    buyer_data,
    clarity,
    from_row,
    merge,
    take_buyer,
    to_row,
)
from tiktok_pipelines.transform.privacy import (
    ACTIONS,
    ANY,
    KEEP_ALL,
    KNOWN_FIELDS,
    Action,
    PrivacyPolicy,
    Rule,
    mask,
    subject_of,
)
from tiktok_pipelines.transform.versions import Version
from tiktok_pipelines_tests.unit.transform.samples import (
    Json,
    address,
    as_stored,
    golden_orders,
    masked,
    order,
)
from tiktok_pipelines_tests.unit.transform.test_buyers import BUYERS

SECRET = b"s" * 32
ADDRESS = "recipient_address"
HASH = re.compile(r"hmac-sha256:[0-9a-f]{64}")
EMPTY, MASKED, CLEAR = 1, 2, 3
RULES = st.frozensets(
    st.builds(
        Rule,
        st.sampled_from(["MY", "GB", ANY]),
        st.sampled_from([*KNOWN_FIELDS, ADDRESS, ANY]),
        st.sampled_from(get_args(Action)),
    ),
    max_size=6,
)
POLICIES = st.builds(PrivacyPolicy, RULES, st.just("MY"), st.just(SECRET))


def policy(*rules: tuple[str, str, Action]) -> PrivacyPolicy:
    return PrivacyPolicy(frozenset(Rule(*rule) for rule in rules), "MY", SECRET)


def everywhere(field: str, action: Action) -> PrivacyPolicy:
    return policy((ANY, field, action))


def buyer_of(received: Json) -> BuyerData:
    return buyer_data(take_buyer(dict(received)), Version(1, 1))


def left(held: PrivacyPolicy, received: Json) -> Json:
    """What the policy leaves of an order's buyer data, by path."""
    kept = held.apply(buyer_of(received))
    return {} if kept is None else dict(kept.fields)


def test_without_a_rule_everything_is_kept() -> None:
    buyer = buyer_of(order(1))

    assert KEEP_ALL.apply(buyer) is buyer
    assert policy(("GB", ANY, "drop")).apply(buyer) == buyer


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param([("MY", ANY, "mask"), (ANY, "buyer_email", "keep")], id="region"),
        pytest.param([(ANY, "buyer_email", "mask"), (ANY, ANY, "drop")], id="field"),
        pytest.param([("MY", "buyer_email", "mask"), ("MY", ANY, "drop")], id="both"),
        pytest.param([("GB", "buyer_email", "drop"), (ANY, ANY, "mask")], id="other"),
    ],
)
def test_the_region_decides_before_the_field(
    rules: list[tuple[str, str, Action]],
) -> None:
    assert policy(*rules).action_of("buyer_email") == "mask"


def test_within_a_region_the_path_comes_before_the_address_and_that_before_any() -> (
    None
):
    held = policy(
        (ANY, "recipient_address.name", "hash"),
        (ANY, ADDRESS, "mask"),
        (ANY, ANY, "drop"),
    )

    assert held.action_of("recipient_address.name") == "hash"
    assert held.action_of("recipient_address.new_field") == "mask"
    assert held.action_of("buyer_new_field") == "drop"


def test_a_field_deeper_in_the_order_falls_under_the_rule_of_its_name() -> None:
    received = order(1, packages=[{"buyer_email": "a@example.invalid", "id": "1"}])

    fields = left(everywhere("buyer_email", "drop"), received)

    assert not any("email" in path for path in fields)
    assert "buyer_message" in fields


def test_an_address_deeper_in_the_order_is_treated_part_by_part() -> None:
    received = order(1, packages=[{"recipient_address": address(7)}])
    held = policy((ANY, "recipient_address.name", "drop"), (ANY, ADDRESS, "mask"))

    told = left(held, received)["packages.0.recipient_address"]

    assert "name" not in told
    assert told["phone_number"] == "(****"


@pytest.mark.parametrize("odd", ["Aminah, 1 Jalan Clear", ["Aminah"]])
def test_an_address_of_unknown_form_falls_under_the_strictest_rule(odd: object) -> None:
    held = policy((ANY, "recipient_address.name", "drop"), (ANY, ADDRESS, "keep"))

    assert "recipient_address" not in left(held, order(1, recipient_address=odd))


def test_what_is_dropped_is_not_there_at_all() -> None:
    held = policy((ANY, "recipient_address.name", "drop"), (ANY, "buyer_email", "drop"))

    fields = left(held, order(1))

    assert "recipient_address.name" not in fields
    assert "buyer_email" not in fields
    assert fields["recipient_address.postal_code"] == "43000"


def test_where_everything_is_dropped_there_is_no_buyer() -> None:
    assert everywhere(ANY, "drop").apply(buyer_of(order(1))) is None


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Aminah", "A****"),
        (" Aminah ", "A****"),
        ("(+60)123456701", "(****"),
        ("Lee", "****"),
        ("王伟", "****"),
        ("****", "****"),
        ("A****", "A****"),
        ("(+60)12****", "(****"),
    ],
)
def test_a_mask_shows_the_first_letter_of_what_is_long_enough(
    text: str, told: str
) -> None:
    assert mask(text) == told
    assert mask(told) == told


def test_what_is_masked_counts_as_masked() -> None:
    fields = left(everywhere(ADDRESS, "mask"), order(1))

    parts = {path for path in fields if path.startswith(ADDRESS)}
    assert parts
    assert {clarity(fields[path], path) for path in parts} == {MASKED}


def test_lists_are_treated_leaf_by_leaf() -> None:
    fields = left(everywhere(ADDRESS, "mask"), order(1))

    assert fields["recipient_address.district_info"] == [
        {"address_level": "****", "address_name": "M****"}
    ]


def test_equal_values_have_equal_hashes_and_others_do_not() -> None:
    held = everywhere(ANY, "hash")
    one, same, other = (
        left(held, order(1, cpf=value, cpf_name=value))
        for value in ("12345678901", 12345678901, "12345678902")
    )

    assert HASH.fullmatch(one["cpf"])
    assert one["cpf"] == one["cpf_name"] == same["cpf"]
    assert one["cpf"] != other["cpf"]


def test_without_the_secret_hashes_are_others() -> None:
    rules = frozenset({Rule(ANY, ANY, "hash")})
    one, other = (
        left(PrivacyPolicy(rules, "MY", secret), order(1))["buyer_email"]
        for secret in (SECRET, b"other")
    )

    assert one != other


def test_nothing_is_hashed_without_a_secret() -> None:
    rules = frozenset({Rule(ANY, ANY, "hash")})

    with pytest.raises(ValueError, match="secret"):
        left(PrivacyPolicy(rules), order(1))


@pytest.mark.parametrize("value", ["", " ", None, []])
@pytest.mark.parametrize("action", ["hash", "mask"])
def test_what_is_empty_stays_as_it_is(value: object, action: Action) -> None:
    assert left(everywhere(ANY, action), order(1, cpf=value))["cpf"] == value


def test_what_tiktok_masked_is_not_hashed() -> None:
    fields = left(everywhere(ADDRESS, "hash"), order(1, recipient_address=masked(1)))

    assert fields["recipient_address.name"] == "A****"
    assert fields["recipient_address.phone_number"] == "(****"


def test_a_star_does_not_save_a_name_from_being_hidden() -> None:
    fields = left(everywhere(ANY, "hash"), order(1, buyer_nickname="Aminah*Binti"))

    assert fields["buyer_nickname"] == "A****"


def test_a_message_with_stars_of_its_own_is_hashed() -> None:
    assert HASH.fullmatch(left(everywhere(ANY, "hash"), order(1))["buyer_message"])


@given(POLICIES, BUYERS)
def test_applying_a_policy_twice_is_applying_it_once(
    held: PrivacyPolicy, buyer: BuyerData
) -> None:
    once = held.apply(buyer)

    assert once is None or held.apply(once) == once


@given(POLICIES, BUYERS, BUYERS)
def test_merging_what_is_left_does_not_depend_on_the_order(
    held: PrivacyPolicy, one: BuyerData, other: BuyerData
) -> None:
    kept = [each for each in (held.apply(one), held.apply(other)) if each]

    if len(kept) == 2:
        assert merge(*kept) == merge(*reversed(kept))


@given(POLICIES, BUYERS)
def test_a_row_gives_back_what_is_left(held: PrivacyPolicy, buyer: BuyerData) -> None:
    kept = held.apply(buyer)

    if kept is not None:
        stored = as_stored(to_row(kept))
        assert as_received(from_row(stored)) == as_received(kept)


@given(st.sampled_from(["hash", "mask", "drop"]), BUYERS)
def test_under_a_rule_for_everything_no_clear_text_is_left(
    action: Action, buyer: BuyerData
) -> None:
    kept = everywhere(ANY, action).apply(buyer)

    for path, value in kept.fields.items() if kept else ():
        if clarity(buyer.fields[path]) == CLEAR:
            assert value != buyer.fields[path]


def test_every_buyer_field_of_the_samples_is_known() -> None:
    found = {
        path
        for received in golden_orders().values()
        for path in buyer_of(received).fields
        if path != ADDRESS
    }

    assert found
    assert found - set(KNOWN_FIELDS) == set()
    assert BUYER_FIELDS - set(KNOWN_FIELDS) == {ADDRESS}


def test_every_column_of_a_recipient_is_a_known_field() -> None:
    row: Json = {
        "updated_at": None,
        "synced_at": Version(1, 1).fetched_at,
        "field_versions": {},
        "extra": {},
    }
    columns = to_row(buyer_of(order(1))).keys() - row.keys() - {"content_hash"}

    paths = from_row(row | dict.fromkeys(columns, "x")).fields

    assert paths.keys() - set(KNOWN_FIELDS) == set()


def test_the_strictest_action_is_the_last() -> None:
    assert ACTIONS[0] == "keep"
    assert ACTIONS[-1] == "drop"


def test_subjects_are_told_apart_by_kind_id_and_secret() -> None:
    fingerprints = {
        subject_of(secret, kind, subject_id)
        for secret in (SECRET, b"other")
        for kind in ("buyer", "order")
        for subject_id in ("1", "2")
    }

    assert len(fingerprints) == 8
    assert len(subject_of(SECRET, "buyer", "1")) == 32


def test_a_policy_prints_without_its_secret() -> None:
    assert "ssss" not in repr(everywhere(ANY, "hash"))
