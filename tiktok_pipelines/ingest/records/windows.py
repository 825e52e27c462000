"""Load a subject by windows of time, each until its counts agree."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import (
    IncompleteWindow,
    PageTokenRefused,
    RequestRefused,
)
from tiktok_pipelines.ingest.cursors import forget_cursor, move_cursor, read_cursor
from tiktok_pipelines.ingest.ledger import (
    Counts,
    Verdict,
    WindowResult,
    judge,
    judge_uncounted,
    record_window,
)
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.records.batch import batched
from tiktok_pipelines.ingest.records.details import Detail, add_in_detail
from tiktok_pipelines.ingest.records.doubts import (
    Doubt,
    doubted_windows,
    resolve_if_settled,
    weigh_doubt,
    windows_doubt,
)
from tiktok_pipelines.ingest.records.known import count_records
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.ingest.second_looks import LAG
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.timewindow import TimeWindow

ATTEMPTS = 3
OVERLAP = timedelta(minutes=10)
"""How far a sync reaches back behind the watermark: search indexes lag."""
_CLOCKS_DIFFER = timedelta(minutes=5)
_SMALLEST_CUT = timedelta(minutes=10)
_COUNTS_AGAIN = 3
_UNSURE = "records that say nothing are on several pages, and may be one or several"

Search = Callable[[ShopClient, TimeWindow], Iterator[Page]]


class _TooManyError(Exception):
    """A window holds more than is pulled in one piece."""


class Judged(NamedTuple):
    """What a window held, and what that makes of it."""

    counts: Counts
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Windows:
    """Slices of time, oldest first; the watermark moves over closed ones.

    Attributes:
        search: the pages of a window.
        time_field: what the window bounds, by TikTok's name. Records leave windows of
            ``update_time`` while they are read; others do not move.
        step: the longest window.
        most: more records than this, and a window is cut in two.
        is_counted: whether TikTok tells ``total_count``.
        back: how far behind the watermark each sync reads again; more than an overlap
            where records come late.
        not_before: there is nothing earlier.
        first: where the first pull begins, however far back a first sync goes.
        too_many: codes by which TikTok refuses a window that holds too much.
        detail: how what changed is read, where a search tells it in short only.
        name: what ledger and watermark call it; "" for the stream of the subject.
        doubted_as: the id that an odd answer throws doubt on; "" for the window.
    """

    search: Search
    time_field: str = "update_time"
    step: timedelta = timedelta(days=7)
    most: int = 5000
    is_counted: bool = True
    back: timedelta = OVERLAP
    not_before: datetime | None = None
    first: datetime | None = None
    too_many: frozenset[int] = frozenset()
    detail: Detail | None = None
    name: str = ""
    doubted_as: str = ""

    def run(self, work: Work) -> None:
        """Pull what changed since the watermark, and what looked odd.

        Raises:
            IncompleteWindow: a window stayed open; the watermark stands before it.
        """
        started_at = work.clock.now()
        stream = self.name or work.stream
        if span := self._span(work, stream):
            self._pull_span(work, stream, span)
        for window in doubted_windows(work, stream, self.time_field, before=started_at):
            for result in _Pull(self, work, stream, is_forced=True).pull(window):
                work.results.append(result)
        resolve_if_settled(work, stream, before=started_at)

    def _span(self, work: Work, stream: str) -> TimeWindow | None:
        """From the watermark, less what is read again, to the present, less the lag.

        A watermark in the future (a clock was wrong) is worth nothing.
        """
        now = work.clock.now().replace(microsecond=0)
        watermark = read_cursor(work.database, work.target.shop_id, stream)
        if watermark is not None and watermark > now + timedelta(hours=1):
            forget_cursor(work.database, work.target.shop_id, stream)
            watermark = None
        start = self.first or work.since
        if watermark is not None and not work.is_full:
            start = min(watermark, now) - self.back
        if self.not_before is not None:
            start = max(start, self.not_before)
        end = now - LAG
        start = start.replace(microsecond=0)
        return TimeWindow(start, end) if start < end else None

    def _pull_span(self, work: Work, stream: str, span: TimeWindow) -> None:
        def pull(window: TimeWindow, stop: Stop) -> Sequence[WindowResult]:
            return _Pull(self, work.below(stop), stream).pull(window)

        def done(results: Sequence[WindowResult]) -> None:
            work.results.extend(results)
            for result in results:
                _raise_if_open(work, result)
            end = results[-1].window.end
            _move_cursor(work, stream, end)

        windows = list(span.split(self.step))
        in_order(windows, pull, done, workers=work.workers, stop=work.stop)


def pull_window(
    load: Windows, work: Work, window: TimeWindow, *, is_forced: bool = False
) -> Sequence[WindowResult]:
    """Pull one window, whatever the watermark says, in as many pieces as it takes.

    ``is_forced`` reads in detail what is known, too. An open verdict is no error.
    """
    stream = load.name or work.stream
    return _Pull(load, work, stream, is_forced=is_forced).pull(window)


def _move_cursor(work: Work, stream: str, watermark: datetime) -> None:
    move_cursor(
        work.database,
        work.target,
        stream,
        watermark=watermark,
        now=work.clock.now(),
    )


def _raise_if_open(work: Work, result: WindowResult) -> None:
    if not result.verdict.is_closed:
        raise IncompleteWindow(
            f"{work.nouns} of {result.window} are not complete:"
            f" {result.verdict.note}; the next sync reads them again"
        )


@dataclass(frozen=True, slots=True)
class _Pull:
    """A pull of one window; ``is_forced`` reads in detail what is known, too."""

    load: Windows
    work: Work
    stream: str
    is_forced: bool = False

    def pull(self, window: TimeWindow) -> Sequence[WindowResult]:
        """Pull a window, write its pages, append the verdict to the ledger.

        One with too many records is cut in two.
        """
        try:
            return [self._pull_whole(window)]
        except _TooManyError:
            return self._pull_halves(window)

    def _pull_halves(self, window: TimeWindow) -> Sequence[WindowResult]:
        """Pull a window in two; what was in doubt of it as a whole, is so of each."""
        asked_at = self.work.clock.now()
        middle = window.start + (window.end - window.start) / 2
        middle = middle.replace(microsecond=0)
        halves = TimeWindow(window.start, middle), TimeWindow(middle, window.end)
        results = [result for half in halves for result in self.pull(half)]
        if self._reads_all and all(each.verdict.is_closed for each in results):
            time_field = self.load.time_field
            whole = windows_doubt(self.stream, time_field, window, asked_at)
            weigh_doubt(self.work, whole, ())
        return results

    def _pull_whole(self, window: TimeWindow) -> WindowResult:
        started_at = self.work.clock.now()
        tally, attempts = RecordTally(), 1
        doubt = self._doubt(window, started_at)
        judged = self._attempt(window, tally, doubt)
        while attempts < ATTEMPTS and not judged.verdict.is_closed:
            attempts += 1
            judged = self._attempt(window, tally, doubt)
        if tally.oddities or (judged.verdict.is_closed and self._reads_all):
            weigh_doubt(self.work, doubt, tally.oddities)
        result = WindowResult(
            window=window,
            time_field=self.load.time_field,
            counts=judged.counts,
            verdict=judged.verdict,
            attempts=attempts,
            pages=tally.pages,
            rows_written=tally.rows_written,
            orders_written=tally.orders_written,
            pages_kept=tally.pages_kept,
            days=frozenset(),
            new_bad=tuple(tally.new_bad),
            started_at=started_at,
            finished_at=self.work.clock.now(),
        )
        record_window(self.work.database, self.work.target, self.stream, result)
        return result

    @property
    def _reads_all(self) -> bool:
        """Whether no record is left as it is known, however odd it came."""
        return self.is_forced or self.load.detail is None

    def _doubt(self, window: TimeWindow, asked_at: datetime) -> Doubt:
        if self.load.doubted_as:
            return Doubt(self.stream, (self.load.doubted_as,), asked_at)
        return windows_doubt(self.stream, self.load.time_field, window, asked_at)

    def _attempt(self, window: TimeWindow, tally: RecordTally, doubt: Doubt) -> Judged:
        """Pull the window once and judge it."""
        started_at = self.work.clock.now().replace(microsecond=0)
        tally.restart()
        try:
            self._pull_once(window, tally, doubt, may_cut=True)
            judged = self._judge(tally)
            if self._may_move and not _is_plain(judged):
                judged = self._settled(window, tally, started_at)
        except PageTokenRefused as error:
            tally.api_total = None
            broken = Verdict(is_closed=False, note=f"paging broke off: {error}")
            return Judged(self._counts(tally), broken)
        return judged

    @property
    def _may_move(self) -> bool:
        return self.load.is_counted and self.load.time_field == "update_time"

    def _judge(self, tally: RecordTally) -> Judged:
        """Counts that agree prove nothing while it is open what they should be."""
        counts = self._counts(tally)
        if not self.load.is_counted:
            return Judged(counts, judge_uncounted(counts, self.work.nouns))
        verdict = judge(counts, self.work.nouns)
        if verdict.is_closed and tally.is_unsure:
            return Judged(counts, Verdict(is_closed=False, note=_UNSURE))
        return Judged(counts, verdict)

    def _counts(self, tally: RecordTally) -> Counts:
        work = self.work
        rows = work.database.transact(
            lambda connection: count_records(
                connection, work.target, work.mapping, tally.keys
            )
        )
        return Counts(
            tally.api_total if self.load.is_counted else None,
            len(tally.ids),
            len(tally.ids - tally.outside),
            rows,
            tally.unidentified,
            tally.attempt_pages,
        )

    def _settled(
        self, window: TimeWindow, tally: RecordTally, started_at: datetime
    ) -> Judged:
        """Judge again, knowing which records changed while the pages were read.

        As they leave the window, others may slip to a page that was read before. So
        count again, then look who left.
        """
        judged = self._judge(tally)
        for _ in range(_COUNTS_AGAIN):
            first = next(iter(self.load.search(self.work.shop, window)), None)
            tally.api_total = None if first is None else first.total_count
            since = max(window.end, started_at - _CLOCKS_DIFFER)
            until = self.work.clock.now().replace(microsecond=0) + _CLOCKS_DIFFER
            later = RecordTally()
            moved = TimeWindow(since, until)
            doubt = self._doubt(moved, self.work.clock.now())
            self._pull_once(moved, later, doubt, may_cut=False)
            tally.add_moved(later)
            judged = self._judge(tally)
            if judged.verdict.is_closed:
                break
        return judged

    def _pull_once(
        self, window: TimeWindow, tally: RecordTally, doubt: Doubt, *, may_cut: bool
    ) -> None:
        total: int | None = None
        is_empty = True
        with batched(self.work, tally, doubt) as batch:
            for page in self._pages(window, may_cut=may_cut):
                self.work.stop.raise_if_asked()
                is_empty = is_empty and not page.records and page.total_count is None
                total = total if page.total_count is None else page.total_count
                if may_cut and self._is_too_much(total, window):
                    raise _TooManyError
                tally.attempt_pages += 1
                if self.load.detail is None:
                    read = batch.add(page)
                else:
                    read = add_in_detail(
                        batch, self.load.detail, page, is_forced=self.is_forced
                    )
                tally.add_outside(self._outside(read, window))
        if is_empty and self._is_really_empty(window):
            total = 0
        tally.add_total(total)

    def _pages(self, window: TimeWindow, *, may_cut: bool) -> Iterator[Page]:
        try:
            yield from self.load.search(self.work.shop, window)
        except RequestRefused as error:
            if may_cut and error.code in self.load.too_many:
                raise _TooManyError from None
            raise

    def _is_too_much(self, total: int | None, window: TimeWindow) -> bool:
        is_long = window.end - window.start > 2 * _SMALLEST_CUT
        return total is not None and total > self.load.most and is_long

    def _outside(self, page: RecordPage, window: TimeWindow) -> set[str]:
        """The records that were read in a state outside a window of updates."""
        if self.load.time_field != "update_time":
            return set()
        start, end = microseconds(window.start), microseconds(window.end)
        return {
            rows.record_id
            for rows in page.records
            if (moment := rows.version.updated_us) and not start <= moment < end
        }

    def _is_really_empty(self, window: TimeWindow) -> bool:
        """Whether nothing at all means none: TikTok leaves out what has no value.

        Asked for again, as a slip of theirs looks the same.
        """
        for _ in range(_COUNTS_AGAIN - 1):
            page = next(iter(self.load.search(self.work.shop, window)), None)
            if page is None or page.records or page.total_count:
                return False
            if page.total_count == 0:
                return True
        return True


def _is_plain(judged: Judged) -> bool:
    """One answer alone agrees with itself; nothing moves within it."""
    return judged.verdict.is_closed and judged.counts.pages == 1
