"""What can happen in a story: each act is one step, looked at before and after."""

import itertools
from collections.abc import Callable, Container, Generator, Sequence
from collections.abc import Set as AbstractSet
from concurrent import futures
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime, timedelta
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
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.ingest.machine.acts import (
    Errand,
    Jump,
    Prelude,
)
from tiktok_pipelines_tests.integration.ingest.machine.content import Buyers
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
from tiktok_pipelines_tests.integration.ingest.machine.witness import (
    id_of,
    less_a_line,
    of_buyer,
)
from tiktok_pipelines_tests.integration.ingest.machine.world import (
    Process,
    Worlds,
)
from tiktok_pipelines_tests.integration.ingest.stored import scalar

_Result = TypeVar("_Result")

MASKS = ("masked_buyers", "emptied_recipients")
AHEAD = timedelta(days=2)
"""How far a story may go; TikTok tells of the days to come when they have come."""
FINAL = ("COMPLETED", "CANCELLED")
"""What changes without a status, of these, is read by nobody."""
_MINUTE = timedelta(minutes=1)
_WAITING = """
    SELECT EXISTS (SELECT FROM pg_locks JOIN pg_database AS d ON d.oid = database
        WHERE datname = current_database() AND NOT granted)
"""
_OF_TOKENS = ("expired_token", "revoked", "lost_token_answer")


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
        with self._stepping():
            self._commit(number, Life())

    def arrive_at_once(self, first: int, second: int) -> None:
        """As the first old answer is about to be written, another one comes."""
        others: list[Future[None]] = []

        def meet() -> None:
            others.append(pool.submit(self._commit, second, Life()))
            while not others[0].done() and not _is_waiting(self.world.database):
                futures.wait(others, timeout=0.01)

        with self._stepping(), ThreadPoolExecutor(1) as pool:
            self._commit(first, Life(before_writing=meet))
            for other in others:
                other.result()

    def _commit(self, number: int, life: Life) -> None:
        page = self.world.archive[number % len(self.world.archive)]

        def work(process: Process) -> bool:
            load = process.runs.load_of(self.world.shop_id)
            read = read_order_page(page, load.policy)
            commit_order_pages(process.database, load.target, [read])
            return True

        self._live(work, life)

    def change(self, number: int) -> None:
        """An open order has another buyer, or a line less, and no word of it."""
        now = self.world.witness.truth()[self.world.shop_id]
        changes = self.world.witness.changes
        buyers = sorted({order["user_id"] for order in now.values()})
        possible = [
            (order_id, change)
            for order_id, order in sorted(now.items())
            if order["status"] not in FINAL and order_id not in changes
            for change in (less_a_line, *(partial(of_buyer, one) for one in buyers))
            if change(order) != order
        ]
        if possible:
            order_id, changes[order_id] = possible[number % len(possible)]

    def fall_silent(self) -> Ended | None:
        """Nothing goes wrong or changes any more; then one sync."""
        with self._stepping():
            simulator = self.world.simulator
            simulator.faults.clear()
            simulator.clock.advance(timedelta(hours=25))  # all open orders are due
            while self._changed_lately():
                simulator.clock.advance(timedelta(minutes=3))
            return self._load(Errand())

    def _changed_lately(
        self, seconds: int = 120, among: Container[str] | None = None
    ) -> bool:
        since = self.world.simulator.clock.epoch() - seconds
        orders = self.world.witness.truth()[self.world.shop_id]
        return any(
            order["update_time"] >= since
            for name, order in orders.items()
            if among is None or name in among
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
        step.truth = world.witness.truth()[world.shop_id]
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
        if not self._jump or next(self._answers) != self._jump.answer:
            return
        self.step.is_steady = False
        if self._jump.by is not None:
            self.world.simulator.clock.advance(self._spend(self._jump.by))
            return
        told = {id_of(record) for _, record in self.world.witness.step}
        while not self._changed_lately(60, told) and self._spend(_MINUTE):
            self.world.simulator.clock.advance(_MINUTE)

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


def _is_waiting(database: Database) -> bool:
    """Whether somebody waits for another one's lock."""
    return scalar(database, _WAITING)
