"""Shops that live on while processes load them and are killed."""

import random
import time
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.chaos.door import Door
from tiktok_pipelines_tests.integration.chaos.flow import Flow
from tiktok_pipelines_tests.integration.chaos.lives import Life, Lives, open_lives
from tiktok_pipelines_tests.integration.chaos.worker import Errand
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    Served,
    connect_all,
    environment_of,
    new_database,
)
from tiktok_pipelines_tests.integration.ingest.stored import scalar

DAYS = 2  # so that a day's orders fill more than a page
_PATIENCE_S = 60
_CONNECTS = 20
_TOKENS_LAST_S = 90 * 86400


def _numbers() -> Iterator[int]:
    return count(1)


@dataclass(slots=True)
class World:
    """Simulated shops, a database, and the processes between them."""

    simulator: Simulator
    door: Door
    flow: Flow
    lives: Lives
    database: Database
    environment: dict[str, str]
    folder: Path
    chance: random.Random
    numbers: Iterator[int] = field(default_factory=_numbers)

    @property
    def shop_ids(self) -> tuple[str, ...]:
        return tuple(shop.id for shop in self.simulator.shops)

    def days(self) -> tuple[date, ...]:
        """Every day on which orders were placed, today included."""
        first = (NOW - timedelta(days=DAYS + 1)).date()
        last = self.simulator.clock.now().date()
        return tuple(
            first + timedelta(days=number) for number in range((last - first).days + 1)
        )

    def start(self, action: str, run_id: str = "") -> Life:
        """Send a process on its errand, to all shops in an order of its own."""
        run_id = run_id or f"{action}-{next(self.numbers)}"
        shop_ids = self.chance.sample(self.shop_ids, len(self.shop_ids))
        diary = self.folder / f"{run_id}.{next(self.numbers)}"
        return self.lives.start(
            Errand(
                action,
                run_id,
                tuple(shop_ids),
                self.days(),
                self.environment,
                self.flow.clock.hands,
                diary,
            )
        )

    def wrote(self, life: Life) -> bool:
        """Whether the process has written rows; each page kept comes with some."""
        return self.count_of("tiktok_raw.pages", life) > 0

    def called(self, life: Life) -> bool:
        """Whether the process has called, by the log of calls."""
        return self.count_of("tiktok_ops.tiktok_api_logs", life) > 0

    def count_of(self, name: str, life: Life) -> int:
        statement = f"SELECT count(*) FROM {name} WHERE run_id = :run_id"
        return scalar(self.database, statement, run_id=life.errand.run_id)

    def see_to_consent(self) -> None:
        """Let sellers whose tokens were lost consent again, as an operator would."""
        refused = "last_error_message IS NOT NULL"
        for _ in range(_CONNECTS):
            statement = f"SELECT count(*) FROM tiktok_ops.credentials WHERE {refused}"
            if not scalar(self.database, statement):
                return
            with suppress(PipelineError):  # the shops are in trouble: try again
                connect(self)

    def wait_for_sessions_to_end(self) -> None:
        """What killed processes have left ends by itself, as soon as it is noticed."""
        statement = (
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        end = time.monotonic() + _PATIENCE_S
        while scalar(self.database, statement):
            assert time.monotonic() < end, "a killed process left its session behind"
            time.sleep(0.005)

    def wait_for_rows(self, lives: Sequence[Life], patience_s: float) -> None:
        """Wait until one of them has written something, or all are over."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end and not all(life.is_over for life in lives):
            if any(self.wrote(life) for life in lives):
                return
            time.sleep(0.005)


@contextmanager
def open_world(
    postgres: EmbeddedServer, folder: Path, *, seed: int = 1, orders: int = 250
) -> Generator[World]:
    """A world whose time flows."""
    config = SimulatorConfig(
        shops=2,
        orders=orders,
        days=DAYS,
        seed=seed,
        now=NOW,
        future_days=4,
        rate_per_second=LIMITLESS,
        access_token_life_s=_TOKENS_LAST_S,
    )
    simulator, chance = Simulator(config), random.Random(seed)
    door = Door(simulator, chance)
    simulator.around = door.around
    flow = Flow(simulator, folder / "hands")
    with (
        serve(simulator) as url,
        new_database(postgres) as database_url,
        open_database(database_url) as database,
        open_lives() as lives,
        flow.running(),
    ):
        environment = environment_of(Served(simulator, url), database_url, folder)
        environment["TIKTOK_FIRST_SYNC_DAYS"] = str(2 * DAYS)
        world = World(
            simulator, door, flow, lives, database, environment, folder, chance
        )
        connect(world)
        yield world


@contextmanager
def open_database(url: str) -> Generator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.close()


@contextmanager
def clean_load(postgres: EmbeddedServer, world: World) -> Generator[Database]:
    """A database of its own, filled by one undisturbed backfill."""
    with new_database(postgres) as url:
        environment = {**world.environment, "TIKTOK_DATABASE_URL": url}
        settings = Settings.from_environment(environment, folder=world.folder)
        with open_pipeline(settings, clock=world.flow.clock) as pipeline:
            connect_all(pipeline, world.simulator)
            runs = OrderRuns(pipeline.shops, "clean", log=lambda _: None)
            days = world.days()
            runs.backfill(dict.fromkeys(world.shop_ids, days)).raise_if_failed()
            yield pipeline.database


def connect(world: World) -> None:
    """Let every seller consent, as an operator would see to."""
    settings = Settings.from_environment(world.environment, folder=world.folder)
    with open_pipeline(settings, clock=world.flow.clock) as pipeline:
        connect_all(pipeline, world.simulator)
