"""Roles that may read what analysts read, and nothing else of ours.

Who is one stands in PostgreSQL's own catalog: whom the tables to come of the schema
``tiktok`` are granted to (default privileges).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.storage.tables import SCHEMAS

Connection = psycopg.Connection[Any]

OPEN_SCHEMAS = ("tiktok", "tiktok_mart")
"""For analysts: all tables and views, those to come too."""
BUYERS = ("tiktok", "order_recipients")
"""The exception: buyer data, granted on request only."""
PROOFS = (("tiktok_ops", "sync_windows"), ("tiktok_ops", "sync_cursors"))
"""With these an analyst sees whether what is read is complete."""
LIMITS: Mapping[str, str] = {
    "default_transaction_read_only": "on",
    "statement_timeout": "5min",
    "idle_in_transaction_session_timeout": "10min",
}
"""What each session of an analyst begins with."""

_TO_COME = "ALTER DEFAULT PRIVILEGES IN SCHEMA {} GRANT SELECT ON TABLES TO {}"
_KNOWN = """
    SELECT grantee.rolname,
        coalesce(has_table_privilege(grantee.oid, to_regclass(%s), 'SELECT'), false)
    FROM pg_default_acl AS d
    JOIN pg_namespace AS n ON n.oid = d.defaclnamespace
    CROSS JOIN LATERAL aclexplode(d.defaclacl) AS a
    JOIN pg_roles AS grantee ON grantee.oid = a.grantee
    WHERE n.nspname = %s AND d.defaclrole = current_user::regrole
      AND d.defaclobjtype = 'r' AND a.privilege_type = 'SELECT'
      AND a.grantee <> d.defaclrole
    ORDER BY 1
"""
_PRESENT = """
    SELECT nspname FROM pg_namespace WHERE nspname = ANY(%s)
    UNION ALL
    SELECT n.nspname || '.' || c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname LIKE 'tiktok%%'
"""
_MORE = """
    SELECT n.nspname || '.' || c.relname
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname = ANY(%(ours)s) AND c.relkind IN ('r', 'p', 'v', 'm')
      AND (has_any_column_privilege(%(role)s, c.oid, 'INSERT, UPDATE')
        OR has_table_privilege(%(role)s, c.oid, 'DELETE, TRUNCATE')
        OR has_any_column_privilege(%(role)s, c.oid, 'SELECT')
            AND n.nspname || '.' || c.relname <> ALL(%(proofs)s)
            AND (n.nspname <> ALL(%(open)s)
                OR n.nspname || '.' || c.relname = ANY(%(closed)s)))
    ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class Analyst:
    """A role that reads; ``with_buyers``: buyer data too."""

    role: str
    with_buyers: bool = False


def known_analysts(connection: Connection) -> Sequence[Analyst]:
    """Whom our tables to come are granted to, as things stand."""
    asked = (".".join(BUYERS), BUYERS[0])
    rows = connection.execute(_KNOWN, asked).fetchall()
    return [Analyst(role, with_buyers) for role, with_buyers in rows]


def grant_reading(connection: Connection, analyst: Analyst) -> None:
    """Let a role read what analysts read, and take away what else we granted it.

    Twice is as good as once. What is not there (yet) is passed over.
    """
    role = sql.Identifier(analyst.role)

    def run(statement: str, *name: str) -> None:
        place = sql.Identifier(*name)
        connection.execute(sql.SQL(statement).format(place, role))  # pyright: ignore[reportArgumentType] - not literal, but ours

    present = _present(connection)
    for schema in present & SCHEMAS.keys():
        run("REVOKE ALL ON ALL TABLES IN SCHEMA {} FROM {}", schema)
        run("REVOKE ALL ON SCHEMA {} FROM {}", schema)
    for schema in present.intersection(OPEN_SCHEMAS):
        run("GRANT SELECT ON ALL TABLES IN SCHEMA {} TO {}", schema)
        run("GRANT USAGE ON SCHEMA {} TO {}", schema)
        run(_TO_COME, schema)
    if ".".join(BUYERS) in present and not analyst.with_buyers:
        run("REVOKE ALL ON {} FROM {}", *BUYERS)
    for schema, table in PROOFS:
        if f"{schema}.{table}" in present:
            run("GRANT USAGE ON SCHEMA {} TO {}", schema)
            run("GRANT SELECT ON {} TO {}", schema, table)


def _present(connection: Connection) -> set[str]:
    """The schemas of ours that are there, and what they hold."""
    rows = connection.execute(_PRESENT, (list(SCHEMAS),)).fetchall()
    return {str(row[0]) for row in rows}


def require_tables(connection: Connection) -> None:
    """Look whether there is anything to read.

    Raises:
        ConfigurationError: there are no tables.
    """
    if ".".join(BUYERS) not in _present(connection):
        raise ConfigurationError(
            "the tables are not there: tiktok-pipelines db upgrade"
        )


def refuse_more(connection: Connection, analyst: Analyst) -> None:
    """Look whether the role may do more than analysts may, by whatever grant.

    Raises:
        ConfigurationError: it may, as another role's member or as everybody.
    """
    asked = {
        "role": analyst.role,
        "ours": list(SCHEMAS),
        "open": list(OPEN_SCHEMAS),
        "proofs": [".".join(table) for table in PROOFS],
        "closed": [] if analyst.with_buyers else [".".join(BUYERS)],
    }
    more = [str(row[0]) for row in connection.execute(_MORE, asked).fetchall()]
    if more:
        raise ConfigurationError(
            f"the role {analyst.role} may do more than an analyst with "
            f"{', '.join(more[:5])}, and nothing was changed: revoke what it has as "
            "another role's member, or what PUBLIC has; or pass --role with another"
        )
