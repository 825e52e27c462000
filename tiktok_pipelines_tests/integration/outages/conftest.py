"""A server of these tests' own that may die, and a clock that lets it come back."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    TEMPLATE,
    administer,
    folder_in_memory,
)


@dataclass(slots=True)
class WaitingClock:
    """The simulator's time; who waits long enough to mean it does ``while_waiting``.

    Such a wait takes no time, so that nothing happens in the shops meanwhile.
    """

    simulator: Simulator
    while_waiting: Callable[[], None] = lambda: None
    pauses: list[float] = field(default_factory=list[float])
    _ahead: timedelta = field(default=timedelta(0), init=False)

    def now(self) -> datetime:
        return self.simulator.clock.now() + self._ahead

    def sleep(self, seconds: float) -> None:
        if seconds < 0.1:
            self._ahead += timedelta(seconds=seconds)
        else:
            self.pauses.append(seconds)
            self.while_waiting()


@pytest.fixture(scope="session")
def postgres() -> Iterator[EmbeddedServer]:
    """Not the server of all the other tests."""
    with TemporaryDirectory(prefix="tiktok-pg-", dir=folder_in_memory()) as folder:
        server = EmbeddedServer(Path(folder))
        with server.running():
            administer(server, f"CREATE DATABASE {TEMPLATE}")
            upgrade(server.dsn(TEMPLATE))
            yield server


@pytest.fixture(autouse=True)
def revived(postgres: EmbeddedServer, database_url: str) -> Iterator[None]:
    """However a test ends, the server runs again."""
    yield
    revive(postgres, database_url)


def revive(server: EmbeddedServer, url: str) -> None:
    """Start the server unless it runs, and wait until it serves."""
    server.start()
    for _ in range(400):
        try:
            psycopg.connect(url).close()
        except psycopg.OperationalError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the server does not come back")


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """One shop of several pages a day."""
    return SimulatorConfig(
        shops=1, orders=360, days=2, now=NOW, rate_per_second=LIMITLESS
    )


@pytest.fixture
def clock(simulator: Simulator) -> WaitingClock:
    return WaitingClock(simulator)
