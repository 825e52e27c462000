"""Pull one window of orders until its counts agree, at most three times."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Protocol

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import PageTokenRefused
from tiktok_pipelines.ingest.group_commit import GroupCommit, Handed
from tiktok_pipelines.ingest.ledger import (
    Counts,
    TimeField,
    Verdict,
    WindowResult,
    count_rows,
    judge,
    record_window,
)
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage, read_order_page
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.seams import Seams
from tiktok_pipelines.ingest.tally import Tally
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.privacy import PrivacyPolicy

ATTEMPTS = 3
PAGE_SIZE = 100
"""Of the first attempt; each further one asks for a few less.

Then pages meet elsewhere, and what stood on two of them before stands on one.
"""
_LESS_EACH_TIME = 7
_CUT_ABOVE = 10 * PAGE_SIZE
_SMALLEST_CUT = timedelta(minutes=10)
_COUNTS_AGAIN = 3
_CLOCKS_DIFFER = timedelta(minutes=5)
_UNSURE = "records that say nothing are where pages meet, and may be one or several"

Judged = tuple[Counts, Verdict]
"""What a window held, and what that makes of it."""


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

    ``workers`` pages are in flight at most. ``stop`` ends a load between two pages;
    what was committed stays.
    """

    source: OrderSource
    commits: GroupCommit
    clock: Clock
    policy: PrivacyPolicy
    workers: int
    stop: Stop = field(default_factory=Stop)

    @property
    def database(self) -> Database:
        """Where it is loaded to."""
        return self.commits.database

    @property
    def target(self) -> ShopRun:
        """For whom it is loaded."""
        return self.commits.target


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
    counts, verdict = _attempt(load, window, time_field, tally, cut=cut)
    while tally.attempts < ATTEMPTS and not verdict.is_closed:
        counts, verdict = _attempt(load, window, time_field, tally, cut=cut)
    result = WindowResult(
        window=window,
        time_field=time_field,
        counts=counts,
        verdict=verdict,
        attempts=tally.attempts,
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


def _attempt(
    load: OrderLoad,
    window: TimeWindow,
    time_field: TimeField,
    tally: Tally,
    *,
    cut: bool,
) -> Judged:
    """Pull the window once and judge it."""
    started_at = load.clock.now().replace(microsecond=0)
    tally.restart()
    try:
        with load.commits.pulling():
            _pull_once(load, window, time_field, tally, cut=cut)
        judged = _judge(load, tally)
        if time_field == "update_time" and not _is_plain(judged):
            judged = _settled(load, window, tally, started_at)
    except PageTokenRefused as error:
        tally.api_total = None
        broken = Verdict(is_closed=False, note=f"paging broke off: {error}")
        return _counts(load, tally), broken
    return judged


def _judge(load: OrderLoad, tally: Tally) -> Judged:
    """Counts that agree prove nothing while it is open what they should be."""
    counts = _counts(load, tally)
    verdict = judge(counts)
    if verdict.is_closed and tally.is_unsure:
        return counts, Verdict(is_closed=False, note=_UNSURE)
    return counts, verdict


def _is_plain(judged: Judged) -> bool:
    """One answer alone agrees with itself; orders do not move within it."""
    counts, verdict = judged
    return verdict.is_closed and counts.pages == 1


def _settled(
    load: OrderLoad, window: TimeWindow, tally: Tally, started_at: datetime
) -> Judged:
    """Judge again, knowing which orders changed while the pages were read.

    Those left the window for the present, and as they leave, others may slip to a
    page that was read before. So count again, then look who left: what was read less
    who left must be what is counted.
    """
    judged = None
    for _ in range(_COUNTS_AGAIN):
        tally.api_total = _count(load, window)
        _note_moved(load, window, tally, started_at)
        judged = _judge(load, tally)
        if judged[1].is_closed:
            break
    return judged or _judge(load, tally)


def _count(load: OrderLoad, window: TimeWindow) -> int | None:
    """The API's count of a window of updates at this moment."""
    page = next(iter(load.source.pages(_search(window, "update_time"))), None)
    return None if page is None else page.total_count


def _note_moved(
    load: OrderLoad, window: TimeWindow, tally: Tally, started_at: datetime
) -> None:
    """Find the orders read that have left the window since.

    Their update time is not before the window's end, nor before the pull, give or
    take the difference between TikTok's clock and ours.
    """
    since = max(window.end, started_at - _CLOCKS_DIFFER)
    until = load.clock.now().replace(microsecond=0) + _CLOCKS_DIFFER
    later = Tally()
    _pull_once(load, TimeWindow(since, until), "update_time", later, cut=False)
    tally.add_moved(later)


def _counts(load: OrderLoad, tally: Tally) -> Counts:
    rows = count_rows(load.database, load.target.shop_id, sorted(tally.ids))
    return Counts(
        tally.api_total,
        len(tally.ids),
        len(tally.ids - tally.outside),
        rows,
        tally.unidentified,
        tally.attempt_pages,
    )


def _pull_once(
    load: OrderLoad,
    window: TimeWindow,
    time_field: TimeField,
    tally: Tally,
    *,
    cut: bool,
) -> None:
    page_size = PAGE_SIZE - _LESS_EACH_TIME * max(0, tally.attempts - 1)
    pages = load.source.pages(_search(window, time_field, page_size))
    total: int | None = None
    is_empty, is_first = True, True
    seams, is_outside = Seams(), _outside(window, time_field)
    with Handed() as handed:
        for page in pages:
            load.stop.raise_if_asked()
            is_empty = is_empty and not page.records and page.total_count is None
            handed.add(take_page(load, page, tally, is_outside, seams))
            total = total if page.total_count is None else page.total_count
            del page  # else it stays, body and all, until the next one is there
            if cut and is_first and _is_busy(total, window):
                handed.wait()
                tally.count_anew()
                _pull_pieces(load, window, time_field, tally)
                return
            is_first = False
    if seams.are_unsure:
        tally.is_unsure = True
    if is_empty and _is_really_empty(load, window, time_field):
        total = 0
    tally.add_total(total)


def _is_really_empty(
    load: OrderLoad, window: TimeWindow, time_field: TimeField
) -> bool:
    """Whether nothing at all means none: TikTok leaves out what has no value.

    Asked for again, as a slip of theirs looks the same.
    """
    for _ in range(_COUNTS_AGAIN - 1):
        page = next(iter(load.source.pages(_search(window, time_field))), None)
        if page is None or page.records or page.total_count:
            return False
        if page.total_count == 0:
            return True
    return True


def _is_busy(total: int | None, window: TimeWindow) -> bool:
    long_enough = window.end - window.start > 2 * _SMALLEST_CUT
    return total is not None and total > _CUT_ABOVE and long_enough


def _pull_pieces(
    load: OrderLoad, window: TimeWindow, time_field: TimeField, tally: Tally
) -> None:
    step = max((window.end - window.start) / load.workers, _SMALLEST_CUT)
    pieces = list(window.split(timedelta(seconds=step // timedelta(seconds=1))))

    def pull(piece: TimeWindow, stop: Stop) -> None:
        below = replace(load, stop=stop)
        with load.commits.pulling():
            _pull_once(below, piece, time_field, tally, cut=False)

    in_order(pieces, pull, lambda _: None, workers=load.workers, stop=load.stop)


def take_page(
    load: OrderLoad,
    page: Page,
    tally: Tally,
    is_outside: Callable[[datetime | None], bool] | None = None,
    seams: Seams | None = None,
) -> "Future[None]":
    """Map a page, and have it committed and counted; the future tells when it is.

    A record that PostgreSQL refuses goes to quarantine, its neighbours land.
    """

    def read() -> OrderPage:
        mapped = read_order_page(page, load.policy)
        if seams is not None:
            seams.add(mapped)
        if is_outside is not None:
            moved = (
                rows.order_id
                for rows in mapped.orders
                if is_outside(rows.version.updated_at)
            )
            tally.add_outside(set(moved))
        return mapped

    return load.commits.put(read, tally.add)


def _outside(
    window: TimeWindow, time_field: TimeField
) -> Callable[[datetime | None], bool] | None:
    """Whether an order left a window of updates; creation times do not move."""
    if time_field == "create_time":
        return None
    return lambda moment: (
        moment is not None and not (window.start <= moment < window.end)
    )


def _search(
    window: TimeWindow, time_field: TimeField, page_size: int = PAGE_SIZE
) -> OrderSearch:
    if time_field == "create_time":
        return OrderSearch(created=window, sort_field=time_field, page_size=page_size)
    return OrderSearch(updated=window, sort_field=time_field, page_size=page_size)
