"""``tiktok_ops.webhook_events`` as a queue: who takes what, and what became of it.

Events are chosen by their status, never by a number that counted up: a transaction that
began earlier may end later, and its event would be skipped.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, text

from tiktok_pipelines.storage.database import Database, lock_key

CHANNEL = "tiktok_webhooks"
"""The receiver notifies it of events that landed."""
WORKER_LOCK = "process webhooks"
"""Whoever works on events holds it; it dies with its process."""
MOST_TRIES = 5
"""Tries that fail; of processes that die only those that read the event alone."""
PAUSES = tuple(timedelta(seconds=s) for s in (10, 60, 300, 1800))
"""After each failed try but the last."""
_FEW_CLAIMS = 3
"""Claims without an end after which an event may be what kills its process."""
_MOST_CLAIMS = 20
"""What is still not settled then is given up, whatever it is that ends."""
_BATCH = 500

_CLAIM = text("""
    WITH due AS (
        SELECT event_id FROM tiktok_ops.webhook_events
        WHERE status IN ('pending', 'failed')
          AND (next_attempt_at IS NULL OR next_attempt_at <= :now)
          AND (attempts - failures >= :few) = :is_suspect
          AND coalesce(shop_id, '') <> ALL(CAST(:busy AS text[]))
        ORDER BY event_id LIMIT :count
        FOR UPDATE SKIP LOCKED
    )
    UPDATE tiktok_ops.webhook_events AS e
    SET status = 'processing', attempts = e.attempts + 1, claimed_at = :now,
        run_id = :run_id
    FROM due WHERE e.event_id = due.event_id
    RETURNING e.event_id, e.event_type, e.shop_id, e.account, e.pushed_at,
        e.received_at, e.failures, e.body
""")
_RELEASE = text("""
    WITH left_over AS (
        SELECT event_id, failures + CAST(
            attempts - failures > :few AND run_id <> :run_id AS integer) AS failures
        FROM tiktok_ops.webhook_events WHERE status = 'processing'
        FOR UPDATE
    )
    UPDATE tiktok_ops.webhook_events AS e
    SET status = CASE WHEN l.failures >= :most_tries OR e.attempts >= :most_claims
            THEN 'dead' ELSE 'failed' END,
        failures = l.failures,
        error = CASE WHEN l.failures > e.failures
            THEN 'the process that read it alone ended in the middle: out of memory?'
            ELSE 'the process that worked on it ended in the middle' END,
        next_attempt_at = CASE WHEN l.failures > e.failures
            THEN CAST(:now AS timestamptz)
                + (CAST(:pauses AS interval[]))[l.failures] END
    FROM left_over AS l WHERE e.event_id = l.event_id
""")
_SETTLE = text("""
    UPDATE tiktok_ops.webhook_events AS e
    SET status = s.status, error = s.error, subject = s.subject,
        object_ids = string_to_array(s.object_ids, ','), told_status = s.told_status,
        changed_at = s.changed_at, next_attempt_at = s.next_attempt_at,
        failures = e.failures + CAST(s.status IN ('failed', 'dead') AS integer),
        body = coalesce(s.body, e.body),
        processed_at = CASE WHEN s.status = 'processed'
            THEN CAST(:now AS timestamptz) END,
        processing_seconds = CASE WHEN s.status = 'processed' THEN round(CAST(
            extract(epoch FROM CAST(:now AS timestamptz) - e.received_at) AS numeric
        ), 3) END
    FROM unnest(
        CAST(:event_id AS bigint[]), CAST(:status AS text[]), CAST(:error AS text[]),
        CAST(:subject AS text[]), CAST(:object_ids AS text[]),
        CAST(:told_status AS text[]), CAST(:changed_at AS timestamptz[]),
        CAST(:next_attempt_at AS timestamptz[]), CAST(:body AS bytea[])
    ) AS s (event_id, status, error, subject, object_ids, told_status, changed_at,
        next_attempt_at, body)
    WHERE e.event_id = s.event_id AND e.status = 'processing'
""")
_COUNTS = text("""
    SELECT status, count(*) FROM tiktok_ops.webhook_events
    WHERE event_id = ANY(:ids) GROUP BY status
""")
_WAITS = text("""
    SELECT EXISTS (
        SELECT FROM tiktok_ops.webhook_events
        WHERE status = 'processing' OR status IN ('pending', 'failed')
          AND (next_attempt_at IS NULL OR next_attempt_at <= :now))
