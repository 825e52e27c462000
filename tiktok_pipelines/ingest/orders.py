"""The three ways to load orders: by creation day, by change, by id."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.errors import ApiError, IncompleteWindow
from tiktok_pipelines.ingest.cursors import (
    forget_cursor,
    move_cursor,
    read_cursor,
)
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.tally import Tally
from tiktok_pipelines.ingest.window_pull import (
    OrderLoad,
    pull_window,
    take_page,
)
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.known import FINAL_STATUSES

OVERLAP = timedelta(minutes=10)
"""How far a sync reaches back behind the watermark: search indexes lag."""
LAG = timedelta(minutes=1)
"""How close to the present a sync reaches."""
REREAD_EVERY = timedelta(days=1)
"""Open orders are read again by id, since the update time moves with the status only.

Source: docs/tiktok-shop-api.md, "Update time of an order".
"""
OPEN_STREAM = "orders_open"
_IDS_AT_ONCE = 50
_ABOUT_AN_ID = frozenset({21008111, 36009004, 98001004})
"""Codes that may mean one id of a call only.

Source: docs/tiktok-shop-api.md, "Error codes".
"""

Progress = Callable[[WindowResult], None]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync of one shop did."""

    windows: tuple[WindowResult, ...]
    reread: int
    rows_written: int
    pages_kept: int
    days: frozenset[date]
    new_bad: tuple[str, ...]
    watermark: datetime | None


@dataclass(frozen=True, slots=True)
class IdResult:
    """What reading orders by id found."""

    found: int
    missing: tuple[str, ...]
    rows_written: int
    pages_kept: int
    days: frozenset[date]
    new_bad: tuple[str, ...]


def load_created(
    load: OrderLoad, windows: Sequence[TimeWindow], progress: Progress
) -> tuple[WindowResult, ...]:
    """Pull every order created in the windows, in its present state.

    Several windows are read at once; one alone is cut when it is busy. Running it
    twice leaves the tables as running it once.
    """
    results: list[WindowResult] = []

    def pull(window: TimeWindow, stop: Stop) -> WindowResult:
        below = replace(load, stop=stop)
        return pull_window(below, window, "create_time", cut=len(windows) == 1)

    def done(result: WindowResult) -> None:
        results.append(result)
        progress(result)

    in_order(windows, pull, done, workers=load.workers, stop=load.stop)
    return tuple(results)


def sync_changes(
    load: OrderLoad, *, first_sync_days: int, progress: Progress
) -> SyncResult:
    """Pull what changed since the watermark, and once a day every open order.

    Only one sync of a shop works at a time: a second one waits, then finds little
    to do. The watermark moves over closed windows only, one after the other.

    Raises:
        IncompleteWindow: a window stayed open; the watermark stands before it.
    """
    with load.database.lock(f"sync orders {load.target.shop_id}"):
        windows = _pull_changes(load, first_sync_days, progress)
        reread = _reread_open(load)
        return SyncResult(
            windows=windows,
            reread=reread.found,
            rows_written=sum(w.rows_written for w in windows) + reread.rows_written,
            pages_kept=sum(w.pages_kept for w in windows) + reread.pages_kept,
            days=reread.days.union(*(window.days for window in windows)),
            new_bad=reread.new_bad + tuple(r for w in windows for r in w.new_bad),
            watermark=read_cursor(load.database, load.target.shop_id, STREAM),
        )


def _pull_changes(
    load: OrderLoad, first_sync_days: int, progress: Progress
) -> tuple[WindowResult, ...]:
    span = _changed_span(load, first_sync_days)
    if span is None:
        return ()
    results: list[WindowResult] = []

    def pull(window: TimeWindow, stop: Stop) -> WindowResult:
        return pull_window(replace(load, stop=stop), window, "update_time")

    def done(result: WindowResult) -> None:
        results.append(result)
        progress(result)
        if not result.verdict.is_closed:
            raise IncompleteWindow(
                f"orders changed in {result.window} are not complete:"
                f" {result.verdict.note}; the next sync reads them again"
            )
        move_cursor(
            load.database,
            load.target,
            STREAM,
            watermark=result.window.end,
            now=load.clock.now(),
        )

    days = list(span.split(timedelta(days=1)))
    in_order(days, pull, done, workers=load.workers, stop=load.stop)
    return tuple(results)


def _changed_span(load: OrderLoad, first_sync_days: int) -> TimeWindow | None:
    """From the watermark less the overlap to the present less the lag.

    A watermark in the future (a clock was wrong) is worth nothing: start as at first.
    """
    now = load.clock.now().replace(microsecond=0)
    watermark = read_cursor(load.database, load.target.shop_id, STREAM)
    if watermark is not None and watermark > now:
        forget_cursor(load.database, load.target.shop_id, STREAM)
        watermark = None
    start = now - timedelta(days=first_sync_days)
    if watermark is not None:
        start = watermark - OVERLAP
    end = now - LAG
    return TimeWindow(start, end) if start < end else None


_OPEN_ORDERS = text("""
    SELECT order_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND coalesce(status, '') <> ALL(:final)
    ORDER BY order_id
""")


def _reread_open(load: OrderLoad) -> IdResult:
    """Read open orders by id if that was not done for a day."""
    now = load.clock.now()
    shop_id = load.target.shop_id
    last = read_cursor(load.database, shop_id, OPEN_STREAM)
    if last is None:  # the first sync has just read them
        move_cursor(load.database, load.target, OPEN_STREAM, watermark=now, now=now)
    if last is None or now - last < REREAD_EVERY:
        return IdResult(0, (), 0, 0, frozenset(), ())
    with load.database.begin() as connection:
        parameters = {"shop_id": shop_id, "final": sorted(FINAL_STATUSES)}
        ids = connection.execute(_OPEN_ORDERS, parameters).scalars().all()
    result = load_by_id(load, list(ids))
    move_cursor(load.database, load.target, OPEN_STREAM, watermark=now, now=now)
    return result


def _read_ids(load: OrderLoad, order_ids: Sequence[str], tally: Tally) -> None:
    """Read some orders; an id that spoils the call is left out, not its neighbours."""
    try:
        for page in load.source.detail(order_ids):
            take_page(load, page, tally)
    except ApiError as error:
        if error.code not in _ABOUT_AN_ID:
            raise
        half = len(order_ids) // 2
        for part in (order_ids[:half], order_ids[half:]) if half else ():
            _read_ids(load, part, tally)


def load_by_id(load: OrderLoad, order_ids: Sequence[str]) -> IdResult:
    """Read single orders again, at most 50 a call.

    Ids that TikTok does not answer are returned as missing; their rows stay.
    """
    tally = Tally()
    wanted = list(dict.fromkeys(order_ids))
    for start in range(0, len(wanted), _IDS_AT_ONCE):
        _read_ids(load, wanted[start : start + _IDS_AT_ONCE], tally)
    return IdResult(
        found=len(tally.ids),
        missing=tuple(name for name in wanted if name not in tally.ids),
        rows_written=tally.rows_written,
        pages_kept=tally.pages_kept,
        days=frozenset(tally.days),
        new_bad=tuple(tally.new_bad),
    )
