"""What the checks ask: incomplete days, late shops, new quarantine, new drift."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.ingest.drift import Drift, list_drift
from tiktok_pipelines.storage.database import Database

_NEWEST = """
    SELECT DISTINCT ON (shop_id, window_start) shop_id, window_start, verdict, note
    FROM tiktok_ops.sync_windows
    WHERE stream = 'orders' AND time_field = 'create_time'
    ORDER BY shop_id, window_start, finished_at DESC
"""
_OPEN_DAYS = text(f"""
    SELECT shop_id, window_start, coalesce(note, '') FROM ({_NEWEST}) AS newest
    WHERE verdict = 'open' ORDER BY shop_id, window_start
""")
_OPEN_SYNCS = text("""
    SELECT DISTINCT ON (w.shop_id) w.shop_id, coalesce(w.note, '')
    FROM tiktok_ops.sync_windows AS w
    LEFT JOIN tiktok_ops.sync_cursors AS c ON c.shop_id = w.shop_id
         AND c.stream = w.stream
    WHERE w.stream = 'orders' AND w.time_field = 'update_time' AND w.verdict = 'open'
      AND w.window_end > coalesce(c.watermark, '-infinity')
    ORDER BY w.shop_id, w.finished_at DESC
""")
_CLOSED_DAYS = text(f"""
    SELECT window_start FROM ({_NEWEST}) AS newest
    WHERE verdict = 'closed' AND shop_id = :shop_id
""")
_LATE_SHOPS = text("""
    SELECT shop.shop_id, cursor.watermark
    FROM tiktok_ops.shops AS shop
    JOIN tiktok_ops.sync_schedules AS s ON s.shop_id = shop.shop_id
         AND s.sync = 'orders' AND s.is_active
    LEFT JOIN tiktok_ops.sync_cursors AS cursor ON cursor.shop_id = shop.shop_id
         AND cursor.stream = 'orders'
    WHERE shop.is_enabled AND coalesce(cursor.watermark, shop.connected_at)
          NOT BETWEEN :now - (3 * s.interval_minutes + 15) * interval '1 minute'
              AND :now + interval '5 minutes'
    ORDER BY shop.shop_id
""")
_NEW_QUARANTINE = text("""
    SELECT shop_id, reason FROM tiktok_ops.quarantine_records
    WHERE first_seen_at >= :since AND resolved_at IS NULL AND stream = ANY(:streams)
    ORDER BY first_seen_at DESC LIMIT 100
""")
_OPEN_STREAMS = text("""
    SELECT shop_id, stream, note FROM (
        SELECT DISTINCT ON (shop_id, stream) shop_id, stream, verdict,
               coalesce(note, '') AS note
        FROM tiktok_ops.sync_windows WHERE stream = ANY(:streams)
        ORDER BY shop_id, stream, finished_at DESC, window_id DESC) AS newest
    WHERE verdict = 'open' ORDER BY shop_id, stream
""")
_LATE_STREAMS = text("""
    SELECT shop.shop_id, state.succeeded_at, coalesce(state.reason, 'late')
    FROM tiktok_ops.shops AS shop
    JOIN tiktok_ops.sync_schedules AS s ON s.shop_id = shop.shop_id
         AND s.sync = :sync AND s.is_active
    LEFT JOIN tiktok_ops.sync_states AS state ON state.shop_id = shop.shop_id
         AND state.stream = :stream
    WHERE shop.is_enabled AND coalesce(state.succeeded_at, shop.connected_at)
          NOT BETWEEN :now - (3 * s.interval_minutes + 15) * interval '1 minute'
              AND :now + interval '5 minutes'
    ORDER BY shop.shop_id
""")
ORDER_STREAMS = ("orders", "order_lines")
ORDER_OBJECTS = frozenset({"order", "order_line", "recipient"})
"""What quarantine and drift call orders and what is in them."""


@dataclass(frozen=True, slots=True)
class OpenDay:
    """A day of a shop whose newest pull did not agree with the API's count."""

    shop_id: str
    day: date
    note: str


def open_days(database: Database) -> Sequence[OpenDay]:
    """Days (UTC, by order creation) that are known to be incomplete."""
    with database.begin() as connection:
        rows = connection.execute(_OPEN_DAYS).all()
    return [OpenDay(shop_id, start.date(), note) for shop_id, start, note in rows]


def open_syncs(database: Database) -> Sequence[tuple[str, str]]:
    """(shop, note) where a window of changes is open, and no later sync got past it.

    The watermark tells: it stops before an open window. Windows behind it that were
    pulled once more prove nothing, be they open or closed.
    """
    with database.begin() as connection:
        rows = connection.execute(_OPEN_SYNCS).all()
    return [(shop_id, note) for shop_id, note in rows]


def closed_days(database: Database, shop_id: str) -> frozenset[date]:
    """Days whose newest pull closed."""
    with database.begin() as connection:
        starts = connection.execute(_CLOSED_DAYS, {"shop_id": shop_id}).scalars()
        return frozenset(start.date() for start in starts)


def late_shops(
    database: Database, now: datetime
) -> Sequence[tuple[str, datetime | None]]:
    """Enabled shops whose watermark is older than three intervals and 15 minutes."""
    with database.begin() as connection:
        rows = connection.execute(_LATE_SHOPS, {"now": now}).all()
    return [(shop_id, watermark) for shop_id, watermark in rows]


def open_streams(
    database: Database, streams: Sequence[str]
) -> Sequence[tuple[str, str, str]]:
    """(shop, stream, note) of subjects whose newest pull did not agree."""
    with database.begin() as connection:
        rows = connection.execute(_OPEN_STREAMS, {"streams": list(streams)}).all()
    return [(shop_id, stream, note) for shop_id, stream, note in rows]


def late_streams(
    database: Database, now: datetime, *, stream: str, sync: str
) -> Sequence[tuple[str, datetime | None, str]]:
    """(shop, last success, class of the reason) where a subject is late.

    That is more than three of its intervals and 15 minutes.
    """
    told = {"now": now, "stream": stream, "sync": sync}
    with database.begin() as connection:
        rows = connection.execute(_LATE_STREAMS, told).all()
    return [(shop_id, succeeded_at, reason) for shop_id, succeeded_at, reason in rows]


def new_quarantine(
    database: Database,
    now: datetime,
    streams: Sequence[str] = ORDER_STREAMS,
    within: timedelta = timedelta(days=1),
) -> Sequence[tuple[str, str]]:
    """(shop, reason) of unresolved records first met within the last day."""
    told = {"since": now - within, "streams": list(streams)}
    with database.begin() as connection:
        rows = connection.execute(_NEW_QUARANTINE, told).all()
    return [(shop_id, reason) for shop_id, reason in rows]


def new_drift(
    database: Database,
    now: datetime,
    objects: frozenset[str] = ORDER_OBJECTS,
    within: timedelta = timedelta(days=1),
) -> Sequence[Drift]:
    """Differences from the documented API that no shop showed before the last day."""
    found = list_drift(database, since=now - within)
    return [drift for drift in found if drift.object in objects]
