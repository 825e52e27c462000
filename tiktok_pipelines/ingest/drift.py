"""Where TikTok's answers differ from what is documented, for people.

Loads note it: ``findings.py``. Here it is read, over all shops together.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database

MEANINGS = {
    "unknown_field": "TikTok sends a field we do not know",
    "lost_field": "TikTok leaves out a field it always sent",
    "new_value": "TikTok sends a value we do not know",
    "null_value": "TikTok sends null where it used to send a value or nothing",
    "other_type": "TikTok sends a number for a text, or a text for a number",
    "unreadable": "TikTok sends what its column cannot hold",
    "replaced_characters": "TikTok sends characters that PostgreSQL cannot hold",
}
"""What each kind of drift means, in a sentence."""
REMEDIES = {
    "unknown_field": "It is kept in extra; nothing is lost.",
    "lost_field": "The column is empty; these orders are asked for again.",
    "new_value": "It is in its column as received: teach your reports about it.",
    "null_value": "The column is empty; these orders are asked for again.",
    "other_type": "It was understood, and is kept as received in extra.",
    "unreadable": "The column is empty, the value is kept in extra.",
    "replaced_characters": "They became U+FFFD; all else is as received.",
}
"""What became of it."""

_LIST = text("""
    SELECT object, kind, path, value,
           (array_agg(example ORDER BY last_seen_at DESC, shop_id)
               FILTER (WHERE example IS NOT NULL))[1] AS example,
           min(first_seen_at) AS first_seen_at, max(last_seen_at) AS last_seen_at,
           array_agg(shop_id ORDER BY shop_id) AS shop_ids
    FROM tiktok_ops.api_drift
    WHERE CAST(:shop_id AS text) IS NULL OR shop_id = :shop_id
    GROUP BY object, kind, path, value
    HAVING CAST(:since AS timestamptz) IS NULL OR min(first_seen_at) >= :since
    ORDER BY kind, object, path, value
""")


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference; ``example`` is the id of an order that showed it lately."""

    object: str
    kind: str
    path: str
    value: str
    example: str | None
    first_seen_at: datetime
    last_seen_at: datetime
    shop_ids: Sequence[str]

    @property
    def place(self) -> str:
        """Where in what, and the value that is new: ``order.status NEW``."""
        place = ".".join(part for part in (self.object, self.path) if part)
        return f"{place.rstrip('.')} {self.value}".rstrip()

    def __str__(self) -> str:
        meaning = MEANINGS.get(self.kind, f"TikTok's answers differ ({self.kind})")
        example = f", e.g. order {self.example}" if self.example else ""
        since = f"since {self.first_seen_at:%Y-%m-%d %H:%M} UTC"
        return f"{meaning}: {self.place} ({since}{example})"


def list_drift(
    database: Database, *, shop_id: str | None = None, since: datetime | None = None
) -> Sequence[Drift]:
    """All drift, or what was met for the first time ``since``, in any shop."""
    parameters = {"shop_id": shop_id, "since": since}
    with database.begin() as connection:
        rows = connection.execute(_LIST, parameters).all()
    return [Drift(*row) for row in rows]
