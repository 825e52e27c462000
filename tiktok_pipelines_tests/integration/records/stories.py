"""What is done to shops before the tables are compared: a story, told once a module."""

import itertools
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.records.runs import SubjectReport, SubjectRuns
from tiktok_pipelines.ingest.second_looks import LAG
from tiktok_pipelines.ingest.subjects import subjects_of
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.subjects import SYNCS
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    Served,
    connect_all,
    environment_of,
)
from tiktok_pipelines_tests.integration.records.cases import CASES

STEPS = tuple(timedelta(hours=hours) for hours in (1, 26, 5))


@dataclass
class World:
    """Simulated shops, and a pipeline that reads them."""

    simulator: Simulator
    pipeline: Pipeline
    reports: list[SubjectReport] = field(default_factory=list[SubjectReport])

    @property
    def shop_ids(self) -> Sequence[str]:
        """Every shop."""
        return [shop.id for shop in self.simulator.shops]

    def sync_orders(self) -> None:
        """Pull the orders, which other subjects ask for by id."""
        runs = OrderRuns(self.pipeline.shops, "orders", log=lambda _: None)
        runs.sync(self.shop_ids, first_sync_days=90)

    def sync(
        self, run_id: str = "sync", *, is_full: bool = False, only: str = ""
    ) -> SubjectReport:
        """Run every sync of every shop, or one of them."""
        settings = self.pipeline.settings
        runs = SubjectRuns(
            self.pipeline.shops,
            run_id,
            lambda _: None,
            settings.start_date,
            settings.first_sync_days,
        )
        whole = SubjectReport()
        for each in (one for one in SYNCS if only in ("", one.name)):
            subjects = subjects_of(each.name)
            report = runs.sync(self.shop_ids, subjects, is_full=is_full)
            whole.results += report.results
            whole.failures += report.failures
            whole.new_bad += report.new_bad
        self.reports.append(whole)
        return whole

    def live(self, steps: Sequence[timedelta] = STEPS) -> None:
        """Let time pass and sync, a few times."""
        for step in steps:
            self.simulator.clock.advance(step)
            self.sync_orders()
            self.sync()

    def let_happenings_pass(self) -> None:
        """Let time pass until nothing is so new that syncs do not reach it yet."""
        while any(map(self._is_in_motion, self.shop_ids)):
            self.simulator.clock.advance(LAG)

    def _is_in_motion(self, shop_id: str) -> bool:
        now = self.simulator.clock.epoch()
        moments = (
            record.get(name)
            for truth in {"orders", *(case.truth for case in CASES)}
            for record in self.simulator.truth(shop_id, truth)
            for name in ("create_time", "update_time", "statement_time")
        )
        lately = range(now - int(LAG.total_seconds()) - 1, now + 1)
        return any(moment in lately for moment in moments)

    def sync_until_quiet(self) -> SubjectReport:
        """Sync until one fails no more; three times have to do."""
        for _ in range(3):
            report = self.sync()
            if not report.failures:
                return report
        return self.reports[-1]


@dataclass(frozen=True)
class SharedClock:
    """The simulator's time: whoever waits lets it pass for all.

    As on a real clock no two looks tell the same moment; the shops' time stands still.
    """

    simulator: Simulator
    _looks: Iterator[int] = field(default_factory=itertools.count)

    def now(self) -> datetime:
        """The simulated moment."""
        return self.simulator.clock.now() + timedelta(microseconds=next(self._looks))

    def sleep(self, seconds: float) -> None:
        """Let it pass."""
        self.simulator.clock.advance(timedelta(seconds=seconds))


@contextmanager
def world(
    database_url: str, home: Path, config: SimulatorConfig | None = None
) -> Generator[World]:
    """Three connected shops of different markets."""
    simulator = Simulator(config or CONFIG)
    with serve(simulator) as url:
        environment = environment_of(Served(simulator, url), database_url, home)
        settings = Settings.from_environment(environment, folder=home)
        clock = SharedClock(simulator)
        with open_pipeline(settings, clock=clock, run_id="first") as pipeline:
            connect_all(pipeline, simulator)
            yield World(simulator, pipeline)


CONFIG = SimulatorConfig(
    shops=3,
    markets=("MY", "GB", "VN"),
    orders=120,
    days=40,
    now=NOW,
    products=12,
    future_days=3,
    rate_per_second=LIMITLESS,
    domestic=(2,),
)
Story = Callable[[World], None]


def lived(world: World) -> None:
    """Shops are read, live on, and are read again."""
    world.sync_orders()
    world.sync()
    world.live()


def raise_all(report: SubjectReport | None) -> None:
    """Fail with what failed in a report, or if there is none."""
    assert report is not None
    try:
        report.raise_if_failed()
    except PipelineError as error:
        raise AssertionError(str(error)) from error
