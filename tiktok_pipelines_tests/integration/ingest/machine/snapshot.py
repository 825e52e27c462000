"""Everything the loads have left in the database at one moment, row by row."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Table

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines_tests.integration.ingest.stored import JSON_COLUMNS, Row, rows

Key = tuple[Any, ...]
Rows = Mapping[Key, Row]

_PAGES = """
    SELECT page_id, body, request::text, fetched_at, record_count, run_id
    FROM tiktok_raw.pages
"""
_LEDGER = "SELECT * FROM tiktok_ops.sync_windows ORDER BY window_id"
_CURSORS = "SELECT stream, watermark FROM tiktok_ops.sync_cursors"
_QUARANTINE = """
    SELECT quarantine_id, stream, record_key, reason, retryable, content::text,
           request::text, resolved_at, run_id FROM tiktok_ops.quarantine_records
"""
_DOUBTS = """
    SELECT record_key, reason, noted_at, asked_at, asked_count,
           asked_count >= 5 AND asked_at - noted_at >= interval '1 day' AS is_believed
    FROM tiktok_ops.rechecks
"""


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Rows by key; ``xmins`` tells which transaction wrote each row of ``tiktok``."""

    tables: Mapping[str, Rows]
    xmins: Mapping[str, Mapping[Key, str]]
    pages: Mapping[int, Row]
    ledger: Mapping[int, Row]
    cursors: Mapping[str, datetime]
    quarantine: Mapping[int, Row]
    doubts: Mapping[str, Row]

    @property
    def orders(self) -> Rows:
        """The rows of ``tiktok.orders`` by (shop, order)."""
        return self.tables["orders"]

    @property
    def order_ids(self) -> frozenset[str]:
        """Every order that is a row."""
        return frozenset(order_id for _, order_id in self.orders)

    @property
    def hidden_at_most(self) -> float:
        """How many orders the records without an id may be that wait in quarantine.

        One that tells nothing of itself stands there once, however often it came.
        """
        waiting = [
            row["content"]
            for row in self.quarantine.values()
            if row["stream"] == "orders" and row["resolved_at"] is None
        ]
        is_plain = all("create_time" in (content or ()) for content in waiting)
        return len(waiting) if is_plain else math.inf


def take(database: Database) -> Snapshot:
    """Look at all of it."""
    tables: dict[str, Rows] = {}
    xmins: dict[str, Mapping[Key, str]] = {}
    for table in ANALYST_TABLES:
        found = {_key(table, row): row for row in rows(database, _statement(table))}
        xmins[table.name] = {key: row.pop("xmin") for key, row in found.items()}
        tables[table.name] = {key: _exact(row) for key, row in found.items()}
    return Snapshot(
        tables,
        xmins,
        {row["page_id"]: row for row in rows(database, _PAGES)},
        {row["window_id"]: row for row in rows(database, _LEDGER)},
        {row["stream"]: row["watermark"] for row in rows(database, _CURSORS)},
        {row["quarantine_id"]: _exact(row) for row in rows(database, _QUARANTINE)},
        {row["record_key"]: row for row in rows(database, _DOUBTS)},
    )


def _statement(table: Table) -> str:
    names = [
        f"{column.name}::text" if column.name in JSON_COLUMNS else column.name
        for column in table.columns
    ]
    return f"SELECT xmin::text, {', '.join(names)} FROM tiktok.{table.name}"


def _key(table: Table, row: Row) -> Key:
    return tuple(row[column.name] for column in table.primary_key.columns)


def _exact(row: Row) -> Row:
    found = {name: row[name] for name in JSON_COLUMNS if row.get(name) is not None}
    return row | {name: decode(value.encode()) for name, value in found.items()}
