"""Bulk upsert: binary COPY into a temporary table, then one guarded merge.

Rows that the guard refuses are neither locked nor rewritten; the count returned is
of rows that were really added or changed.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb
from sqlalchemy import Column, Connection, Table
from sqlalchemy.dialects.postgresql import JSONB

from tiktok_pipelines.storage.database import driver_connection
from tiktok_pipelines.storage.json_text import dumps

_PROVENANCE = ("raw_page_id", "synced_at")


def merge_different(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> int:
    """Add rows, and replace those whose content (not its page or time) differs.

    ``rows`` hold a primary key at most once. Columns that the rows do not name keep
    their value, or get their default.
    """
    return _merge(connection, table, rows, _differs(table, rows))


def merge_newer(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> int:
    """Like ``merge_different``, but an older version never replaces a newer one.

    The version is (``updated_at``, ``synced_at``); none is older than any.
    """
    newer = sql.SQL(
        "(coalesce(excluded.updated_at, '-infinity'), excluded.synced_at)"
        " >= (coalesce(kept.updated_at, '-infinity'), kept.synced_at)"
    )
    guard = sql.SQL("{} AND {}").format(newer, _differs(table, rows))
    return _merge(connection, table, rows, guard)


def merge_earlier(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, object]]
) -> int:
    """Add rows, and replace those that were seen later (``seen_at``)."""
    guard = sql.SQL("excluded.seen_at < kept.seen_at")
    return _merge(connection, table, rows, guard)


def copy_rows(
    connection: Connection,
    target: sql.Composable,
    columns: Sequence[Column[Any]],
    rows: Iterable[Mapping[str, object]],
) -> None:
    """COPY rows into a table, binary."""
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)")
    writers = [(column.name, isinstance(column.type, JSONB)) for column in columns]
    with (
        driver_connection(connection).cursor() as cursor,
        cursor.copy(statement.format(target, names)) as copy,
    ):
        copy.set_types([_type_name(column) for column in columns])
        for row in rows:
            copy.write_row(
                [
                    Jsonb(row[name], dumps=dumps) if is_json else row[name]
                    for name, is_json in writers
                ]
            )


def _merge(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    guard: sql.Composable,
) -> int:
    if not rows:
        return 0
    columns = [column for column in table.columns if column.name in rows[0]]
    stage = sql.Identifier(f"stage_{table.name}")
    with driver_connection(connection).cursor() as cursor:
        _make_stage(cursor, stage, table)
        copy_rows(connection, stage, columns, rows)
        cursor.execute(_merge_statement(table, stage, columns, guard))
        written = cursor.rowcount
        cursor.execute(sql.SQL("TRUNCATE {}").format(stage))
    return written


def _make_stage(
    cursor: psycopg.Cursor[Any], stage: sql.Identifier, table: Table
) -> None:
    statement = sql.SQL(
        "CREATE TEMPORARY TABLE IF NOT EXISTS {} (LIKE {} INCLUDING DEFAULTS)"
        " ON COMMIT DELETE ROWS"
    )
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute(statement.format(stage, qualified(table)))


def _merge_statement(
    table: Table,
    stage: sql.Identifier,
    columns: Sequence[Column[Any]],
    guard: sql.Composable,
) -> sql.Composed:
    keys = {column.name for column in table.primary_key.columns}
    changed = [column.name for column in columns if column.name not in keys]
    updates = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(name)) for name in changed
    ]
    return sql.SQL(
        "INSERT INTO {table} AS kept ({names}) SELECT {names} FROM {stage}"
        " ON CONFLICT ({keys}) DO UPDATE SET {updates} WHERE {guard}"
    ).format(
        table=qualified(table),
        names=_names(column.name for column in columns),
        stage=stage,
        keys=_names(column.name for column in table.primary_key.columns),
        updates=sql.SQL(", ").join(updates),
        guard=guard,
    )


def _differs(table: Table, rows: Sequence[Mapping[str, object]]) -> sql.Composable:
    """Whether what the row says, not where it comes from, is different."""
    keys = {column.name for column in table.primary_key.columns}
    named = rows[0].keys() if rows else ()
    content = [
        column.name
        for column in table.columns
        if column.name in named and column.name not in keys | set(_PROVENANCE)
    ]
    old = sql.SQL(", ").join(sql.Identifier("kept", name) for name in content)
    new = sql.SQL(", ").join(sql.Identifier("excluded", name) for name in content)
    return sql.SQL("({}) IS DISTINCT FROM ({})").format(old, new)


def qualified(table: Table) -> sql.Identifier:
    """The table's name with its schema, quoted."""
    return sql.Identifier(table.schema or "public", table.name)


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)


@cache
def _type_name(column: Column[Any]) -> str:
    return _TYPE_NAMES[type(column.type).__visit_name__.lower()]


_TYPE_NAMES = {
    "text": "text",
    "numeric": "numeric",
    "datetime": "timestamptz",
    "boolean": "bool",
    "integer": "int4",
    "small_integer": "int2",
    "big_integer": "int8",
    "large_binary": "bytea",
    "jsonb": "jsonb",
}