""")
_IS_HELD = text("""
    SELECT EXISTS (
        SELECT FROM pg_locks
        WHERE locktype = 'advisory' AND granted AND objsubid = 1
          AND database = (
              SELECT oid FROM pg_database WHERE datname = current_database())
          AND CAST(CAST(classid AS bigint) AS text) = :high
          AND CAST(CAST(objid AS bigint) AS text) = :low)
""")


@dataclass(frozen=True, slots=True)
class Event:
    """A claimed event; ``failures`` are those of earlier tries."""

    event_id: int
    event_type: int | None
    shop_id: str | None
    account: str | None
    pushed_at: datetime | None
    received_at: datetime
    failures: int
    body: bytes

    @property
    def happened_at(self) -> datetime:
        """When TikTok sent it, as far as it is known."""
        return self.pushed_at or self.received_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What becomes of an event; the names are those of the columns."""

    event_id: int
    status: str
    error: str | None = None
    subject: str | None = None
    object_ids: str | None = None
    told_status: str | None = None
    changed_at: datetime | None = None
    next_attempt_at: datetime | None = None
    body: bytes | None = None


def claim(
    database: Database, now: datetime, run_id: str, *, busy: Collection[str] = ()
) -> Sequence[Event]:
    """Take some events that are due, the oldest first; nobody else takes them too.

    Those of shops that are busy stay; "" stands for events that name no shop.
    """
    told = {"now": now, "count": _BATCH, "run_id": run_id, "busy": list(busy)}
    return _claim(database, {**told, "is_suspect": False})


def claim_suspect(database: Database, now: datetime, run_id: str) -> Sequence[Event]:
    """Take one event whose batches ended in the middle, again and again.

    Nothing else may be read beside it: if it kills its process, it harms itself alone.
    """
    told = {"now": now, "count": 1, "run_id": run_id, "busy": list[str]()}
    return _claim(database, {**told, "is_suspect": True})


def _claim(database: Database, told: Mapping[str, object]) -> Sequence[Event]:
    def act(connection: Connection) -> Sequence[Event]:
        rows = connection.execute(_CLAIM, {**told, "few": _FEW_CLAIMS}).all()
        return sorted((Event(*row) for row in rows), key=lambda event: event.event_id)

    return database.transact(act)


def release_orphans(database: Database, now: datetime, run_id: str) -> int:
    """Let events be tried again whose process died; how many there were.

    Who killed it by being read alone has failed, and waits. What the run itself left,
    because the database went away, has not. Only for whoever holds the worker's lock:
    nobody else works on them.
    """
    told = {
        "now": now,
        "run_id": run_id,
        "few": _FEW_CLAIMS,
        "most_tries": MOST_TRIES,
        "most_claims": _MOST_CLAIMS,
        "pauses": list(PAUSES),
    }
    return database.transact(
        lambda connection: connection.execute(_RELEASE, told).rowcount
    )


def settle(
    connection: Connection, settlements: Sequence[Settlement], now: datetime
) -> None:
    """Note what became of events, unless somebody else did meanwhile."""
    if not settlements:
        return
    columns: dict[str, object] = {
        name: [getattr(each, name) for each in settlements]
        for name in Settlement.__slots__
    }
    connection.execute(_SETTLE, {**columns, "now": now})


def count_statuses(connection: Connection, ids: list[int]) -> dict[str, int]:
    """How many of the events are in which status."""
    rows = connection.execute(_COUNTS, {"ids": ids}).all()
    return {row[0]: row[1] for row in rows}


def next_try(failures: int, now: datetime) -> datetime | None:
    """When an event that failed so often is tried again; None if it is given up."""
    if failures >= MOST_TRIES:
        return None
    return now + PAUSES[min(failures, len(PAUSES)) - 1]


def work_waits(database: Database, now: datetime) -> bool:
    """Whether any event is due, or was left by a process that died."""
    with database.begin() as connection:
        return connection.execute(_WAITS, {"now": now}).scalar_one()


def is_worker_alive(database: Database) -> bool:
    """Whether a process works on events right now."""
    with database.begin() as connection:
        return connection.execute(_IS_HELD, _halves(WORKER_LOCK)).scalar_one()


def _halves(lock: str) -> Mapping[str, str]:
    """A lock's number as ``pg_locks`` shows it: two halves without a sign."""
    number = lock_key(lock) & (2**64 - 1)
    return {"high": str(number >> 32), "low": str(number & (2**32 - 1))}
