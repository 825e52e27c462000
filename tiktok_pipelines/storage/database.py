"""The one door to PostgreSQL: connections, transactions, locks that die with us."""

import hashlib
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from typing import Any, cast

import psycopg
from sqlalchemy import Connection, Engine, create_engine, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tiktok_pipelines.errors import DatabaseUnavailable, RefusedValue, StorageError

_OF_THE_CONNECTION = ("", "08", "57")  # none, connection exception, shut down
_OF_THE_MOMENT = ("40", "53", "55")  # deadlock, no room, lock not to be had
_OF_THE_VALUE = ("22", "54")  # data exception, program limit exceeded
_AWAY = "the database does not answer: start it (embedded: tiktok-pipelines db start)"


class Database:
    """Connections to one database; threads may share it, processes may not.

    Args:
        url: ``postgresql://…`` in any spelling; psycopg 3 is used.
        pool_size: connections kept; a loader needs one per thread.
    """

    def __init__(self, url: str, *, pool_size: int = 8) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._pool_size = pool_size

    def __repr__(self) -> str:
        return f"Database({self._url.render_as_string(hide_password=True)})"

    @cached_property
    def engine(self) -> Engine:
        """The pool; connects on first use only."""
        return create_engine(
            self._url,
            pool_size=self._pool_size,
            max_overflow=8,
            pool_pre_ping=True,
            hide_parameters=True,
            connect_args={"connect_timeout": 10, "application_name": "tiktok"},
        )

    @contextmanager
    def begin(self) -> Generator[Connection]:
        """One transaction: committed at the end of the block, or not at all.

        Raises:
            DatabaseUnavailable: no server, or it went away.
            StorageError: PostgreSQL refused a statement; the text holds no values.
        """
        with _told_safely(), self.engine.begin() as connection:
            connection.execute(text("SET LOCAL TIME ZONE 'UTC'"))
            yield connection

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """Hold a lock that at most one session has; waits for its turn.

        PostgreSQL drops it with the session, so a killed process holds nothing.
        """
        with _told_safely(), self.engine.connect() as connection:
            autocommit = connection.execution_options(isolation_level="AUTOCOMMIT")
            parameters = {"key": lock_key(name)}
            autocommit.execute(text("SELECT pg_advisory_lock(:key)"), parameters)
            try:
                yield
            finally:
                autocommit.execute(text("SELECT pg_advisory_unlock(:key)"), parameters)

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def lock_in_transaction(connection: Connection, name: str) -> None:
    """Hold a lock until the transaction ends; waits for its turn."""
    connection.execute(
        text("SELECT pg_advisory_xact_lock(:key)"), {"key": lock_key(name)}
    )


def lock_key(name: str) -> int:
    """A name as PostgreSQL's 64-bit lock number."""
    digest = hashlib.blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def driver_connection(connection: Connection) -> psycopg.Connection[Any]:
    """The psycopg connection below, for COPY; it shares the transaction."""
    driver = cast("object", connection.connection.driver_connection)
    if not isinstance(driver, psycopg.Connection):
        raise TypeError(f"expected psycopg, not {type(driver)}")
    return cast("psycopg.Connection[Any]", driver)


@contextmanager
def _told_safely() -> Generator[None]:
    """PostgreSQL's messages may quote values: pass on what happened, not those."""
    try:
        yield
    except DBAPIError as error:
        raise _safe(error.orig, error) from None
    except psycopg.Error as error:
        raise _safe(error, error) from None
    except SQLAlchemyError as error:
        raise StorageError(f"{type(error).__name__}: report this") from None


def _safe(cause: BaseException | None, error: Exception) -> Exception:
    """The error to raise instead, without quoted values."""
    state = getattr(cause, "sqlstate", None) or ""
    lost = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    if lost and state[:2] in _OF_THE_CONNECTION:
        return DatabaseUnavailable(_AWAY)
    table = getattr(getattr(cause, "diag", None), "table_name", None) or ""
    kind = type(cause or error).__name__
    refused = RefusedValue if state[:2] in _OF_THE_VALUE else StorageError
    told = refused(
        f"PostgreSQL refused a statement: {kind} {state} {table}".rstrip()
        + _remedy(state)
    )
    told.retryable = state[:2] in _OF_THE_MOMENT
    return told


def _remedy(state: str) -> str:
    """What to do about a class of SQLSTATE."""
    remedies = {
        "53": ": it has no room (disk, memory or connections left): make some",
        "25": ": it is read-only or in recovery: use the primary server",
        "42": ": its tables are not as expected: run tiktok-pipelines db upgrade",
        "3F": ": its tables are not there: run tiktok-pipelines db upgrade",
    }
    return remedies.get(state[:2], ": see the server's log")
