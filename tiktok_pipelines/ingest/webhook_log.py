"""Events as people look at them, and sending them through again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.api.webhook_types import NAMES
from tiktok_pipelines.api.webhooks import decode_body, read_envelope
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.webhook_queue import CHANNEL
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.buyers import harmless
from tiktok_pipelines.transform.webhook_routes import CONVERSATIONS, redacted

STATUSES = ("pending", "processing", "processed", "failed", "dead", "ignored")

_CHOSEN = """
    WHERE (CAST(:ids AS bigint[]) IS NULL OR event_id = ANY(CAST(:ids AS bigint[])))
      AND (CAST(:type AS int) IS NULL OR event_type = CAST(:type AS int))
      AND (CAST(:shop_id AS text) IS NULL OR shop_id = :shop_id)
      AND (CAST(:status AS text) IS NULL OR status = :status)
      AND (CAST(:since AS timestamptz) IS NULL OR received_at >= :since)
"""
_COLUMNS = """
    event_id, dedupe_key, event_type, event_name, shop_id, status, attempts, error,
    subject, object_ids, told_status, pushed_at, received_at, processed_at,
    next_attempt_at, delivery_seconds, processing_seconds
"""
_LIST = text(f"""
    SELECT {_COLUMNS} FROM tiktok_ops.webhook_events {_CHOSEN}
    ORDER BY received_at DESC, event_id DESC LIMIT :count
""")
_SHOW = text(f"""
    SELECT {_COLUMNS}, body FROM tiktok_ops.webhook_events WHERE event_id = :event_id
""")
_REPLAY = text(f"""
    WITH again AS (
        UPDATE tiktok_ops.webhook_events
        SET status = 'pending', attempts = 0, failures = 0,
            next_attempt_at = NULL, error = NULL, processed_at = NULL,
            processing_seconds = NULL
        {_CHOSEN} AND status <> 'processing'
        RETURNING event_id, CASE WHEN event_type IS NULL THEN body END AS unread
    )
    SELECT event_id, unread, pg_notify('{CHANNEL}', '') FROM again ORDER BY event_id
""")
_READ = text("""
    UPDATE tiktok_ops.webhook_events
    SET event_type = :type, event_name = :name, shop_id = :shop_id,
        account = :account, pushed_at = :pushed_at, delivery_seconds =
            round(extract(epoch FROM received_at - CAST(:pushed_at AS timestamptz)), 3)
    WHERE event_id = :event_id
""")


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which events; what is None is not asked for."""

    ids: Sequence[int] | None = None
    type: int | None = None
    shop_id: str | None = None
    status: str | None = None
    since: datetime | None = None

    @property
    def told(self) -> dict[str, object]:
        """As the statements take it."""
        ids = None if self.ids is None else list(self.ids)
        return {
            "ids": ids,
            "type": self.type,
            "shop_id": self.shop_id,
            "status": self.status,
            "since": self.since,
        }


@dataclass(frozen=True, slots=True)
class Logged:
    """An event and what became of it."""

    event_id: int
    dedupe_key: str
    event_type: int | None
    event_name: str | None
    shop_id: str | None
    status: str
    attempts: int
    error: str | None
    subject: str | None
    object_ids: Sequence[str] | None
    told_status: str | None
    pushed_at: datetime | None
    received_at: datetime
    processed_at: datetime | None
    next_attempt_at: datetime | None
    delivery_seconds: float | None
    processing_seconds: float | None


@dataclass(frozen=True, slots=True)
class Shown(Logged):
    """An event with its body, which may be large."""

    body: bytes = field(repr=False)

    @property
    def payload(self) -> object:
        """The body less all that is a buyer's; None if it cannot be read."""
        try:
            if self.event_type in CONVERSATIONS:
                return redacted(self.body)
            return harmless(decode_body(self.body))
        except (ValueError, RecursionError):
            return None


def list_events(database: Database, chosen: Chosen, count: int) -> Sequence[Logged]:
    """The newest events of those chosen."""
    told = {**chosen.told, "count": count}
    with database.begin() as connection:
        return [Logged(*row) for row in connection.execute(_LIST, told)]


def show_event(database: Database, event_id: int) -> Shown:
    """One event.

    Raises:
        ConfigurationError: there is none of that number.
    """
    with database.begin() as connection:
        found = connection.execute(_SHOW, {"event_id": event_id}).one_or_none()
    if found is None:
        raise ConfigurationError(
            f"there is no event {event_id}: see tiktok-pipelines webhooks events"
        )
    return Shown(*found)


def replay(database: Database, chosen: Chosen) -> Sequence[int]:
    """Let events be worked on as if they had just come; their numbers.

    What landed as bare bytes is read again: what refused it may have passed.
    """
    return database.transact(partial(_replay, chosen.told))


def _replay(told: Mapping[str, object], connection: Connection) -> Sequence[int]:
    again = connection.execute(_REPLAY, told).all()
    for event_id, unread, _ in again:
        if unread is not None:
            _read_again(event_id, unread, connection)
    return [row[0] for row in again]


def _read_again(event_id: int, body: bytes, connection: Connection) -> None:
    envelope = read_envelope(body)
    if envelope.type is None:
        return
    told = {
        "event_id": event_id,
        "type": envelope.type,
        "name": NAMES.get(envelope.type),
        "shop_id": envelope.shop_id,
        "account": envelope.account,
        "pushed_at": envelope.pushed_at,
    }
    connection.execute(_READ, told)
