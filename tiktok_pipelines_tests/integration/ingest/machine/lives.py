"""Processes that can be killed at a chosen moment, each a life of its own.

A kill is an exception that no code of ours catches, raised from the driver; from then
on nothing of that life reaches the database, and its connections are cut, not closed
in order. A session's locks and its open transaction go with it, as in a real kill.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, Self

import psycopg
from psycopg.abc import Params, Query
from sqlalchemy import event

from tiktok_pipelines.storage.database import Database

Moment = Literal["answer", "statement", "commit", "writing", "landing"]
_LOCK = "pg_advisory_xact_lock("  # begins what writes a page with its rows


class Killed(BaseException):
    """The process is dead."""


@dataclass(frozen=True, slots=True)
class Death:
    """A life ends at its n-th moment of a kind.

    ``answer``: after an answer about orders, before anything of it is written;
    ``statement``: before it is sent; ``commit``: odd numbers before, even ones after;
    ``writing``: a statement or commit of what writes a page, from its lock until the
    connection is put back; ``landing``: a commit of that, odd and even as above.
    """

    moment: Moment
    number: int


@dataclass(slots=True)
class Life:
    """One process, as far as its end is concerned; its threads die together.

    ``writes_by``: the text in a statement with which a page begins to be written.
    ``dwells_s``: how long it waits around each commit, so that others are met.
    ``before_writing``: done once, when what it read is about to be written.
    """

    death: Death | None = None
    writes_by: str = _LOCK
    dwells_s: float = 0.0
    before_writing: Callable[[], object] | None = None
    is_dead: bool = False
    passed: Counter[str] = field(default_factory=Counter[str])
    connections: list[psycopg.Connection[Any]] = field(
        default_factory=list[psycopg.Connection[Any]]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def pass_by(self, moment: Moment) -> None:
        """Live through a moment, or die.

        Raises:
            Killed: it is the last one, or was before.
        """
        self.note(moment)
        if moment == "commit":
            time.sleep(self.dwells_s)
        if self.is_dead:
            raise Killed

    def note(self, moment: Moment) -> None:
        """Live through a moment; what follows it finds the life ended, if it is."""
        with self._lock:
            self.passed[moment] += 1
            if self.death == Death(moment, self.passed[moment]):
                self.is_dead = True

    def begin_to_write(self) -> None:
        """Rows are about to be sent for the first time, or once more."""
        work, self.before_writing = self.before_writing, None
        if work:
            work()

    def bury(self) -> None:
        """Cut every connection that is left."""
        for connection in self.connections:
            connection.close()


class MortalCursor(psycopg.Cursor[Any]):
    """Each statement is a moment at which its life may end."""

    def execute(self, query: Any, params: Params | None = None, **told: Any) -> Self:
        connection_of(self).pass_statement(str(query))
        return super().execute(query, params, **told)

    @contextmanager
    def copy(
        self, statement: Query, params: Params | None = None, *, writer: Any = None
    ) -> Generator[psycopg.Copy]:
        connection_of(self).life.begin_to_write()
        connection_of(self).pass_statement("COPY")
        with super().copy(statement, params, writer=writer) as copy:
            yield copy


class MortalConnection(psycopg.Connection[Any]):
    """A connection whose life may end before and after each commit."""

    life: Life
    is_writing: bool = False

    def pass_statement(self, statement: str) -> None:
        """Live through a statement, or die before it is sent."""
        self.is_writing = self.is_writing or self.life.writes_by in statement
        self._pass_by("statement")

    def commit(self) -> None:
        self._pass_by("commit")
        super().commit()
        self._pass_by("commit")

    def _pass_by(self, moment: Moment) -> None:
        if self.is_writing:
            self.life.note("writing")
            if moment == "commit":
                self.life.note("landing")
        self.life.pass_by(moment)

    def rollback(self) -> None:
        if self.life.is_dead:
            self.close()  # the dead say nothing: the server rolls back
        else:
            super().rollback()


def connection_of(cursor: MortalCursor) -> MortalConnection:
    """The mortal connection of a cursor."""
    assert isinstance(cursor.connection, MortalConnection)
    return cursor.connection


@contextmanager
def mortal(database: Database, life: Life) -> Generator[None]:
    """Let a database live and die with a life; its connections are gone at the end."""

    def connect(_dialect: object, _record: object, args: Any, told: Any) -> object:
        made = MortalConnection.connect(*args, **told, cursor_factory=MortalCursor)
        made.life = life
        life.connections.append(made)
        return made

    def put_back(connection: Any, _record: object) -> None:
        if connection is not None:  # it may have been cut
            connection.is_writing = False

    event.listen(database.engine, "do_connect", connect)
    event.listen(database.engine, "checkin", put_back)
    try:
        yield
    finally:
        life.bury()
        database.close()
