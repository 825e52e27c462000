"""Dagster in this process, between simulated shops and a database."""

import time
from collections.abc import Iterator

import dagster as dg
import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.integration.dagster.world import World, new_instance


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """As everywhere, with a first sync that reaches over all orders and not more."""
    return {**environment, "TIKTOK_FIRST_SYNC_DAYS": "6"}


@pytest.fixture(autouse=True)
def impatience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail instead of waiting for Dagster's retry, which may take minutes."""
    sleep = time.sleep

    def doze(seconds: float) -> None:
        assert seconds < 1, "something waits to be retried"
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", doze)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with new_instance() as opened:
        yield opened


@pytest.fixture
def world(
    pipeline: Pipeline, simulator: Simulator, instance: dg.DagsterInstance
) -> World:
    """Three connected shops that Dagster knows, and nothing loaded yet."""
    found = World(simulator, pipeline, instance)
    instance.add_dynamic_partitions("tiktok_shops", found.shop_ids)
    return found
