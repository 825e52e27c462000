"""What the story left, compared with all that was told in it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.chaos.door import Told
from tiktok_pipelines_tests.integration.chaos.invariants import (
    TABLES,
    Buyers,
    orders_on,
)
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.compared import Truth
from tiktok_pipelines_tests.integration.ingest.expected import flat, grade, moment
from tiktok_pipelines_tests.integration.ingest.stored import rows

Seen = tuple[str, str, str, datetime | None]


def statuses_held(database: Database) -> set[Seen]:
    found = rows(
        database,
        "SELECT shop_id, order_id, status, changed_at FROM tiktok.order_status_history",
    )
    return {cast("Seen", tuple(row.values())) for row in found}


def statuses_true(truth: Truth) -> set[Seen]:
    return {
        (shop_id, order_id, order["status"], moment(order["update_time"]))
        for shop_id, orders in truth.items()
        for order_id, order in orders.items()
    }


def statuses_told(told: Iterable[Told]) -> set[Seen]:
    """Every status that was answered, spoiled ones too."""
    return {
        (one.shop_id, one.order["id"], str(one.order["status"]), _moment(one.order))
        for one in told
    }


def _moment(order: Json) -> datetime | None:
    seconds = str(order.get("update_time"))
    return moment(int(seconds)) if seconds.isdigit() else None


def ids_by_page(database: Database) -> dict[int, set[str]]:
    """The orders on each page that is kept."""
    found = rows(database, "SELECT page_id, body FROM tiktok_raw.pages")
    return {
        row["page_id"]: {str(order["id"]) for order in orders_on(row["body"])}
        for row in found
    }


def rows_not_on_their_page(
    database: Database, on_page: Mapping[int, set[str]]
) -> list[tuple[str, str]]:
    return [
        (name, row["order_id"])
        for name in TABLES
        for row in rows(database, f"SELECT raw_page_id, order_id FROM tiktok.{name}")
        if row["order_id"] not in on_page[row["raw_page_id"]]
    ]


def buyer_values_never_told(buyers: Buyers, told: Iterable[Told]) -> list[Any]:
    """Buyer fields that hold what no answer said."""
    said = {
        (one.order["id"], path, _storable(value))
        for one in told
        for path, value in _buyer_fields(one.order)
    }
    return [
        (order_id, path)
        for orders in buyers.values()
        for order_id, buyer in orders.items()
        for path, value in flat(buyer).items()
        if (order_id, path, _storable(value)) not in said
    ]


def buyers_behind(buyers: Buyers, told: Iterable[Told]) -> list[Any]:
    """Buyer fields that are not as good and as new as the last answers, all clean."""
    behind: list[Any] = []
    for one in told:
        held = flat(buyers[one.shop_id].get(one.order["id"], {}))
        for path, value in flat(one.order).items():
            better = grade(held.get(path)) - grade(value)
            if better < 0 or (better == 0 and grade(value) and held[path] != value):
                behind.append((one.order["id"], path))
    return behind


def _buyer_fields(order: Json) -> Iterable[tuple[str, object]]:
    address: object = order.get("recipient_address")
    if isinstance(address, dict):
        return flat(order).items()
    return flat({**order, "recipient_address": {}}).items()


def _storable(value: object) -> str:
    """As text, with U+FFFD for what PostgreSQL cannot hold."""
    told = value if isinstance(value, str) else json.dumps(value, sort_keys=True)
    for unstorable in ("\0", "\ud83d", "\\u0000", "\\ud83d", "\\ufffd"):
        told = told.replace(unstorable, "\ufffd")
    return told


def windows_not_true(database: Database, truth: Truth) -> list[Any]:
    """Closed windows of the ledger whose counts are not those of the truth.

    Most are days, some end earlier: those that were pulled again while the day went
    on. One that was not over yet may have been counted with fewer.
    """
    placed = {
        shop_id: [moment(order["create_time"]) for order in orders.values()]
        for shop_id, orders in truth.items()
    }
    found = rows(
        database,
        "SELECT shop_id, window_start, window_end, ids_fetched, rows_in_table,"
        " api_total_count, window_end <= started_at AS is_past, note"
        " FROM tiktok_ops.sync_windows"
        " WHERE time_field = 'create_time' AND verdict = 'closed'",
    )
    told = [{**row, "placed": _within(row, placed[row["shop_id"]])} for row in found]
    return [row for row in told if not _is_true(row, row["placed"])]


def _within(window: dict[str, Any], moments: Iterable[datetime | None]) -> int:
    start, end = window["window_start"], window["window_end"]
    return sum(at is not None and start <= at < end for at in moments)


def _is_true(row: dict[str, Any], placed: int) -> bool:
    note: str = row["note"] or ""
    nameless = int(note.split(maxsplit=1)[0]) if "without an id" in note else 0
    named: int = row["ids_fetched"]
    agrees = (
        named == row["rows_in_table"] and named + nameless == row["api_total_count"]
    )
    is_all = named + nameless == placed
    return agrees and (is_all or (not row["is_past"] and named + nameless < placed))
