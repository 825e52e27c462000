"""Ask again for what an odd answer may have hidden, as soon as answers are good.

Two things need it: records without an id, whose window was closed over them, and
orders that landed from an odd answer. While the answers stay as they are, each sync
tries little; once one try helps, all the others follow in the same sync.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, TextClause, text

from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_ids import IDS_AT_ONCE, IdResult, load_by_id
from tiktok_pipelines.ingest.quarantine_request import AskedWindow, days_of
from tiktok_pipelines.ingest.rechecks import (
    ORDERS,
    WINDOWS,
    forget_window,
    next_doubts,
    note_vain,
    still_doubted,
)
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.storage.database import lock_in_transaction
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.notes import UNIDENTIFIED

_VAIN_WINDOWS = 3
LAG = timedelta(minutes=1)
"""How close to the present a sync reaches."""
_MOST_WINDOWS = 500  # of one sync; the next goes on

_RESOLVE_WINDOWS = text("""
    UPDATE tiktok_ops.quarantine_records AS q SET resolved_at = now()
    WHERE q.shop_id = :shop_id AND q.stream = 'orders' AND q.resolved_at IS NULL
      AND starts_with(q.record_key, :unidentified) AND q.last_seen_at < :before
      AND q.request -> 'body' <> '{}' AND NOT EXISTS (
        SELECT FROM tiktok_ops.rechecks AS r CROSS JOIN LATERAL (
            SELECT CASE r.stream WHEN 'order_windows' THEN
                CAST(r.record_key AS jsonb) END AS body, q.request -> 'body' AS asked
        ) AS w
        WHERE r.shop_id = q.shop_id AND r.stream = 'order_windows'
          AND (CAST(w.body ->> 'update_time_ge' AS bigint)
                  < CAST(w.asked ->> 'update_time_lt' AS bigint)
              AND CAST(w.body ->> 'update_time_lt' AS bigint)
                  > CAST(w.asked ->> 'update_time_ge' AS bigint)
            OR CAST(w.body ->> 'create_time_ge' AS bigint)
                  < CAST(w.asked ->> 'create_time_lt' AS bigint)
              AND CAST(w.body ->> 'create_time_lt' AS bigint)
                  > CAST(w.asked ->> 'create_time_ge' AS bigint)))
""")
_RESOLVE_ANSWERED = text("""
    UPDATE tiktok_ops.quarantine_records AS q SET resolved_at = now()
    WHERE q.shop_id = :shop_id AND q.stream = 'orders' AND q.resolved_at IS NULL
      AND starts_with(q.record_key, :unidentified) AND q.last_seen_at < :before
      AND q.request -> 'query' ? 'ids' AND NOT EXISTS (
        SELECT FROM tiktok_ops.rechecks AS r
        WHERE r.shop_id = q.shop_id AND r.stream = q.stream AND r.record_key = ANY(
            string_to_array(q.request -> 'query' ->> 'ids', ',')))
""")


@dataclass(frozen=True, slots=True)
class SecondLooks:
    """What was asked for again, and what it brought."""

    windows: tuple[WindowResult, ...]
    ids: tuple[IdResult, ...]


def look_again(load: OrderLoad, *, before: datetime) -> SecondLooks:
    """Ask again for what answers from before a moment may have hidden.

    Raises:
        ApiError: as in a pull.
        DatabaseUnavailable: the server went away; committed pages stay.
    """
    windows = _pull_windows(load, before)
    ids = _ask_by_id(load, before)
    for statement in (_RESOLVE_WINDOWS, _RESOLVE_ANSWERED):
        _resolve(load, statement, before=before)
    return SecondLooks(tuple(windows), tuple(ids))


def _pull_windows(load: OrderLoad, before: datetime) -> list[WindowResult]:
    """Pull days again that held records without an id, until that is in vain."""
    results: list[WindowResult] = []
    vain = 0
    for key in next_doubts(
        load.database, load.target, WINDOWS, before=before, count=_MOST_WINDOWS
    ):
        load.stop.raise_if_asked()
        pulled = [
            pull_window(load, window, time_field)
            for time_field, window in _past(key, before)
        ]
        results += pulled
        if all(map(_is_whole, pulled)):
            forget_window(load.database, load.target, key, before=before)
            continue
        note_vain(load.database, load.target, WINDOWS, [key], at=before)
        vain += 1
        if vain >= _VAIN_WINDOWS:
            break
    return results


def _past(key: str, before: datetime) -> Iterator[AskedWindow]:
    """The day that a key stands for, as far as it is over."""
    end = (before - LAG).replace(microsecond=0)
    for time_field, day in days_of({"body": decode(key.encode())}):
        if day.start < end:
            yield AskedWindow(time_field, TimeWindow(day.start, min(day.end, end)))


def _is_whole(result: WindowResult) -> bool:
    """Whether every record had an id this time."""
    return result.verdict.is_closed and not result.counts.unidentified


def _resolve(load: OrderLoad, statement: TextClause, **told: object) -> None:
    told = {"shop_id": load.target.shop_id, "unidentified": UNIDENTIFIED, **told}

    def resolve(connection: Connection) -> None:
        lock_in_transaction(connection, f"orders {load.target.shop_id}")
        connection.execute(statement, told)

    load.database.transact(resolve)


def _ask_by_id(load: OrderLoad, before: datetime) -> list[IdResult]:
    """Ask for doubtful orders again, until a whole call has helped nobody."""
    results: list[IdResult] = []
    while ids := next_doubts(
        load.database, load.target, ORDERS, before=before, count=IDS_AT_ONCE
    ):
        results.append(load_by_id(load, ids))
        left = still_doubted(load.database, load.target, ids)
        # who was not named at all counts as asked, or the same ids came for ever
        note_vain(load.database, load.target, ORDERS, left, at=before)
        if len(left) == len(ids):
            break
    return results
