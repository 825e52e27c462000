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
# An id that some load still names is asked for daily, and noted anew.
_REFUSED = text("""
    DELETE FROM tiktok_ops.rechecks
    WHERE (shop_id, stream, record_key) IN (
        SELECT shop_id, stream, record_key FROM tiktok_ops.rechecks
        WHERE stream LIKE '%\\_refused' AND asked_at < :before LIMIT :count)
""")
_EVENTS = text("""
    DELETE FROM tiktok_ops.webhook_events WHERE event_id IN (
        SELECT event_id FROM tiktok_ops.webhook_events
        WHERE received_at < :before
          AND status NOT IN ('pending', 'processing', 'failed')
        ORDER BY received_at LIMIT :count)
""")
_REJECTS = text("""
    DELETE FROM tiktok_ops.webhook_rejects WHERE reject_id IN (
        SELECT reject_id FROM tiktok_ops.webhook_rejects
        WHERE received_at < :before ORDER BY received_at LIMIT :count)
""")
_SHOPS = text("SELECT DISTINCT shop_id FROM tiktok_ops.sync_windows ORDER BY 1")
# But for days of orders, windows never come again, as each begins at another watermark:
# of those that end on one day the newest tell enough. An open one of changes ahead of
# the watermark tells that the sync is stuck. Of others (statements, payments, …) the
# next ones look back far: what a later closed one contains is told.
_SUPERSEDED = text("""
    SELECT window_id FROM (
        SELECT window_id, finished_at, verdict,
            row_number() OVER (PARTITION BY stream, time_field, since, until
                ORDER BY finished_at DESC, window_id DESC) AS place,
            row_number() OVER (PARTITION BY stream, time_field, since, until, verdict
                ORDER BY finished_at DESC, window_id DESC) AS place_of_verdict,
            is_ahead, row_number() OVER (PARTITION BY stream, is_ahead
                ORDER BY finished_at DESC, window_id DESC) AS place_ahead,
            NOT is_day AND time_field NOT IN ('update_time', 'listed', 'asked')
            AND EXISTS (
                SELECT FROM tiktok_ops.sync_windows AS v
                WHERE v.shop_id = :shop_id AND v.stream = dated.stream
                  AND v.time_field = dated.time_field AND v.verdict = 'closed'
                  AND v.window_start <= dated.window_start
                  AND v.window_end >= dated.window_end
                  AND (v.finished_at, v.window_id)
                      > (dated.finished_at, dated.window_id)) AS is_contained
        FROM (
            SELECT w.*, is_day, CASE WHEN is_day THEN window_start END AS since,
                CASE WHEN is_day THEN window_end
                    ELSE date_trunc('day', window_end, 'UTC') END AS until,
                time_field = 'update_time' AND verdict = 'open'
                    AND window_end > coalesce(c.watermark, '-infinity') AS is_ahead
            FROM tiktok_ops.sync_windows AS w
            LEFT JOIN tiktok_ops.sync_cursors AS c USING (shop_id, stream)
            CROSS JOIN LATERAL (
                SELECT time_field = 'create_time' AND stream = 'orders' AS is_day
            ) AS d
            WHERE shop_id = :shop_id
        ) AS dated
    ) AS placed
    WHERE finished_at < :before AND (is_contained OR place > 1
      AND NOT (verdict = 'closed' AND place_of_verdict = 1)
      AND NOT (is_ahead AND place_ahead = 1))
    ORDER BY window_id
""")
_WINDOWS = text("DELETE FROM tiktok_ops.sync_windows WHERE window_id = ANY(:ids)")


def tidy_up(
    database: Database,
    *,
    logs_before: datetime,
    ledger_before: datetime,
    events_before: datetime,
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
        "tiktok_ops.rechecks": sum(_in_batches(database, _REFUSED, ledger_before)),
        "tiktok_ops.webhook_events": sum(_in_batches(database, _EVENTS, events_before)),
        "tiktok_ops.webhook_rejects": sum(
            _in_batches(database, _REJECTS, events_before)
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
