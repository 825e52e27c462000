"""A full disk and a read-only database: a clear error, and nothing half-written."""

import json

import psycopg
import pytest
from click.testing import CliRunner

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.cli.main import main
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines_tests.integration.conftest import end_sessions
from tiktok_pipelines_tests.integration.ingest.stored import count
from tiktok_pipelines_tests.integration.outages.dying import (
    LOADS,
    assert_equals_the_truth,
    assert_nothing_is_half_written,
    assert_watermark_is_true,
    sync,
    watermark,
)

# As PostgreSQL says it when a table cannot grow; from the 200th line on.
FULL = """
    CREATE SEQUENCE tiktok.lines_written;
    CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('tiktok.lines_written') > 200 THEN
            RAISE disk_full USING MESSAGE = 'could not extend file: Siti Aminah';
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON tiktok.order_lines
        FOR EACH ROW EXECUTE FUNCTION full_disk()
"""
ROOM = "DROP TRIGGER full_disk ON tiktok.order_lines"
SWITCH = """
    DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only'
        ' = {state}', current_database()); END $$
"""


def execute(url: str, statement: str) -> None:
    with psycopg.connect(
        url, autocommit=True, options="-c default_transaction_read_only=off"
    ) as connection:
        connection.execute(statement.encode())


@pytest.mark.parametrize("name", LOADS)
def test_a_full_disk_is_told_and_the_next_run_completes(
    pipeline: Pipeline, simulator: Simulator, database_url: str, name: str
) -> None:
    execute(database_url, FULL)

    report = LOADS[name](pipeline, simulator)

    ((_, error),) = report.failures
    assert isinstance(error, StorageError)
    assert error.retryable
    told = str(error)
    assert "DiskFull 53100" in told
    assert told.endswith("its disk is full: make room there, then run again")
    assert "\n" not in told
    assert "Siti" not in told
    assert count(pipeline.database, "tiktok.order_lines") <= 200
    assert_watermark_is_true(pipeline, simulator)
    assert_nothing_is_half_written(pipeline)
    execute(database_url, ROOM)
    LOADS[name](pipeline, simulator, "next").raise_if_failed()
    assert_equals_the_truth(pipeline, simulator)


def test_a_read_only_database_is_told_and_the_next_run_completes(
    pipeline: Pipeline, simulator: Simulator, database_url: str
) -> None:
    execute(database_url, SWITCH.format(state="on"))
    end_sessions(database_url)  # such a setting holds for new ones

    report = sync(pipeline, simulator)

    ((_, error),) = report.failures
    assert isinstance(error, StorageError)
    assert "the database is read-only: use the primary server" in str(error)
    assert "\n" not in str(error)
    assert count(pipeline.database, "tiktok.orders") == 0
    assert watermark(pipeline, simulator) is None
    execute(database_url, SWITCH.format(state="off"))
    end_sessions(database_url)
    sync(pipeline, simulator, "next").raise_if_failed()
    assert_equals_the_truth(pipeline, simulator)


@pytest.mark.usefixtures("pipeline")
def test_commands_tell_a_read_only_database_and_doctor_does(
    simulator: Simulator, environment: dict[str, str], database_url: str
) -> None:
    execute(database_url, SWITCH.format(state="on"))
    shop_id = simulator.shops[0].id

    changed = CliRunner(env=environment).invoke(main, ["shops", "disable", shop_id])
    checked = CliRunner(env=environment).invoke(main, ["doctor", "--json"])

    assert changed.exit_code == 1
    assert "the database is read-only: use the primary server" in changed.stderr
    assert checked.exit_code == 1
    (check,) = [c for c in json.loads(checked.stdout) if c["name"] == "database"]
    assert not check["is_ok"]
    assert check["detail"].startswith("the database is read-only: use the primary")
