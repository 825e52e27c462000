"""The completeness ledger: what was pulled, and whether it is all there."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection, insert, text

from tiktok_pipelines.ingest.purged import refuse_purged
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.lookup import by_key
from tiktok_pipelines.timewindow import TimeWindow

TimeField = Literal["create_time", "update_time"]
CLOSED, OPEN = "closed", "open"


@dataclass(frozen=True, slots=True)
class Counts:
    """What one pull of a window counted.

    ``in_window`` are the ids that the window still holds, as far as is known;
    ``unidentified`` the records without an id; ``pages`` those of the last attempt.
    """

    api_total: int | None
    ids: int
    in_window: int
    rows: int
    unidentified: int
    pages: int = 1


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a window is complete, and what explains a difference."""

    is_closed: bool
    note: str | None = None


def judge(counts: Counts, what: str = "orders") -> Verdict:
    """Close a window only when all counts agree, or the difference is explained.

    Where orders left a window of several pages, equal counts prove nothing: one that
    moved on and one that slipped to a page already read would cancel out.
    """
    if counts.api_total is None:
        return Verdict(is_closed=False, note="the API gave no total_count")
    if counts.rows != counts.ids:
        missing = counts.ids - counts.rows
        return Verdict(is_closed=False, note=f"{missing} {what} fetched are no rows")
    moved = counts.ids - counts.in_window
    agrees = counts.ids + counts.unidentified == counts.api_total
    if agrees and (not moved or counts.pages == 1):
        return Verdict(is_closed=True, note=_quarantined(counts.unidentified))
    if moved and counts.in_window + counts.unidentified == counts.api_total:
        note = f"{moved} {what} changed again while they were read"
        return Verdict(is_closed=True, note=note)
    return Verdict(is_closed=False, note=_difference(counts, what))


def _quarantined(unidentified: int) -> str | None:
    if not unidentified:
        return None
    return f"{unidentified} records without an id are in tiktok_ops.quarantine_records"


def _difference(counts: Counts, what: str) -> str:
    return f"the API counts {counts.api_total}, its pages held {counts.ids} {what}"


def judge_uncounted(counts: Counts, what: str) -> Verdict:
    """Where TikTok counts nothing: the last page was reached, and all became rows."""
    if counts.rows != counts.ids:
        missing = counts.ids - counts.rows
        return Verdict(is_closed=False, note=f"{missing} {what} fetched are no rows")
    note = "TikTok gives no count here; its last page was reached"
    if more := _quarantined(counts.unidentified):
        note += f"; {more}"
    return Verdict(is_closed=True, note=note)


@dataclass(frozen=True, slots=True)
class WindowResult:
    """One window pulled: a row of the ledger.

    ``days`` are the creation days (UTC) of the orders written.
    """

    window: TimeWindow
    time_field: str
    counts: Counts
    verdict: Verdict
    attempts: int
    pages: int
    rows_written: int
    orders_written: int
    pages_kept: int
    days: frozenset[date]
    new_bad: tuple[str, ...]
    started_at: datetime
    finished_at: datetime


def record_window(
    database: Database, target: ShopRun, stream: str, result: WindowResult
) -> None:
    """Append a window to the ledger; a second time says the same again."""
    row = {
        "shop_id": target.shop_id,
        "run_id": target.run_id,
        "stream": stream,
        "time_field": result.time_field,
        "window_start": result.window.start,
        "window_end": result.window.end,
        "api_total_count": result.counts.api_total,
        "ids_fetched": result.counts.ids,
        "rows_in_table": result.counts.rows,
        "verdict": CLOSED if result.verdict.is_closed else OPEN,
        "note": result.verdict.note,
        "attempts": result.attempts,
        "pages": result.pages,
        "rows_written": result.rows_written,
        "started_at": result.started_at,
        "finished_at": result.finished_at,
    }
    statement = insert(tables.sync_windows).values(row)

    def record(connection: Connection) -> None:
        refuse_purged(connection, target)
        connection.execute(statement)

    database.transact(record)


_COUNT = text(
    "SELECT count(*) FROM unnest(CAST(:ids AS text[])) AS asked (order_id)"
    f" CROSS JOIN {by_key('tiktok.orders', ['order_id'], [])} AS held"
)


def count_rows(database: Database, shop_id: str, order_ids: list[str]) -> int:
    """How many of the orders are rows of ``tiktok.orders``."""
    parameters = {"shop_id": shop_id, "ids": order_ids}
    return database.transact(
        lambda connection: connection.execute(_COUNT, parameters).scalar_one()
    )


_CLOSED = text("""
    SELECT DISTINCT window_start, window_end FROM tiktok_ops.sync_windows
    WHERE shop_id = :shop_id AND stream = :stream AND run_id = :run_id
      AND time_field = 'create_time' AND verdict = 'closed'
""")


def closed_windows(
    database: Database, target: ShopRun, stream: str
) -> frozenset[TimeWindow]:
    """Creation windows that this run already closed: a retry skips them."""
    if not target.run_id:
        return frozenset()
    parameters = {
        "shop_id": target.shop_id,
        "stream": stream,
        "run_id": target.run_id,
    }
    rows = database.transact(
        lambda connection: connection.execute(_CLOSED, parameters).all()
    )
    return frozenset(TimeWindow(row[0], row[1]) for row in rows)
