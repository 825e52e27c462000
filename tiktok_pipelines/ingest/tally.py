"""What a pull has counted so far."""

import threading
from dataclasses import dataclass, field
from datetime import date

from tiktok_pipelines.ingest.order_commit import Committed
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage


@dataclass(slots=True)
class Tally:
    """Counts of a pull while it goes on; threads add under the lock."""

    ids: set[str] = field(default_factory=set[str])
    outside: set[str] = field(default_factory=set[str])
    api_total: int | None = 0
    unidentified: int = 0
    pages: int = 0
    attempt_pages: int = 0
    rows_written: int = 0
    orders_written: int = 0
    pages_kept: int = 0
    days: set[date] = field(default_factory=set[date])
    new_bad: list[str] = field(default_factory=list[str])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, page: OrderPage, committed: Committed) -> None:
        """Count a committed page."""
        with self.lock:
            self.ids.update(rows.order_id for rows in page.orders)
            self.unidentified += sum(bad.stream == STREAM for bad in page.bad)
            self.pages += 1
            self.attempt_pages += 1
            self.rows_written += committed.rows_written
            self.orders_written += committed.orders_written
            self.pages_kept += committed.is_kept
            self.days |= committed.days
            self.new_bad += committed.new_bad

    def add_outside(self, ids: set[str]) -> None:
        """Note orders that were read in a state outside the window."""
        with self.lock:
            self.outside |= ids

    def add_moved(self, later: "Tally") -> None:
        """Count what a later pull read: orders of both left the window meanwhile."""
        with self.lock:
            self.outside |= self.ids & later.ids
            self.pages += later.pages
            self.rows_written += later.rows_written
            self.orders_written += later.orders_written
            self.pages_kept += later.pages_kept
            self.days |= later.days
            self.new_bad += later.new_bad

    def add_total(self, total: int | None) -> None:
        """Add the count on the last page of a piece of the window."""
        with self.lock:
            known = self.api_total is not None and total is not None
            self.api_total = (self.api_total or 0) + (total or 0) if known else None

    def restart(self) -> None:
        """Forget the counts of an attempt; what was written stays counted."""
        self.ids, self.outside = set(), set()
        self.api_total, self.unidentified, self.attempt_pages = 0, 0, 0
