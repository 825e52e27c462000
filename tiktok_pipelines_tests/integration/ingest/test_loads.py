"""Single loads against a simulated shop: complete, or said so."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import (
    IncompleteWindow,
    PageTokenRefused,
    PipelineError,
    ServerError,
)
from tiktok_pipelines.ingest import window_pull
from tiktok_pipelines.ingest.cursors import read_cursor
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.orders import (
    OPEN_STREAM,
    OVERLAP,
    SyncResult,
    load_by_id,
    load_created,
    sync_changes,
)
from tiktok_pipelines.ingest.window_pull import OrderLoad, OrderSource, pull_window
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json, changing
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar

WHOLE = TimeWindow(NOW - timedelta(days=6), NOW)
DAY = timedelta(days=1)


@pytest.fixture
def load(pipeline: Pipeline, simulator: Simulator) -> OrderLoad:
    return runs_of(pipeline).load_of(simulator.shops[0].id)


def runs_of(pipeline: Pipeline, run_id: str = "run-1") -> OrderRuns:
    return OrderRuns(pipeline.shops, run_id, log=lambda _: None)


@dataclass
class Watched:
    """A source that does something of its own before each search."""

    source: OrderSource
    before: Callable[[int], None]
    searches: list[OrderSearch] = field(default_factory=list[OrderSearch])

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        self.searches.append(query)
        self.before(len(self.searches))
        return self.source.pages(query)

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        return self.source.detail(order_ids)


def quiet(_: object) -> None:
    """Tell nobody."""


def synced(load: OrderLoad, days: int = 5) -> SyncResult:
    return sync_changes(load, first_sync_days=days, progress=quiet)


def watermark(load: OrderLoad) -> datetime | None:
    return read_cursor(load.database, load.target.shop_id, "orders")


def lie(by: int, until: int = 10**9) -> Callable[[Visit, Json], None]:
    """Count wrongly, in the first ``until`` answers."""
    answered: list[str] = []

    def change(visit: Visit, data: Json) -> None:
        answered.append(visit.path)
        if len(answered) <= until:
            data["total_count"] += by

    return change


def test_a_window_that_is_whole_closes_at_once(load: OrderLoad) -> None:
    result = pull_window(load, WHOLE, "create_time")

    assert result.verdict.is_closed
    assert (result.attempts, result.counts.api_total) == (1, 40)
    assert count(load.database, "tiktok.orders") == result.orders_written == 40


def test_a_window_pulled_twice_writes_nothing_the_second_time(load: OrderLoad) -> None:
    pull_window(load, WHOLE, "create_time")

    again = pull_window(load, WHOLE, "create_time")

    assert again.verdict.is_closed
    assert (again.rows_written, again.pages_kept) == (0, 0)
    assert count(load.database, "tiktok_ops.sync_windows") == 2


def test_an_empty_window_closes(load: OrderLoad) -> None:
    empty = TimeWindow(NOW - timedelta(days=90), NOW - timedelta(days=80))

    result = pull_window(load, empty, "create_time")

    assert result.verdict.is_closed
    assert result.counts.api_total == 0


@pytest.mark.parametrize("by", [1, -1], ids=["more than given", "less than given"])
def test_a_wrong_count_leaves_the_window_open_after_three_pulls(
    load: OrderLoad, simulator: Simulator, by: int
) -> None:
    simulator.around = changing(lie(by))

    result = pull_window(load, WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (False, 3)
    assert simulator.calls["POST", SEARCH, load.target.shop_id] == 3
    ledger = "SELECT verdict, attempts, api_total_count, ids_fetched, rows_in_table, note"
    (row,) = rows(load.database, f"{ledger} FROM tiktok_ops.sync_windows")
    assert row == {
        "verdict": "open",
        "attempts": 3,
        "api_total_count": 40 + by,
        "ids_fetched": 40,
        "rows_in_table": 40,
        "note": f"the API counts {40 + by}, its pages held 40 orders",
    }


def test_a_count_that_is_right_the_second_time_closes(
    load: OrderLoad, simulator: Simulator
) -> None:
    simulator.around = changing(lie(1, until=1))

    result = pull_window(load, WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 2)


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
    simulator.around = changing(lie(1))

    with pytest.raises(IncompleteWindow, match="next sync reads them again"):
        synced(load)

    assert watermark(load) == before
    assert scalar(
        load.database,
        "SELECT verdict FROM tiktok_ops.sync_windows ORDER BY window_id DESC LIMIT 1",
    ) == "open"


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
    simulator.around = changing(lie(1))
    with pytest.raises(IncompleteWindow):
        synced(load)
    simulator.around = changing(lie(0))

    synced(replace(load, stopped=threading.Event()))

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


def test_a_busy_window_is_cut_and_counted_whole(
    load: OrderLoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_pull, "PAGE_SIZE", 5)
    monkeypatch.setattr(window_pull, "_CUT_ABOVE", 10)
    watched = Watched(load.source, quiet)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time", cut=True)

    assert result.verdict.is_closed
    assert (result.counts.api_total, result.counts.ids) == (40, 40)
    pieces = sorted(search.created for search in watched.searches[1:] if search.created)
    assert len(pieces) == 4
    assert (pieces[0].start, pieces[-1].end) == (WHOLE.start, WHOLE.end)


def test_a_window_that_is_not_to_be_cut_is_read_page_by_page(
    load: OrderLoad, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_pull, "PAGE_SIZE", 5)
    monkeypatch.setattr(window_pull, "_CUT_ABOVE", 10)
    watched = Watched(load.source, quiet)

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert len(watched.searches) == 1
    assert result.pages == 8


def refuse_until(number: int) -> Callable[[int], None]:
    def before(search: int) -> None:
        if search < number:
            raise PageTokenRefused("gone", path=SEARCH)

    return before


def test_a_refused_page_token_starts_the_window_again(load: OrderLoad) -> None:
    watched = Watched(load.source, refuse_until(3))

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, result.attempts) == (True, 3)
    assert result.counts.ids == 40


def test_page_tokens_refused_three_times_leave_the_window_open(load: OrderLoad) -> None:
    watched = Watched(load.source, refuse_until(99))

    result = pull_window(replace(load, source=watched), WHOLE, "create_time")

    assert (result.verdict.is_closed, len(watched.searches)) == (False, 3)
    assert "paging broke off" in (result.verdict.note or "")


def test_orders_that_change_while_they_are_read_do_not_open_a_window(
    load: OrderLoad, simulator: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(window_pull, "PAGE_SIZE", 5)
    shop_id = load.target.shop_id

    def live(visit: Visit, _: Json) -> None:
        if simulator.calls["POST", SEARCH, visit.shop_id] < 30:
            simulator.clock.advance(timedelta(minutes=20))

    simulator.around = changing(live)

    result = pull_window(load, WHOLE, "update_time")

    assert simulator.calls["POST", SEARCH, shop_id] > 5
    assert result.verdict.is_closed, result
    assert result.counts.rows == result.counts.ids


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

    with pytest.raises(ServerError):
        load_created(single, list(WHOLE.split(DAY)), quiet)

    assert load.stopped.is_set()
    assert count(load.database, "tiktok_ops.sync_windows") == 2


def test_a_stopped_load_ends_between_two_pages(load: OrderLoad) -> None:
    load.stopped.set()

    with pytest.raises(PipelineError, match="run it again"):
        pull_window(load, WHOLE, "create_time")


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
        watched = Watched(load.source, quiet)

        (result,) = load_created(replace(load, source=watched), [window], quiet)

        assert result.verdict.is_closed
        assert result.counts.ids == 1100
        assert len(watched.searches) == 5
