"""What to ask for again: orders that landed from an odd answer, and odd windows.

An odd answer (nulls, lost or unknown fields, bad lines) may be what TikTok holds, or a
slip that no later search shows, as the order's update time does not move. A record
without an id may be any order of its window. Both are noted until an answer is right.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Connection, TextClause, text

from tiktok_pipelines.ingest.findings import Findings
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.quarantine_request import days_of, ids_of
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.transform.notes import UNIDENTIFIED

ORDERS = "orders"
"""Records are orders, by id."""
WINDOWS = "order_windows"
"""Records are UTC days, as bodies of the searches that ask for them."""
_OFTEN = 5
_RARELY = timedelta(days=1)
_USUAL_AFTER = timedelta(days=1)
_LONGEST_REASON = 500
_CHANGES = frozenset({"unknown_field", "new_value"})

_CLEAR = text("""
    DELETE FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = ANY(:ids)
      AND asked_at < :fetched_at
    RETURNING record_key
""")
_NOTE = text("""
    INSERT INTO tiktok_ops.rechecks AS kept (shop_id, stream, record_key, reason,
        noted_at, asked_at, asked_count)
    SELECT :shop_id, :stream, told.*, :fetched_at, :fetched_at, 1
    FROM unnest(CAST(:ids AS text[]), CAST(:reasons AS text[])) AS told (id, reason)
    ORDER BY 3
    ON CONFLICT (shop_id, stream, record_key) DO UPDATE
    SET reason = excluded.reason,
        asked_at = excluded.asked_at,
        noted_at = CASE WHEN kept.reason = excluded.reason THEN kept.noted_at
                   ELSE excluded.noted_at END,
        asked_count = CASE WHEN kept.reason = excluded.reason
                      THEN kept.asked_count + 1 ELSE 1 END
    WHERE kept.asked_at < excluded.asked_at
""")
_ASK = text("""
    SELECT record_key FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND asked_at < :before
      AND NOT (asked_count >= :enough AND asked_at > :lately)
    ORDER BY asked_count, asked_at, record_key LIMIT :count
""")
_TOUCH = text("""
    UPDATE tiktok_ops.rechecks SET asked_at = :at, asked_count = asked_count + 1
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = ANY(:keys)
      AND asked_at < :at
""")
_FORGET = text("""
    DELETE FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = :key
      AND asked_at < :before
""")
_USUAL = text("""
    SELECT object, kind, path, value FROM tiktok_ops.api_drift
    WHERE shop_id = :shop_id AND kind = ANY(:kinds) AND first_seen_at < :before
""")
_LEFT = text("""
    SELECT record_key FROM tiktok_ops.rechecks
    WHERE shop_id = :shop_id AND stream = :stream AND record_key = ANY(:ids)
