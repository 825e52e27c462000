"""Load what a query of our tables names: details, or what is open, read again."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.errors import ApiError, IncompleteWindow
from tiktok_pipelines.ingest.cursors import move_cursor, read_cursor
from tiktok_pipelines.ingest.ledger import (
    Counts,
    Verdict,
    WindowResult,
    record_window,
)
from tiktok_pipelines.ingest.parallel import Stop, in_order
from tiktok_pipelines.ingest.records.batch import batched
from tiktok_pipelines.ingest.records.details import VAGUE, Detail, pages_by_id
from tiktok_pipelines.ingest.records.doubts import (
    Doubt,
    doubted_ids,
    resolve_if_settled,
    weigh_doubt,
)
from tiktok_pipelines.ingest.records.known import count_records
from tiktok_pipelines.ingest.records.refusals import (
    LEFT_OUT,
    forget_refusals,
    note_refusals,
    refused_before,
    refused_ids,
)
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.timewindow import TimeWindow

_IDS_AT_ONCE = 1000
_CALLS_AT_ONCE = 8
_LEAST_CHUNK = 40  # what one thread reads shares a transaction
_ATTEMPTS = 3
_MOST_DOUBTED = 500
MORE_FOLLOWS = "what is left follows in the next sync"
"""How the note of a pass ends that asked for as many as it may."""


@dataclass(frozen=True, slots=True)
class ByIds:
    """What a query names is asked for by id.

    Attributes:
        ids: SQL that gives one text column, in order and beyond ``:after``, which is
            empty at first, at most ``:count``; it may use ``:shop_id``, ``:now`` and
            ``:last``, the start of the last pass, null before the first.
        detail: how they are read.
        name: what ledger and watermark call it.
        every: at most this often; None for each sync.
        is_reread: whether another load brings them first: the first pass is left out.
        must_come: whether each id is there as far as is known: one that does not come
            is asked for again, and leaves the pass open.
        excused: of ids that must come and did not, those that need not after all.
        most: how many a pass asks for, unless it is a full load; 0 for all. The query
            must not name again what was asked for: the rest follows in next passes.
        first: how many the first pass asks for, so that a shop's first sync is soon
            done; 0 for as many as the others.
    """

    ids: str
    detail: Detail
    name: str
    every: timedelta | None = None
    is_reread: bool = False
    must_come: bool = False
    excused: Callable[[Work, Sequence[str]], Collection[str]] | None = None
    most: int = 0
    first: int = 0

    def run(self, work: Work) -> None:
        """Read them, and what looked odd or was refused."""
        started_at = work.clock.now()
        last = read_cursor(work.database, work.target.shop_id, self.name)
        if self._is_due(work, last, started_at):
            wanted = self._wanted(work, last, started_at)
            self._pass(work, started_at, wanted, most=self.most_of(work, last))
        if last is None or self._is_due(work, last, started_at):
            move_cursor(
                work.database,
                work.target,
                self.name,
                watermark=started_at,
                now=work.clock.now(),
            )
        again = self._again(work, started_at)
        self._pass(work, started_at, [again] if again else [])
        resolve_if_settled(work, self.name, before=started_at)

    @property
    def _ids_at_once(self) -> int:
        return max(_IDS_AT_ONCE, self.detail.at_once * _CALLS_AT_ONCE)

    def _is_due(self, work: Work, last: datetime | None, now: datetime) -> bool:
        if last is None:
            return not self.is_reread
        return work.is_full or self.every is None or now - last >= self.every

    def most_of(self, work: Work, last: datetime | None) -> int:
        """How many a pass after the last one asks for; 0 for all."""
        if work.is_full:
            return 0
        return self.first or self.most if last is None else self.most

    def _wanted(
        self, work: Work, last: datetime | None, now: datetime
    ) -> Iterator[Sequence[str]]:
        """Ids, some at a time."""
        statement, after, asked = text(self.ids), "", 0
        most = self.most_of(work, last)
        while not most or asked < most:
            told = {
                "shop_id": work.target.shop_id,
                "after": after,
                "count": self._ids_at_once,
                "now": now,
                "last": last,
            }
            named = {name: told[name] for name in told if f":{name}" in self.ids}
            with work.database.begin() as connection:
                ids = connection.execute(statement, named).scalars().all()
            if not ids:
                return
            due = self._due(work, ids, now)[: most - asked if most else None]
            if due:
                yield due
            after, asked = ids[-1], asked + len(due)

    def _due(self, work: Work, ids: Sequence[str], now: datetime) -> Sequence[str]:
        """Ids but those that were refused within a day."""
        if self.must_come or work.is_full:
            return ids
        refused = refused_before(work, self.name, ids)
        lately = {name for name, at in refused.items() if at > now - LEFT_OUT}
        return [name for name in ids if name not in lately]

    def _again(self, work: Work, now: datetime) -> Sequence[str]:
        """Ids whose answers were odd, and those that were refused a day ago."""
        doubted = doubted_ids(work, self.name, before=now, count=_MOST_DOUBTED)
        refused = refused_ids(work, self.name, now=now, count=_MOST_DOUBTED)
        return [*dict.fromkeys([*doubted, *refused])]

    def _pass(
        self,
        work: Work,
        started_at: datetime,
        wanted: Iterator[Sequence[str]] | list[Sequence[str]],
        *,
        most: int = 0,
    ) -> None:
        """Ask for ids, in calls side by side, and note in the ledger what came."""
        reading = _Pass(self, work, started_at, most)
        for ids in wanted:
            reading.read(ids)
        if reading.asked:
            reading.excuse()
            reading.weigh_refusals()
            result = reading.result()
            work.results.append(result)
            record_window(work.database, work.target, self.name, result)
            reading.raise_if_open(result.verdict)


def read_ids(
    work: Work, detail: Detail, doubt: Doubt, refused: dict[str, ApiError]
) -> RecordTally:
    """Read the ids of a doubt, and weigh it: what was odd of those that were answered.

    ``refused`` takes the others.
    """
    tally, ids = RecordTally(), list(doubt.keys)
    with batched(work, tally, doubt) as batch:
        for _, page in pages_by_id(work, detail, ids, refused):
            batch.add(page)
    answered = [each for each in ids if tally.oddities or each not in refused]
    weigh_doubt(work, replace(doubt, keys=answered), tally.oddities)
    return tally


@dataclass(slots=True)
class _Pass:
    """One pass over ids."""

    load: ByIds
    work: Work
    started_at: datetime
    most: int
    asked: int = 0
    missing: int = 0
    short: list[str] = field(default_factory=list[str])
    refused: dict[str, ApiError] = field(default_factory=dict[str, ApiError])
    is_vain: bool = False
    tally: RecordTally = field(default_factory=RecordTally)

    def read(self, ids: Sequence[str]) -> None:
        """Read some ids, again those that must come and did not."""
        self.asked += len(ids)
        left = ids
        for _ in range(_ATTEMPTS if self.load.must_come else 1):
            for name in left:
                self.refused.pop(name, None)
            self._read_side_by_side(left)
            left = self._not_come(left)
            if not left:
                break
        self.missing += len(left)
        if self.load.must_come:
            self.short += left
        answered = [name for name in ids if name not in self.refused]
        forget_refusals(self.work, self.load.name, answered, asked_at=self.started_at)

    def _not_come(self, ids: Sequence[str]) -> Sequence[str]:
        """What was refused, and what an answer about several left out.

        An answer about one id is one, though it may hold nothing or other ids.
        """
        if self.load.detail.at_once == 1:
            return [name for name in ids if name in self.refused]
        return [name for name in ids if name not in self.tally.ids]

    def _read_side_by_side(self, ids: Sequence[str]) -> None:
        at_once = self.load.detail.at_once
        most = _IDS_AT_ONCE // _CALLS_AT_ONCE
        size = max(at_once, min(at_once * 10, most), _LEAST_CHUNK)
        chunks = [ids[start : start + size] for start in range(0, len(ids), size)]
        in_order(
            chunks,
            self._read_chunk,
            lambda _: None,
            workers=self.work.workers,
            stop=self.work.stop,
        )

    def _read_chunk(self, ids: Sequence[str], stop: Stop) -> None:
        refused = dict[str, ApiError]()
        doubt = Doubt(self.load.name, ids, self.started_at)
        own = read_ids(self.work.below(stop), self.load.detail, doubt, refused)
        self.tally.add_tally(own)
        with self.tally.lock:
            self.refused.update(refused)

    def excuse(self) -> None:
        """Leave out of what must come what need not after all."""
        if self.short and self.load.excused:
            excused = self.load.excused(self.work, self.short)
            self.short = [name for name in self.short if name not in excused]

    def weigh_refusals(self) -> None:
        """Remember ids that are refused, unless the calls may be wrong, not the ids.

        They may be if each is refused, not all of them were before, and the codes do
        not tell of the ids' own states.
        """
        work, name = self.work, self.load.name
        news = self.refused.keys() - refused_before(work, name, self.refused)
        tells_state = self.load.detail.tells_state
        is_doubtful = any(not tells_state(self.refused[each]) for each in news)
        self.is_vain = is_doubtful and not self.tally.pages
        if not self.is_vain:
            note_refusals(work, name, self.refused, asked_at=self.started_at)

    def raise_if_open(self, verdict: Verdict) -> None:
        """Fail if what must come did not, or nothing was answered at all.

        Raises:
            ApiError: each id was refused, in words that need not mean it.
            IncompleteWindow: each id was refused, or some that must come did not.
        """
        if self.is_vain:
            for error in self.refused.values():
                if error.code in VAGUE:
                    raise error
        if self.is_vain or self.short:
            raise IncompleteWindow(
                f"{self.work.nouns} are not complete: {verdict.note};"
                " the next sync asks for them again"
            )

    def result(self) -> WindowResult:
        """What came, as a row of the ledger."""
        work, tally = self.work, self.tally
        came = len(tally.ids)
        rows = work.database.transact(
            lambda connection: count_records(
                connection, work.target, work.mapping, tally.keys
            )
        )
        start = self.started_at.replace(microsecond=0)
        finished_at = work.clock.now()
        end = max(finished_at.replace(microsecond=0), start + timedelta(seconds=1))
        note = f"{self.asked} asked for by id; TikTok gives no count here"
        if self.missing:
            note += f"; {self.missing} of them did not come"
        if len(self.short) not in {0, self.missing}:
            note += f", {len(self.short)} of which have to"
        is_closed = rows == came and not self.short and not self.is_vain
        if self.asked == self.most:
            note += f"; {MORE_FOLLOWS}"
        return WindowResult(
            window=TimeWindow(start, end),
            time_field="asked",
            counts=Counts(None, came, came, rows, tally.unidentified),
            verdict=Verdict(is_closed=is_closed, note=note),
            attempts=1,
            pages=tally.pages,
            rows_written=tally.rows_written,
            orders_written=tally.orders_written,
            pages_kept=tally.pages_kept,
            days=frozenset(),
            new_bad=tuple(tally.new_bad),
            started_at=self.started_at,
            finished_at=finished_at,
        )
