"""The one door to PostgreSQL: connections, transactions, locks that die with us."""

import hashlib
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any, TypeVar, cast

import psycopg
from psycopg.types.array import ListBinaryDumper
from psycopg.types.string import BytesBinaryDumper
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.errors import (
    DatabaseUnavailable,
    RefusedValue,
    StorageError,
    WriteConflict,
)
from tiktok_pipelines.storage.patience import Patience
from tiktok_pipelines.storage.statement_log import LOGGING_NAME, keep_rows_out_of_logs

_OF_THE_CONNECTION = ("", "08", "57")  # none, connection exception, shut down
_CANCELLED = "57014"  # the server lives, it only gave up the statement
_SESSION_ENDED = frozenset({"25P03", "25P04"})  # by a time limit of the server
_OF_THE_MOMENT = ("40", "53", "55")  # deadlock, no room, lock not to be had
_OF_OTHERS = "40"  # deadlock, serialization: others were in the way
_OF_THE_VALUE = ("22", "54")  # data exception, program limit exceeded
_ALIVE = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
"""A server that vanished without a word is noticed within a minute or so."""
READ_ONLY = (
    "the database is read-only: use the primary server, or let its administrator set"
    " default_transaction_read_only to off"
)
_AWAY = "the database does not answer: start it (embedded: tiktok-pipelines db start)"

_Result = TypeVar("_Result")


class Database:
    """Connections to one database; threads may share it, processes may not.

    Args:
        url: ``postgresql://…`` in any spelling; psycopg 3 is used.
        pool_size: connections kept; a loader needs one per thread.
        clock: what ``outlast`` waits by.
    """

    def __init__(
        self, url: str, *, pool_size: int = 8, clock: Clock | None = None
    ) -> None:
        self._url = make_url(url).set(drivername="postgresql+psycopg")
        self._patience = Patience(clock or SystemClock())
        self.engine = _pool(self._url, pool_size)

    def __repr__(self) -> str:
        return f"Database({self._url.render_as_string(hide_password=True)})"

    @contextmanager
    def begin(self) -> Generator[Connection]:
        """One transaction: committed at the end of the block, or not at all.

        Raises:
            DatabaseUnavailable: no server, or it went away.
            StorageError: PostgreSQL refused a statement; the text holds no values.
        """
        with _told_safely(), self.engine.begin() as connection:
            yield connection
        self._patience.note_answer()

    def outlast(self, act: Callable[[], _Result]) -> _Result:
        """Do an act, again and again while the server is away, for two minutes.

        Twice must be as good as once: a commit whose answer was lost is repeated.

        Raises:
            DatabaseUnavailable: it was never there, or did not come back in time.
        """
        return self._patience.outlast(act)

    def transact(self, act: Callable[[Connection], _Result]) -> _Result:
        """One transaction that outlasts a lost connection.

        Raises:
            DatabaseUnavailable: as in ``outlast``.
            StorageError: PostgreSQL refused a statement.
        """

        def once() -> _Result:
            with self.begin() as connection:
                return act(connection)

        return self.outlast(once)

    @contextmanager
    def lock(self, name: str) -> Generator[None]:
        """Hold a lock that at most one session has; waits for its turn.

        PostgreSQL drops it with the session, so a killed process holds nothing. When
        the session is lost the block goes on without it: a lock saves work, and what
        is done under it must be right without one.
        """
        key = lock_key(name)
        holder = self.outlast(partial(self._locked, key))
        try:
            yield
        finally:
            _unlock(holder, key)

    def _locked(self, key: int) -> Connection:
        """A session that holds the lock."""
        with _told_safely(), ExitStack() as undo:
            connection = undo.enter_context(self.engine.connect())
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": key})
            undo.pop_all()
        return connection

    @contextmanager
    def telling(self) -> Generator[None]:
        """Raise our errors for those of a session that is used outside of ``begin``."""
        with _told_safely():
            yield

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _pool(url: URL, size: int) -> Engine:
    """Connects on first use only."""
    keep_rows_out_of_logs()
    engine = create_engine(
        url,
        logging_name=LOGGING_NAME,
        pool_size=size,
        max_overflow=8,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"application_name": "tiktok", **_ALIVE},
    )
    event.listen(engine, "connect", _prepare)
    return engine


