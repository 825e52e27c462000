"""What a pull of records has counted so far."""

from collections import Counter
from dataclasses import dataclass, field

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.ingest.records.commit import Committed
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.plan import Key
from tiktok_pipelines.ingest.tally import Tally
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord


@dataclass(slots=True)
class RecordTally(Tally):
    """Counts of a pull while it goes on, in one thread.

    Attributes:
        keys: of the records that landed.
        oddities: what was odd in its pages, those of earlier attempts too: what landed
            then may still stand, as details that are not read again.
    """

    keys: set[Key] = field(default_factory=set[Key])
    oddities: set[str] = field(default_factory=set[str])

    def take(self, page: RecordPage, committed: Committed) -> None:
        """Count a committed page."""
        self._take_ids(page)
        bad = [one for one in page.bad if one.stream == page.mapping.stream]
        self.bad |= Counter(one.key for one in bad)
        self.blank += Counter(one.key for one in bad if _is_blank(one))
        self.rows_written += committed.rows_written
        self.orders_written += committed.records_written
        self.pages_kept += committed.is_kept
        self.new_bad += committed.new_bad
        self.oddities |= committed.oddities

    def take_listed(self, page: RecordPage) -> None:
        """Count a page whose records are read in detail; what is bad in it is kept."""
        self.pages += 1
        self._take_ids(page)

    def add_tally(self, other: "RecordTally") -> None:
        """Add what another thread counted of other records."""
        with self.lock:
            self.ids |= other.ids
            self.keys |= other.keys
            self.bad |= other.bad
            self.blank += other.blank
            self.oddities |= other.oddities
            self.pages += other.pages
            self.attempt_pages += other.attempt_pages
            self.rows_written += other.rows_written
            self.orders_written += other.orders_written
            self.pages_kept += other.pages_kept
            self.new_bad += other.new_bad

    def count_anew(self) -> None:
        """Forget what was counted: the same attempt reads all of it again."""
        Tally.count_anew(self)  # super() does not work in a class with slots
        self.keys = set()

    def _take_ids(self, page: RecordPage) -> None:
        self.ids.update(rows.record_id for rows in page.records)
        self.keys.update(rows.key for rows in page.records)


def _is_blank(bad: BadRecord) -> bool:
    """Whether it tells nothing by which it could be told from another one."""
    is_dated = "create_time" in as_object(bad.content)
    return bad.key.startswith(UNIDENTIFIED) and not is_dated
