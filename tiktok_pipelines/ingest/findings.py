"""What was odd in the answers: bad records to quarantine, the rest to drift."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord, Note

_KEEP_BAD = text("""
    INSERT INTO tiktok_ops.quarantine_records AS kept (shop_id, stream, record_key,
        reason, retryable, content, request, first_seen_at, last_seen_at, run_id)
    VALUES (:shop_id, :stream, :key, :reason, :retryable, CAST(:content AS jsonb),
        CAST(:request AS jsonb), :seen_at, :seen_at, :run_id)
    ON CONFLICT (shop_id, stream, record_key) DO UPDATE
    SET first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(kept.last_seen_at, excluded.last_seen_at),
        (reason, retryable, content, request) = (
            SELECT newer.* FROM (VALUES
                (excluded.last_seen_at, excluded.reason, excluded.retryable,
                    excluded.content, excluded.request),
                (kept.last_seen_at, kept.reason, kept.retryable,
                    kept.content, kept.request)
            ) AS met (at, reason, retryable, content, request)
            CROSS JOIN LATERAL (SELECT met.reason, met.retryable, met.content,
                met.request) AS newer
            ORDER BY met.at DESC LIMIT 1),
        resolved_at = NULL
    RETURNING xmax = 0 AS is_new
""")

_KEEP_NOTES = text("""
    INSERT INTO tiktok_ops.api_drift AS kept
        (shop_id, object, kind, path, value, example, first_seen_at, last_seen_at)
    SELECT :shop_id, told.*, :seen_at, :seen_at
    FROM unnest(CAST(:objects AS text[]), CAST(:kinds AS text[]),
        CAST(:paths AS text[]), CAST(:values AS text[]), CAST(:examples AS text[]))
        AS told (object, kind, path, value, example)
    ORDER BY 2, 3, 4, 5
    ON CONFLICT (shop_id, object, kind, path, value) DO UPDATE
    SET first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(kept.last_seen_at, excluded.last_seen_at)
    WHERE excluded.last_seen_at > kept.last_seen_at + interval '1 hour'
       OR excluded.first_seen_at < kept.first_seen_at
""")


_RESOLVE = text("""
    UPDATE tiktok_ops.quarantine_records SET resolved_at = now()
    WHERE shop_id = :shop_id AND resolved_at IS NULL
      AND last_seen_at <= :seen_at
      AND (stream = 'orders' AND record_key = ANY(:ids)
        OR stream = 'order_lines' AND split_part(record_key, '/', 1) = ANY(:whole))
""")


_RESOLVE_RECORDS = text("""
    UPDATE tiktok_ops.quarantine_records SET resolved_at = now()
    WHERE shop_id = :shop_id AND resolved_at IS NULL
      AND last_seen_at <= :seen_at
      AND (stream = :stream AND record_key = ANY(:ids)
        OR (stream, regexp_replace(record_key, '/[0-9.]+$', '')) IN (
            SELECT * FROM unnest(
                CAST(:part_tables AS text[]), CAST(:part_ids AS text[]))))
""")
_RESOLVE_UNIDENTIFIED = text("""
    UPDATE tiktok_ops.quarantine_records SET resolved_at = now()
    WHERE shop_id = :shop_id AND resolved_at IS NULL AND stream = :stream
      AND starts_with(record_key, :unidentified) AND last_seen_at < :before
