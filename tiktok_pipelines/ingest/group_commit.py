"""Pages of one load that are ready at the same time share a transaction.

One transaction at a time writes a shop's orders anyway, and a hundred orders cost it
nearly as much as a thousand. So pages gather until half of those who pull stand in
line, while the other half fetch and map the next ones; but not for long: where TikTok's
pace is the limit, small transactions do no harm.
"""

import threading
from collections.abc import Generator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial

from tiktok_pipelines.errors import RefusedValue
from tiktok_pipelines.ingest.order_commit import (
    Committed,
    commit_or_quarantine,
    commit_order_pages,
)
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database

MOST_PAGES = 4
"""In memory as rows, and so in one transaction."""
_PATIENCE_S = 0.03

Parts = Sequence[tuple[OrderPage, Committed]]
"""A page as it was committed: whole, or less what PostgreSQL refused."""


@dataclass(slots=True)
class GroupCommit:
    """Commits the pages of one load; threads may share it."""

    database: Database
    target: ShopRun
    _waiting: list[tuple[OrderPage, "Future[Parts]"]] = field(
        default_factory=list[tuple[OrderPage, "Future[Parts]"]], init=False
    )
    _room: threading.Semaphore = field(
        default_factory=lambda: threading.Semaphore(MOST_PAGES), init=False
    )
    _pullers: int = field(default=0, init=False)
    _arrival: threading.Lock = field(default_factory=threading.Lock, init=False)
    _turn: threading.Lock = field(default_factory=threading.Lock, init=False)

    @property
    def waiting(self) -> int:
        """How many pages stand in line."""
        return len(self._waiting)

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

    @contextmanager
    def room(self) -> Generator[None]:
        """Hold a place for a page, from before it is mapped until it is written."""
        with self._room:
            yield

    def commit(self, page: OrderPage) -> Parts:
        """Commit a page, with others that wait; returns when it is on disk.

        A record that PostgreSQL refuses goes to quarantine, its neighbours land.

        Raises:
            DatabaseUnavailable: the server went away; nothing of the page was written.
            PipelineError: the page may not be written, as the error says.
        """
        done: Future[Parts] = Future()
        with self._arrival:
            self._waiting.append((page, done))
            gather = min(self._pullers, MOST_PAGES) / 2
            is_time = len(self._waiting) >= gather
        if not is_time:
            with suppress(TimeoutError):
                return done.result(_PATIENCE_S)
        with self._turn:
            while not done.done():
                self._commit_some()
        return done.result()

    def _commit_some(self) -> None:
        """Write the pages that have waited longest."""
        with self._arrival:
            some = self._waiting[:MOST_PAGES]
            del self._waiting[:MOST_PAGES]
        try:
            parts = self._write([page for page, _ in some])
        except BaseException as error:
            for _, done in some:
                done.set_exception(error)
            raise
        for (_, done), result in zip(some, parts, strict=True):
            done.set_result(result)

    def _write(self, pages: Sequence[OrderPage]) -> Sequence[Parts]:
        commit = partial(commit_order_pages, self.database, self.target, pages)
        try:
            results = self.database.outlast(commit)
        except RefusedValue:
            return [
                list(commit_or_quarantine(self.database, self.target, page))
                for page in pages
            ]
        return [
            [(page, committed)] for page, committed in zip(pages, results, strict=True)
        ]
