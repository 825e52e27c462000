"""The same answers, in any order and any batches, end in the same rows.

Left out of the comparison is where a row comes from: the page, and the fetch time of
content that came several times (whichever came first stays, so that unchanged rows are
not rewritten). A recipient's notes about the merge follow the same rule.
"""

import threading
from collections.abc import Sequence
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import contents
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import (
    CREATED,
    HOUR,
    NOON,
    Json,
    address,
    emptied,
    line,
    masked,
    order,
)

SHOP = ShopRun("7490000000000000001")
STATUSES = ("UNPAID", "AWAITING_SHIPMENT", "DELIVERED")
Answer = tuple[datetime, Json]
Batches = Sequence[Sequence[Answer]]


def answer(number: int, stage: int, *, sight: int = 0, **changes: object) -> Answer:
    """What TikTok says at one stage of an order's life, which never goes back."""
    silent = f"note {stage // 2}" if stage < 4 else "last note"
    received = order(
        number,
        status=STATUSES[stage // 2],
        update_time=CREATED + stage // 2 * HOUR,
        seller_note=f"{silent} {stage}",
        **changes,
    )
    return NOON + timedelta(minutes=10 * stage + sight, seconds=number), received


@st.composite
def lives(draw: st.DrawFn) -> list[Answer]:
    """Several sights of two orders; each stage looks the same whenever it is read."""
    answers: list[Answer] = []
    for number in (1, 2):
        for stage in draw(st.sets(st.integers(0, 5), min_size=2, max_size=4)):
            changes = draw(looks(number, stage))
            sights = draw(st.sets(st.integers(0, 9), min_size=1, max_size=2))
            answers += [
                answer(number, stage, sight=sight, **changes) for sight in sights
            ]
    return answers


@st.composite
def looks(draw: st.DrawFn, number: int, stage: int) -> Json:
    """How much of an order an answer shows."""
    moved = address(number, full_address=f"Malaysia, {stage // 3} Jalan New")
    shown = [moved, masked(number), emptied(), ...]
    lists = [[line(number, 1), line(number, 2)], [line(number, 2)], [], None, ...]
    return {
        "recipient_address": draw(st.sampled_from(shown)),
        "line_items": draw(st.sampled_from(lists)),
        "user_id": draw(st.sampled_from(["7511", "7512", None])),
        "payment_auth_code": draw(st.sampled_from(["A1", ...])),
    }


@st.composite
def batches(draw: st.DrawFn, answers: Sequence[Answer]) -> Batches:
    """The answers in some order, some of them twice, cut into batches."""
    again = draw(st.lists(st.sampled_from(answers), max_size=3))
    # Hypothesis likes to leave lists in order: begin with the newest instead.
    shuffled = draw(st.permutations([*reversed(answers), *again]))
    size = draw(st.integers(1, len(shuffled)))
    return [shuffled[at : at + size] for at in range(0, len(shuffled), size)]


def load(database: Database, told: Batches) -> None:
    empty(database)
    for batch in told:
        pages = [read([received], at) for at, received in batch]
        commit_order_pages(database, SHOP, pages)


def empty(database: Database) -> None:
    with database.begin() as connection:
        for name in contents(database):
            connection.exec_driver_sql(f"DELETE FROM tiktok.{name}")


@settings(
    max_examples=30,
    suppress_health_check=[
        HealthCheck.function_scoped_fixture,
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
    ],
)
@given(data=st.data())
def test_any_order_of_the_same_answers_ends_in_the_same_rows(
    database: Database, data: st.DataObject
) -> None:
    answers = data.draw(lives())
    load(database, [[one] for one in sorted(answers, key=lambda pair: pair[0])])
    in_order_of_time = contents(database)

    load(database, data.draw(batches(answers)))

    assert contents(database) == in_order_of_time


@pytest.mark.parametrize("first", [0, 1], ids=["newer later", "newer first"])
def test_silent_changes_are_told_apart_by_the_time_of_reading(
    database: Database, first: int
) -> None:
    answers = [answer(1, 2), answer(1, 3)]

    load(database, [[answers[first]], [answers[1 - first]]])

    (row,) = contents(database)["orders"]
    assert row["extra"]["seller_note"] == "note 1 3"


def test_two_writers_of_a_shop_take_turns(
    database: Database, database_url: str
) -> None:
    old = read([order(1)])
    new_line = line(1, 2, seller_sku="NEW")
    new = read([order(1, line_items=[new_line], update_time=CREATED + 9 * HOUR)])
    asked, may_go = threading.Event(), threading.Event()

    def wait(_c: object, _cursor: object, statement: str, *_: object) -> None:
        if "nextval" in statement:  # what is known was read, nothing is written yet
            asked.set()
            may_go.wait(timeout=60)

    slow = Database(database_url)
    event.listen(slow.engine, "before_cursor_execute", wait)
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(commit_order_pages, slow, SHOP, [old])
        assert asked.wait(timeout=60)
        second = pool.submit(commit_order_pages, database, SHOP, [new])
        early, _ = futures.wait([second], timeout=0.5)
        may_go.set()

    assert not early
    (one,), (other,) = first.result(), second.result()
    assert (one.orders_written, other.orders_written) == (1, 1)
    held = contents(database)["order_lines"]
    assert [(row["line_id"], row["seller_sku"]) for row in held] == [
        (new_line["id"], "NEW")
    ]
    slow.close()
