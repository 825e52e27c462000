"""Ledgers made by hand: shops, and windows that were pulled."""

from datetime import date, datetime, timedelta

from sqlalchemy import insert

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow


def put_shop(database: Database, shop_id: str, **more: object) -> None:
    """A connected shop."""
    row = {"shop_id": shop_id, "name": f"Shop {shop_id}", "region": "SG", **more}
    needed = {"cipher": "x", "seller": "seller", "api_version": "202309"}
    with database.begin() as connection:
        connection.execute(insert(tables.shops).values({**needed, **row}))


def put_window(
    database: Database,
    shop_id: str,
    window: TimeWindow,
    *,
    verdict: str = "closed",
    of: tuple[str, str] = ("orders", "create_time"),
    after: timedelta = timedelta(hours=1),
) -> None:
    """A window of a stream, by a time, pulled so long after its end."""
    stream, by = of
    row = {
        "shop_id": shop_id,
        "stream": stream,
        "time_field": by,
        "window_start": window.start,
        "window_end": window.end,
        "ids_fetched": 1,
        "rows_in_table": 1,
        "verdict": verdict,
        "note": None if verdict == "closed" else "the API counts 2",
        "attempts": 1,
        "pages": 1,
        "rows_written": 1,
        "started_at": window.end + after,
        "finished_at": window.end + after,
    }
    with database.begin() as connection:
        connection.execute(insert(tables.sync_windows).values(row))


def put_day(
    database: Database, shop_id: str, day: date, verdict: str = "closed"
) -> None:
    """A day pulled when it was over."""
    put_window(database, shop_id, TimeWindow.of_day(day), verdict=verdict)


def put_sync(
    database: Database,
    shop_id: str,
    since: datetime,
    until: datetime,
    *,
    of: tuple[str, str] = ("orders", "update_time"),
) -> None:
    """One sync over all of it, and its watermark."""
    put_window(database, shop_id, TimeWindow(since, until), of=of)
    put_watermark(database, shop_id, of[0], until)


def put_watermark(
    database: Database, shop_id: str, stream: str, watermark: datetime
) -> None:
    """How far a stream has come."""
    row = {"shop_id": shop_id, "stream": stream, "watermark": watermark}
    with database.begin() as connection:
        connection.execute(insert(tables.sync_cursors).values(row))
