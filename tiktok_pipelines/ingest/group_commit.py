"""One thread maps and writes the pages of a load; those ready share a transaction.

One transaction at a time writes a shop's orders anyway, and a hundred orders cost it
nearly as much as some hundreds. So those who pull put their pages in line and fetch on.
They do not map them: two threads of Python at work hinder each other, at each step that
the writer waits for PostgreSQL, and a page takes a fifth of the memory of its rows.
"""

import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Self

from tiktok_pipelines.errors import RefusedValue
from tiktok_pipelines.ingest.order_commit import (
    Committed,
    commit_or_quarantine,
    commit_order_pages,
)
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database

MOST_PAGES = 3
"""In one transaction."""
ROOM = MOST_PAGES
"""Pages in line and being written; who pulls holds one more, ready to be put."""
_PATIENCE_S = 0.03

Told = Callable[[OrderPage, Committed], None]
"""Takes a page as it was committed: whole, or in parts, less what was refused."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A page in line; ``done`` tells when it is on disk, or why not."""

    read: Callable[[], OrderPage]
    told: Told
    done: "Future[None]"


@dataclass(frozen=True, slots=True)
class _Mapped:
    """A page whose turn it is."""

    page: OrderPage
    told: Told
    done: "Future[None]"


@dataclass(slots=True)
class GroupCommit:
    """Commits the pages of one load; threads may share it.

    ``room`` is for the pages in line and those that are written.
    """

    database: Database
    target: ShopRun
    room: int = ROOM
    _line: list[_Waiting] = field(default_factory=list[_Waiting], init=False)
    _pullers: int = field(default=0, init=False)
    _arrival: threading.Condition = field(
        default_factory=threading.Condition, init=False
    )
    _room: threading.Semaphore = field(init=False)
    _writer: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(1, "orders"), init=False
    )

    def __post_init__(self) -> None:
        self._room = threading.Semaphore(self.room)

    @property
    def waiting(self) -> int:
        """How many pages stand in line."""
        return len(self._line)

    @contextmanager
    def pulling(self) -> Generator[None]:
        """Count this thread among those whose pages are worth waiting for."""
        with self._arrival:
            self._pullers += 1
        try:
            yield
        finally:
            with self._arrival:
                self._pullers -= 1
                self._arrival.notify()

    def put(self, read: Callable[[], OrderPage], told: Told) -> "Future[None]":
        """Put a page in line as soon as there is room; ``read`` maps it in its turn.

        A record that PostgreSQL refuses goes to quarantine, its neighbours land.

        Returns:
            What is done when the page is on disk and ``told`` has returned. It raises
            DatabaseUnavailable if the server went away and nothing of the page was
            written, PipelineError if it may not be, as the error says, or what
            ``read`` raised.
        """
        done: Future[None] = Future()
        self._room.acquire()
        done.add_done_callback(lambda _: self._room.release())
        with self._arrival:
            self._line.append(_Waiting(read, told, done))
            self._arrival.notify()
        self._writer.submit(self._write_next)
        return done

    def _write_next(self) -> None:
        """Write the pages that have waited longest, if any are left."""
        with self._arrival:
            self._arrival.wait_for(self._is_time, _PATIENCE_S)
            first = self._line[:MOST_PAGES]
            del self._line[: len(first)]
        mapped = [each for one in first for each in _map(one)]
        del first  # the answers as received
        some = _without_repeats(mapped)
        self._put_back(mapped[len(some) :])
        del mapped
        try:
            self._write(some)
        except BaseException as error:
            for each in some:
                if not each.done.done():
                    each.done.set_exception(error)
            raise

    def _put_back(self, pages: Sequence[_Mapped]) -> None:
        """To the head of the line."""
        with self._arrival:
            self._line[:0] = [
                _Waiting(partial(_itself, each.page), each.told, each.done)
                for each in pages
            ]

    def _is_time(self) -> bool:
        """Whether no more pages are worth waiting for."""
        return not self._line or len(self._line) >= min(self._pullers, MOST_PAGES) / 2

    def _write(self, some: Sequence[_Mapped]) -> None:
        pages = [each.page for each in some]
        commit = partial(commit_order_pages, self.database, self.target, pages)
        try:
            results = self.database.outlast(commit) if some else ()
        except RefusedValue:
            for each in some:
                self._write_in_parts(each)
            return
        for each, committed in zip(some, results, strict=True):
            each.told(each.page, committed)
            each.done.set_result(None)

    def _write_in_parts(self, mapped: _Mapped) -> None:
        parts = commit_or_quarantine(self.database, self.target, mapped.page)
        for part, committed in parts:
            mapped.told(part, committed)
        mapped.done.set_result(None)


def _map(waiting: _Waiting) -> Iterator[_Mapped]:
    """The page whose turn it is; none if it cannot be read, which is told."""
    try:
        yield _Mapped(waiting.read(), waiting.told, waiting.done)
    except BaseException as error:  # noqa: BLE001 - whoever put it in line is told
        waiting.done.set_exception(error)


def _itself(page: OrderPage) -> OrderPage:
    return page


def _without_repeats(line: Sequence[_Mapped]) -> Sequence[_Mapped]:
    """The first pages, up to the first that repeats an order of another.

    So a transaction leaves what its pages one after the other would: a rebuild replays
    them so, and finds the same rows from the same pages.
    """
    met: set[str] = set()
    for place, each in enumerate(line):
        ids = {rows.order_id for rows in each.page.orders}
        if not met.isdisjoint(ids):
            return line[:place]
        met |= ids
    return line


class Handed:
    """Pages that one thread put in line; at the end of the block all are on disk."""

    def __init__(self) -> None:
        self._pages: list[Future[None]] = []

    def __enter__(self) -> Self:
        return self

    def add(self, page: "Future[None]") -> None:
        """Keep an eye on a page.

        Raises:
            PipelineError: an earlier one was not written.
        """
        ended = [each for each in self._pages if each.done()]
        self._pages = [each for each in self._pages if each not in ended]
        self._pages.append(page)
        for each in ended:
            each.result()

    def wait(self) -> None:
        """Wait until all are on disk.

        Raises:
            PipelineError: one was not written.
        """
        for page in self._pages:
            page.result()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait; if the block has failed already, its error is the one to raise."""
        wait(self._pages)
        if error is None:
            self.wait()
