"""What can happen in a story: each act is one step, looked at before and after."""

import itertools
from collections.abc import Callable, Generator, Sequence
from collections.abc import Set as AbstractSet
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.ingest.pages import read_order_page
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.quarantine import list_bad
from tiktok_pipelines.ingest.quarantine_replay import ask_again, land_kept
from tiktok_pipelines.ingest.rebuild import RebuildRequest, rebuild_orders
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.compared import truth_of
from tiktok_pipelines_tests.integration.ingest.machine.content import Buyers
from tiktok_pipelines_tests.integration.ingest.machine.ledger import FIRST_SYNC_DAYS
from tiktok_pipelines_tests.integration.ingest.machine.lives import (
    Death,
    Killed,
    Life,
)
from tiktok_pipelines_tests.integration.ingest.machine.snapshot import take
from tiktok_pipelines_tests.integration.ingest.machine.step import Ended, Step
from tiktok_pipelines_tests.integration.ingest.machine.troubles import (
    BELIEVED,
    BELIEVED_AFTER,
    EXCLUDES,
)
from tiktok_pipelines_tests.integration.ingest.machine.world import (
    Process,
    Worlds,
)

_Result = TypeVar("_Result")

DAYS = tuple((NOW + timedelta(days=ahead)).date() for ahead in (-1, 0, 1, 2))
MASKS = ("masked_buyers", "emptied_recipients")
AHEAD = timedelta(days=2)
"""How far a story may go; TikTok tells of the days to come when they have come."""
_OF_TOKENS = ("expired_token", "revoked", "lost_token_answer")


@dataclass(frozen=True, slots=True)
class Jump:
    """The shop lives on while it is read: before the n-th answer about orders."""

    answer: int
    by: timedelta


@dataclass(frozen=True, slots=True)
class Prelude:
    """What comes before a load, and what happens to the shop meanwhile."""

    after: timedelta = timedelta(0)
    fault: Fault | None = None
    jump: Jump | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """A load to be run: a sync, or a backfill of some days."""

    days: Sequence[date] = ()
    run_id: str = ""
    workers: int = 1

    def run(self, process: Process, shop_id: str) -> Report:
        """Do it in a living process."""
        if self.days:
            return process.runs.backfill({shop_id: self.days})
        return process.runs.sync([shop_id], first_sync_days=FIRST_SYNC_DAYS)


