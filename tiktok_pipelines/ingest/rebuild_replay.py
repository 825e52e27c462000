"""Fill the shadow tables with what a shop's pages say, page after page.

The mapping, the plan and the writer are those of every load: each page meets the rows
that the pages before it left, so it changes what it changed when it was committed.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from sqlalchemy import Connection, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import PipelineError, RefusedValue
from tiktok_pipelines.ingest.archive import KeptPage, next_pages, read_kept
from tiktok_pipelines.ingest.order_commit import write_pages
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.rebuild_scope import CreationDays, covered_of
from tiktok_pipelines.ingest.shop_state import shop_state
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database

_QUIET = timedelta(seconds=5)
_NAMED = 20  # refused orders named at most
_COUNT = text("""
    SELECT count(*) FROM tiktok_raw.pages
    WHERE shop_id = :shop_id AND stream = :stream AND page_id <= :upto
      AND fetched_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
""")
_ALL = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Replayed:
    """How far a replay has come.

    ``refused`` orders hold a value that PostgreSQL does not take; the first few are
    named.
    """

    newest_page_id: int = 0
    pages: int = 0
    orders: int = 0
    refused_count: int = 0
    refused: tuple[str, ...] = ()

    def with_pages(self, pages: Sequence[KeptPage], orders: int) -> "Replayed":
        """After some more pages."""
        return replace(
            self,
            newest_page_id=pages[-1].page_id,
            pages=self.pages + len(pages),
            orders=self.orders + orders,
        )

    def with_refused(self, order_id: str) -> "Replayed":
        """After an order that was left out."""
        return replace(
            self,
            refused_count=self.refused_count + 1,
            refused=(*self.refused, order_id)[:_NAMED],
        )


P = TypeVar("P")


class Ways(Protocol[P]):
    """How the pages of one stream are read and written."""

    @property
    def stream(self) -> str:
        """The stream."""
        ...

    @property
    def since(self) -> datetime | None:
        """Pages asked for earlier are left out."""
        ...

    def read(self, connection: Connection, kept: KeptPage) -> P:
        """A kept page, mapped."""
        ...

    def write(self, connection: Connection, page: P) -> None:
        """Write its rows."""
        ...

    def ids(self, page: P) -> Sequence[str]:
        """Its records."""
        ...

    def halves(self, page: P) -> Sequence[P]:
        """The page in two."""
        ...


@dataclass(frozen=True, slots=True)
class OrderWays:
    """How pages of orders are replayed, of some days of creation or all."""

    target: ShopRun
    days: CreationDays
    stream: str = STREAM

    @property
    def since(self) -> datetime | None:
        """No page asked for before holds such an order."""
        return self.days.fetched_since

    def read(self, connection: Connection, kept: KeptPage) -> OrderPage:
        """The orders of a page that are covered."""
        page = kept.page()
        if not self.days.is_all:
            page = replace(page, records=covered_of(connection, page))
        return read_kept(kept, page)

    def write(self, connection: Connection, page: OrderPage) -> None:
        """Write its orders."""
        state = shop_state(connection, self.target.shop_id)
        write_pages(connection, self.target, [page], state)

    def ids(self, page: OrderPage) -> Sequence[str]:
        """Its orders."""
        return [rows.order_id for rows in page.orders]

    def halves(self, page: OrderPage) -> Sequence[OrderPage]:
        """The page in two."""
        half = len(page.orders) // 2
        parts = (page.orders[:half], page.orders[half:])
        return [replace(page, orders=orders) for orders in parts]


@dataclass(slots=True)
class Replay(Generic[P]):
    """A replay of one shop's pages; ``state`` says how far it has come."""

    database: Database
    target: ShopRun
    ways: Ways[P]
    clock: Clock
    log: Callable[[str], None]
    state: Replayed = field(default_factory=Replayed)
    _total: int = field(init=False)
    _started_at: datetime = field(init=False)
    _told_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._started_at = self._told_at = self.clock.now()
        with self.database.begin() as connection:
            self._total = self._count(connection, _ALL)

    def catch_up(self) -> int:
        """Replay all pages there are, in transactions of their own; return how many.

        An order with a value that PostgreSQL refuses is left out, not its neighbours.
        """
        before = self.state.pages
        while self._some():
            self._tell()
        return self.state.pages - before

    def catch_up_within(self, connection: Connection) -> None:
        """Replay the pages that are left, in a transaction that holds the shop's lock.

        Raises:
            PipelineError: pages that were replayed have gone since.
        """
        while some := self._next(connection):
            self._write_all(connection, some)
        if self._count(connection, self.state.newest_page_id) != self.state.pages:
            raise PipelineError(
                f"pages of shop {self.target.shop_id} were removed while they were "
                "read, and nothing was changed: run the rebuild again"
            )

    def _some(self) -> bool:
        before = self.state
        with self.database.begin() as connection:
            some = self._next(connection)
        if not some:
            return False
        try:
            with self.database.begin() as connection:
                connection.execute(text("SET LOCAL synchronous_commit = off"))
                self._write_all(connection, some)
        except RefusedValue:
            self.state = before
            self._write_each(some)
        return True

    def _next(self, connection: Connection) -> Sequence[KeptPage]:
        return next_pages(
            connection,
            self.target.shop_id,
            stream=self.ways.stream,
            after=self.state.newest_page_id,
            since=self.ways.since,
        )

    def _write_all(self, connection: Connection, some: Sequence[KeptPage]) -> None:
        records = 0
        for kept in some:
            page = self.ways.read(connection, kept)
            self.ways.write(connection, page)
            records += len(self.ways.ids(page))
        self.state = self.state.with_pages(some, records)

    def _write_each(self, some: Sequence[KeptPage]) -> None:
        """The slow way: find the records that hold what no column takes."""
        records = 0
        for kept in some:
            with self.database.begin() as connection:
                page = self.ways.read(connection, kept)
            self._write_or_part(page)
            records += len(self.ways.ids(page))
        self.state = self.state.with_pages(some, records)

    def _write_or_part(self, page: P) -> None:
        try:
            with self.database.begin() as connection:
                self.ways.write(connection, page)
        except RefusedValue:
            ids = self.ways.ids(page)
            if not ids:
                raise
            if len(ids) == 1:
                self.state = self.state.with_refused(ids[0])
                return
            for part in self.ways.halves(page):
                self._write_or_part(part)

    def _count(self, connection: Connection, upto: int) -> int:
        told = {
            "shop_id": self.target.shop_id,
            "stream": self.ways.stream,
            "upto": upto,
            "since": self.ways.since,
        }
        return connection.execute(_COUNT, told).scalar_one()

    def _tell(self) -> None:
        """One line of progress, at most every five seconds and at the end."""
        now, done = self.clock.now(), self.state.pages
        if done < self._total and now - self._told_at < _QUIET:
            return
        self._told_at = now
        passed_s = max((now - self._started_at).total_seconds(), 0.001)
        left_s = round(passed_s / done * max(self._total - done, 0))
        share = 100 * done // max(self._total, done)
        self.log(
            f"shop {self.target.shop_id}: page {done} of {max(self._total, done)}"
            f" ({share} %), {self.state.orders} {self.ways.stream},"
            f" {self.state.orders / passed_s:.0f} a second,"
            f" {timedelta(seconds=left_s)} left"
        )
