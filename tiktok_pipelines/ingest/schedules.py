"""Which shop is due for which sync: ``tiktok_ops.sync_schedules``."""

from datetime import datetime

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database

_CLAIM = text("""
    UPDATE tiktok_ops.sync_schedules AS s
    SET last_run_at = :now
    FROM tiktok_ops.shops AS shop
    JOIN tiktok_ops.credentials AS c ON c.seller = shop.seller
    WHERE shop.shop_id = s.shop_id AND s.sync = :sync
      AND s.is_active AND shop.is_enabled AND c.last_error_message IS NULL
      AND (s.last_run_at IS NULL
           OR s.last_run_at + s.interval_minutes * interval '1 minute' <= :now)
    RETURNING s.shop_id
""")


def claim_due_shops(database: Database, sync: str, now: datetime) -> list[str]:
    """Take the shops that are due, so that no other tick takes them too.

    Shops whose seller must authorise again are left out until that is done.

    Args:
        database: the application's database.
        sync: the name of the sync, e.g. ``orders``.
        now: the time of the tick, UTC.
    """
    with database.begin() as connection:
        parameters = {"sync": sync, "now": now}
        return sorted(connection.execute(_CLAIM, parameters).scalars())
