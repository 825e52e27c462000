"""A load between simulated shops and a database."""

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.window_pull import OrderLoad
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.integration.ingest.loads import runs_of


@pytest.fixture
def load(pipeline: Pipeline, simulator: Simulator) -> OrderLoad:
    """A load of the first shop."""
    return runs_of(pipeline).load_of(simulator.shops[0].id)
