"""The two ways to load orders: by creation day, and by change."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.errors import IncompleteWindow
from tiktok_pipelines.ingest.cursors import (
    forget_cursor,
    move_cursor,
    read_cursor,
)
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_ids import IdResult, load_by_id
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.second_looks import LAG, look_again
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.known import FINAL_STATUSES

OVERLAP = timedelta(minutes=10)
"""How far a sync reaches back behind the watermark: search indexes lag."""
REREAD_EVERY = timedelta(days=1)
"""Open orders are read again by id, since the update time moves with the status only.

Source: docs/tiktok-shop-api.md, "Update time of an order".
"""
OPEN_STREAM = "orders_open"
_OPEN_AT_ONCE = 1000
_CLOCKS_DIFFER = timedelta(hours=1)

Progress = Callable[[WindowResult], None]


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a sync of one shop did.

    ``asked_again`` counts the orders whose last answer had looked odd, ``reread`` the
    open ones that were read as every day.
    """

    windows: tuple[WindowResult, ...]
    asked_again: int
    reread: int
    rows_written: int
    pages_kept: int
    days: frozenset[date]
    new_bad: tuple[str, ...]
    watermark: datetime | None

    @property
    def has_news(self) -> bool:
        """Whether anything was written, or read for a reason of its own."""
        return bool(self.rows_written or self.reread or self.asked_again or self.days)


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
    """Pull what changed since the watermark, what looked odd, and daily what is open.

    Only one sync of a shop works at a time: a second one waits, then finds little
    to do. One that loses its lock with the database's session goes on: at worst both
    do the same work. The watermark moves over closed windows only, one by one.

    Raises:
        IncompleteWindow: a window stayed open; the watermark stands before it.
    """
    with load.database.lock(f"sync orders {load.target.shop_id}"):
        started_at = load.clock.now()
        _begin_rereads(load, started_at)
        windows = _pull_changes(load, first_sync_days, progress)
        again = look_again(load, before=started_at)
        reread = _reread_open(load)
        done = (*windows, *again.windows, *again.ids, *reread)
        return SyncResult(
            windows=windows,
            asked_again=sum(result.found for result in again.ids),
            reread=sum(result.found for result in reread),
            rows_written=sum(result.rows_written for result in done),
            pages_kept=sum(result.pages_kept for result in done),
            days=frozenset[date]().union(*(result.days for result in done)),
            new_bad=tuple(reason for result in done for reason in result.new_bad),
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

    Clocks of several hosts differ a little. A watermark far in the future (a clock
    was wrong) is worth nothing: start as at first.
    """
    now = load.clock.now().replace(microsecond=0)
    watermark = read_cursor(load.database, load.target.shop_id, STREAM)
    if watermark is not None and watermark > now + _CLOCKS_DIFFER:
        forget_cursor(load.database, load.target.shop_id, STREAM)
        watermark = None
    start = now - timedelta(days=first_sync_days)
    if watermark is not None:
        start = min(watermark, now) - OVERLAP
    end = now - LAG
    return TimeWindow(start, end) if start < end else None


_OPEN_ORDERS = text("""
    SELECT order_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND coalesce(status, '') <> ALL(:final)
      AND order_id > :after
    ORDER BY order_id LIMIT :count
""")


def _begin_rereads(load: OrderLoad, now: datetime) -> None:
    """Count the day from the start of the first sync, which reads all open orders.

    From its start, for it may be killed: a later one reads what changed since.
    """
    if read_cursor(load.database, load.target.shop_id, OPEN_STREAM) is None:
        move_cursor(load.database, load.target, OPEN_STREAM, watermark=now, now=now)


def _reread_open(load: OrderLoad) -> list[IdResult]:
    """Read open orders by id if that was not done for a day."""
    now = load.clock.now()
    shop_id = load.target.shop_id
    last = read_cursor(load.database, shop_id, OPEN_STREAM)
    if last is None or now - last < REREAD_EVERY:
        return []
    results = [load_by_id(load, ids) for ids in _open_orders(load)]
    move_cursor(load.database, load.target, OPEN_STREAM, watermark=now, now=now)
    return results


def _open_orders(load: OrderLoad) -> Iterator[Sequence[str]]:
    """Ids of open orders, some at a time."""
    told: dict[str, object] = {
        "shop_id": load.target.shop_id,
        "final": sorted(FINAL_STATUSES),
        "count": _OPEN_AT_ONCE,
    }
    after = ""
    while True:
        ids = load.database.transact(partial(_next_open, told=told | {"after": after}))
        if not ids:
            return
        yield ids
        after = ids[-1]


def _next_open(connection: Connection, told: dict[str, object]) -> Sequence[str]:
    return connection.execute(_OPEN_ORDERS, told).scalars().all()
