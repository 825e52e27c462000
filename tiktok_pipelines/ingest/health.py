"""What the checks ask of the ledger: incomplete days, late shops, new quarantine."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import text

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
    WHERE shop.is_enabled AND (cursor.watermark IS NULL OR cursor.watermark
          < :now - (3 * s.interval_minutes + 15) * interval '1 minute')
    ORDER BY shop.shop_id
""")
_NEW_QUARANTINE = text("""
    SELECT shop_id, reason FROM tiktok_ops.quarantine_records
    WHERE first_seen_at >= :since AND resolved_at IS NULL
    ORDER BY first_seen_at DESC LIMIT 100
""")
_COUNTS = text("""
    WITH o AS (
        SELECT shop_id, order_id, buyer_id,
               (created_at AT TIME ZONE 'UTC')::date AS day
        FROM tiktok.orders
        WHERE shop_id = :shop_id AND created_at >= :start AND created_at < :end
    )
    SELECT o.day, count(*) AS orders, count(DISTINCT o.buyer_id) AS customers,
           sum((SELECT count(*) FROM tiktok.order_lines AS x
                WHERE x.shop_id = o.shop_id AND x.order_id = o.order_id))
               AS order_lines,
           sum((SELECT count(*) FROM tiktok.order_status_history AS x
                WHERE x.shop_id = o.shop_id AND x.order_id = o.order_id))
               AS order_status_history,
           sum((SELECT count(*) FROM tiktok.order_recipients AS x
                WHERE x.shop_id = o.shop_id AND x.order_id = o.order_id))
               AS order_recipients
    FROM o GROUP BY o.day
""")


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


def new_quarantine(
    database: Database, now: datetime, within: timedelta = timedelta(days=1)
) -> Sequence[tuple[str, str]]:
    """(shop, reason) of unresolved records first met within the last day."""
    with database.begin() as connection:
        rows = connection.execute(_NEW_QUARANTINE, {"since": now - within}).all()
    return [(shop_id, reason) for shop_id, reason in rows]


def rows_by_day(
    database: Database, shop_id: str, start: datetime, end: datetime
) -> dict[date, dict[str, int]]:
    """Rows of each table of the order group, by creation day of the order (UTC)."""
    parameters = {"shop_id": shop_id, "start": start, "end": end}
    with database.begin() as connection:
        rows = connection.execute(_COUNTS, parameters).mappings().all()
    return {
        row["day"]: {name: int(count) for name, count in row.items() if name != "day"}
        for row in rows
    }
