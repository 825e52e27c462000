"""Rebuild the tables of any subject from the pages that were kept.

As with orders: a shop's pages are replayed into shadow tables, which are compared under
the stream's lock; only what differs is applied, in the same transaction.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection, Table, text

from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.errors import PipelineError, RefusedValue
from tiktok_pipelines.ingest.archive import KeptPage
from tiktok_pipelines.ingest.rebuild import (
    LOCK,
    RebuildReport,
    RebuildRequest,
    ShopRebuild,
    may_apply,
    tell_if_taken,
)
from tiktok_pipelines.ingest.rebuild_compare import apply_to_table, find_in_table
from tiktok_pipelines.ingest.rebuild_replay import Replay
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.ingest.rebuild_shadow import (
    Shadow,
    refresh_statistics,
    shadow_tables,
)
from tiktok_pipelines.ingest.records.archive import read_kept_records
from tiktok_pipelines.ingest.records.commit import stream_lock, write_pages
from tiktok_pipelines.ingest.records.deletions import (
    Deletion,
    is_deletion,
    read_deletion,
    write_deletion,
)
from tiktok_pipelines.ingest.records.keys import table_of
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.rebuild_scope import (
    covered_of,
    fill_scope,
    limit_of,
)
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.records import id_of

_SHOPS = """
    SELECT shop_id FROM tiktok_raw.pages WHERE stream = :stream
    UNION SELECT shop_id FROM tiktok.{root} ORDER BY 1
"""


@dataclass(frozen=True, slots=True)
class _Gone:
    """A page of our own that tells what a whole list did not hold."""

    deletion: Deletion
    page_id: int


_Kept = RecordPage | _Gone


@dataclass(frozen=True, slots=True)
class RecordWays:
    """How pages of a subject are replayed."""

    target: ShopRun
    mapping: RecordMap
    days: CreationDays = field(default_factory=CreationDays)

    @property
    def stream(self) -> str:
        """The subject's."""
        return self.mapping.stream

    @property
    def since(self) -> datetime | None:
        """No page asked for before holds a record of these days."""
        return self.days.fetched_since

    def read(self, connection: Connection, kept: KeptPage) -> _Kept:
        """A kept page, mapped: the records that are covered."""
        if is_deletion(kept.request):
            deletion = read_deletion(kept.answer(), kept.fetched_at)
            return _Gone(deletion, kept.page_id)
        page = read_kept_records(self.mapping, kept)
        return page if self.days.is_all else covered_of(connection, page)

    def write(self, connection: Connection, page: _Kept) -> None:
        """Write its rows."""
        if isinstance(page, _Gone):
            write_deletion(
                connection,
                self.target,
                self.mapping,
                page.deletion,
                page_id=page.page_id,
            )
        else:
            write_pages(connection, self.target, self.mapping, [page])

    def ids(self, page: _Kept) -> Sequence[str]:
        """Its records."""
        if isinstance(page, _Gone):
            return [id_of(key) for key in page.deletion.keys]
        return [rows.record_id for rows in page.records]

    def halves(self, page: _Kept) -> Sequence[_Kept]:
        """The page in two."""
        if isinstance(page, _Gone):
            return [page]
        half = len(page.records) // 2
        parts = (page.records[:half], page.records[half:])
        return [replace(page, records=records) for records in parts]


@dataclass(frozen=True, slots=True)
class _Rebuild:
    """A rebuild of one subject."""

    database: Database
    mapping: RecordMap
    request: RebuildRequest
    log: Callable[[str], None]
    clock: Clock

    @property
    def tables(self) -> Sequence[Table]:
        """What pages tell of."""
        return [table_of(name) for name in self.mapping.tables()]

    def shops(self) -> Sequence[str]:
        """The shops asked for, or all that there is anything of."""
        statement = text(_SHOPS.format(root=self.mapping.root.table))
        with self.database.begin() as connection:
            told = {"stream": self.mapping.stream}
            known = connection.execute(statement, told).scalars().all()
        unknown = sorted(set(self.request.shop_ids) - set(known))
        if unknown:
            raise PipelineError(
                f"no page and no row of {self.mapping.stream} of shop "
                f"{', '.join(unknown)} is there: expected one of those that "
                "tiktok-pipelines shops list names"
            )
        return list(dict.fromkeys(self.request.shop_ids)) or known

    def rebuild(self, shop_id: str) -> ShopRebuild:
        """Rebuild one shop."""
        with shadow_tables(self.database, shop_id, self.tables) as shadow:
            days = self.request.days
            if not days.is_all:
                fill_scope(self.database, self.mapping, shop_id, days)
            ways = RecordWays(shadow.target, self.mapping, days)
            replay = Replay(self.database, shadow.target, ways, self.clock, self.log)
            replay.catch_up()
            refresh_statistics(self.database, self.tables)
            while True:
                before = replay.state
                try:
                    return self._finish(replay, shadow)
                except RefusedValue:  # in a page that came last: it takes the slow way
                    replay.state = before
                    if not replay.catch_up():
                        raise

    def _finish(self, replay: Replay[_Kept], shadow: Shadow) -> ShopRebuild:
        """With the stream's writers waiting: the last pages, comparison, changes."""
        target = shadow.target
        with self.database.begin() as connection:
            lock = stream_lock(self.mapping.stream, target.shop_id)
            lock_in_transaction(connection, lock)
            shadow.check(connection)
            replay.catch_up_within(connection)
            connection.execute(text("SET LOCAL work_mem = '64MB'"))  # writers wait
            found = ShopRebuild(
                target.shop_id,
                replay.state,
                tuple(
                    find_in_table(connection, target, table, ours=self._ours(table))
                    for table in self.tables
                ),
                is_applied=False,
            )
            if not may_apply(found, self.request):
                return found
            for table in self.tables:
                apply_to_table(connection, table)
        return replace(found, is_applied=True)

    def _ours(self, table: Table) -> str:
        """Which of its rows are compared."""
        return "true" if self.request.days.is_all else limit_of(self.mapping, table)


def rebuild_records(
    database: Database,
    mapping: RecordMap,
    request: RebuildRequest,
    *,
    log: Callable[[str], None],
    clock: Clock | None = None,
) -> RebuildReport:
    """Derive the tables of a subject again from the pages kept; asks TikTok nothing.

    Loads may go on meanwhile. One rebuild works at a time, a second one waits.

    Raises:
        ConfigurationError: it is limited to days, and the records have none.
        PipelineError: a shop is unknown, or pages or shadow tables were lost meanwhile.
        StorageError: a page is damaged, or of a call that is not known.
        DatabaseUnavailable: the server went away; the tables are as before, or done
            shop by shop.
    """
    work = _Rebuild(database, mapping, request, log, clock or SystemClock())
    tell_if_taken(database, log)
    with database.lock(LOCK):
        shops = tuple(work.rebuild(shop_id) for shop_id in work.shops())
    return RebuildReport(request, shops)
