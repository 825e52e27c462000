"""Thin old snapshots of stock: of each day the last one stays, for ever.

An hour's rows go in one transaction, so a killed thinning leaves the rest to the next.
How long every hour stays is told by ``keep_hourly_days`` in the settings of the sync
``inventory`` in ``tiktok_ops.sync_schedules``, shop by shop.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import groupby

from sqlalchemy import Connection, text

from tiktok_pipelines.storage.database import Database

KEEP_HOURLY_DAYS = 30
"""As long as TikTok itself remembers."""

_SHOPS = text("""
    SELECT shop_id, settings ->> 'keep_hourly_days' AS days
    FROM tiktok_ops.sync_schedules WHERE sync = 'inventory' ORDER BY shop_id
""")
# Hour by hour along the index: there are far more rows than hours.
_HOURS = text("""
    WITH RECURSIVE hours AS (
        SELECT min(snapshot_at) AS at FROM tiktok.inventory_snapshots
        WHERE shop_id = :shop_id AND snapshot_at < :before
        UNION ALL
        SELECT (SELECT min(s.snapshot_at) FROM tiktok.inventory_snapshots AS s
            WHERE s.shop_id = :shop_id AND s.snapshot_at > hours.at
              AND s.snapshot_at < :before)
        FROM hours WHERE hours.at IS NOT NULL)
    SELECT at FROM hours WHERE at IS NOT NULL ORDER BY at
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

    Days count in UTC. What has no later snapshot on its day stays.
    """
    return sum(
        _thin_shop(database, shop_id, before=_day_before(now, days))
        for shop_id, days in database.transact(_policies).items()
    )


def _policies(connection: Connection) -> Mapping[str, int]:
    """For how many days every hour of a shop stays."""
    return {row.shop_id: _days(row.days) for row in connection.execute(_SHOPS)}


def _days(told: str | None) -> int:
    """What is no whole number of days counts as not told."""
    return int(told) if told and told.isdecimal() else KEEP_HOURLY_DAYS


def _day_before(now: datetime, days: int) -> datetime:
    """The start of the first day of which every hour stays."""
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return today - timedelta(days=days)


def _thin_shop(database: Database, shop_id: str, *, before: datetime) -> int:
    asked = {"shop_id": shop_id, "before": before}
    hours = database.transact(
        lambda connection: connection.execute(_HOURS, asked).scalars().all()
    )
    removed = 0
    for _, of_day in groupby(hours, key=_utc_day):
        snapshots = list(of_day)
        for place, hour in enumerate(snapshots[:-1], start=1):
            act = partial(_thin_hour, shop_id, hour, snapshots[place:])
            removed += database.transact(act)
    return removed


def _utc_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date()


def _thin_hour(
    shop_id: str, hour: datetime, later: Sequence[datetime], connection: Connection
) -> int:
    asked = {"shop_id": shop_id, "hour": hour, "later": list(later)}
    return connection.execute(_THIN, asked).rowcount
