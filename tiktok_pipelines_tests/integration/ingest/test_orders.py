"""The three ways to load orders of one shop: by day, by change, by id."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import IncompleteWindow, ServerError
from tiktok_pipelines.ingest.cursors import read_cursor
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_ids import load_by_id
from tiktok_pipelines.ingest.orders import (
    OPEN_STREAM,
    OVERLAP,
    SyncResult,
    load_created,
    sync_changes,
)
from tiktok_pipelines.ingest.window_pull import OrderLoad
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json, changing
from tiktok_pipelines_tests.integration.ingest.loads import (
    DAY,
    WHOLE,
    Watched,
    miscount,
    quiet,
    runs_of,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar


def synced(load: OrderLoad, days: int = 5) -> SyncResult:
    return sync_changes(load, first_sync_days=days, progress=quiet)


def watermark(load: OrderLoad) -> datetime | None:
    return read_cursor(load.database, load.target.shop_id, "orders")


def test_a_sync_moves_the_watermark_to_the_present_less_a_lag(load: OrderLoad) -> None:
    result = synced(load)

    assert all(window.verdict.is_closed for window in result.windows)
    assert watermark(load) == result.watermark
    assert timedelta(0) < NOW - watermark_of(result) <= timedelta(minutes=2)


def watermark_of(result: SyncResult) -> datetime:
    assert result.watermark is not None
    return result.watermark


def test_a_sync_of_a_lying_source_leaves_the_watermark(
    load: OrderLoad, simulator: Simulator
) -> None:
    synced(load)
    before = watermark(load)
    simulator.clock.advance(timedelta(hours=6))
    simulator.around = changing(miscount(1))

    with pytest.raises(IncompleteWindow, match="next sync reads them again"):
        synced(load)

    assert watermark(load) == before
    newest = (
        "SELECT verdict FROM tiktok_ops.sync_windows ORDER BY window_id DESC LIMIT 1"
    )
    assert scalar(load.database, newest) == "open"


def test_the_watermark_moves_up_to_the_first_open_window(
    load: OrderLoad, simulator: Simulator
) -> None:
    third = NOW - timedelta(days=2)

    def change(_: Visit, data: Json) -> None:
        times = [order["update_time"] for order in data.get("orders", [])]
        if times and min(times) >= third.timestamp():
            data["total_count"] += 1

    simulator.around = changing(change)

    with pytest.raises(IncompleteWindow):
        synced(replace(load, workers=1))

    reached = watermark(load)
    assert reached is not None
    assert NOW - timedelta(days=3) < reached <= third + timedelta(minutes=1)


def test_a_sync_after_a_failed_one_catches_up(
    load: OrderLoad, simulator: Simulator
) -> None:
    simulator.around = changing(miscount(1))
    with pytest.raises(IncompleteWindow):
        synced(load)
    simulator.around = changing(miscount(0))

    synced(load)

    ids = {order["id"] for order in changed_since(simulator, NOW - timedelta(days=5))}
    found = rows(load.database, "SELECT order_id FROM tiktok.orders")
    assert ids <= {row["order_id"] for row in found}


def changed_since(simulator: Simulator, start: datetime) -> list[Json]:
    told: list[Json] = list(simulator.truth(simulator.shops[0].id))
    end = NOW - timedelta(minutes=2)
    span = range(int(start.timestamp()), int(end.timestamp()))
    return [order for order in told if order["update_time"] in span]


def test_a_sync_reaches_back_behind_the_watermark(
    load: OrderLoad, simulator: Simulator
) -> None:
    before = watermark_of(synced(load))
    simulator.clock.advance(timedelta(hours=1))

    (window,) = synced(load).windows

    assert window.window.start == before - OVERLAP


def test_open_orders_are_read_again_once_a_day(
    load: OrderLoad, simulator: Simulator
) -> None:
    first = synced(load)
    simulator.clock.advance(timedelta(hours=23))
    early = synced(load)
    simulator.clock.advance(timedelta(hours=2))
    due = synced(load)

    assert (first.reread, early.reread) == (0, 0)
    assert due.reread > 0
    moved = read_cursor(load.database, load.target.shop_id, OPEN_STREAM)
    assert moved is not None
    assert moved >= NOW + timedelta(hours=25)


def test_several_days_are_told_in_order(load: OrderLoad) -> None:
    days = list(WHOLE.split(DAY))
    told: list[WindowResult] = []

    results = load_created(load, days, told.append)

    assert [result.window for result in results] == days
    assert list(results) == told
    assert sum(result.counts.ids for result in results) == 40


def test_an_error_in_one_window_ends_the_load_and_keeps_what_was_committed(
    load: OrderLoad,
) -> None:
    def before(search: int) -> None:
        if search == 3:
            raise ServerError("down", path=SEARCH)

    watched = Watched(load.source, before)
    single = replace(load, source=watched, workers=1)

    days = list(WHOLE.split(DAY))
    with pytest.raises(ServerError):
        load_created(single, days, quiet)

    found = rows(load.database, "SELECT window_start FROM tiktok_ops.sync_windows")
    pulled = {row["window_start"] for row in found}
    assert {days[0].start, days[1].start} <= pulled
    assert not {days[2].start, days[-1].start} & pulled


def test_single_orders_are_read_by_id(load: OrderLoad, simulator: Simulator) -> None:
    ids = [str(order["id"]) for order in simulator.truth(load.target.shop_id)[:3]]

    result = load_by_id(load, [*ids, "580000000000000000", ids[0]])

    assert (result.found, result.missing) == (3, ("580000000000000000",))
    assert count(load.database, "tiktok.orders") == 3


def test_no_ids_need_no_call(load: OrderLoad, simulator: Simulator) -> None:
    before = simulator.calls.total()

    assert load_by_id(load, []).found == 0
    assert simulator.calls.total() == before


def test_two_syncs_of_one_shop_at_once_both_succeed(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = simulator.shops[0].id

    def run(run_id: str) -> SyncResult:
        return synced(runs_of(pipeline, run_id).load_of(shop_id))

    with ThreadPoolExecutor(2) as pool:
        one, other = pool.map(run, ["one", "other"])

    assert min(one.rows_written, other.rows_written) == 0
    assert max(one.rows_written, other.rows_written) > 0
    assert max(len(one.windows), len(other.windows)) > 1


def test_a_backfill_and_a_sync_at_once_leave_whole_tables(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = simulator.shops[0].id
    load = runs_of(pipeline, "one").load_of(shop_id)
    other = runs_of(pipeline, "other").load_of(shop_id)

    with ThreadPoolExecutor(2) as pool:
        backfill = pool.submit(load_created, load, list(WHOLE.split(DAY)), quiet)
        sync = pool.submit(synced, other)

    assert all(result.verdict.is_closed for result in backfill.result())
    assert sync.result().watermark is not None
    assert count(load.database, "tiktok.orders") == 40


class TestOfABigShop:
    """The cut of a busy window with its real limits."""

    @pytest.fixture
    def shops_config(self) -> SimulatorConfig:
        return SimulatorConfig(
            shops=1, orders=1100, days=1, now=NOW, rate_per_second=LIMITLESS
        )

    def test_a_day_of_more_than_ten_pages_is_cut(self, load: OrderLoad) -> None:
        window = TimeWindow(NOW - timedelta(days=2), NOW)
        watched = Watched(load.source)

        (result,) = load_created(replace(load, source=watched), [window], quiet)

        assert result.verdict.is_closed
        assert result.counts.ids == 1100
        assert len(watched.searches) == 1 + load.workers
