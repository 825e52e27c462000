"""Orders that change while they are read, and answers that say little."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from tiktok_pipelines.ingest.cursors import move_cursor, read_cursor
from tiktok_pipelines.ingest.order_ids import load_by_id
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.orders import sync_changes
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.loads import quiet
from tiktok_pipelines_tests.integration.ingest.shelf import Shelf
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

HOUR = timedelta(hours=1)
WINDOW = TimeWindow(NOW - HOUR, NOW - timedelta(minutes=1))


@pytest.fixture
def shelf() -> Shelf:
    made = Shelf(NOW)
    made.fill(250, NOW - HOUR)
    return made


def test_an_order_that_slips_to_a_page_already_read_is_found(
    load: OrderLoad, shelf: Shelf
) -> None:
    first = next(iter(shelf.orders))
    shelf.after_page = lambda page: shelf.touch(first) if page == 1 else None

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert result.verdict.is_closed
    assert result.attempts == 2
    assert count(load.database, "tiktok.orders") == 250


def test_an_order_that_changes_at_the_end_does_not_hold_up_the_window(
    load: OrderLoad, shelf: Shelf
) -> None:
    last = list(shelf.orders)[-1]
    shelf.after_page = lambda page: shelf.touch(last) if page == 3 else None

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert result.verdict.is_closed
    assert result.attempts == 1
    assert result.verdict.note == "1 orders changed again while they were read"
    (row,) = rows(
        load.database,
        f"SELECT status FROM tiktok.orders WHERE order_id = '{last}'",
    )
    assert row == {"status": "IN_TRANSIT"}


def test_a_count_that_stands_on_the_first_page_only_is_enough(
    load: OrderLoad, shelf: Shelf
) -> None:
    shelf.counts = lambda total: total if shelf.answered == 0 else None
    created = TimeWindow.of_day((NOW - timedelta(days=5)).date())

    result = pull_window(replace(load, source=shelf), created, "create_time")

    assert result.verdict.is_closed
    assert result.counts.api_total == 250


def test_nothing_at_all_counts_as_none(load: OrderLoad) -> None:
    shelf = Shelf(NOW, counts=lambda _: None)

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert result.verdict.is_closed
    assert result.counts.api_total == 0


def test_records_without_any_count_leave_the_window_open(
    load: OrderLoad, shelf: Shelf
) -> None:
    shelf.counts = lambda _: None

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert not result.verdict.is_closed
    assert result.verdict.note == "the API gave no total_count"


def test_a_watermark_in_the_future_is_not_believed(
    load: OrderLoad, shelf: Shelf
) -> None:
    wrong = NOW + timedelta(days=900)
    move_cursor(load.database, load.target, STREAM, watermark=wrong, now=NOW)

    sync_changes(replace(load, source=shelf), first_sync_days=2, progress=quiet)

    assert count(load.database, "tiktok.orders") == 250
    watermark = read_cursor(load.database, load.target.shop_id, STREAM)
    assert watermark is not None
    assert watermark <= NOW


def test_an_id_that_spoils_a_call_does_not_spoil_the_others(
    load: OrderLoad, shelf: Shelf
) -> None:
    wanted = list(shelf.orders)[:60]
    shelf.refused_ids = frozenset({wanted[7], wanted[55]})

    result = load_by_id(replace(load, source=shelf), wanted)

    assert result.missing == (wanted[7], wanted[55])
    assert result.found == count(load.database, "tiktok.orders") == 58


def test_a_value_that_no_column_holds_costs_one_order(
    load: OrderLoad, shelf: Shelf
) -> None:
    bad = list(shelf.orders)[120]
    shelf.orders[bad]["seller_note"] = {"weight": Decimal("1E+140000")}

    result = pull_window(replace(load, source=shelf), WINDOW, "update_time")

    assert result.verdict.is_closed
    assert count(load.database, "tiktok.orders") == 249
    assert [reason for reason in result.new_bad if bad in reason]
    (row,) = rows(load.database, "SELECT record_key FROM tiktok_ops.quarantine_records")
    assert row == {"record_key": bad}


def test_a_good_answer_resolves_what_stood_in_quarantine(
    load: OrderLoad, shelf: Shelf
) -> None:
    bad = list(shelf.orders)[120]
    shelf.orders[bad]["seller_note"] = {"weight": Decimal("1E+140000")}
    pull_window(replace(load, source=shelf), WINDOW, "update_time")
    shelf.orders[bad]["seller_note"] = "fine now"
    shelf.now += timedelta(seconds=1)

    pull_window(replace(load, source=shelf), WINDOW, "update_time")

    (row,) = rows(
        load.database,
        "SELECT resolved_at IS NOT NULL AS is_resolved"
        " FROM tiktok_ops.quarantine_records",
    )
    assert row == {"is_resolved": True}
