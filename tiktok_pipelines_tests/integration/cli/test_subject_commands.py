"""Commands about other subjects than orders: raw show, rebuild, quarantine."""

import json

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.ingest.subjects import ALL, subjects_of
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.conftest import LIMITLESS
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """Enough orders for some to come back; in real time, as for every command."""
    return SimulatorConfig(shops=1, orders=120, days=30, rate_per_second=LIMITLESS)


@pytest.fixture
def shop_id(pipeline: Pipeline, simulator: Simulator) -> str:
    """A connected shop whose returns and cancellations were loaded."""
    found = simulator.shops[0].id
    sync(pipeline, found)
    return found


def sync(pipeline: Pipeline, shop_id: str) -> None:
    settings = pipeline.settings
    runs = SubjectRuns(
        pipeline.shops,
        "by hand",
        lambda _: None,
        settings.start_date,
        settings.first_sync_days,
    )
    runs.sync([shop_id], subjects_of("returns"))


def test_raw_show_tells_what_was_said_of_a_return(
    commands: Commands, shop_id: str, database: Database
) -> None:
    return_id = scalar(database, "SELECT min(return_id) FROM tiktok.returns")

    done = commands.run("raw", "show", return_id, "--stream", "returns", "--json")

    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert [one["return"]["return_id"] for one in told] == [return_id]
    assert told[0]["shop_id"] == shop_id


def test_rebuild_puts_right_what_was_changed_by_hand(
    commands: Commands, shop_id: str, database: Database
) -> None:
    before = rows(database, "SELECT * FROM tiktok.returns ORDER BY return_id")
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE tiktok.returns SET status = 'WRONG'")

    done = commands.run("rebuild", "returns", "--shop", shop_id)

    assert done.exit_code == 0, done.output
    assert "put right" in done.stdout
    assert rows(database, "SELECT * FROM tiktok.returns ORDER BY return_id") == before


def test_rebuild_without_a_run_changes_nothing(
    commands: Commands, shop_id: str, database: Database
) -> None:
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE tiktok.returns SET status = 'WRONG'")

    done = commands.run("rebuild", "returns", "--dry-run")

    assert done.exit_code == 1
    assert shop_id in done.stdout
    wrong = "SELECT count(*) FROM tiktok.returns WHERE status <> 'WRONG'"
    assert scalar(database, wrong) == 0


def test_every_subject_can_be_rebuilt(commands: Commands) -> None:
    told = commands.run("rebuild", "--help").stdout

    assert [one.name for one in ALL if one.name.replace("_", "-") not in told] == []