class Story:
    """One shop's story; ``step`` is the last one."""

    def __init__(self, worlds: Worlds) -> None:
        self.world, self.end = worlds.open()
        self.buyers = Buyers()
        self.broken_off: Errand | None = None
        self._left = AHEAD
        self._met: dict[str, datetime] = {}
        self._rebuilt: AbstractSet[int] = frozenset[int]()
        self._jump: Jump | None = None
        self._answers = itertools.count(1)
        self.world.witness.before_answer = self._live_on
        self._token_hits = -1
        self._consent()
        now = take(self.world.database)
        self.step = Step(now, now, {}, self.world.clock.now())

    @property
    def faults(self) -> list[str]:
        """The kinds that are on and not used up, but for buyers' masks."""
        return [kind for kind in self.all_faults if kind not in MASKS]

    @property
    def all_faults(self) -> list[str]:
        """The kinds that are on and not used up."""
        active = self.world.simulator.faults.active()
        return [one.fault.kind for one in active if one.left != 0]

    def begin(self, prelude: Prelude) -> None:
        """Let time pass, and something go wrong; the next step may meet a jump."""
        clock = self.world.simulator.clock
        clock.advance(self._spend(prelude.after))
        now = clock.now()
        for kind in BELIEVED & self._met.keys():
            if now - self._met[kind] > BELIEVED_AFTER:
                self.world.simulator.faults.clear(kind)
        if prelude.fault:
            self._add(prelude.fault, now)
        self._jump = None
        if prelude.jump and "changing_count" not in self.faults:
            self._jump = prelude.jump

    def _spend(self, by: timedelta) -> timedelta:
        """Of the time that a story has, at most what is left."""
        spent = min(by, self._left)
        self._left -= spent
        return spent

    def _add(self, fault: Fault, now: datetime) -> None:
        faults = self.world.simulator.faults
        met = self._met.setdefault(fault.kind, now)
        if fault.kind in BELIEVED and now - met > BELIEVED_AFTER:
            return
        for kind in EXCLUDES.get(fault.kind, ()):
            faults.clear(kind)
        faults.add(fault)

    def mend(self, kind: str = "") -> None:
        """It goes wrong no longer; one kind, or all but for what hides buyers."""
        for one in [kind] if kind else self.faults:
            self.world.simulator.faults.clear(one)

    def load(self, errand: Errand, death: Death | None = None) -> Ended | None:
        """One load; None if it was killed."""
        with self._stepping():
            return self._load(errand, Life(death))

    def load_together(self, errands: Sequence[Errand], death: Death | None) -> None:
        """Several loads at once, each a process; the last one may be killed."""
        deaths = [None] * (len(errands) - 1) + [death]
        lives = [Life(death, dwells_s=0.002) for death in deaths]
        with self._stepping(), ThreadPoolExecutor(len(errands)) as pool:
            list(pool.map(self._load, errands, lives))

    def load_twice(self, errand: Errand) -> tuple[Ended | None, Ended | None, Step]:
        """The same load, and again at the same moment; the step is the second."""
        with self._stepping():
            first = self._load(errand)
        with self._stepping(later=timedelta(0)):
            second = self._load(errand)
        return first, second, self.step

    @property
    def has_news_to_rebuild(self) -> bool:
        """Whether pages have come since the last rebuild."""
        return self.step.after.pages.keys() != self._rebuilt

    def rebuild(
        self, death: Death | None = None, *, is_dry: bool = False
    ) -> bool | None:
        """Whether the tables were what the pages tell; None if it was killed."""
        request = RebuildRequest(is_dry_run=is_dry)
        self._rebuilt = self.step.after.pages.keys()

        def work(process: Process) -> bool:
            report = rebuild_orders(
                process.database, request, log=lambda _: None, clock=self.world.clock
            )
            return report.is_equal

        with self._stepping():
            return self._live(work, Life(death))

    def replay_quarantine(self, death: Death | None = None) -> None:
        """Try everything in quarantine again."""

        def work(process: Process) -> bool:
            bad = list_bad(process.database)
            cipher, now = process.runs.shops.store.cipher, self.world.clock.now()
            policy_of = partial(load_policy, process.database, cipher, now=now)
            run_id = process.runs.run_id
            land_kept(process.database, bad, policy_of=policy_of, run_id=run_id)
            ask_again(process.runs, bad, self.world.clock)
            return True

        with self._stepping():
            self._live(work, Life(death))
            self.step.went_well = False  # it asks for what stands in quarantine only

    def arrive_late(self, number: int) -> None:
        """An answer of some time ago is committed (again)."""
        page = self.world.archive[number % len(self.world.archive)]

        def work(process: Process) -> bool:
            load = process.runs.load_of(self.world.shop_id)
            read = read_order_page(page, load.policy)
            commit_order_pages(process.database, load.target, [read])
            return True

        with self._stepping():
            self._live(work)

    def fall_silent(self) -> Ended | None:
        """Nothing goes wrong or changes any more; then one sync."""
        with self._stepping():
            simulator = self.world.simulator
            simulator.faults.clear()
            simulator.clock.advance(timedelta(hours=25))  # all open orders are due
            while self._changed_lately():
                simulator.clock.advance(timedelta(minutes=3))
            return self._load(Errand())

    def _changed_lately(self) -> bool:
        since = self.world.simulator.clock.epoch() - 120
        return any(
            order["update_time"] >= since
            for orders in truth_of(self.world.simulator).values()
            for order in orders.values()
        )

    @contextmanager
    def _stepping(self, later: timedelta = timedelta(seconds=1)) -> Generator[None]:
        """Look before and after; no two steps begin at the same moment."""
        world, before = self.world, self.step.after
        world.simulator.clock.advance(later)
        self.step = Step(before, before, {}, world.clock.now())
        world.witness.start_step()
        self._answers = itertools.count(1)
        yield
        self._jump = None
        step, step.after = self.step, take(world.database)
        step.now = world.clock.now()
        step.truth = truth_of(world.simulator)[world.shop_id]
        step.told, step.bad = world.witness.learn()
        self.buyers.learn(step)

    def _load(self, errand: Errand, life: Life | None = None) -> Ended | None:
        run_id = errand.run_id or self.world.new_run_id()
        errand = Errand(errand.days, run_id, errand.workers)

        def work(process: Process) -> Report:
            report = errand.run(process, self.world.shop_id)
            if not report.failures:  # an error holds what its frames held
                self.step.left += sum(one.alive for one in process.runs.sources)
            return report

        report = self._live(work, life, run_id=run_id, workers=errand.workers)
        if report is None or report.failures:
            self.step.went_well = False
            self.broken_off = errand if errand.days else self.broken_off
        if report is None:
            return None
        days = [TimeWindow.of_day(day) for day in errand.days]
        ended = Ended(run_id, report, days)
        self.step.ended.append(ended)
        return ended

    def _live(
        self,
        work: Callable[[Process], _Result],
        life: Life | None = None,
        *,
        run_id: str = "",
        workers: int = 1,
    ) -> _Result | None:
        """Let a process do its work; None if it was killed."""
        self._consent()
        run_id = run_id or self.world.new_run_id()
        try:
            with self.world.process(run_id, life, workers=workers) as process:
                result = work(process)
                sources = process.runs.sources
                self.step.crowds += [(one.most_alive, workers) for one in sources]
                return result
        except Killed:
            self.step.went_well = False
            return None

    def _live_on(self) -> None:
        """Before each answer: the shop may change in the midst of a load."""
        if self._jump and next(self._answers) == self._jump.answer:
            self.step.is_steady = False
            self.world.simulator.clock.advance(self._spend(self._jump.by))

    def _consent(self) -> None:
        """Let the seller consent again if his tokens met with something."""
        hits = self.world.simulator.faults.hits
        met = sum(hits[kind] for kind in _OF_TOKENS)
        if met == self._token_hits:
            return
        seller = self.world.simulator.sellers[0].id
        try:
            with self.world.process() as process:
                process.connector.connect(self.world.simulator.authorize(seller))
            self._token_hits = met
        except PipelineError:
            if not self.all_faults:
                raise
