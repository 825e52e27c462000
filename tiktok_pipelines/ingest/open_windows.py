"""What the ledger holds open: pulls that did not agree, and that nothing healed since.

What heals is as ``tiktok_mart.ops_completeness`` tells it; a test holds both together.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from tiktok_pipelines.timewindow import TimeWindow

_OPEN = text("""
    SELECT w.shop_id, w.stream, w.time_field, w.window_start, w.window_end,
           coalesce(w.note, '') AS note
    FROM tiktok_ops.sync_windows AS w
    LEFT JOIN tiktok_ops.sync_cursors AS c USING (shop_id, stream)
    WHERE w.stream = ANY(:streams) AND w.verdict = 'open'
      AND (:shop_id = '' OR w.shop_id = :shop_id)
      AND NOT EXISTS (
          SELECT FROM tiktok_ops.sync_windows AS v
          WHERE (v.shop_id, v.stream, v.time_field) =
                (w.shop_id, w.stream, w.time_field)
            AND (v.finished_at, v.window_id) > (w.finished_at, w.window_id)
            AND (v.window_start, v.window_end) = (w.window_start, w.window_end))
      AND CASE WHEN w.time_field = 'update_time'
          THEN w.window_end > coalesce(c.watermark, '-infinity')
          ELSE NOT EXISTS (
              SELECT FROM tiktok_ops.sync_windows AS v
              WHERE (v.shop_id, v.stream, v.time_field) =
                    (w.shop_id, w.stream, w.time_field)
                AND v.verdict = 'closed'
                AND (v.finished_at, v.window_id) > (w.finished_at, w.window_id)
                AND (w.time_field IN ('listed', 'asked')
                    OR v.window_start <= w.window_start
                    AND v.window_end >= w.window_end)) END
    ORDER BY w.shop_id, w.finished_at, w.window_id
""")


@dataclass(frozen=True, slots=True)
class OpenWindow:
    """A pull that did not agree, and why."""

    shop_id: str
    stream: str
    time_field: str
    window: TimeWindow
    note: str


def open_windows(
    connection: Connection, streams: Sequence[str], shop_id: str = ""
) -> Sequence[OpenWindow]:
    """Those of some streams, as the ledger calls them; the newest last."""
    told = {"streams": list(streams), "shop_id": shop_id}
    return [
        OpenWindow(
            row.shop_id,
            row.stream,
            row.time_field,
            TimeWindow(row.window_start, row.window_end),
            row.note,
        )
        for row in connection.execute(_OPEN, told)
    ]
