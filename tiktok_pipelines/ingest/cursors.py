"""How far each sync of each shop has come."""

from datetime import datetime

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.purged import refuse_purged
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
    parameters = {"shop_id": shop_id, "stream": stream}
    return database.transact(
        lambda connection: connection.execute(_READ, parameters).scalar_one_or_none()
    )


def move_cursor(
    database: Database,
    target: ShopRun,
    stream: str,
    *,
    watermark: datetime,
    now: datetime,
) -> None:
    """Move the watermark forward; it never goes back."""
    parameters = {
        "shop_id": target.shop_id,
        "stream": stream,
        "watermark": watermark,
        "now": now,
        "run_id": target.run_id,
    }

    def move(connection: Connection) -> None:
        refuse_purged(connection, target)
        connection.execute(_MOVE, parameters)

    database.transact(move)


def forget_cursor(database: Database, shop_id: str, stream: str) -> None:
    """Drop a watermark that cannot be right; the next sync starts as at first."""
    statement = text(
        "DELETE FROM tiktok_ops.sync_cursors"
        " WHERE shop_id = :shop_id AND stream = :stream"
    )
    parameters = {"shop_id": shop_id, "stream": stream}
    database.transact(lambda connection: connection.execute(statement, parameters))
