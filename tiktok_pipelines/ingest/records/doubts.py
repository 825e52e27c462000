"""What came in odd answers and is to be asked for again: windows, or ids.

An odd answer may be what TikTok holds, or a slip that no later search shows, as update
times do not move. ``tiktok_ops.rechecks`` remembers what was asked until an answer
looks right; what looks odd in the same way five times is asked for once a day.

A doubt is kept in the transaction of the rows that an odd answer brought, so that no
end of a load comes between them; once all was asked for, it is weighed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_int, as_object
from tiktok_pipelines.ingest.findings import resolve_unidentified
from tiktok_pipelines.ingest.rechecks import next_doubts
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.encoding import decode

_LONGEST_REASON = 500
_MOST = 200
_KEEP = text("""
    INSERT INTO tiktok_ops.rechecks AS kept (shop_id, stream, record_key, reason,
        noted_at, asked_at, asked_count)
    SELECT :shop_id, :stream, key, :reason, :asked_at, :asked_at, 0
    FROM unnest(CAST(:keys AS text[])) AS told (key) ORDER BY key
    ON CONFLICT (shop_id, stream, record_key) DO UPDATE
    SET asked_at = excluded.asked_at
    WHERE kept.asked_at < excluded.asked_at
""")
_NOTE = text("""
    INSERT INTO tiktok_ops.rechecks AS kept (shop_id, stream, record_key, reason,
        noted_at, asked_at, asked_count)
    SELECT :shop_id, :stream, key, :reason, :asked_at, :asked_at, 1
    FROM unnest(CAST(:keys AS text[])) AS told (key) ORDER BY key
    ON CONFLICT (shop_id, stream, record_key) DO UPDATE
    SET reason = excluded.reason, asked_at = excluded.asked_at,
        noted_at = CASE WHEN kept.reason = excluded.reason THEN kept.noted_at
                   ELSE excluded.noted_at END,
        asked_count = CASE WHEN kept.reason = excluded.reason
                      THEN kept.asked_count + 1 ELSE 1 END
    WHERE kept.asked_at <= excluded.asked_at
""")
_FORGET = text("""
    DELETE FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = ANY(:keys)
      AND asked_at <= :asked_at
""")
_LEFT = text("""
    SELECT EXISTS (SELECT FROM tiktok_ops.rechecks
        WHERE shop_id = :shop_id AND stream = ANY(:streams))
""")


def windows_stream(stream: str) -> str:
    """What ``rechecks`` calls windows of a stream; ids go by the stream itself."""
    return f"{stream}_windows"


@dataclass(frozen=True, slots=True)
class Doubt:
    """What an odd answer throws doubt on: the keys of a stream that were asked for."""

    stream: str
    keys: Collection[str]
    asked_at: datetime

    def told(self, target: ShopRun, oddities: Collection[str]) -> dict[str, object]:
        """The parameters of a statement about it."""
        return {
            "shop_id": target.shop_id,
            "stream": self.stream,
            "keys": list(self.keys),
            "asked_at": self.asked_at,
            "reason": "; ".join(sorted(oddities))[:_LONGEST_REASON],
        }


def keep_doubt(
    connection: Connection, target: ShopRun, doubt: Doubt, oddities: Collection[str]
) -> None:
    """Keep a doubt with the rows of an odd answer, until it is weighed.

    It is not counted as asked for before it is weighed; who asked earlier does not
    forget it.
    """
    connection.execute(_KEEP, doubt.told(target, oddities))


def weigh_doubt(work: Work, doubt: Doubt, oddities: Collection[str]) -> None:
    """Note, once all of it was asked for, what was odd; else forget it."""
    if doubt.keys:
        told = doubt.told(work.target, oddities)
        statement = _NOTE if oddities else _FORGET
        work.database.transact(lambda connection: connection.execute(statement, told))


def windows_doubt(
    stream: str, time_field: str, window: TimeWindow, asked_at: datetime
) -> Doubt:
    """A doubt about a window of time."""
    return Doubt(windows_stream(stream), (key_of(window, time_field),), asked_at)


def doubted_ids(
    work: Work, stream: str, *, before: datetime, count: int
) -> Sequence[str]:
    """Ids whose answers were odd, longest unasked first."""
    return next_doubts(work.database, work.target, stream, before=before, count=count)


def key_of(window: TimeWindow, time_field: str) -> str:
    """A window as ``rechecks`` has it."""
    told = {
        f"{time_field}_ge": window.start_epoch,
        f"{time_field}_lt": window.end_epoch,
    }
    return dumps(told).decode()


def doubted_windows(
    work: Work, stream: str, time_field: str, *, before: datetime
) -> Iterator[TimeWindow]:
    """Windows whose answers were odd."""
    keys = next_doubts(
        work.database,
        work.target,
        windows_stream(stream),
        before=before,
        count=_MOST,
    )
    for key in keys:
        told = as_object(decode(key.encode()))
        bounds = [as_int(told.get(f"{time_field}_{side}")) for side in ("ge", "lt")]
        start, end = bounds
        if start is not None and end is not None:
            yield TimeWindow.of_epochs(start, end)


def resolve_if_settled(work: Work, stream: str, *, before: datetime) -> None:
    """Once nothing is left to ask again, records without an id are explained.

    Nothing of any load of the subject, that is: they may have come with each.
    """
    streams = {stream, work.stream, *work.ledgers}
    told = {
        "shop_id": work.target.shop_id,
        "streams": [*streams, *map(windows_stream, streams)],
    }
    is_left = work.database.transact(
        lambda connection: connection.execute(_LEFT, told).scalar_one()
    )
    if not is_left:
        resolve_unidentified(work.database, work.target, work.stream, before=before)
