"""What was odd in the answers: bad records to quarantine, the rest to drift."""

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.transform.orders import BadRecord

_KEEP_BAD = text("""
    INSERT INTO tiktok_ops.quarantine_records AS kept (shop_id, stream, record_key,
        reason, retryable, content, request, first_seen_at, last_seen_at, run_id)
    VALUES (:shop_id, :stream, :key, :reason, true, CAST(:content AS jsonb),
        CAST(:request AS jsonb), :seen_at, :seen_at, :run_id)
    ON CONFLICT (shop_id, stream, record_key) DO UPDATE
    SET first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(kept.last_seen_at, excluded.last_seen_at),
        resolved_at = NULL
    RETURNING xmax = 0 AS is_new
""")

_KEEP_NOTE = text("""
    INSERT INTO tiktok_ops.api_drift AS kept
        (shop_id, object, kind, path, value, example, first_seen_at, last_seen_at)
    VALUES (:shop_id, :object, :kind, :path, :value, :example, :seen_at, :seen_at)
    ON CONFLICT (shop_id, object, kind, path, value) DO UPDATE
    SET first_seen_at = least(kept.first_seen_at, excluded.first_seen_at),
        last_seen_at = greatest(kept.last_seen_at, excluded.last_seen_at)
    WHERE excluded.last_seen_at > kept.last_seen_at + interval '1 hour'
       OR excluded.first_seen_at < kept.first_seen_at
""")


_RESOLVE = text("""
    UPDATE tiktok_ops.quarantine_records SET resolved_at = now()
    WHERE shop_id = :shop_id AND stream = 'orders' AND record_key = ANY(:ids)
      AND resolved_at IS NULL
""")


def keep_bad(
    connection: Connection, target: ShopRun, pages: Iterable[OrderPage]
) -> tuple[str, ...]:
    """Put bad records into quarantine; return the reasons of those met first."""
    new: list[str] = []
    for page in pages:
        for bad in page.bad:
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
    with database.begin() as connection:
        return connection.execute(statement, {"run_id": run_id}).scalars().all()


def resolve(connection: Connection, target: ShopRun, order_ids: Sequence[str]) -> None:
    """Note that good orders arrived for ids that stand in quarantine."""
    parameters = {"shop_id": target.shop_id, "ids": list(order_ids)}
    connection.execute(_RESOLVE, parameters)


def _bad_row(target: ShopRun, page: OrderPage, bad: BadRecord) -> dict[str, object]:
    return {
        "shop_id": target.shop_id,
        "run_id": target.run_id,
        "stream": bad.stream,
        "key": bad.key,
        "reason": bad.reason,
        "content": dumps(bad.content).decode(),
        "request": dumps(page.request).decode(),
        "seen_at": page.fetched_at,
    }


def keep_notes(connection: Connection, target: ShopRun, page: OrderPage) -> None:
    """Note drift, one row per shop, object, kind, path and value."""
    rows: dict[tuple[str, ...], dict[str, object]] = {}
    for example, note in page.notes:
        row: dict[str, object] = {
            "shop_id": target.shop_id,
            "object": note.object,
            "kind": note.kind,
            "path": note.path,
            "value": note.value,
            "example": example,
            "seen_at": page.fetched_at,
        }
        rows.setdefault((note.object, note.kind, note.path, note.value), row)
    for row in _in_lock_order(rows):
        connection.execute(_KEEP_NOTE, row)


def _in_lock_order(
    rows: dict[tuple[str, ...], dict[str, object]],
) -> Sequence[dict[str, object]]:
    return [rows[key] for key in sorted(rows)]
