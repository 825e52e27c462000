"""Bring a database up to the views' files, and to what comes in tables with them.

What stands in the database is remembered by hashes in ``tiktok_ops.mart_versions``.
Only what changed, and what reads it, is dropped and made anew, within the transaction
of the migrations: nobody sees half of it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.storage.marts.seeds import Seed, seeds
from tiktok_pipelines.storage.marts.views import SCHEMA, View, views

Connection = psycopg.Connection[Any]
Grants = Mapping[str, Sequence[str | None]]

_VERSIONS = "SELECT name, content_hash FROM tiktok_ops.mart_versions"
_PRESENT = """
    SELECT n.nspname || '.' || c.relname FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = %s AND c.relkind = 'v'
"""
_READY = "SELECT to_regclass('tiktok_ops.mart_versions') IS NOT NULL"
_NOTE = """
    INSERT INTO tiktok_ops.mart_versions AS known (name, content_hash, applied_at)
    VALUES (%(name)s, %(hash)s, now()) ON CONFLICT (name) DO UPDATE
    SET content_hash = excluded.content_hash, applied_at = excluded.applied_at
"""
_FORGET = "DELETE FROM tiktok_ops.mart_versions WHERE name = %s"
_GRANTS = """
    SELECT c.relname, CASE a.grantee WHEN 0 THEN NULL
        ELSE pg_get_userbyid(a.grantee)::text END
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    CROSS JOIN LATERAL aclexplode(c.relacl) AS a
    WHERE n.nspname = %s AND c.relkind = 'v' AND a.privilege_type = 'SELECT'
      AND a.grantee <> c.relowner
"""


def are_current(connection: Connection) -> bool:
    """Whether the views and what comes with them are those of the files."""
    if not _is_ready(connection):
        return False
    missing = views().keys() - _present(connection)
    return not missing and _versions(connection) == _wanted()


def grants_on_views(connection: Connection) -> Grants:
    """Who reads each view besides its owner; None stands for everybody."""
    found: dict[str, list[str | None]] = {}
    for name, role in connection.execute(_GRANTS, (SCHEMA,)).fetchall():
        found.setdefault(f"{SCHEMA}.{name}", []).append(role)
    return found


def drop_views(connection: Connection) -> None:
    """Drop the views that we made: tables below them may then be altered.

    Raises:
        ConfigurationError: a view of somebody else's reads one of ours.
    """
    if _is_ready(connection):
        _drop(connection, _versions(connection).keys() - seeds().keys())


def apply_marts(connection: Connection, grants: Grants) -> Sequence[str]:
    """Make what is missing or differs from its file; twice changes nothing.

    Args:
        connection: with the transaction of the migrations.
        grants: who read the views before any of them was dropped, and does again.

    Returns:
        The names of what was made anew.

    Raises:
        ConfigurationError: a view of somebody else's reads one that must be replaced.
    """
    for seed in seeds().values():
        _plant(connection, seed)
    known, wanted = _versions(connection), _wanted()
    changed = {name for name, found in wanted.items() if known.get(name) != found}
    missing = views().keys() - _present(connection)
    stale = _with_readers((changed | missing) - seeds().keys())
    _drop(connection, stale | (known.keys() - wanted.keys()))
    for view in views().values():
        if view.name in stale:
            _create(connection, view, grants.get(view.name, ()))
    made = stale | changed
    for name in made:
        connection.execute(_NOTE, {"name": name, "hash": wanted[name]})
    return sorted(made)


def _is_ready(connection: Connection) -> bool:
    row = connection.execute(_READY).fetchone()
    return row is not None and bool(row[0])


def _versions(connection: Connection) -> dict[str, str]:
    return dict(connection.execute(_VERSIONS).fetchall())


def _wanted() -> dict[str, str]:
    """The name of each with the hash of its file."""
    found = {name: seed.content_hash for name, seed in seeds().items()}
    return found | {name: view.content_hash for name, view in views().items()}


def _present(connection: Connection) -> set[str]:
    return {str(row[0]) for row in connection.execute(_PRESENT, (SCHEMA,)).fetchall()}


def _with_readers(names: Iterable[str]) -> set[str]:
    """Those views and all that read them, however far."""
    found = set(names)
    for view in views().values():  # each comes after what it reads
        if view.reads & found:
            found.add(view.name)
    return found


def _drop(connection: Connection, names: Iterable[str]) -> None:
    """Together, so that their order does not matter."""
    present = sorted(set(names) & _present(connection))
    if present:
        statement = sql.SQL("DROP VIEW {}").format(
            sql.SQL(", ").join(map(_identifier, present))
        )
        try:
            connection.execute(statement)
        except psycopg.errors.DependentObjectsStillExist as error:
            detail = (error.diag.message_detail or "").split("\n")[0]
            raise ConfigurationError(
                f"something of your own reads our views ({detail}), and nothing was "
                "changed: drop it, run tiktok-pipelines db upgrade, make it again"
            ) from None
    for name in names:
        connection.execute(_FORGET, (name,))


def _create(connection: Connection, view: View, readers: Iterable[str | None]) -> None:
    place = _identifier(view.name)
    names = sql.SQL(", ").join(
        sql.Identifier(column.name) for column in view.facts.columns
    )
    body = sql.SQL(view.query)  # pyright: ignore[reportArgumentType] - of our own file
    connection.execute(sql.SQL("CREATE VIEW {} ({}) AS {}").format(place, names, body))
    _comment(connection, sql.SQL("VIEW {}").format(place), view.facts.comment)
    for column in view.facts.columns:
        path = _identifier(f"{view.name}.{column.name}")
        _comment(connection, sql.SQL("COLUMN {}").format(path), column.comment)
    for role in readers:
        who = sql.SQL("PUBLIC") if role is None else sql.Identifier(role)
        connection.execute(sql.SQL("GRANT SELECT ON {} TO {}").format(place, who))


def _comment(connection: Connection, what: sql.Composed, words: str) -> None:
    statement = sql.SQL("COMMENT ON {} IS {}").format(what, sql.Literal(words))
    connection.execute(statement)


def _plant(connection: Connection, seed: Seed) -> None:
    """Let a table hold these rows and no other; those it has already stay untouched."""
    names = {
        "table": _identifier(seed.table),
        "columns": sql.SQL(", ").join(map(sql.Identifier, seed.columns)),
    }

    def run(statement: str) -> None:
        connection.execute(sql.SQL(statement).format(**names))  # pyright: ignore[reportArgumentType] - ours

    run("CREATE TEMPORARY TABLE seed (LIKE {table})")
    copying = sql.SQL("COPY seed ({columns}) FROM STDIN").format(**names)
    with connection.cursor().copy(copying) as copy:
        for row in seed.rows:
            copy.write_row([row[name] for name in seed.columns])
    run("DELETE FROM {table} AS t WHERE NOT EXISTS (SELECT FROM seed AS s WHERE s = t)")
    run(
        "INSERT INTO {table} ({columns}) SELECT {columns} FROM seed"
        " ON CONFLICT DO NOTHING"
    )
    run("DROP TABLE seed")


def _identifier(name: str) -> sql.Identifier:
    return sql.Identifier(*name.split("."))
