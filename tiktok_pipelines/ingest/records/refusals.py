"""Ids that TikTok refuses: left out for a day, so that others have their turn.

As a refusal may be a slip, they are asked for again then, whether or not their load
still names them; what is refused five times in a row is believed.

``tiktok_ops.rechecks`` keeps them, apart from what came in odd answers.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.ingest.records.doubts import Doubt, weigh_doubt
from tiktok_pipelines.ingest.records.subject import Work

LEFT_OUT = timedelta(days=1)
_REFUSED = text("""
    SELECT record_key, asked_at FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = ANY(:ids)
""")
_BELIEVED_AFTER = 5
_AGAIN = text("""
    SELECT record_key FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND asked_at <= :before
      AND asked_count < :enough
    ORDER BY asked_at, record_key LIMIT :count
""")


def refused_ids(work: Work, stream: str, *, now: datetime, count: int) -> Sequence[str]:
    """Ids that were refused a day ago, longest unasked first."""
    told = {
        "shop_id": work.target.shop_id,
        "stream": _stream_of(stream),
        "before": now - LEFT_OUT,
        "enough": _BELIEVED_AFTER,
        "count": count,
    }
    return work.database.transact(
        lambda connection: connection.execute(_AGAIN, told).scalars().all()
    )


def refused_before(
    work: Work, stream: str, ids: Collection[str]
) -> Mapping[str, datetime]:
    """Which of the ids were refused, and when they were asked for."""
    if not ids:
        return {}
    told = {
        "shop_id": work.target.shop_id,
        "stream": _stream_of(stream),
        "ids": list(ids),
    }
    found = work.database.transact(
        lambda connection: connection.execute(_REFUSED, told).all()
    )
    return {row.record_key: row.asked_at for row in found}


def note_refusals(
    work: Work, stream: str, refused: Mapping[str, ApiError], *, asked_at: datetime
) -> None:
    """Remember ids that were refused."""
    by_code: dict[int, list[str]] = {}
    for record_id, error in refused.items():
        by_code.setdefault(error.code, []).append(record_id)
    for code, ids in by_code.items():
        reason = {f"refused with code {code}"}
        weigh_doubt(work, Doubt(_stream_of(stream), ids, asked_at), reason)


def forget_refusals(
    work: Work, stream: str, ids: Collection[str], *, asked_at: datetime
) -> None:
    """Forget ids that were refused and are answered now."""
    weigh_doubt(work, Doubt(_stream_of(stream), ids, asked_at), ())


def _stream_of(stream: str) -> str:
    return f"{stream}_refused"
