"""Reading one value: text, amounts, times, flags."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.readers import (
    EXACT,
    KEPT,
    UNREADABLE,
    Outcome,
    read_flag,
    read_money,
    read_text,
    read_time,
)

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


@pytest.mark.parametrize(
    ("raw", "value", "outcome"),
    [
        ("576675116085249101", "576675116085249101", EXACT),
        ("", "", EXACT),
        (" a ", " a ", EXACT),
        (576675116085249101, "576675116085249101", KEPT),
        (2**53 + 1, "9007199254740993", KEPT),
        (2**70, "1180591620717411303424", KEPT),
        (0, "0", KEPT),
        (None, None, KEPT),
        (True, None, UNREADABLE),
        (Decimal("1.5"), None, UNREADABLE),
        ([], None, UNREADABLE),
        ({"id": "1"}, None, UNREADABLE),
    ],
)
def test_text_is_read(raw: object, value: object, outcome: Outcome) -> None:
    assert read_text(raw) == (value, outcome)


@pytest.mark.parametrize(
    ("raw", "value", "outcome"),
    [
        ("119.00", "119.00", EXACT),
        ("4.9", "4.9", EXACT),
        ("0", "0", EXACT),
        ("-12.30", "-12.30", EXACT),
        (
            "123456789012345678901234567890.12",
            "123456789012345678901234567890.12",
            EXACT,
        ),
        ("007", "7", KEPT),
        ("-0.00", "-0.00", KEPT),
        ("-0", "-0", KEPT),
        ("-007", "-7", KEPT),
        ("00.5", "0.5", KEPT),
        ("-0.50", "-0.50", EXACT),
        (12, "12", KEPT),
        (Decimal("12.30"), "12.30", KEPT),
        (Decimal("1E+3"), "1000", KEPT),
        (-3, "-3", KEPT),
    ],
)
def test_an_amount_is_read(raw: object, value: str, outcome: Outcome) -> None:
    amount, how = read_money(raw)

    assert (str(amount), how) == (value, outcome)


@pytest.mark.parametrize(
    ("raw", "outcome"),
    [
        ("", KEPT),
        (None, KEPT),
        ("1,200.00", UNREADABLE),
        ("12.", UNREADABLE),
        (".5", UNREADABLE),
        ("1e5", UNREADABLE),
        ("NaN", UNREADABLE),
        ("RM 5", UNREADABLE),
        (" 5", UNREADABLE),
        ("5\n", UNREADABLE),
        ("\u0661\u0662", UNREADABLE),
        ("9" * 41, UNREADABLE),
        (10**41, UNREADABLE),
        (Decimal("1E+50"), UNREADABLE),
        (True, UNREADABLE),
        ({"amount": "5"}, UNREADABLE),
    ],
)
def test_what_is_no_amount_gives_none(raw: object, outcome: Outcome) -> None:
    assert read_money(raw) == (None, outcome)


@pytest.mark.parametrize(
    ("raw", "value", "outcome"),
    [
        (1709384720, datetime(2024, 3, 2, 13, 5, 20, tzinfo=UTC), EXACT),
        (1, datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC), EXACT),
        (99_999_999_999, datetime(5138, 11, 16, 9, 46, 39, tzinfo=UTC), EXACT),
        ("1709384720", datetime(2024, 3, 2, 13, 5, 20, tzinfo=UTC), KEPT),
        (1709384720123, datetime(2024, 3, 2, 13, 5, 20, 123_000, tzinfo=UTC), KEPT),
        (100_000_000_000, datetime(1973, 3, 3, 9, 46, 40, tzinfo=UTC), KEPT),
        (0, None, KEPT),
        ("0", None, KEPT),
        ("", None, KEPT),
        (None, None, KEPT),
        (-1, None, UNREADABLE),
        (10**18, None, UNREADABLE),
        ("9" * 5000, None, UNREADABLE),
        ("2024-03-02", None, UNREADABLE),
        ("\u0661\u0667", None, UNREADABLE),
        (True, None, UNREADABLE),
        (Decimal("1709384720.5"), None, UNREADABLE),
        ([1709384720], None, UNREADABLE),
    ],
)
def test_a_time_is_read(raw: object, value: datetime | None, outcome: Outcome) -> None:
    expected = None if value is None else microseconds(value)

    assert read_time(raw) == (expected, outcome)


@pytest.mark.parametrize(
    ("raw", "value", "outcome"),
    [
        (True, True, EXACT),
        (False, False, EXACT),
        ("true", True, KEPT),
        ("FALSE", False, KEPT),
        (1, True, KEPT),
        ("0", False, KEPT),
        ("", None, KEPT),
        (None, None, KEPT),
        ("yes", None, UNREADABLE),
        (2, None, UNREADABLE),
        ([], None, UNREADABLE),
    ],
)
def test_a_flag_is_read(raw: object, value: object, outcome: Outcome) -> None:
    found, how = read_flag(raw)

    assert found is value
    assert how is outcome


@given(st.decimals(allow_nan=False, allow_infinity=False, places=4))
def test_money_survives_text(amount: Decimal) -> None:
    value, outcome = read_money(f"{amount:f}")

    assert Decimal(str(value)) == amount
    assert outcome is EXACT or (outcome is KEPT and amount.is_zero())


@given(st.from_regex(r"-?[0-9]{1,40}(\.[0-9]{1,20})?", fullmatch=True))
def test_an_exact_amount_prints_as_it_was_received(raw: str) -> None:
    value, outcome = read_money(raw)

    assert Decimal(str(value)) == Decimal(raw)
    assert outcome is (EXACT if value == raw and not _is_negative_zero(raw) else KEPT)


def _is_negative_zero(raw: str) -> bool:
    return raw.startswith("-") and Decimal(raw).is_zero()


@given(st.from_regex(r"-0(\.0{1,20})?", fullmatch=True))
def test_a_negative_zero_is_kept_since_postgresql_has_none(raw: str) -> None:
    assert read_money(raw)[1] is KEPT


@given(st.integers(min_value=1, max_value=10**11 - 1))
def test_seconds_survive(seconds: int) -> None:
    assert read_time(seconds) == (seconds * 10**6, EXACT)


@given(st.integers(min_value=10**11, max_value=253_402_300_799_000))
def test_milliseconds_survive(milliseconds: int) -> None:
    assert read_time(milliseconds) == (milliseconds * 10**3, KEPT)


@given(JSON_VALUES)
def test_a_value_of_any_kind_never_breaks_a_reader(raw: object) -> None:
    for reader in (read_text, read_money, read_time, read_flag):
        value, outcome = reader(raw)
        assert value is None or outcome is not UNREADABLE
