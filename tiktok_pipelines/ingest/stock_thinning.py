"""Thin old snapshots of stock: of each day the last one stays, for ever.

An hour's rows go in one transaction, so a killed thinning leaves the rest to the next.
How long every hour stays is told by ``keep_hourly_days`` in the settings of the sync
``inventory`` in ``tiktok_ops.sync_schedules``, shop by shop.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.storage.database import Database

KEEP_HOURLY_DAYS = 30
"""As long as TikTok itself remembers."""

# Days are those of tiktok_mart.dim_shops, by which tiktok_mart.fct_stock_daily goes.
_SHOPS = text("""
    SELECT g.shop_id, g.settings ->> 'keep_hourly_days' AS days,
        coalesce(r.time_zone, 'UTC') AS time_zone
    FROM tiktok_ops.sync_schedules AS g
    LEFT JOIN tiktok_ops.shops AS s ON s.shop_id = g.shop_id
    LEFT JOIN tiktok_mart.regions AS r ON r.region = s.region
    WHERE g.sync = 'inventory' ORDER BY g.shop_id
""")
# Hour by hour along the index: there are far more rows than hours.
_HOURS = text("""
    WITH RECURSIVE kept AS (
        SELECT ((CAST(:now AS timestamptz) AT TIME ZONE :zone)::date - :days)::timestamp
            AT TIME ZONE :zone AS since
    ), hours AS (
        SELECT min(snapshot_at) AS at FROM tiktok.inventory_snapshots
        WHERE shop_id = :shop_id AND snapshot_at < (SELECT since FROM kept)
        UNION ALL
        SELECT (SELECT min(s.snapshot_at) FROM tiktok.inventory_snapshots AS s
            WHERE s.shop_id = :shop_id AND s.snapshot_at > hours.at
              AND s.snapshot_at < (SELECT since FROM kept))
        FROM hours WHERE hours.at IS NOT NULL)
    SELECT array_agg(at ORDER BY at) FROM hours WHERE at IS NOT NULL
    GROUP BY (at AT TIME ZONE :zone)::date ORDER BY 1
""")
_THIN = text("""
    DELETE FROM tiktok.inventory_snapshots AS s
    USING tiktok.inventory_snapshots AS later
    WHERE s.shop_id = :shop_id AND s.snapshot_at = :hour
      AND later.shop_id = :shop_id AND later.snapshot_at = ANY(:later)
      AND later.sku_id = s.sku_id AND later.warehouse_id = s.warehouse_id
""")


def thin_snapshots(database: Database, now: datetime) -> int:
    """Remove what the policy of each shop does not keep; the rows removed.

    Days count in the shop's time zone. What has no later snapshot on its day stays.
    """
    policies = database.transact(_policies)
    return sum(_thin_shop(database, {"now": now, **policy}) for policy in policies)


def _policies(connection: Connection) -> Sequence[Mapping[str, object]]:
    """For how many days every hour of a shop stays, and where a day begins."""
    return [
        {"shop_id": row.shop_id, "days": _days(row.days), "zone": row.time_zone}
        for row in connection.execute(_SHOPS)
    ]


def _days(told: str | None) -> int:
    """What is no whole number of days counts as not told."""
    return int(told) if told and told.isdecimal() else KEEP_HOURLY_DAYS


def _thin_shop(database: Database, policy: Mapping[str, object]) -> int:
    days = database.transact(
        lambda connection: connection.execute(_HOURS, policy).scalars().all()
    )
    removed = 0
    for hours in days:
        for place, hour in enumerate(hours[:-1], start=1):
            act = partial(_thin_hour, policy["shop_id"], hour, hours[place:])
            removed += database.transact(act)
    return removed


def _thin_hour(
    shop_id: object, hour: datetime, later: Sequence[datetime], connection: Connection
) -> int:
    asked = {"shop_id": shop_id, "hour": hour, "later": list(later)}
    return connection.execute(_THIN, asked).rowcount
