"""Load a subject whole: all that is listed, and mark what is listed no longer."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import IncompleteWindow, PageTokenRefused
from tiktok_pipelines.ingest.cursors import move_cursor, read_cursor
from tiktok_pipelines.ingest.ledger import (
    Counts,
    Verdict,
    WindowResult,
    judge,
    judge_uncounted,
    record_window,
)
from tiktok_pipelines.ingest.records.batch import Batch, batched
from tiktok_pipelines.ingest.records.deletions import mark_deleted
from tiktok_pipelines.ingest.records.details import Detail, add_in_detail
from tiktok_pipelines.ingest.records.doubts import (
    Doubt,
    doubted_ids,
    resolve_if_settled,
    weigh_doubt,
    windows_stream,
)
from tiktok_pipelines.ingest.records.known import count_records, listed_records
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.timewindow import TimeWindow

_ATTEMPTS = 3
_ALL = "all"
WHOLE = "listing"
"""What ``rechecks`` calls a list that looked odd."""


@dataclass(frozen=True, slots=True)
class Listing:
    """All there is, page after page.

    Attributes:
        pages: every page.
        is_counted: whether TikTok tells ``total_count``.
        marks_deleted: whether what is listed no longer gets ``deleted_at``.
        every: at most this often, unless it looked odd; None for each sync.
        detail: how what changed is read, where the list tells it in short only.
        name: what ledger and watermark call it; "" for the stream of the subject.
    """

    pages: Callable[[ShopClient], Iterator[Page]]
    is_counted: bool = False
    marks_deleted: bool = False
    every: timedelta | None = None
    detail: Detail | None = None
    name: str = ""

    def run(self, work: Work) -> None:
        """List all, as often as it takes to agree, and at most three times.

        Raises:
            IncompleteWindow: the counts do not agree, or nothing is listed any more.
        """
        stream, started_at = self.name or work.stream, work.clock.now()
        if not self._is_due(work, stream, started_at):
            return
        is_forced = work.is_full or self._is_doubted(work, stream, started_at)
        result, tally = self._pull(work, started_at, is_forced=is_forced)
        work.results.append(result)
        record_window(work.database, work.target, stream, result)
        if not result.verdict.is_closed:
            raise IncompleteWindow(
                f"the list of {work.nouns} is not complete: {result.verdict.note};"
                " the next sync lists them again"
            )
        move_cursor(
            work.database,
            work.target,
            stream,
            watermark=started_at,
            now=work.clock.now(),
        )
        weigh_doubt(work, Doubt(stream, [WHOLE], started_at), tally.oddities)
        if not tally.unidentified:
            resolve_if_settled(work, stream, before=started_at)

    def _is_due(self, work: Work, stream: str, now: datetime) -> bool:
        if self.every is None or work.is_full:
            return True
        last = read_cursor(work.database, work.target.shop_id, stream)
        if last is None or now - last >= self.every:
            return True
        return bool(doubted_ids(work, stream, before=now, count=1))

    def _is_doubted(self, work: Work, stream: str, now: datetime) -> bool:
        """Whether details were odd, and are to be read again whatever their version."""
        asked = windows_stream(stream)
        return bool(self.detail and doubted_ids(work, asked, before=now, count=1))

    def _doubt(self, work: Work, asked_at: datetime) -> Doubt:
        """What an odd answer throws doubt on: the details, if there are any."""
        stream = self.name or work.stream
        if self.detail:
            return Doubt(windows_stream(stream), [_ALL], asked_at)
        return Doubt(stream, [WHOLE], asked_at)

    def _pull(
        self, work: Work, started_at: datetime, *, is_forced: bool
    ) -> tuple[WindowResult, RecordTally]:
        tally, attempts = RecordTally(), 1
        doubt = self._doubt(work, started_at)
        counts, verdict = self._attempt(work, tally, doubt, is_forced=is_forced)
        while attempts < _ATTEMPTS and not verdict.is_closed:
            attempts += 1
            counts, verdict = self._attempt(work, tally, doubt, is_forced=is_forced)
        is_reread = is_forced and verdict.is_closed
        if self.detail and (tally.oddities or is_reread):
            weigh_doubt(work, doubt, tally.oddities)
        deleted = 0
        if self.marks_deleted and verdict.is_closed and not tally.unidentified:
            deleted = mark_deleted(work, tally.keys, listed_at=started_at)
        result = self._result(work, tally, counts, verdict, started_at)
        return replace(
            result, attempts=attempts, rows_written=result.rows_written + deleted
        ), tally

    def _attempt(
        self, work: Work, tally: RecordTally, doubt: Doubt, *, is_forced: bool
    ) -> tuple[Counts, Verdict]:
        tally.restart()
        total: int | None = None
        try:
            with batched(work, tally, doubt) as batch:
                for page in self.pages(work.shop):
                    work.stop.raise_if_asked()
                    total = total if page.total_count is None else page.total_count
                    self._add(batch, page, is_forced=is_forced)
        except PageTokenRefused as error:
            note = f"paging broke off: {error}"
            return self._counts(work, tally, None), Verdict(is_closed=False, note=note)
        counts = self._counts(work, tally, total)
        if self.is_counted:
            return counts, judge(counts, work.nouns)
        if not tally.ids and (held := self._held(work)):
            note = f"nothing is listed, though {held} were"
            return counts, Verdict(is_closed=False, note=note)
        return counts, judge_uncounted(counts, work.nouns)

    def _add(self, batch: Batch, page: Page, *, is_forced: bool) -> None:
        batch.tally.attempt_pages += 1
        if self.detail is None:
            batch.add(page)
        else:
            add_in_detail(batch, self.detail, page, is_forced=is_forced)

    def _held(self, work: Work) -> int:
        return work.database.transact(
            lambda connection: listed_records(connection, work.target, work.mapping)
        )

    def _counts(self, work: Work, tally: RecordTally, total: int | None) -> Counts:
        rows = work.database.transact(
            lambda connection: count_records(
                connection, work.target, work.mapping, tally.keys
            )
        )
        came = len(tally.ids)
        return Counts(total, came, came, rows, tally.unidentified, tally.attempt_pages)

    def _result(
        self,
        work: Work,
        tally: RecordTally,
        counts: Counts,
        verdict: Verdict,
        started_at: datetime,
    ) -> WindowResult:
        start, finished_at = started_at.replace(microsecond=0), work.clock.now()
        end = max(finished_at.replace(microsecond=0), start + timedelta(seconds=1))
        return WindowResult(
            window=TimeWindow(start, end),
            time_field="listed",
            counts=counts,
            verdict=verdict,
            attempts=1,
            pages=tally.pages,
            rows_written=tally.rows_written,
            orders_written=tally.orders_written,
            pages_kept=tally.pages_kept,
            days=frozenset(),
            new_bad=tuple(tally.new_bad),
            started_at=started_at,
            finished_at=finished_at,
        )
