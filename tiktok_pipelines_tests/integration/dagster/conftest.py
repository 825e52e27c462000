from collections.abc import Iterator

import dagster as dg
import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.integration.dagster.world import World


@pytest.fixture
def environment(environment: dict[str, str]) -> dict[str, str]:
    """As everywhere, with a first sync that reaches over all orders and not more."""
    return {**environment, "TIKTOK_FIRST_SYNC_DAYS": "6"}


@pytest.fixture
def world(pipeline: Pipeline, simulator: Simulator) -> Iterator[World]:
    """Three connected shops that Dagster knows, and nothing loaded yet."""
    with dg.DagsterInstance.ephemeral() as instance:
        found = World(simulator, pipeline, instance)
        instance.add_dynamic_partitions("tiktok_shops", found.shop_ids)
        yield found