def _prepare(driver: psycopg.Connection[Any], _: object) -> None:
    """Have moments told in UTC, and send lists and bytes in their binary form.

    That form costs a tenth of text.
    """
    driver.execute("SET TIME ZONE 'UTC'")
    driver.commit()
    driver.adapters.register_dumper(list, ListBinaryDumper)
    driver.adapters.register_dumper(bytes, BytesBinaryDumper)


def _unlock(holder: Connection, key: int) -> None:
    """Give a lock back; a session that was lost gave it back itself."""
    try:
        holder.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": key})
    except SQLAlchemyError:
        holder.invalidate()
    finally:
        holder.close()


def lock_in_transaction(connection: Connection, name: str, *, shares: str = "") -> None:
    """Hold a lock until the transaction ends; waits for its turn.

    ``shares`` is one more, held together with others who share it.
    """
    locks = "SELECT pg_advisory_xact_lock(:key)"
    keys = {"key": lock_key(name)}
    if shares:
        locks += ", pg_advisory_xact_lock_shared(:shared)"
        keys["shared"] = lock_key(shares)
    connection.execute(text(locks), keys)


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
    except (psycopg.Error, SQLAlchemyError) as error:
        told = _safe(error)
        try:
            raise told from None
        finally:
            told.__context__ = None  # it would carry the values along


def _safe(error: psycopg.Error | SQLAlchemyError) -> Exception:
    """The error to raise instead, without quoted values."""
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, SQLAlchemyError):
        return StorageError(f"{type(cause).__name__}: report this")
    state = getattr(cause, "sqlstate", None) or ""
    if _is_lost(cause, state):
        return DatabaseUnavailable(_AWAY)
    table = getattr(getattr(cause, "diag", None), "table_name", None) or ""
    kind = type(cause or error).__name__
    told = _type_of(cause, state)(
        f"PostgreSQL refused a statement: {kind} {state} {table}".rstrip()
        + _remedy(state)
    )
    told.retryable = state[:2] in _OF_THE_MOMENT
    return told


def _type_of(cause: BaseException | None, state: str) -> type[StorageError]:
    if isinstance(cause, psycopg.DataError) or state[:2] in _OF_THE_VALUE:
        return RefusedValue
    return WriteConflict if state[:2] == _OF_OTHERS else StorageError


def lost_connection(error: psycopg.Error) -> bool:
    """Whether it is the connection that failed, not the statement."""
    return _is_lost(error, getattr(error, "sqlstate", None) or "")


def _is_lost(cause: BaseException | None, state: str) -> bool:
    """Whether it is the connection that failed, not the statement."""
    if state in _SESSION_ENDED:
        return True
    of_the_way = isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError)
    return of_the_way and state[:2] in _OF_THE_CONNECTION and state != _CANCELLED


_REMEDIES = {
    "53100": ": its disk is full: make room there, then run again",
    "53": ": it has no room (memory or connections left): make some",
    "25006": f": {READ_ONLY}",
    "22": ": a value fits no column",
    "54": ": a value is too large",
    "40": ": run it again",
    "42501": ": this user may not do that: use the owner of the database",
    "42": ": its tables are not as expected: run tiktok-pipelines db upgrade",
    "3F": ": its tables are not there: run tiktok-pipelines db upgrade",
}


def _remedy(state: str) -> str:
    """What to do about an SQLSTATE, or its class."""
    by_class = _REMEDIES.get(state[:2], ": see the server's log")
    return _REMEDIES.get(state, by_class)
