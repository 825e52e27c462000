"""Taking objects apart into columns and a rest, and giving them back."""

import itertools
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.fields import (
    amounts,
    flags,
    give_back,
    moments,
    texts,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.notes import Note
from tiktok_pipelines.transform.readers import EXACT
from tiktok_pipelines_tests.unit.transform.test_readers import JSON_VALUES

FIELDS = (
    *texts("status", order_id="id"),
    *amounts("tax"),
    *flags("is_cod"),
    *moments(paid_at="paid_time"),
)
KNOWN = frozenset({"status", "id", "tax", "is_cod", "paid_time", "other"})
LAYOUT = Layout("thing", FIELDS, known=KNOWN, expected=frozenset({"status"}))
NAMES = st.sampled_from([*sorted(KNOWN), "new"])
LIKELY = (
    st.text(max_size=5)
    | st.integers(0, 2 * 10**12)
    | st.booleans()
    | st.none()
    | st.decimals(0, 99, places=2).map(str)
    | st.from_regex(r"-?[0-9]{1,3}(\.[0-9]{1,2})?", fullmatch=True)
)
Received = dict[str, object]


@given(st.dictionaries(NAMES, LIKELY | JSON_VALUES))
def test_what_is_taken_apart_is_given_back(received: Received) -> None:
    taken = LAYOUT.take(received)
    target = dict(taken.rest)

    give_back(taken.row, FIELDS, target)

    assert target == received


@given(st.dictionaries(NAMES, LIKELY | JSON_VALUES))
def test_each_value_is_what_its_reader_makes_of_it(received: Received) -> None:
    taken = LAYOUT.take(received)

    read = {field: field.reader(received.get(field.name)) for field in FIELDS}
    assert taken.row == {field.column: value for field, (value, _) in read.items()}
    outcomes = [how for field, (_, how) in read.items() if field.name in received]
    assert taken.is_exact == all(how is EXACT for how in outcomes)


def test_a_field_with_a_column_of_its_own_leaves_the_rest() -> None:
    taken = LAYOUT.take({"status": "UNPAID", "tax": "0.10", "other": 1})

    assert taken.rest == {"other": 1}
    assert (taken.row["status"], taken.row["tax"]) == ("UNPAID", "0.10")
    assert (taken.notes, taken.is_exact) == ([], True)


def test_what_cannot_be_given_back_exactly_stays_in_the_rest() -> None:
    received: Received = {
        "id": 7,
        "tax": "007",
        "paid_time": 0,
        "is_cod": "1",
        "status": "",
    }

    taken = LAYOUT.take(received)

    assert taken.rest == {"id": 7, "tax": "007", "paid_time": 0, "is_cod": "1"}
    assert taken.row["order_id"] == "7"
    assert taken.row["paid_at"] is None
    assert taken.row["is_cod"] is True
    assert not taken.is_exact


def test_an_unreadable_field_is_noted_and_stays() -> None:
    taken = LAYOUT.take({"tax": "RM 5", "status": ["?"]})

    assert set(taken.notes) == {
        Note("thing", "unreadable", "tax"),
        Note("thing", "unreadable", "status"),
    }
    assert taken.rest == {"tax": "RM 5", "status": ["?"]}
    assert taken.row["tax"] is None


def test_an_absent_field_is_none_and_stays_absent() -> None:
    taken = LAYOUT.take({})
    target: Received = {}

    give_back(taken.row, FIELDS, target)

    assert set(taken.row) == {"status", "order_id", "tax", "is_cod", "paid_at"}
    assert target == {}


def test_lost_and_unknown_names_are_noted_with_their_place() -> None:
    part = Layout(
        "thing", (), known=KNOWN, expected=frozenset({"status"}), prefix="part."
    )

    assert part.take({"new": 1}).notes == [
        Note("thing", "unknown_field", "part.new"),
        Note("thing", "lost_field", "part.status"),
    ]


def test_one_object_tells_nothing_of_the_next() -> None:
    first = LAYOUT.take({"status": "A", "id": "1"})

    second = LAYOUT.take({"status": 7, "id": "2"})
    third = LAYOUT.take({"status": "C", "id": "3"})

    assert (first.row["order_id"], first.row["status"]) == ("1", "A")
    assert (second.rest, third.rest) == ({"status": 7}, {})
    assert (third.notes, third.row["paid_at"]) == ([], None)


def test_ever_new_names_do_not_fill_the_memory() -> None:
    layout = Layout("thing", FIELDS, known=KNOWN, expected=frozenset())

    for number in range(2500):
        layout.take({f"n{number}": 1})

    assert len(layout._shapes) <= 1000  # noqa: SLF001  # pyright: ignore[reportPrivateUsage] - the bound itself


@pytest.mark.parametrize("order", [*itertools.permutations(("id", "tax", "other"))])
def test_the_order_of_the_names_does_not_matter(order: tuple[str, ...]) -> None:
    received = dict.fromkeys(order, "1")

    taken = LAYOUT.take(received)

    assert (taken.row["order_id"], taken.row["tax"]) == ("1", "1")
    assert taken.rest == {"other": "1"}


def test_rows_as_postgresql_gives_them_are_given_back() -> None:
    row: Received = {
        "status": "A",
        "order_id": "1",
        "tax": Decimal("1.50"),
        "is_cod": False,
        "paid_at": datetime(2026, 1, 5, 8, tzinfo=UTC),
    }
    target: Received = {}

    give_back(row, FIELDS, target)

    assert target == {
        "status": "A",
        "id": "1",
        "tax": "1.50",
        "is_cod": False,
        "paid_time": 1767600000,
    }
