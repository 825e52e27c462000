"""What a pull has counted so far."""

import threading
from array import array
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from tiktok_pipelines.api.decoding import as_list, as_object, as_text
from tiktok_pipelines.ingest.order_commit import Committed
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.seams import is_blank
from tiktok_pipelines.transform.notes import BadRecord


def _no_lines() -> "array[int]":
    return array("q")


@dataclass(slots=True)
class Tally:
    """Counts of a pull while it goes on; threads add under the lock.

    ``bad`` are records that are no orders, by content: the most that one page held.
    ``blank`` are those that tell nothing of themselves, of all pages together.
    ``lines`` are hashes of the ids of the orders' lines, which are many and seldom
    asked for; those of ``bad`` tell whose record it is.
    ``is_unsure``: one of ``blank`` may be counted twice. ``attempts`` counts from 1.
    """

    ids: set[str] = field(default_factory=set[str])
    outside: set[str] = field(default_factory=set[str])
    api_total: int | None = 0
    bad: Counter[str] = field(default_factory=Counter[str])
    blank: Counter[str] = field(default_factory=Counter[str])
    lines: "array[int]" = field(default_factory=_no_lines)
    lines_of_bad: dict[str, set[int]] = field(default_factory=dict[str, set[int]])
    pages: int = 0
    attempt_pages: int = 0
    rows_written: int = 0
    orders_written: int = 0
    pages_kept: int = 0
    days: set[date] = field(default_factory=set[date])
    new_bad: list[str] = field(default_factory=list[str])
    is_unsure: bool = False
    attempts: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def unidentified(self) -> int:
        """How many records are no orders.

        A page may repeat a row of the page before, and so hide one of its own: what is
        alike on several pages counts once, and what has a line of an order that was
        read not at all. Those that tell nothing of themselves count each, unless
        ``is_unsure``.
        """
        counted = self.bad | self.blank
        lines = set(self.lines) if counted else set[int]()
        return sum(
            count
            for key, count in counted.items()
            if lines.isdisjoint(self.lines_of_bad.get(key, ()))
        )

    def add(self, page: OrderPage, committed: Committed) -> None:
        """Count a committed page."""
        with self.lock:
            self.ids.update(rows.order_id for rows in page.orders)
            self.lines.extend(
                hash(line["line_id"])
                for rows in page.orders
                for line in rows.lines or ()
            )
            bad = [bad for bad in page.bad if bad.stream == STREAM]
            self.lines_of_bad.update((one.key, _lines_of(one)) for one in bad)
            self.bad |= Counter(one.key for one in bad)
            self.blank += Counter(one.key for one in bad if is_blank(one))
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
        """Begin an attempt without the counts of the last; writes stay counted."""
        self.attempts += 1
        self.count_anew()

    def count_anew(self) -> None:
        """Forget what was counted: the same attempt reads all of it again."""
        self.ids, self.outside = set(), set()
        self.bad, self.blank = Counter(), Counter()
        self.lines, self.lines_of_bad = _no_lines(), {}
        self.api_total, self.attempt_pages, self.is_unsure = 0, 0, False


def _lines_of(bad: BadRecord) -> set[int]:
    """Hashes of the ids of a bad record's lines."""
    lines = as_list(as_object(bad.content).get("line_items"))
    ids = {as_text(as_object(line).get("id")) for line in lines} - {""}
    return {hash(each) for each in ids}
