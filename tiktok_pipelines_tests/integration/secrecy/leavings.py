"""What a run leaves behind: files, SQLite databases, and a whole PostgreSQL server."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import zstandard
from psycopg import sql

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.transform.encoding import decompress

Leaving = tuple[str, bytes]
# PostgreSQL's own statistics quote columns of every table; only a superuser reads them.
_NOT_OURS = ("pg_statistic", "pg_statistic_ext_data")
_TABLES = """
    SELECT n.nspname, c.relname FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'm') AND n.nspname <> 'pg_toast'
      AND NOT c.relname = ANY(%s)
    ORDER BY 1, 2
"""
_BYTEAS = """
    SELECT attname FROM pg_attribute
    WHERE attrelid = %s::regclass AND atttypid = 'bytea'::regtype AND attnum > 0
      AND NOT attisdropped
"""


def files(folder: Path) -> Iterator[Leaving]:
    """Every file below a folder, and every table of the SQLite databases among them."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file() or file.is_symlink():
            continue
        data, name = file.read_bytes(), str(file.relative_to(folder))
        yield name, data
        if data.startswith(b"SQLite format 3\0"):
            yield from ((f"{name} {table}", told) for table, told in _sqlite(file))


def _sqlite(file: Path) -> Iterator[Leaving]:
    with closing(sqlite3.connect(file)) as connection:
        named = connection.execute("SELECT name FROM sqlite_master WHERE type='table'")
        for (name,) in named.fetchall():
            rows = connection.execute(f'SELECT * FROM "{name}"').fetchall()
            yield name, "\n".join(str(value) for row in rows for value in row).encode()


def tables(server: EmbeddedServer) -> Iterator[Leaving]:
    """Every table of every database as text; bytes as they are, unpacked too."""
    with _session(server, "postgres") as connection:
        told = "SELECT datname FROM pg_database WHERE datallowconn ORDER BY 1"
        names = [str(row[0]) for row in connection.execute(told.encode())]
    for name in names:
        with _session(server, name) as connection:
            yield from ((f"{name} {table}", data) for table, data in _all(connection))


def _session(
    server: EmbeddedServer, name: str
) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(server.dsn(name), autocommit=True)


def _all(connection: psycopg.Connection[tuple[object, ...]]) -> Iterator[Leaving]:
    found = connection.execute(_TABLES.encode(), [list(_NOT_OURS)]).fetchall()
    for schema, table in found:
        name = f"{schema}.{table}"
        at = sql.Identifier(str(schema), str(table))
        yield name, _as_text(connection, at)
        columns = connection.execute(_BYTEAS.encode(), [at.as_string(connection)])
        for (column,) in columns.fetchall():
            yield name, _unpacked(connection, at, str(column))


def _as_text(
    connection: psycopg.Connection[tuple[object, ...]], at: sql.Identifier
) -> bytes:
    # As JSON, since a row as text quotes quotes and backslashes in a way of its own.
    lines = sql.SQL("SELECT string_agg(to_json(t)::text, E'\\n') FROM {} AS t")
    found = connection.execute(lines.format(at)).fetchone()
    return str(found[0]).encode() if found else b""


def _unpacked(
    connection: psycopg.Connection[tuple[object, ...]], at: sql.Identifier, column: str
) -> bytes:
    named = sql.Identifier(column)
    rows = connection.execute(
        sql.SQL("SELECT {0} FROM {1} WHERE {0} IS NOT NULL").format(named, at)
    )
    return b"\n".join(_opened(row[0]) for row in rows)


def _opened(value: object) -> bytes:
    data = value if isinstance(value, bytes) else b""
    is_packed = data.startswith(zstandard.FRAME_HEADER)
    return data + b"\n" + decompress(data) if is_packed else data
