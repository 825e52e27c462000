"""Simulated shops served over HTTP, whole and broken."""

from collections.abc import Iterator
from datetime import UTC, datetime

import httpx
import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines_tests.integration.simulator.caller import Caller
from tiktok_pipelines_tests.integration.simulator.subjects import CONFIG

NOW = datetime(2026, 1, 10, 9, 30, tzinfo=UTC)
LIMITLESS = 1e6


def _called(config: SimulatorConfig) -> Iterator[Caller]:
    sim = Simulator(config)
    with serve(sim) as url, httpx.Client(base_url=url, timeout=60) as http:
        yield Caller(sim, http)


@pytest.fixture(scope="session")
def standing() -> Iterator[Caller]:
    """A simulator whose time stands still; tests only read from it."""
    yield from _called(
        SimulatorConfig(orders=120, days=30, now=NOW, rate_per_second=LIMITLESS)
    )


@pytest.fixture
def fresh() -> Iterator[Caller]:
    """A simulator of the test's own, to move and to break."""
    yield from _called(
        SimulatorConfig(orders=40, days=10, now=NOW, rate_per_second=LIMITLESS)
    )


@pytest.fixture(scope="session")
def breakable() -> Iterator[Caller]:
    """The simulator behind ``faulty``."""
    yield from _called(
        SimulatorConfig(shops=3, orders=40, days=10, now=NOW, rate_per_second=LIMITLESS)
    )


@pytest.fixture
def faulty(breakable: Caller) -> Iterator[Caller]:
    """A simulator whose faults end with the test; nothing else of it may change."""
    breakable.token(breakable.sim.shops[0].seller_id)
    yield breakable
    breakable.sim.faults.clear()
    breakable.sim.faults.hits.clear()
    breakable.sim.refusals.clear()


@pytest.fixture(scope="session")
def british() -> Iterator[Caller]:
    """A simulator with a shop in Great Britain and one in Vietnam; see ``subjects``."""
    yield from _called(CONFIG)
