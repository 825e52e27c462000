"""How far each sync of each shop has come."""

from datetime import datetime

from sqlalchemy import text

from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database

_READ = text("""
    SELECT watermark FROM tiktok_ops.sync_cursors
    WHERE shop_id = :shop_id AND stream = :stream
""")
_MOVE = text("""
    INSERT INTO tiktok_ops.sync_cursors AS kept
        (shop_id, stream, watermark, moved_at, run_id)
    VALUES (:shop_id, :stream, :watermark, :now, :run_id)
    ON CONFLICT (shop_id, stream) DO UPDATE
    SET watermark = excluded.watermark, moved_at = excluded.moved_at,
        run_id = excluded.run_id
    WHERE kept.watermark < excluded.watermark
""")


def read_cursor(database: Database, shop_id: str, stream: str) -> datetime | None:
    """The watermark, None before the first sync."""
    with database.begin() as connection:
        parameters = {"shop_id": shop_id, "stream": stream}
        return connection.execute(_READ, parameters).scalar_one_or_none()


def move_cursor(
    database: Database,
    target: ShopRun,
    stream: str,
    *,
    watermark: datetime,
    now: datetime,
) -> None:
    """Move the watermark forward; it never goes back."""
    with database.begin() as connection:
        connection.execute(
            _MOVE,
            {
                "shop_id": target.shop_id,
                "stream": stream,
                "watermark": watermark,
                "now": now,
                "run_id": target.run_id,
            },
        )


def forget_cursor(database: Database, shop_id: str, stream: str) -> None:
    """Drop a watermark that cannot be right; the next sync starts as at first."""
    statement = text(
        "DELETE FROM tiktok_ops.sync_cursors"
        " WHERE shop_id = :shop_id AND stream = :stream"
    )
    with database.begin() as connection:
        connection.execute(statement, {"shop_id": shop_id, "stream": stream})
