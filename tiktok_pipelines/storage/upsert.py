"""Bulk upsert: binary COPY into a temporary table, then one guarded merge.

Rows that the guard refuses are neither locked nor rewritten; what is returned counts,
by the page they come from, rows that were really added or changed.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any, LiteralString, TypeAlias

import psycopg
from psycopg import sql
from sqlalchemy import Column, Connection, Table

from tiktok_pipelines.storage.copy import copy_into, copy_rows, kind_of
from tiktok_pipelines.storage.database import driver_connection

_PROVENANCE = ("raw_page_id", "synced_at")

Written: TypeAlias = "Counter[int]"
"""Rows that were added or changed, by ``raw_page_id``."""
_Rows = Sequence[Mapping[str, object]]
Cells: TypeAlias = tuple[object, ...]
Merge: TypeAlias = Callable[[Connection, Table, _Rows], Written]
_Columns = tuple[Column[Any], ...]
_Guard = Callable[[Table, _Columns], sql.Composable]


@dataclass(frozen=True, slots=True)
class Load:
    """Rows for a table, and how they are merged with those it holds.

    Attributes:
        names: the columns, ``raw_page_id`` among them.
        rows: values in the order of the names.
    """

    table: Table
    names: Sequence[str]
    rows: Sequence[Cells]
    merge: Merge

    def merged(self, connection: Connection) -> Written:
        """Merge the rows."""
        named = [dict(zip(self.names, row, strict=True)) for row in self.rows]
        return self.merge(connection, self.table, named)

    def added(self, connection: Connection) -> Written:
        """COPY the rows straight into the table.

        Raises:
            UniqueViolation: a key is there already.
        """
        if self.rows:
            copy_into(connection, self.table, self.names, self.rows)
        page_id_of = itemgetter(self.names.index("raw_page_id"))
        return Counter(map(page_id_of, self.rows))


def add_or_merge(connection: Connection, loads: Sequence[Load]) -> Sequence[Written]:
    """Add rows that are new by all that is known; if one is not, merge all of them.

    Adding costs half of what a stage and a merge do.
    """
    try:
        with driver_connection(connection).transaction():
            return [load.added(connection) for load in loads]
    except psycopg.errors.UniqueViolation:
        return [load.merged(connection) for load in loads]


def merge_different(connection: Connection, table: Table, rows: _Rows) -> Written:
    """Add rows, and replace those whose content (not its page or time) differs.

    ``rows`` hold a primary key at most once. Columns that the rows do not name keep
    their value, or get their default.
    """
    return _merge(connection, table, rows, _differs)


def merge_newer(connection: Connection, table: Table, rows: _Rows) -> Written:
    """Like ``merge_different``, but an older version never replaces a newer one.

    The version is (``updated_at``, ``synced_at``); none is older than any.
    """
    return _merge(connection, table, rows, _is_newer)


def merge_earlier(connection: Connection, table: Table, rows: _Rows) -> Written:
    """Add rows, and replace those that were seen later (``seen_at``)."""
    return _merge(connection, table, rows, _was_seen_earlier)


def _merge(connection: Connection, table: Table, rows: _Rows, guard: _Guard) -> Written:
    if not rows:
        return Counter()
    columns = tuple(column for column in table.columns if column.name in rows[0])
    stage = sql.Identifier(f"stage_{table.name}")
    with driver_connection(connection).cursor() as cursor:
        _empty_stage(cursor, stage, table)
        copy_rows(connection, stage, columns, rows)
        written = cursor.execute(_merge_statement(table, columns, guard)).fetchall()
    return Counter(dict(written))


def _empty_stage(
    cursor: psycopg.Cursor[Any], stage: sql.Identifier, table: Table
) -> None:
    """The session's stage of a table, without what this transaction merged before.

    The end of each transaction empties it, at a tenth of what TRUNCATE costs.
    """
    cursor.execute("SET LOCAL client_min_messages = warning")
    cursor.execute(_stage_statement(table))
    found = cursor.execute(sql.SQL("SELECT FROM {} LIMIT 1").format(stage))
    if found.rowcount:
        cursor.execute(sql.SQL("TRUNCATE {}").format(stage))


@cache
def _stage_statement(table: Table) -> bytes:
    """A table of the same columns, but for amounts, which are text."""
    return (
        sql.SQL(
            "CREATE TEMPORARY TABLE IF NOT EXISTS {} ON COMMIT DELETE ROWS"
            " AS SELECT {} FROM {} WITH NO DATA"
        )
        .format(
            sql.Identifier(f"stage_{table.name}"),
            sql.SQL(", ").join(
                _cast(column, "text" if kind_of(column) == "numeric" else None)
                for column in table.columns
            ),
            qualified(table),
        )
        .as_bytes()
    )


@cache
def _merge_statement(table: Table, columns: _Columns, guard: _Guard) -> bytes:
    keys = {column.name for column in table.primary_key.columns}
    updates = [
        sql.SQL("{0} = excluded.{0}").format(sql.Identifier(column.name))
        for column in columns
        if column.name not in keys
    ]
    return (
        sql.SQL(
            "WITH written AS ("
            "INSERT INTO {table} AS kept ({names}) SELECT {values} FROM {stage}"
            " ON CONFLICT ({keys}) DO UPDATE SET {updates} WHERE {guard}"
            " RETURNING kept.raw_page_id)"
            " SELECT raw_page_id, count(*) FROM written GROUP BY raw_page_id"
        )
        .format(
            table=qualified(table),
            names=_names(column.name for column in columns),
            values=sql.SQL(", ").join(
                _cast(column, "numeric" if kind_of(column) == "numeric" else None)
                for column in columns
            ),
            stage=sql.Identifier(f"stage_{table.name}"),
            keys=_names(column.name for column in table.primary_key.columns),
            updates=sql.SQL(", ").join(updates),
            guard=guard(table, columns),
        )
        .as_bytes()
    )


def _cast(column: Column[Any], to: LiteralString | None) -> sql.Composable:
    name = sql.Identifier(column.name)
    return sql.SQL("CAST({0} AS {1}) AS {0}").format(name, sql.SQL(to)) if to else name


def _is_newer(table: Table, columns: _Columns) -> sql.Composable:
    return sql.SQL(
        "(coalesce(excluded.updated_at, '-infinity'), excluded.synced_at)"
        " >= (coalesce(kept.updated_at, '-infinity'), kept.synced_at) AND {}"
    ).format(_differs(table, columns))


def _was_seen_earlier(_: Table, __: _Columns) -> sql.Composable:
    return sql.SQL("excluded.seen_at < kept.seen_at")


def _differs(table: Table, columns: _Columns) -> sql.Composable:
    """Whether what the row says, not where it comes from, is different."""
    keys = {column.name for column in table.primary_key.columns}
    content = [
        column.name for column in columns if column.name not in keys | set(_PROVENANCE)
    ]
    old = sql.SQL(", ").join(sql.Identifier("kept", name) for name in content)
    new = sql.SQL(", ").join(sql.Identifier("excluded", name) for name in content)
    return sql.SQL("({}) IS DISTINCT FROM ({})").format(old, new)


def qualified(table: Table) -> sql.Identifier:
    """The table's name with its schema, quoted."""
    return sql.Identifier(table.schema or "public", table.name)


def _names(names: Iterable[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(name) for name in names)