""")


def note_doubts(
    connection: Connection, target: ShopRun, page: OrderPage, *, has_doubts: bool
) -> Sequence[str]:
    """Note the orders of a page whose answers are odd, and forget the others.

    ``has_doubts``: an order may have been odd before. Returns the orders that were,
    or are so now.
    """
    odd = _odd_orders(connection, target, page)
    clean = [rows.order_id for rows in page.orders if rows.order_id not in odd]
    windows: dict[str, str] = {}
    if any(bad.key.startswith(UNIDENTIFIED) for bad in page.bad):
        windows = dict.fromkeys(_windows(page), "records without an id")
        odd |= dict.fromkeys(_unnamed(page), "the answer did not name it")
    _note(connection, target, page, ORDERS, odd)
    _note(connection, target, page, WINDOWS, windows)
    if not clean or not has_doubts:
        return list(odd)
    told = {"shop_id": target.shop_id, "stream": ORDERS, "ids": clean}
    cleared = connection.execute(_CLEAR, {**told, "fetched_at": page.fetched_at})
    return [*odd, *cleared.scalars()]


def _note(
    connection: Connection,
    target: ShopRun,
    page: OrderPage,
    stream: str,
    reasons: Mapping[str, str],
) -> None:
    if reasons:
        told = {
            "shop_id": target.shop_id,
            "stream": stream,
            "fetched_at": page.fetched_at,
            "ids": list(reasons),
            "reasons": list(reasons.values()),
        }
        connection.execute(_NOTE, told)


def _windows(page: OrderPage) -> Sequence[str]:
    """The days that a search asked for, each as the body of a search."""
    return [
        dumps(
            {
                f"{asked.time_field}_ge": asked.window.start_epoch,
                f"{asked.time_field}_lt": asked.window.end_epoch,
            }
        ).decode()
        for asked in days_of(page.request)
    ]


def _unnamed(page: OrderPage) -> Sequence[str]:
    """Orders that were asked for by id, and may hide in a record without one."""
    named = {rows.order_id for rows in page.orders}
    return [order_id for order_id in ids_of(page.request) if order_id not in named]


def note_vain(
    database: Database,
    target: ShopRun,
    stream: str,
    keys: Sequence[str],
    *,
    at: datetime,
) -> None:
    """Note records that were asked for, and whose answer told nothing of them."""
    told = {
        "shop_id": target.shop_id,
        "stream": stream,
        "keys": list(keys),
        "at": at,
    }
    _change(database, target, _TOUCH, told)


def forget_window(
    database: Database, target: ShopRun, key: str, *, before: datetime
) -> None:
    """Forget a window that came without records without an id."""
    told = {
        "shop_id": target.shop_id,
        "stream": WINDOWS,
        "key": key,
        "before": before,
    }
    _change(database, target, _FORGET, told)


def _change(
    database: Database,
    target: ShopRun,
    statement: TextClause,
    told: Mapping[str, object],
) -> None:
    """Change rows in turn with those who write the shop's pages."""

    def change(connection: Connection) -> None:
        lock_in_transaction(connection, f"orders {target.shop_id}")
        connection.execute(statement, told)

    database.transact(change)


def next_doubts(
    database: Database, target: ShopRun, stream: str, *, before: datetime, count: int
) -> Sequence[str]:
    """Records to ask for again, longest unasked first.

    Left out are those asked since ``before``. Those whose answers were odd in the same
    way five times come once a day: TikTok may mean it.
    """
    told = {
        "shop_id": target.shop_id,
        "stream": stream,
        "before": before,
        "enough": _OFTEN,
        "lately": before - _RARELY,
        "count": count,
    }
    return database.transact(
        lambda connection: connection.execute(_ASK, told).scalars().all()
    )


def still_doubted(
    database: Database, target: ShopRun, order_ids: Sequence[str]
) -> Sequence[str]:
    """Which of the orders are still to be asked for."""
    told = {"shop_id": target.shop_id, "stream": ORDERS, "ids": list(order_ids)}
    return database.transact(
        lambda connection: connection.execute(_LEFT, told).scalars().all()
    )


def _odd_orders(
    connection: Connection, target: ShopRun, page: OrderPage
) -> dict[str, str]:
    """What is odd of each order, in short; the same oddities give the same text."""
    odd: dict[str, set[str]] = {}
    usual = usual_drift(connection, target, page)
    for order_id, note in page.notes:
        if (note.object, note.kind, note.path, note.value) not in usual:
            odd.setdefault(order_id, set()).add(str(note))
    for rows in page.orders:
        for bad in rows.bad_lines:
            odd.setdefault(rows.order_id, set()).add(f"bad line {bad.key}")
    for bad in page.bad:
        if bad.stream == ORDERS and not bad.key.startswith(UNIDENTIFIED):
            odd[bad.key] = {"in quarantine"}
    return {
        order_id: "; ".join(sorted(told))[:_LONGEST_REASON]
        for order_id, told in odd.items()
    }


def usual_drift(
    connection: Connection, target: ShopRun, page: Findings
) -> frozenset[tuple[str, ...]]:
    """New fields and values that have come for a day: the API has changed."""
    if not any(note.kind in _CHANGES for _, note in page.notes):
        return frozenset()
    told = {"shop_id": target.shop_id, "before": page.fetched_at - _USUAL_AFTER}
    found = connection.execute(_USUAL, {**told, "kinds": sorted(_CHANGES)}).all()
    return frozenset(tuple(row) for row in found)
