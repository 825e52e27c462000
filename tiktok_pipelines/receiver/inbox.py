"""The way of events to the disk: many requests, one connection, small transactions.

No timer gathers them: a flush starts when the last one has ended, with all that came
meanwhile. An event is acknowledged when its transaction is committed, and not before.
While the database is away, events wait for it as long as TikTok waits for us.
"""

import asyncio
import logging
import time
from collections import defaultdict, deque
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

import psycopg

from tiktok_pipelines.receiver.connection import InboxConnection
from tiktok_pipelines.receiver.limits import Seldom
from tiktok_pipelines.receiver.rejects import Rejects
from tiktok_pipelines.receiver.rows import Row, bare
from tiktok_pipelines.storage.database import lost_connection

WAITS_S = 2.0
"""TikTok wants its answer within three seconds; 503 makes it send again."""
_MOST_WAITING, _MOST_BYTES = 4096, 64 * 1024 * 1024
_MOST_ROWS = 512
_LOOKS_EVERY_S = 0.2
_RECONNECTS_EVERY_S = 0.1
_ERRORS = (psycopg.Error, ValueError, TypeError)
_TOO_COMPLEX = "54"
_log = logging.getLogger(__name__)


def _is_lost(error: Exception) -> bool:
    return isinstance(error, psycopg.Error) and lost_connection(error)


def _is_of_the_value(error: Exception) -> bool:
    """Whether it would fail again: by PostgreSQL, or the driver that cannot encode it.

    A time limit, a deadlock or too little memory say nothing of the event.
    """
    if not isinstance(error, psycopg.Error):
        return True
    is_of_its_class = (error.sqlstate or "").startswith(_TOO_COMPLEX)
    return is_of_its_class or isinstance(error, psycopg.DataError)


@dataclass(slots=True, eq=False)
class _Entry:
    """An event between its arrival and its answer."""

    row: Row
    arrived: float
    landed: "asyncio.Future[bool]"

    def settle(self, *, is_landed: bool) -> None:
        if not self.landed.done():
            self.landed.set_result(is_landed)


class Inbox:
    """Lands events; all of it runs in one event loop."""

    def __init__(self, url: str, app_key: str, *, rejects: Rejects) -> None:
        self.rejects = rejects
        self._connection = InboxConnection(url, app_key)
        self._waiting: deque[_Entry] = deque()
        self._in_flight: list[_Entry] = []
        self._bytes = 0
        self._something: asyncio.Event = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._told = defaultdict[str, Seldom](lambda: Seldom(time.monotonic))
        self.is_up = False

    async def start(self) -> None:
        """Begin to work; connects when there is something to do, or right now."""
        with suppress(psycopg.Error, OSError):
            await self._connection.open()
            self.is_up = True
        works = (self._flush_all(), self._give_up_late(), self._keep_rejects())
        self._tasks = [asyncio.create_task(work) for work in works]

    async def stop(self) -> None:
        """Land what waits, then end."""
        end = asyncio.get_running_loop().time() + WAITS_S
        while self._waiting or self._in_flight:
            if asyncio.get_running_loop().time() > end:
                break
            await asyncio.sleep(0.02)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._connection.close()

    async def land(self, row: Row) -> bool:
        """Wait until the event is on disk; False if it may not be: it must come again.

        An event that came before is on disk already, which is as good.
        """
        if not self._takes(len(row.body)):
            return False
        loop = asyncio.get_running_loop()
        entry = _Entry(row, loop.time(), loop.create_future())
        self._waiting.append(entry)
        self._bytes += len(row.body)
        self._something.set()
        return await entry.landed

    async def ping(self) -> bool:
        """Whether an event would land now."""
        if any(task.done() for task in self._tasks):
            return False
        try:
            async with asyncio.timeout(1.0):
                await self._connection.ping()
        except (psycopg.Error, OSError, TimeoutError):
            return False
        return True

    def _takes(self, size: int) -> bool:
        is_short = len(self._waiting) < _MOST_WAITING
        return is_short and self._bytes + size <= _MOST_BYTES

    async def _flush_all(self) -> None:
        """Write whatever waits, one transaction after the other."""
        while True:
            await self._something.wait()
            self._take_some()
            if not self._in_flight:
                if not self._waiting:
                    self._something.clear()
                continue
            await self._flush()
            self._in_flight = []

    def _take_some(self) -> None:
        some = list(islice(self._waiting, _MOST_ROWS))
        for _ in some:
            self._next()
        self._in_flight = [entry for entry in some if not entry.landed.done()]

    def _next(self) -> _Entry:
        entry = self._waiting.popleft()
        self._bytes -= len(entry.row.body)
        return entry

    async def _flush(self) -> None:
        """Write what is in flight, again and again until it is answered or late.

        Twice is once: if the answer to a commit was lost, the rows are there already.
        """
        while any(not entry.landed.done() for entry in self._in_flight):
            try:
                await self._write([e for e in self._in_flight if not e.landed.done()])
            except (psycopg.Error, OSError) as error:
                self._note_loss(error)
                await self._connection.forget()
                await asyncio.sleep(_RECONNECTS_EVERY_S)
            else:
                self.is_up = True

    async def _write(self, entries: Sequence[_Entry]) -> None:
        """One transaction for all; if a value is refused, one for each."""
        refused = await self._insert([entry.row for entry in entries])
        if refused is not None and _is_of_the_value(refused):
            for entry in entries:
                await self._write_alone(entry)
            return
        for entry in entries:
            entry.settle(is_landed=refused is None)

    async def _write_alone(self, entry: _Entry) -> None:
        """An event whose values are refused lands as bare bytes, and harms no other."""
        refused = await self._insert([entry.row])
        if refused is not None and _is_of_the_value(refused):
            told = "PostgreSQL refused what it says of itself"
            refused = await self._insert([bare(entry.row, told)])
        entry.settle(is_landed=refused is None)

    async def _insert(self, rows: Sequence[Row]) -> Exception | None:
        """Why the rows did not land; None if they did.

        Raises:
            psycopg.Error: the connection is lost.
        """
        try:
            await self._connection.insert(rows)
        except _ERRORS as error:
            if _is_lost(error):
                raise
            self._tell(type(error).__name__)
            return error
        return None

    def _tell(self, kind: str) -> None:
        if self._told[kind].is_due():
            _log.error("events were refused, and may be for minutes: %s", kind)

    def _note_loss(self, error: Exception) -> None:
        if self.is_up:
            _log.warning("the database went away: %s", type(error).__name__)
        self.is_up = False

    async def _give_up_late(self) -> None:
        """Answer 503 for what has waited as long as TikTok waits."""
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(_LOOKS_EVERY_S)
            before = loop.time() - WAITS_S
            for entry in self._in_flight:
                if entry.arrived < before:
                    entry.settle(is_landed=False)
            while self._waiting and self._waiting[0].arrived < before:
                self._next().settle(is_landed=False)

    async def _keep_rejects(self) -> None:
        """Write the samples of what was refused; losing some is no harm."""
        while True:
            sample = await self.rejects.next_sample()
            with suppress(psycopg.Error, OSError):
                await self._connection.keep_rejects(sample)
            await asyncio.sleep(1.0)
