"""A real PostgreSQL, simulated shops over real HTTP, and the pipeline between them."""

import itertools
import shutil
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest
from cryptography.fernet import Fernet

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
LIMITLESS = 1e6
KEY = Fernet.generate_key().decode()
TEMPLATE = "migrated"
ROOM_BYTES = 4_000_000_000
_numbers = itertools.count(1)


@dataclass(slots=True)
class SimulatorClock:
    """The simulator's time; a short wait moves only these hands, not its orders.

    Otherwise a load would change what it reads by keeping its rate.
    """

    simulator: Simulator
    _ahead: timedelta = field(default=timedelta(0), init=False)

    def now(self) -> datetime:
        return self.simulator.clock.now() + self._ahead

    def sleep(self, seconds: float) -> None:
        if seconds < 1:
            self._ahead += timedelta(seconds=seconds)
        else:
            self.simulator.clock.advance(timedelta(seconds=seconds))


@dataclass(frozen=True, slots=True)
class Served:
    """A simulator and where it answers."""

    simulator: Simulator
    url: str


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """A server for the whole session, with a migrated database to copy.

    Not below pytest's own folder: each session closes that one to other users, and as
    root the server of another session runs as one.
    """
    with (
        TemporaryDirectory(prefix="tiktok-pg-", dir=folder_in_memory()) as folder,
        EmbeddedServer(Path(folder)).running() as server,
    ):
        administer(
            server,
            "ALTER SYSTEM SET fsync = off",
            "ALTER SYSTEM SET max_wal_size = '128MB'",
            "SELECT pg_reload_conf()",
        )
        administer(server, f"CREATE DATABASE {TEMPLATE}")
        upgrade(server.dsn(TEMPLATE))
        yield server


def folder_in_memory() -> Path | None:
    """Where files are memory, if there is enough for the servers of all workers.

    A database is three hundred files; on a disk they take the longest part of a test.
    """
    folder = Path("/dev/shm")  # noqa: S108 - each server makes a folder of its own there
    is_roomy = folder.is_dir() and shutil.disk_usage(folder).free > ROOM_BYTES
    return folder if is_roomy else None


@contextmanager
def new_database(server: EmbeddedServer) -> Generator[str]:
    """A freshly migrated database, for as long as the block takes."""
    name = f"test_{next(_numbers)}"
    administer(server, f"CREATE DATABASE {name} TEMPLATE {TEMPLATE} STRATEGY FILE_COPY")
    yield server.dsn(name)
    administer(server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def database_url(postgres: EmbeddedServer) -> Iterator[str]:
    """A freshly migrated database of the test's own."""
    with new_database(postgres) as url:
        yield url


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    yield opened
    opened.close()


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """Three shops of two sellers; a module or a class may override it."""
    return SimulatorConfig(
        shops=3, orders=40, days=5, now=NOW, future_days=3, rate_per_second=LIMITLESS
    )


@pytest.fixture
def served(shops_config: SimulatorConfig) -> Iterator[Served]:
    simulator = Simulator(shops_config)
    with serve(simulator) as url:
        yield Served(simulator, url)


@pytest.fixture
def simulator(served: Served) -> Simulator:
    return served.simulator


@pytest.fixture
def clock(simulator: Simulator) -> SimulatorClock:
    return SimulatorClock(simulator)


@pytest.fixture
def environment(served: Served, database_url: str, tmp_path: Path) -> dict[str, str]:
    return environment_of(served, database_url, tmp_path / "home")


def environment_of(served: Served, database_url: str, home: Path) -> dict[str, str]:
    """Every setting that a pipeline between the two needs."""
    config = served.simulator.config
    return {
        "TIKTOK_APP_KEY": config.app_key,
        "TIKTOK_APP_SECRET": config.app_secret,
        "TIKTOK_SERVICE_ID": config.service_id,
        "TIKTOK_API_BASE_URL": served.url,
        "TIKTOK_AUTH_BASE_URL": served.url,
        "TIKTOK_DATABASE_URL": database_url,
        "TIKTOK_HOME": str(home),
        "TIKTOK_ENCRYPTION_KEYS": KEY,
        "TIKTOK_RATE_LIMIT_PER_SECOND": str(LIMITLESS),
    }


@pytest.fixture
def settings(environment: dict[str, str], tmp_path: Path) -> Settings:
    return Settings.from_environment(environment, folder=tmp_path)


@pytest.fixture
def unconnected(settings: Settings, clock: SimulatorClock) -> Iterator[Pipeline]:
    """A pipeline to which no seller has consented yet."""
    with open_pipeline(settings, clock=clock, run_id="test") as opened:
        yield opened


@pytest.fixture
def pipeline(unconnected: Pipeline, simulator: Simulator) -> Pipeline:
    """A pipeline with all of the simulator's sellers connected."""
    connect_all(unconnected, simulator)
    return unconnected


def connect_all(pipeline: Pipeline, simulator: Simulator) -> None:
    """Let every seller of the simulator consent."""
    for seller in simulator.sellers:
        pipeline.connector.connect(simulator.authorize(seller.id))


def administer(server: EmbeddedServer, *statements: str) -> None:
    """Run statements that belong into no transaction."""
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def end_sessions(url: str) -> None:
    """End every session of the database, whoever works in it; new ones may begin."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 60000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
