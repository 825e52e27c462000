from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.fields import (
    amounts,
    flags,
    give_back,
    moments,
    take,
    texts,
)
from tiktok_pipelines_tests.unit.transform.test_readers import JSON_VALUES

FIELDS = (
    *texts("status", order_id="id"),
    *amounts("tax"),
    *flags("is_cod"),
    *moments(paid_at="paid_time"),
)
NAMES = st.sampled_from(["status", "id", "tax", "is_cod", "paid_time", "other"])
LIKELY = (
    st.text(max_size=5)
    | st.integers(0, 2 * 10**12)
    | st.booleans()
    | st.none()
    | st.decimals(0, 99, places=2).map(str)
)


@given(st.dictionaries(NAMES, LIKELY | JSON_VALUES))
def test_what_is_taken_apart_is_given_back(received: dict[str, object]) -> None:
    rest, row = dict(received), dict[str, object]()
    take(rest, FIELDS, row)

    give_back(row, FIELDS, rest)

    assert rest == received


def test_a_field_with_a_column_of_its_own_leaves_the_rest() -> None:
    rest: dict[str, object] = {"status": "UNPAID", "tax": "0.10", "other": 1}
    row: dict[str, object] = {}

    unreadable = take(rest, FIELDS, row)

    assert rest == {"other": 1}
    assert row["status"] == "UNPAID"
    assert unreadable == []


def test_what_cannot_be_given_back_exactly_stays_in_the_rest() -> None:
    received: dict[str, object] = {"id": 7, "tax": "007", "paid_time": 0, "is_cod": "1"}
    rest, row = dict(received), dict[str, object]()

    take(rest, FIELDS, row)

    assert rest == received
    assert row["order_id"] == "7"
    assert row["paid_at"] is None
    assert row["is_cod"] is True


def test_an_unreadable_field_is_named_and_stays() -> None:
    rest: dict[str, object] = {"tax": "RM 5", "status": ["?"]}
    row: dict[str, object] = {}

    unreadable = take(rest, FIELDS, row)

    assert sorted(unreadable) == ["status", "tax"]
    assert rest == {"tax": "RM 5", "status": ["?"]}
    assert row["tax"] is None


def test_an_absent_field_is_none_and_stays_absent() -> None:
    row: dict[str, object] = {}
    take({}, FIELDS, row)
    target: dict[str, object] = {}

    give_back(row, FIELDS, target)

    assert set(row) == {"status", "order_id", "tax", "is_cod", "paid_at"}
    assert target == {}
