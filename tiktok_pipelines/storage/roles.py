"""The login of an analyst on the server: made, limited, given a password."""

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg import sql
from pydantic import SecretStr

from tiktok_pipelines.errors import ConfigurationError

Connection = psycopg.Connection[Any]

_FIND = """
    SELECT rolcanlogin, rolname = current_user OR rolsuper OR rolcreaterole
        OR rolcreatedb OR rolreplication OR rolbypassrls
    FROM pg_roles WHERE rolname = %s
"""
_SET = """
    SELECT coalesce((
        SELECT s.setconfig FROM pg_db_role_setting AS s
        JOIN pg_roles AS r ON r.oid = s.setrole
        JOIN pg_database AS d ON d.oid = s.setdatabase
        WHERE r.rolname = %s AND d.datname = current_database()), '{}')
"""


def ensure_login(connection: Connection, role: str) -> bool:
    """Make the role if it is missing; True if it was.

    Raises:
        ConfigurationError: it has powers that an analyst must not have.
    """
    found = connection.execute(_FIND, (role,)).fetchone()
    if found is None:
        _run(connection, "CREATE ROLE {} LOGIN", role)
        return True
    can_login, is_mighty = found
    if is_mighty:
        raise ConfigurationError(
            f"the role {role} owns or administers the server, and nothing was changed: "
            "pass --role with another name"
        )
    if not can_login:
        _run(connection, "ALTER ROLE {} LOGIN", role)
    return False


def limit(connection: Connection, role: str, limits: Mapping[str, str]) -> None:
    """What each of the role's sessions in this database begins with."""
    row = connection.execute(_SET, (role,)).fetchone()
    present = set(row[0]) if row else set[str]()
    for name, value in limits.items():
        if f"{name}={value}" not in present:
            statement = sql.SQL("ALTER ROLE {} IN DATABASE {} SET {} = {}").format(
                sql.Identifier(role),
                sql.Identifier(connection.info.dbname),
                sql.Identifier(name),
                sql.Literal(value),
            )
            connection.execute(statement)


def set_password(connection: Connection, role: str, password: SecretStr) -> None:
    """Set a password; the server gets a verifier, so its log cannot hold it."""
    verifier = connection.pgconn.encrypt_password(
        password.get_secret_value().encode(), role.encode(), b"scram-sha-256"
    ).decode()
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(
        sql.Identifier(role), sql.Literal(verifier)
    )
    connection.execute(statement)


def _run(connection: Connection, statement: str, role: str) -> None:
    connection.execute(sql.SQL(statement).format(sql.Identifier(role)))  # pyright: ignore[reportArgumentType] - not literal, but ours
