"""Proof of what was done for privacy; it holds no buyer data and no subject's id."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

Counts = Mapping[str, int]
"""Rows by table."""


@dataclass(frozen=True, slots=True)
class Act:
    """What is asked for; ``shop_id`` is None for every shop."""

    act: str
    started_at: datetime
    shop_id: str | None = None
    subject_kind: str | None = None
    subject: bytes | None = None
    details: Mapping[str, object] = field(default_factory=dict[str, object])


@dataclass(frozen=True, slots=True)
class ProvenAct:
    """A row of ``tiktok_ops.privacy_audit``."""

    audit_id: int
    act: str
    shop_id: str | None
    subject_kind: str | None
    subject: bytes | None
    details: Mapping[str, object]
    rows_before: Counts
    rows_after: Counts
    started_at: datetime
    finished_at: datetime


def record_act(
    connection: Connection,
    act: Act,
    *,
    finished_at: datetime,
    before: Counts | None = None,
    after: Counts | None = None,
) -> int:
    """Write the proof in the transaction of the act; return its number."""
    row = {
        "act": act.act,
        "shop_id": act.shop_id,
        "subject_kind": act.subject_kind,
        "subject": act.subject,
        "details": dict(act.details),
        "rows_before": dict(before or {}),
        "rows_after": dict(after or {}),
        "started_at": act.started_at,
        "finished_at": finished_at,
    }
    audit = tables.privacy_audit
    statement = insert(audit).values(row).returning(audit.c.audit_id)
    return connection.execute(statement).scalar_one()


def complete_act(
    connection: Connection,
    audit_id: int,
    *,
    details: Mapping[str, object],
    after: Counts,
    finished_at: datetime,
) -> None:
    """Say how an act ended that took several transactions."""
    audit = tables.privacy_audit
    ended = {
        "details": dict(details),
        "rows_after": dict(after),
        "finished_at": finished_at,
    }
    connection.execute(update(audit).where(audit.c.audit_id == audit_id).values(ended))


def proven_acts(database: Database) -> Sequence[ProvenAct]:
    """Every act, the oldest first."""
    audit = tables.privacy_audit
    with database.begin() as connection:
        rows = connection.execute(select(audit).order_by(audit.c.audit_id)).all()
    return [ProvenAct(*row) for row in rows]
