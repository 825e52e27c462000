"""What an event had read, and came odd, is asked for again by the next sync."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.ingest.webhook_loads import LOADERS
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.subjects import facts_of
from tiktok_pipelines_tests.integration.conftest import new_database
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows
from tiktok_pipelines_tests.integration.records.cases import (
    CASES,
    Case,
    given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.records.stories import World, raise_all, world
from tiktok_pipelines_tests.integration.records.test_odd_answers import CONFIG

BY_SUBJECT = {case.name: case for case in CASES}
DOUBTED = {
    "cancellations": {"cancellations_open"},
    "inventory": {"inventory"},
    "packages": {"package_details", "packages_windows"},
    "products": {
        "products_windows",
        "products_frozen_windows",
        "products_deleted_windows",
    },
    "returns": {"returns_open"},
}


@pytest.fixture(scope="module")
def still(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A shop in which nothing happens any more, all of it loaded."""
    home = tmp_path_factory.mktemp("still")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        opened.sync_orders()
        opened.sync()
        yield opened


def read_by_events(still: World, name: str) -> None:
    """Read all records of a subject as events have them read."""
    mapping = BY_NAME[name].mapping
    (key,) = mapping.root.keys
    statement = f"SELECT {key} AS id FROM tiktok.{mapping.root.table}"
    found = rows(still.pipeline.database, statement)
    ids = [row["id"] for row in found]
    runs = runs_of(still.pipeline, "webhooks")
    LOADERS[name](runs, still.shop_ids[0], ids, lambda _connection, _ids: None)


def doubted(still: World) -> set[str]:
    """The streams of what is in doubt."""
    found = rows(still.pipeline.database, "SELECT stream FROM tiktok_ops.rechecks")
    return {row["stream"] for row in found}


def is_true(still: World, case: Case) -> bool:
    """Whether the tables equal what the shop holds."""
    (shop_id,) = still.shop_ids
    held = given_back(still.pipeline.database, case, shop_id)
    return held == truth_of(still.simulator, case, shop_id)


@pytest.mark.parametrize("kind", ["unknown_field", "nulls"])
@pytest.mark.parametrize("name", DOUBTED)
def test_what_an_event_had_read_and_came_odd_is_asked_for_again(
    still: World, name: str, kind: str
) -> None:
    still.simulator.faults.add(Fault(kind, share=1.0))
    read_by_events(still, name)
    still.simulator.faults.clear()
    streams, was_true = doubted(still), is_true(still, BY_SUBJECT[name])

    still.simulator.clock.advance(timedelta(minutes=5))
    raise_all(still.sync(only=facts_of(name).sync))

    assert streams
    assert streams <= DOUBTED[name]
    assert not was_true or kind == "nulls"  # a null may stand where nothing is told
    assert is_true(still, BY_SUBJECT[name])
    assert doubted(still) == set()


@pytest.mark.parametrize("name", ["cancellations", "inventory", "returns"])
def test_what_an_event_had_read_again_and_came_well_is_in_no_doubt(
    still: World, name: str
) -> None:
    still.simulator.faults.add(Fault("unknown_field", share=1.0))
    read_by_events(still, name)
    still.simulator.faults.clear()

    read_by_events(still, name)

    assert doubted(still) == set()
    assert is_true(still, BY_SUBJECT[name])
