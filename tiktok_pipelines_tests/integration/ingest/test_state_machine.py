"""Loads in any order, with kills and faults among them: the invariants always hold.

A machine tells stories of one small shop. After every step all invariants are checked,
and at the end of a story, once nothing goes wrong any more, one sync has to make the
tables equal to the truth. Some stories are told by hand: each has a guard of the loads
that it cannot do without. The others are drawn: ``TIKTOK_TEST_STORIES=200`` tells that
many, other ones each time; the suite tells a few, the same ones each time.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tiktok_pipelines.api.http_client import build_http_client
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import new_database
from tiktok_pipelines_tests.integration.ingest.machine.plots import PLOTS
from tiktok_pipelines_tests.integration.ingest.machine.rules import Loads
from tiktok_pipelines_tests.integration.ingest.machine.world import Worlds

STORIES = int(os.environ.get("TIKTOK_TEST_STORIES", "0"))
SLOW = (
    HealthCheck.too_slow,
    HealthCheck.data_too_large,
    HealthCheck.filter_too_much,
)


@pytest.fixture(scope="module", autouse=True)
def worlds(postgres: EmbeddedServer) -> Iterator[None]:
    with (
        new_database(postgres) as url,
        build_http_client() as http,
        ThreadPoolExecutor(1) as janitor,
    ):
        database = Database(url)
        Loads.worlds = Worlds(url, database, http, janitor)
        yield
        database.close()


@pytest.mark.parametrize("plot", PLOTS, ids=lambda plot: plot.__name__)
def test_every_invariant_holds_in_the_story_of(plot: Callable[[Loads], None]) -> None:
    Loads().tell(plot)


def test_every_invariant_holds_after_every_step_of_drawn_stories() -> None:
    run_state_machine_as_test(
        Loads,
        settings=settings(
            max_examples=STORIES or 8,
            stateful_step_count=20,
            derandomize=not STORIES,
            phases=[Phase.explicit, Phase.reuse, Phase.generate],
            suppress_health_check=SLOW,
        ),
    )