""")


class Findings(Protocol):
    """What a page of any subject holds besides its rows."""

    @property
    def bad(self) -> Sequence[BadRecord]:
        """What could not become rows."""
        ...

    @property
    def notes(self) -> Sequence[tuple[str, Note]]:
        """What was odd, with the record that shows it."""
        ...

    @property
    def request(self) -> Mapping[str, object]:
        """The call, less every secret."""
        ...

    @property
    def fetched_at(self) -> datetime:
        """When it was asked for."""
        ...


def keep_bad(
    connection: Connection, target: ShopRun, page: Findings
) -> tuple[str, ...]:
    """Put bad records into quarantine; return the reasons of those met first."""
    new: list[str] = []
    for bad in sorted(page.bad, key=lambda bad: (bad.stream, bad.key)):
        parameters = _bad_row(target, page, bad)
        if connection.execute(_KEEP_BAD, parameters).scalar_one():
            new.append(bad.reason)
    return tuple(new)


def reasons_of_run(database: Database, run_id: str) -> Sequence[str]:
    """Why records were put into quarantine by the run that met them first."""
    statement = text(
        "SELECT reason FROM tiktok_ops.quarantine_records"
        " WHERE run_id = :run_id AND resolved_at IS NULL ORDER BY quarantine_id"
    )
    if not run_id:
        return ()
    told = {"run_id": run_id}
    return database.transact(
        lambda connection: connection.execute(statement, told).scalars().all()
    )


def resolve(
    connection: Connection, target: ShopRun, page: OrderPage, doubted: Sequence[str]
) -> None:
    """Note that good orders, or all of their lines, arrived for what was bad.

    Whatever is in quarantine by its id was doubted too.
    """
    came = [rows for rows in page.orders if rows.order_id in set(doubted)]
    if came:
        parameters = {
            "shop_id": target.shop_id,
            "ids": [rows.order_id for rows in came],
            "whole": [
                rows.order_id
                for rows in came
                if rows.lines is not None and not rows.bad_lines
            ],
            "seen_at": page.fetched_at,
        }
        connection.execute(_RESOLVE, parameters)


def resolve_records(
    connection: Connection,
    target: ShopRun,
    stream: str,
    *,
    came: Collection[str],
    whole: Collection[tuple[str, str]],
    seen_at: datetime,
) -> None:
    """Note that good records arrived for what was bad.

    ``whole`` are the tables of parts of which all rows of a record came, with its id.
    """
    told = {
        "shop_id": target.shop_id,
        "stream": stream,
        "ids": list(came),
        "part_tables": [table for table, _ in whole],
        "part_ids": [record_id for _, record_id in whole],
        "seen_at": seen_at,
    }
    connection.execute(_RESOLVE_RECORDS, told)


def resolve_unidentified(
    database: Database, target: ShopRun, stream: str, *, before: datetime
) -> None:
    """Note that everything was asked for again that records without an id may be."""
    told = {
        "shop_id": target.shop_id,
        "stream": stream,
        "unidentified": UNIDENTIFIED,
        "before": before,
    }
    database.transact(
        lambda connection: connection.execute(_RESOLVE_UNIDENTIFIED, told)
    )


def _bad_row(target: ShopRun, page: Findings, bad: BadRecord) -> dict[str, object]:
    return {
        "shop_id": target.shop_id,
        "run_id": target.run_id,
        "stream": bad.stream,
        "key": bad.key,
        "reason": bad.reason,
        "retryable": bad.retryable,
        "content": dumps(bad.content).decode(),
        "request": dumps(page.request).decode(),
        "seen_at": page.fetched_at,
    }


def keep_notes(connection: Connection, target: ShopRun, page: Findings) -> None:
    """Note drift, one row per shop, object, kind, path and value."""
    examples: dict[tuple[str, str, str, str], str] = {}
    for order_id, note in page.notes:
        key = (note.object, note.kind, note.path, note.value)
        examples.setdefault(key, order_id)
    if examples:
        told = {"shop_id": target.shop_id, "seen_at": page.fetched_at}
        connection.execute(_KEEP_NOTES, {**told, **_as_columns(examples)})


def _as_columns(
    examples: Mapping[tuple[str, str, str, str], str],
) -> dict[str, Sequence[str]]:
    names = ("objects", "kinds", "paths", "values")
    columns = zip(*examples, strict=True)
    return {
        **{name: list(column) for name, column in zip(names, columns, strict=True)},
        "examples": list(examples.values()),
    }
