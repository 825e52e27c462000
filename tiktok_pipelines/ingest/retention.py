"""What is removed when it is old: calls, superseded verdicts, resolved quarantine.

In batches, each a transaction of its own: nobody waits long, a killed tidying leaves
the rest to the next, and two at once do no harm. Rows for analysts stay.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, TextClause, text

from tiktok_pipelines.ingest.superseded_pages import remove_superseded
from tiktok_pipelines.storage.database import Database

BATCH = 5000
_API_LOGS = text("""
    DELETE FROM tiktok_ops.tiktok_api_logs WHERE log_id IN (
        SELECT log_id FROM tiktok_ops.tiktok_api_logs
        WHERE started_at < :before ORDER BY started_at LIMIT :count)
""")
_QUARANTINE = text("""
    DELETE FROM tiktok_ops.quarantine_records WHERE quarantine_id IN (
        SELECT quarantine_id FROM tiktok_ops.quarantine_records
        WHERE resolved_at < :before LIMIT :count)
""")
_SHOPS = text("SELECT DISTINCT shop_id FROM tiktok_ops.sync_windows ORDER BY 1")
# Windows of changes never come again, as each begins at another watermark: of those
# that end on one day the newest tell enough. An open one ahead of the watermark tells
# that the sync is stuck.
_SUPERSEDED = text("""
    SELECT window_id FROM (
        SELECT window_id, finished_at, verdict,
            row_number() OVER (PARTITION BY stream, time_field, since, until
                ORDER BY finished_at DESC, window_id DESC) AS place,
            row_number() OVER (PARTITION BY stream, time_field, since, until, verdict
                ORDER BY finished_at DESC, window_id DESC) AS place_of_verdict,
            is_ahead, row_number() OVER (PARTITION BY stream, is_ahead
                ORDER BY finished_at DESC, window_id DESC) AS place_ahead
        FROM (
            SELECT w.*,
                CASE time_field WHEN 'create_time' THEN window_start END AS since,
                CASE time_field WHEN 'create_time' THEN window_end
                    ELSE date_trunc('day', window_end, 'UTC') END AS until,
                time_field = 'update_time' AND verdict = 'open'
                    AND window_end > coalesce(c.watermark, '-infinity') AS is_ahead
            FROM tiktok_ops.sync_windows AS w
            LEFT JOIN tiktok_ops.sync_cursors AS c USING (shop_id, stream)
            WHERE shop_id = :shop_id
        ) AS dated
    ) AS placed
    WHERE finished_at < :before AND place > 1
      AND NOT (verdict = 'closed' AND place_of_verdict = 1)
      AND NOT (is_ahead AND place_ahead = 1)
    ORDER BY window_id
""")
_WINDOWS = text("DELETE FROM tiktok_ops.sync_windows WHERE window_id = ANY(:ids)")


def tidy_up(
    database: Database,
    *,
    logs_before: datetime,
    ledger_before: datetime,
    pages_before: datetime | None = None,
) -> Mapping[str, int]:
    """Remove what is older; the rows removed by table.

    Pages that no row names any more go only if ``pages_before`` is given.

    Raises:
        DatabaseUnavailable: the server went away for long; what was removed is.
    """
    return {
        "tiktok_ops.tiktok_api_logs": sum(
            _in_batches(database, _API_LOGS, logs_before)
        ),
        "tiktok_ops.sync_windows": sum(_superseded_windows(database, ledger_before)),
        "tiktok_ops.quarantine_records": sum(
            _in_batches(database, _QUARANTINE, ledger_before)
        ),
        "tiktok_raw.pages": sum(remove_superseded(database, pages_before))
        if pages_before
        else 0,
    }


def _in_batches(
    database: Database, statement: TextClause, before: datetime
) -> Iterator[int]:
    """Repeat a statement until it finds nothing; the rows removed each time."""
    act = partial(_removed, statement, {"before": before, "count": BATCH})
    while removed := database.transact(act):
        yield removed


def _superseded_windows(database: Database, before: datetime) -> Iterator[int]:
    """Shop by shop: what is superseded once stays so, whatever is added."""
    for shop_id in database.transact(partial(_column, _SHOPS, {})):
        asked = {"shop_id": shop_id, "before": before}
        ids = database.transact(partial(_column, _SUPERSEDED, asked))
        for first in range(0, len(ids), BATCH):
            some = {"ids": ids[first : first + BATCH]}
            yield database.transact(partial(_removed, _WINDOWS, some))


def _removed(
    statement: TextClause, asked: Mapping[str, object], connection: Connection
) -> int:
    return connection.execute(statement, asked).rowcount


def _column(
    statement: TextClause, asked: Mapping[str, object], connection: Connection
) -> list[object]:
    return list(connection.execute(statement, asked).scalars())
