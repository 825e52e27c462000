"""Records that are odd in ways of their own cost themselves, not their neighbours."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, cast

import pytest

from tiktok_pipelines.errors import WriteConflict
from tiktok_pipelines.ingest.cursors import move_cursor
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.orders import OVERLAP, sync_changes
from tiktok_pipelines.ingest.rechecks import ORDERS, note_vain
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.loads import quiet
from tiktok_pipelines_tests.integration.ingest.shelf import Shelf
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import order

HOUR = timedelta(hours=1)
WINDOW = TimeWindow(NOW - HOUR, NOW - timedelta(minutes=1))
SHOP = ShopRun("7490000000000000001", "run-1")


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf(NOW)
    made.fill(20, NOW - HOUR)
    return made


def nested(depth: int) -> object:
    """A list in a list in a list …"""
    value: list[Any] = []
    for _ in range(depth):
        value = [value]
    return value


@pytest.mark.parametrize(
    "oddity",
    [
        {"id": None, "seller_note": Decimal("1E+140000")},
        {"line_items": [{"weight": Decimal("1E+140000")}]},
        {"seller_note": nested(700), "cancel_reason": "\x00"},
        {"id": "5" * 60_000},
    ],
    ids=["huge, no id", "huge in a line", "too deep", "long id"],
)
def test_an_odd_record_lets_its_neighbours_land(
    load: OrderLoad, shelf: Shelf, oddity: dict[str, object]
) -> None:
    spoiled = list(shelf.orders)[3]
    shelf.orders[spoiled] |= oddity

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert result.verdict.is_closed
    assert count(load.database, "tiktok.orders") >= 19
    assert len(result.new_bad) == 1
    (bad,) = rows(load.database, "SELECT reason FROM tiktok_ops.quarantine_records")
    assert bad["reason"]


def test_a_deadlock_is_tried_again(database: Database) -> None:
    met: list[int] = []

    def act() -> str:
        met.append(1)
        if len(met) < 3:
            raise WriteConflict("deadlock")
        return "done"

    assert database.outlast(act) == "done"


def test_a_deadlock_of_postgresql_is_a_conflict(database: Database) -> None:
    with pytest.raises(WriteConflict, match="40P01"), database.begin() as connection:
        connection.exec_driver_sql(
            "DO $$ BEGIN RAISE EXCEPTION 'x' USING ERRCODE = '40P01'; END $$"
        )


def test_noting_what_was_asked_in_vain_adds_nothing(database: Database) -> None:
    note_vain(database, SHOP, ORDERS, ["1", "2"], at=NOW)

    assert count(database, "tiktok_ops.rechecks") == 0


def test_what_was_asked_in_vain_counts_as_asked(database: Database) -> None:
    commit_order_pages(database, SHOP, [read([order(1, status=None)])])
    key = cast("str", order(1)["id"])

    note_vain(database, SHOP, ORDERS, [key], at=NOW + HOUR)

    assert scalar(database, "SELECT asked_count FROM tiktok_ops.rechecks") == 2


@pytest.mark.parametrize(
    ("ahead", "earliest"),
    [(timedelta(minutes=5), OVERLAP), (timedelta(days=2), timedelta(days=7))],
    ids=["a little", "far"],
)
def test_a_watermark_ahead_of_this_clock_is_forgotten_only_when_it_is_far(
    load: OrderLoad, shelf: Shelf, ahead: timedelta, earliest: timedelta
) -> None:
    now = load.clock.now().replace(microsecond=0)
    move_cursor(load.database, load.target, STREAM, watermark=now + ahead, now=now)

    result = sync_changes(
        replace(load, source=shelf), first_sync_days=7, progress=quiet
    )

    assert now - result.windows[0].window.start <= earliest + timedelta(seconds=2)
    assert now - result.windows[0].window.start >= earliest - timedelta(seconds=2)
