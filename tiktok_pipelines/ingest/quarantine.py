"""The records in quarantine, for people: which there are, and one of them whole.

Loads put them there and note when they are settled: ``findings.py``. How they are tried
again stands in ``quarantine_replay.py``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from sqlalchemy import text

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.buyers import harmless
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.notes import UNIDENTIFIED

LINE_STREAM = "order_lines"
_COLUMNS = """quarantine_id, shop_id, stream, record_key, reason, retryable,
    first_seen_at, last_seen_at, resolved_at"""
_LIST = text(f"""
    SELECT {_COLUMNS} FROM tiktok_ops.quarantine_records
    WHERE (CAST(:shop_id AS text) IS NULL OR shop_id = :shop_id)
      AND (:with_resolved OR resolved_at IS NULL)
    ORDER BY quarantine_id
""")
_SOME = text(f"""
    SELECT {_COLUMNS} FROM tiktok_ops.quarantine_records
    WHERE quarantine_id = ANY(:ids) ORDER BY quarantine_id
""")
_REST = text("""
    SELECT content::text, request::text, run_id FROM tiktok_ops.quarantine_records
    WHERE quarantine_id = :quarantine_id
""")
_SETTLE = text("""
    UPDATE tiktok_ops.quarantine_records SET resolved_at = now()
    WHERE quarantine_id = ANY(:ids) AND resolved_at IS NULL
      AND (CAST(:since AS timestamptz) IS NULL OR last_seen_at < :since)
""")
_SETTLE_LINES = text(f"""
    UPDATE tiktok_ops.quarantine_records AS q SET resolved_at = now()
    FROM tiktok.orders AS o
    WHERE q.quarantine_id = ANY(:ids) AND q.resolved_at IS NULL
      AND q.stream = '{LINE_STREAM}'
      AND o.shop_id = q.shop_id AND o.order_id = split_part(q.record_key, '/', 1)
      AND coalesce(o.lines_synced_at, o.synced_at) > q.last_seen_at
""")


@dataclass(frozen=True, slots=True)
class BadEntry:
    """A record in quarantine, less its content, which may be large."""

    quarantine_id: int
    shop_id: str
    stream: str
    key: str
    reason: str
    retryable: bool
    first_seen_at: datetime
    last_seen_at: datetime
    resolved_at: datetime | None

    @property
    def is_of_orders(self) -> bool:
        """Whether it is an order or a line of one."""
        return self.stream in (STREAM, LINE_STREAM)

    @property
    def order_id(self) -> str | None:
        """The order to ask TikTok for; None where the record named none."""
        if self.stream == LINE_STREAM:
            return self.key.partition("/")[0] or None
        is_known = self.stream == STREAM and not self.key.startswith(UNIDENTIFIED)
        return self.key if is_known else None


@dataclass(frozen=True, slots=True)
class KeptRecord:
    """A record in quarantine with all that is known of it, less buyer data."""

    entry: BadEntry
    content: object = field(repr=False)
    request: Mapping[str, object] = field(repr=False)
    run_id: str


def list_bad(
    database: Database, *, shop_id: str | None = None, with_resolved: bool = False
) -> Sequence[BadEntry]:
    """Records in quarantine, oldest first; resolved ones only on request."""
    parameters = {"shop_id": shop_id, "with_resolved": with_resolved}
    rows = database.transact(
        lambda connection: connection.execute(_LIST, parameters).all()
    )
    return [BadEntry(*row) for row in rows]


def find_bad(database: Database, ids: Sequence[int]) -> Sequence[BadEntry]:
    """The records of these numbers.

    Raises:
        PipelineError: a number is unknown.
    """
    wanted = {"ids": list(ids)}
    rows = database.transact(lambda connection: connection.execute(_SOME, wanted).all())
    found = {row.quarantine_id: BadEntry(*row) for row in rows}
    unknown = [str(one) for one in ids if one not in found]
    if unknown:
        raise PipelineError(
            f"no record {', '.join(unknown)} in quarantine: see tiktok-pipelines "
            "quarantine list --all"
        )
    return list(found.values())


def read_bad(database: Database, quarantine_id: int) -> KeptRecord:
    """One record whole.

    What is buyer data by the rules of today is left out, though it may have been
    unknown as such when the record was kept.

    Raises:
        PipelineError: the number is unknown.
    """
    (entry,) = find_bad(database, [quarantine_id])
    wanted = {"quarantine_id": quarantine_id}
    row = database.transact(lambda connection: connection.execute(_REST, wanted).one())
    content, request, run_id = row
    asked = cast("dict[str, object]", decode((request or "{}").encode()))
    return KeptRecord(entry, _content_of(content), asked, run_id)


def _content_of(kept: str | None) -> object:
    """The record as received; as text within JSON where ``jsonb`` cannot hold it."""
    content = None if kept is None else decode(kept.encode())
    if isinstance(content, list):
        return [harmless(_opened(item)) for item in cast("list[object]", content)]
    return harmless(_opened(content))


def _opened(content: object) -> object:
    if not isinstance(content, str):
        return content
    try:
        return decode(content.encode())
    except ValueError:
        return content


def settle(
    database: Database, ids: Sequence[int], *, since: datetime | None = None
) -> None:
    """Note that records are resolved, but for those met again ``since``."""
    parameters = {"ids": list(ids), "since": since}
    database.transact(lambda connection: connection.execute(_SETTLE, parameters))


def settle_lines(database: Database, ids: Sequence[int]) -> None:
    """Note that lines are resolved whose orders have lines of a newer answer.

    An order that came without a list of lines settles nothing.
    """
    parameters = {"ids": list(ids)}
    database.transact(lambda connection: connection.execute(_SETTLE_LINES, parameters))
