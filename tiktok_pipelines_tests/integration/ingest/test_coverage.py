"""The ledger as a grid of shops and days, from the database."""

from datetime import date, timedelta

import pytest

from tiktok_pipelines.ingest.coverage import Coverage, State, read_coverage
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.ledgers import (
    put_day,
    put_shop,
    put_sync,
    put_window,
)

DAY = date(2026, 1, 8)


def seen(
    database: Database, *, start: date = date(2026, 1, 1), shop: str = ""
) -> Coverage:
    return read_coverage(
        database, now=NOW, start_date=start, first_sync_days=4, shop_id=shop
    )


def states(database: Database, shop_id: str) -> dict[int, State]:
    """By the day of January."""
    (shop,) = seen(database, shop=shop_id).shops
    return {day.day: state for day, state in shop.days.items()}


@pytest.fixture
def two(database: Database) -> Database:
    """One shop that is synced, and one that nobody has loaded."""
    put_shop(database, "1")
    put_sync(database, "1", NOW - timedelta(days=3), NOW - timedelta(minutes=1))
    put_shop(database, "2")
    return database


def test_the_ledger_becomes_a_grid_of_shops_over_the_same_days(two: Database) -> None:
    put_day(two, "1", DAY)

    coverage = seen(two)

    assert [shop.shop_id for shop in coverage.shops] == ["1", "2"]
    assert [day.day for day in coverage.days] == [7, 8, 9, 10]
    assert list(coverage.shops[0].days.values()) == [
        State.NOT_ASKED,
        State.CLOSED,
        State.SYNCED,
        State.SYNCED,
    ]
    assert set(coverage.shops[1].days.values()) == {State.MISSING}
    assert coverage.complete_pct == 100 * 3 // 7


def test_the_newest_pull_of_a_day_counts(two: Database) -> None:
    window = TimeWindow.of_day(DAY)
    put_day(two, "1", DAY)
    put_window(two, "1", window, verdict="open", after=timedelta(hours=2))
    opened = states(two, "1")[8]
    put_window(two, "1", window, after=timedelta(hours=3))

    assert opened == State.OPEN
    assert states(two, "1")[8] == State.CLOSED


def test_a_part_of_a_day_proves_nothing_of_the_day(two: Database) -> None:
    whole = TimeWindow.of_day(DAY)
    part = TimeWindow(whole.start, whole.start + timedelta(hours=9))

    put_window(two, "2", part, after=timedelta(days=1))

    assert states(two, "2")[8] == State.MISSING


def test_a_window_of_changes_that_stayed_open_proves_nothing(two: Database) -> None:
    span = TimeWindow(NOW - timedelta(days=9), NOW - timedelta(days=3))

    put_window(two, "1", span, verdict="open", of=("orders", "update_time"))

    assert seen(two, shop="1").shops[0].first_day == date(2026, 1, 8)


def test_a_disabled_shop_is_not_shown(two: Database) -> None:
    put_shop(two, "3", is_enabled=False)

    assert {shop.shop_id for shop in seen(two).shops} == {"1", "2"}


def test_a_shop_that_is_being_loaded_misses_nothing_yet(two: Database) -> None:
    put_shop(two, "3", sync_status="syncing")

    assert set(states(two, "3").values()) == {State.LOADING}


def test_no_day_before_the_start_date_is_due(two: Database) -> None:
    (shop,) = seen(two, start=date(2026, 1, 9), shop="2").shops

    assert [day.day for day in shop.days] == [9, 10]


def test_the_lag_is_that_of_the_shop_furthest_behind(two: Database) -> None:
    put_shop(two, "3")
    put_sync(two, "3", NOW - timedelta(days=3), NOW - timedelta(hours=2))

    assert seen(two).lag == timedelta(hours=2)
