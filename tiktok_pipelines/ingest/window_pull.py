"""Pull one window of orders until its counts agree, at most three times."""

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Protocol, TypeVar

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import PageTokenRefused, PipelineError
from tiktok_pipelines.ingest.ledger import (
    Counts,
    TimeField,
    Verdict,
    WindowResult,
    count_rows,
    judge,
    record_window,
)
from tiktok_pipelines.ingest.order_commit import Committed, commit_order_pages
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage, read_order_page
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

ATTEMPTS = 3
PAGE_SIZE = 100
_CUT_ABOVE = 10 * PAGE_SIZE
_SMALLEST_CUT = timedelta(minutes=10)


class OrderSource(Protocol):
    """What a load needs of the client."""

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        """All pages of a search."""
        ...

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        """Orders by id."""
        ...


@dataclass(frozen=True, slots=True)
class OrderLoad:
    """What every load of one shop's orders works with.

    ``workers`` pages are in flight at most. ``stopped`` ends a load between two
    pages; what was committed stays.
    """

    source: OrderSource
    database: Database
    target: ShopRun
    clock: Clock
    workers: int = 4
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(slots=True)
class Tally:
    """Counts of a pull while it goes on; threads add under the lock."""

    ids: set[str] = field(default_factory=set[str])
    outside: set[str] = field(default_factory=set[str])
    api_total: int | None = 0
    unidentified: int = 0
    pages: int = 0
    rows_written: int = 0
    orders_written: int = 0
    pages_kept: int = 0
    days: set[date] = field(default_factory=set[date])
    new_bad: list[str] = field(default_factory=list[str])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: OrderPage, committed: Committed) -> None:
        """Count a committed page."""
        with self.lock:
            self.ids.update(rows.order_id for rows in page.orders)
            self.unidentified += sum(bad.stream == STREAM for bad in page.bad)
            self.pages += 1
            self.rows_written += committed.rows_written
            self.orders_written += committed.orders_written
            self.pages_kept += committed.pages_kept
            self.days |= committed.days
            self.new_bad += committed.new_bad

    def add_outside(self, ids: set[str]) -> None:
        """Note orders that were read in a state outside the window."""
        with self.lock:
            self.outside |= ids

    def add_total(self, total: int | None) -> None:
        """Add the count on the last page of a piece of the window."""
        with self.lock:
            known = self.api_total is not None and total is not None
            self.api_total = (self.api_total or 0) + (total or 0) if known else None

    def restart(self) -> None:
        """Forget the counts of an attempt; what was written stays counted."""
        self.ids, self.outside = set(), set()
        self.api_total, self.unidentified = 0, 0


def pull_window(
    load: OrderLoad, window: TimeWindow, time_field: TimeField, *, cut: bool = False
) -> WindowResult:
    """Pull a window, write its pages, and append the verdict to the ledger.

    ``cut`` allows a busy window to be read in several pieces at once. An open
    verdict is no error here: the caller says so at the end.

    Raises:
        ApiError: a page could not be read after all retries.
        DatabaseUnavailable: the server went away; committed pages stay.
    """
    started_at = load.clock.now()
    tally = Tally()
    verdict = Verdict(is_closed=False)
    attempt = 0
    while attempt < ATTEMPTS and not verdict.is_closed:
        attempt += 1
        tally.restart()
        try:
            _pull_once(load, window, time_field, tally, cut=cut)
        except PageTokenRefused as error:
            verdict = Verdict(is_closed=False, note=f"paging broke off: {error}")
            continue
        verdict = judge(_counts(load, tally))
    result = WindowResult(
        window=window,
        time_field=time_field,
        counts=_counts(load, tally),
        verdict=verdict,
        attempts=attempt,
        pages=tally.pages,
        rows_written=tally.rows_written,
        orders_written=tally.orders_written,
        pages_kept=tally.pages_kept,
        days=frozenset(tally.days),
        new_bad=tuple(tally.new_bad),
        started_at=started_at,
        finished_at=load.clock.now(),
    )
    record_window(load.database, load.target, STREAM, result)
    return result


def _counts(load: OrderLoad, tally: Tally) -> Counts:
    rows = count_rows(load.database, load.target.shop_id, sorted(tally.ids))
    return Counts(
        tally.api_total,
        len(tally.ids),
        len(tally.ids - tally.outside),
        rows,
        tally.unidentified,
    )


def _pull_once(
    load: OrderLoad,
    window: TimeWindow,
    time_field: TimeField,
    tally: Tally,
    *,
    cut: bool,
) -> None:
    pages = load.source.pages(_search(window, time_field))
    total: int | None = None
    for number, page in enumerate(pages):
        _stop_if_asked(load)
        take_page(load, page, tally, _outside(window, time_field))
        total = page.total_count
        if cut and number == 0 and _is_busy(total, window):
            _pull_pieces(load, window, time_field, tally)
            return
    tally.add_total(total)


def _is_busy(total: int | None, window: TimeWindow) -> bool:
    long_enough = window.end - window.start > 2 * _SMALLEST_CUT
    return total is not None and total > _CUT_ABOVE and long_enough


def _pull_pieces(
    load: OrderLoad, window: TimeWindow, time_field: TimeField, tally: Tally
) -> None:
    step = max((window.end - window.start) / load.workers, _SMALLEST_CUT)
    pieces = list(window.split(timedelta(seconds=step // timedelta(seconds=1))))

    def pull(piece: TimeWindow) -> None:
        _pull_once(load, piece, time_field, tally, cut=False)

    in_order(load, pieces, pull, lambda _: None)


def take_page(
    load: OrderLoad,
    page: Page,
    tally: Tally,
    is_outside: Callable[[datetime | None], bool] | None = None,
) -> None:
    """Map, commit and count one page."""
    read = read_order_page(page)
    committed = commit_order_pages(load.database, load.target, [read])
    tally.add(read, committed)
    if is_outside is not None:
        moved = {
            rows.order_id for rows in read.orders if is_outside(rows.version.updated_at)
        }
        tally.add_outside(moved)


def _outside(
    window: TimeWindow, time_field: TimeField
) -> Callable[[datetime | None], bool] | None:
    """Whether an order left a window of updates; creation times do not move."""
    if time_field == "create_time":
        return None
    return lambda moment: (
        moment is not None and not (window.start <= moment < window.end)
    )


def _search(window: TimeWindow, time_field: TimeField) -> OrderSearch:
    if time_field == "create_time":
        return OrderSearch(created=window, sort_field=time_field, page_size=PAGE_SIZE)
    return OrderSearch(updated=window, sort_field=time_field, page_size=PAGE_SIZE)


def _stop_if_asked(load: OrderLoad) -> None:
    if load.stopped.is_set():
        raise PipelineError("stopped; what was committed stays, run it again")


def in_order(
    load: OrderLoad,
    items: Sequence[_Item],
    work: Callable[[_Item], _Result],
    done: Callable[[_Result], None],
) -> None:
    """Work on items in ``load.workers`` threads; tell of results in item order.

    The first error stops the load: items under way end at their next page.
    """
    with ThreadPoolExecutor(load.workers) as pool:
        futures = [pool.submit(work, item) for item in items]
        try:
            for future in futures:
                done(future.result())
        except BaseException:
            load.stopped.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
