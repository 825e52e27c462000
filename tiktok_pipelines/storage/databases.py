"""A second database on a server that is not ours."""

import psycopg
from psycopg import sql

from tiktok_pipelines.errors import ConfigurationError, DatabaseUnavailable


def ensure_database(url: str, name: str) -> None:
    """Create the database ``name`` on the server of ``url`` if it is missing.

    Two processes may do this at once.

    Raises:
        DatabaseUnavailable: the server does not answer.
        ConfigurationError: the user of ``url`` may not create databases.
    """
    try:
        with psycopg.connect(url, autocommit=True, connect_timeout=10) as connection:
            _create(connection, name)
    except psycopg.errors.InsufficientPrivilege:
        raise ConfigurationError(
            f"the database {name}, expected for Dagster's own storage, is missing and "
            "TIKTOK_DATABASE_URL's user may not make it: let an administrator run "
            f'CREATE DATABASE "{name}"'
        ) from None
    except psycopg.OperationalError as error:
        told = error.sqlstate or "no answer"
        raise DatabaseUnavailable(
            f"the server of TIKTOK_DATABASE_URL cannot be used ({told}): "
            "check host, user and password, and that it runs"
        ) from None


def _create(connection: psycopg.Connection[tuple[object, ...]], name: str) -> None:
    known = "SELECT 1 FROM pg_database WHERE datname = %s"
    if connection.execute(known, (name,)).fetchone():
        return
    try:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    except (psycopg.errors.DuplicateDatabase, psycopg.errors.UniqueViolation):
        return
