"""What a page of orders changes, given what is known of them."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.ingest.order_plan import (
    KnownOrder,
    OrderPlan,
    Received,
    plan_orders,
)
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.buyers import content_hash
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.orders import OrderRows
from tiktok_pipelines.transform.versions import Version
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    address,
    line,
    masked,
    order,
    rows_of,
)

LATER = NOON + timedelta(minutes=1)
EARLIER = NOON - timedelta(minutes=1)
ID = order()["id"]
CARD: Json = {"payment_card_type": "VISA"}


def known_from(rows: OrderRows, **changes: Any) -> dict[str, KnownOrder]:
    """What the tables hold after an answer was written."""
    facts: Json = {
        "version": rows.version,
        "content_hash": rows.order["content_hash"],
        "lines_version": rows.version,
        "buyer_id": rows.order["buyer_id"],
        "created_at": rows.order["created_at"],
        "detail": rows.detail,
        "recipient_hash": content_hash(rows.buyer.fields) if rows.buyer else None,
        "has_recipient": rows.buyer is not None,
    }
    return {rows.order_id: KnownOrder(**facts | changes)}


def plan(
    answers: Sequence[OrderRows], known: Mapping[str, KnownOrder] | None = None
) -> OrderPlan:
    received = [Received(number, rows) for number, rows in enumerate(answers)]
    return plan_orders(received, known or {})


def is_empty(made: OrderPlan) -> bool:
    return made == OrderPlan()


def extra_of(row: Mapping[str, object]) -> Json:
    return cast("Json", decode(cast("bytes", row["extra"])))


def test_a_new_order_is_written_whole() -> None:
    made = plan([rows_of(order())])

    ((page, row),) = made.orders
    assert (page, row["status"], row["synced_at"]) == (
        0,
        "AWAITING_SHIPMENT",
        microseconds(NOON),
    )
    assert [item["line_id"] for _, _, item in made.lines] == [
        line(1, 1)["id"],
        line(1, 2)["id"],
    ]
    assert [each.buyer_id for each in made.placed] == [order()["user_id"]]
    assert made.buyer_ids == {}
    assert len(made.history) == 1
    assert set(made.buyers) == {ID}
    assert made.lines_replaced == []


def test_the_same_answer_again_changes_nothing() -> None:
    rows = rows_of(order(**CARD))

    assert is_empty(plan([rows], known_from(rows)))


def test_the_same_content_read_later_changes_nothing() -> None:
    known = known_from(rows_of(order()))

    assert is_empty(plan([rows_of(order(), LATER)], known))


def test_the_same_content_read_earlier_only_dates_the_history() -> None:
    made = plan([rows_of(order(), EARLIER)], known_from(rows_of(order())))

    assert [rows.version.fetched_at for _, rows in made.history] == [EARLIER]
    made.history.clear()
    assert is_empty(made)


def test_newer_content_replaces_the_row_and_its_lines() -> None:
    newer = rows_of(order(status="DELIVERED", update_time=CREATED + 9 * HOUR))

    made = plan([newer], known_from(rows_of(order())))

    assert [row["status"] for _, row in made.orders] == ["DELIVERED"]
    assert made.lines_replaced == [ID]
    assert made.buyers == {}


def test_the_same_update_time_with_other_content_is_newer_when_read_later() -> None:
    silent = rows_of(order(seller_note="changed silently"), LATER)

    made = plan([silent], known_from(rows_of(order())))

    assert [extra_of(row)["seller_note"] for _, row in made.orders] == [
        "changed silently"
    ]


def test_an_older_answer_adds_its_status_and_nothing_else() -> None:
    known = known_from(
        rows_of(order(status="DELIVERED", update_time=CREATED + 9 * HOUR))
    )

    made = plan([rows_of(order(), LATER)], known)

    assert made.orders == made.lines == made.lines_dated == []
    assert [rows.order["status"] for _, rows in made.history] == ["AWAITING_SHIPMENT"]


def test_an_older_answer_gives_the_lines_that_the_newer_one_lacked() -> None:
    bare = rows_of(order(line_items=None, update_time=CREATED + 9 * HOUR))
    known = known_from(bare, lines_version=Version(0, 0))
    older = rows_of(order())

    made = plan([older], known)

    assert len(made.lines) == 2
    assert made.lines_dated == [(ID, older.version)]
    assert made.orders == []


def test_an_older_answer_gives_lines_also_beside_the_known_one() -> None:
    bare = rows_of(order(line_items=None, update_time=CREATED + 9 * HOUR))
    known = known_from(bare, lines_version=Version(0, 0))

    made = plan([rows_of(order()), bare], known)

    assert len(made.lines) == 2
    assert made.orders == []


def test_lines_older_than_those_held_are_left_out() -> None:
    bare = rows_of(order(line_items=None, update_time=CREATED + 9 * HOUR))
    held = rows_of(order(), LATER)
    known = known_from(bare, lines_version=held.version)

    assert plan([rows_of(order(seller_note="x"))], known).lines == []


def test_a_newer_answer_without_lines_keeps_the_version_of_those_held() -> None:
    held = rows_of(order())
    bare = rows_of(order(line_items=[], update_time=CREATED + 9 * HOUR))

    ((_, row),) = plan([bare], known_from(held)).orders

    assert row["lines_synced_at"] == microseconds(NOON)
    assert row["lines_updated_at"] == held.order["updated_at"]


def test_lines_are_not_dropped_while_one_of_the_list_is_bad() -> None:
    received = order(line_items=[line(1, 1), {}], update_time=CREATED + 9 * HOUR)

    made = plan([rows_of(received)], known_from(rows_of(order())))

    assert len(made.lines) == 1
    assert made.lines_replaced == []


def test_of_several_answers_in_a_batch_the_newest_counts() -> None:
    late = rows_of(order(status="DELIVERED", update_time=CREATED + 9 * HOUR))

    made = plan([late, rows_of(order())])

    assert [(page, row["status"]) for page, row in made.orders] == [(0, "DELIVERED")]
    statuses = {rows.order["status"] for _, rows in made.history}
    assert statuses == {"DELIVERED", "AWAITING_SHIPMENT"}


def test_a_later_search_does_not_take_detail_fields_away() -> None:
    searched = rows_of(order(seller_note="new"), LATER)

    ((_, row),) = plan([searched], known_from(rows_of(order(**CARD)))).orders

    assert extra_of(row)["payment_card_type"] == "VISA"


def test_a_detail_of_unchanged_content_adds_its_fields_alone() -> None:
    made = plan([rows_of(order(**CARD), LATER)], known_from(rows_of(order())))

    assert made.details == [(0, ID, CARD)]
    assert made.orders == []


def test_an_older_detail_adds_what_the_newer_search_lacked() -> None:
    known = known_from(rows_of(order(seller_note="new"), LATER))

    made = plan([rows_of(order(**CARD))], known)

    assert made.details == [(0, ID, CARD)]


def test_an_older_detail_does_not_replace_a_newer_one() -> None:
    known = known_from(rows_of(order(payment_card_type="AMEX"), LATER))

    assert plan([rows_of(order(**CARD))], known).details == []


def test_only_a_new_share_of_a_buyer_is_counted_again() -> None:
    held = rows_of(order())
    delivered = order(status="DELIVERED", update_time=CREATED + 9 * HOUR)
    other_buyer = delivered | {"user_id": "7519"}

    assert plan([rows_of(delivered)], known_from(held)).buyer_ids == {}
    assert set(plan([rows_of(other_buyer)], known_from(held)).buyer_ids) == {
        "7519",
        held.order["buyer_id"],
    }


def test_the_buyers_of_a_batch_are_merged() -> None:
    clear = rows_of(order(recipient_address=address(1)), EARLIER)
    hidden = rows_of(order(recipient_address=masked(1)), LATER)

    made = plan([hidden, clear])

    _, merged = made.buyers[ID]
    assert merged.fields["recipient_address.name"] == "Aminah Recipient1"


def test_an_order_without_a_buyer_plans_none() -> None:
    bare = order(recipient_address=..., buyer_email=..., buyer_message=...)

    assert plan([rows_of(bare)]).buyers == {}


@st.composite
def answers_about_two_orders(draw: st.DrawFn) -> OrderRows:
    card: Json = CARD if draw(st.booleans()) else {}
    received = order(
        draw(st.integers(1, 2)),
        update_time=CREATED + draw(st.integers(0, 2)) * HOUR,
        seller_note=draw(st.sampled_from(["a", "b"])),
        **card,
    )
    return rows_of(received, NOON + timedelta(minutes=draw(st.integers(0, 5))))


ANSWERS = st.lists(answers_about_two_orders(), min_size=1, max_size=6)


@given(ANSWERS, st.data())
def test_a_plan_does_not_depend_on_the_order_in_a_batch(
    answers: list[OrderRows], data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(answers))

    assert contents(plan(shuffled)) == contents(plan(answers))


@given(ANSWERS)
def test_each_order_of_a_batch_is_planned_once(answers: list[OrderRows]) -> None:
    made = plan(answers)

    ids = [row["order_id"] for _, row in made.orders]
    assert sorted(map(str, ids)) == sorted({rows.order_id for rows in answers})
    lines = [item["line_id"] for _, _, item in made.lines]
    assert len(lines) == len(set(lines))


def contents(made: OrderPlan) -> object:
    """A plan less the pages, which do depend on the order."""
    rows = sorted((str(row["order_id"]), row) for _, row in made.orders)
    lines = sorted((str(item["line_id"]), version) for _, version, item in made.lines)
    seen = sorted((rows.order_id, rows.version) for _, rows in made.history)
    given_buyers = {name: buyer for name, (_, buyer) in made.buyers.items()}
    placed = sorted(each.buyer_id for each in made.placed)
    return rows, lines, seen, given_buyers, placed, set(made.buyer_ids)


@pytest.mark.parametrize(
    ("held", "told", "is_named"),
    [
        (None, "7511", True),
        ("7511", "7512", True),
        ("7511", "7511", False),
        ("7511", None, False),
    ],
)
def test_an_order_with_buyer_data_that_another_buyer_is_named_of_is_told(
    held: str | None, told: str | None, *, is_named: bool
) -> None:
    known = known_from(rows_of(order(user_id=held)))

    made = plan([rows_of(order(user_id=told), LATER)], known)

    assert made.named_anew == ({ID} if is_named else set())


def test_an_order_without_buyer_data_is_not_told_whoever_is_named() -> None:
    known = known_from(rows_of(order(user_id=None)), has_recipient=False)

    assert plan([rows_of(order(), LATER)], known).named_anew == set()
