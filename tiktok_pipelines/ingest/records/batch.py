"""Pages on their way into the tables: a few share a transaction."""

from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.commit import commit_or_quarantine
from tiktok_pipelines.ingest.records.doubts import Doubt, keep_doubt
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally

PAGES_AT_ONCE = 50  # of single records: lists are full of records before
_RECORDS_AT_ONCE = 400


@dataclass(slots=True)
class Batch:
    """Pages that were mapped and wait to be written; one thread's.

    ``doubt`` is kept with the rows of what is odd.
    """

    work: Work
    tally: RecordTally
    doubt: Doubt | None = None
    _pages: list[RecordPage] = field(default_factory=list[RecordPage])

    def add(self, page: Page) -> RecordPage:
        """Map a page, and write it with those that wait once there are some.

        The page gives up its records, to be held in memory only once.
        """
        read = read_record_page(self.work.mapping, page, self.work.policy)
        self.tally.pages += 1
        if page.endpoint.tells_one and not page.records:
            self.throw_doubt("an answer about one record held none")
        if isinstance(page.records, list):
            page.records.clear()
        self.add_read(read)
        return read

    def add_read(self, read: RecordPage) -> None:
        """The same for a page that is mapped already."""
        self._pages.append(read)
        records = sum(len(one.kept) for one in self._pages)
        if len(self._pages) >= PAGES_AT_ONCE or records >= _RECORDS_AT_ONCE:
            self.flush()

    def throw_doubt(self, oddity: str) -> None:
        """Keep the doubt for what no page shows, before anything lands for it."""
        self.tally.oddities.add(oddity)
        doubt, work = self.doubt, self.work
        if doubt:
            work.database.transact(
                lambda connection: keep_doubt(connection, work.target, doubt, {oddity})
            )

    def flush(self) -> None:
        """Write what waits."""
        if self._pages:
            pages, self._pages = self._pages, []
            work = self.work
            for part, committed in commit_or_quarantine(
                work.database, work.target, pages, doubt=self.doubt
            ):
                self.tally.take(part, committed)


@contextmanager
def batched(
    work: Work, tally: RecordTally, doubt: Doubt | None = None
) -> Generator[Batch]:
    """A batch that is written whole at the end, and as far as it came on an error."""
    batch = Batch(work, tally, doubt)
    try:
        yield batch
    finally:
        batch.flush()
