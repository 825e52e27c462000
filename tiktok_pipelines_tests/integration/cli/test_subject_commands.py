"""Commands about other subjects than orders: raw show, rebuild, quarantine."""

import json

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.ingest.subjects import ALL, subjects_of
from tiktok_pipelines.simulator import Fault, Simulator, SimulatorConfig
from tiktok_pipelines.simulator.paths import CANCELLATIONS, RETURNS
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


def test_rebuild_of_some_days_leaves_others_alone(
    commands: Commands, shop_id: str, database: Database
) -> None:
    del shop_id
    days = "SELECT min(created_at)::date::text FROM tiktok.returns"
    first = scalar(database, days)
    with database.begin() as connection:
        connection.exec_driver_sql("UPDATE tiktok.returns SET status = 'WRONG'")

    done = commands.run("rebuild", "returns", "--from", first, "--to", first)

    assert done.exit_code == 0, done.output
    wrong = "SELECT DISTINCT {} FROM tiktok.returns WHERE status = 'WRONG'"
    is_first = f"(created_at AT TIME ZONE 'UTC')::date = '{first}'"
    assert rows(database, wrong.format(f"{is_first} AS first")) == [{"first": False}]


def test_rebuild_of_days_that_end_before_they_begin_is_refused(bare: Commands) -> None:
    span = ("--from", "2026-01-06", "--to", "2026-01-05")

    done = bare.run("rebuild", "returns", *span)

    assert done.exit_code == 2
    assert "expected the first day" in done.stderr


@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.parametrize("subject", ["warehouses", "order-prices"])
def test_rebuild_of_what_has_no_days_refuses_them_and_says_why(
    bare: Commands, subject: str, option: str
) -> None:
    done = bare.run("rebuild", subject, option, "2026-01-01")

    assert done.exit_code == 2
    assert f"rebuild {subject} cannot be limited to days" in done.stderr
    assert "Leave --from and --to out" in done.stderr


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


def spoil(pipeline: Pipeline, simulator: Simulator, kind: str) -> None:
    """Let a fault strike the returns and cancellations of a sync."""
    shop_id = simulator.shops[0].id
    for path in (CANCELLATIONS, RETURNS):
        simulator.faults.add(Fault(kind, path=path, share=1.0))
    sync(pipeline, shop_id)
    simulator.faults.clear()


@pytest.mark.parametrize("kind", ["malformed", "bad_lines"])
def test_replay_asks_again_for_records_in_quarantine(
    commands: Commands, pipeline: Pipeline, simulator: Simulator, kind: str
) -> None:
    spoil(pipeline, simulator, kind)
    waiting = "SELECT count(*) FROM tiktok_ops.quarantine_records WHERE {}"
    before = scalar(pipeline.database, waiting.format("resolved_at IS NULL"))

    done = commands.run("quarantine", "replay", "--all", "--json")

    assert before > 0
    assert done.exit_code == 0, done.output
    assert {one["state"] for one in json.loads(done.stdout)} == {"resolved"}
    assert scalar(pipeline.database, waiting.format("resolved_at IS NULL")) == 0


def test_a_record_in_quarantine_is_shown_with_how_to_go_on(
    commands: Commands, pipeline: Pipeline, simulator: Simulator
) -> None:
    spoil(pipeline, simulator, "bad_lines")
    listed = json.loads(commands.run("quarantine", "list", "--json").stdout)
    number = str(listed[0]["quarantine_id"])

    told = commands.run("quarantine", "show", number)

    assert {one["stream"] for one in listed} <= {"return_lines", "cancellation_lines"}
    assert f"tiktok-pipelines quarantine replay {number}" in told.stdout
    assert "in doubt again" in told.stdout
