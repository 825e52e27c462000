"""Old runs go, on real storage, and nothing that the UI shows goes with them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from tiktok_pipelines.cli.dagster_home import prepare_dagster
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.defs.old_runs import delete_old_runs
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator.simulator import answer_plainly
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines_tests.integration.conftest import administer
from tiktok_pipelines_tests.integration.dagster.test_incomplete import lie
from tiktok_pipelines_tests.integration.dagster.world import World, key_of, materialized
from tiktok_pipelines_tests.integration.ingest.rebuilds import change
from tiktok_pipelines_tests.integration.ingest.stored import scalar

DAY, NEXT = "2026-01-05", "2026-01-06"
EVENTS = (
    dg.DagsterEventType.ASSET_MATERIALIZATION,
    dg.DagsterEventType.ASSET_MATERIALIZATION_PLANNED,
    dg.DagsterEventType.ASSET_FAILED_TO_MATERIALIZE,
)
CHECKS = ("complete", "fresh", "no_new_quarantine", "no_new_drift")
OLD_LOG = """
    INSERT INTO tiktok_ops.tiktok_api_logs (started_at, method, path, attempt,
        http_status, duration_ms, waited_ms)
    VALUES ('2020-01-01', 'GET', '/', 1, 200, 1, 0)
"""


@pytest.fixture
def instance(
    postgres: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[dg.DagsterInstance]:
    """The instance that comes with the package, in PostgreSQL."""
    settings = Settings.from_environment(
        {
            "TIKTOK_HOME": str(tmp_path / "home"),
            "TIKTOK_DATABASE_URL": postgres.dsn("tidied"),
        },
        folder=tmp_path,
    )
    administer(postgres, "CREATE DATABASE tidied")
    prepare_dagster(settings)
    monkeypatch.setenv("DAGSTER_PG_URL", settings.dagster_database_url.psycopg2)
    with dg.DagsterInstance.from_config(str(settings.dagster_home)) as opened:
        yield opened
    administer(postgres, "DROP DATABASE tidied", "DROP DATABASE tidied_dagster")


def future() -> datetime:
    """Every run is older than this."""
    return SystemClock().now() + timedelta(days=1)


def tokens(world: World) -> str:
    job = world.definitions().resolve_job_def("refresh_tokens")
    return job.execute_in_process(instance=world.instance).run_id


def runs(world: World) -> set[str]:
    return set(world.instance.get_run_ids())


def shown(world: World) -> Mapping[str, object]:
    """What Dagster knows of each partition, of each asset and of each check."""
    instance = world.instance
    found: dict[str, object] = {}
    for table in ANALYST_TABLES:
        key = dg.AssetKey(["tiktok", table.name])
        found[f"green {table.name}"] = world.green(table.name)
        for event in EVENTS:
            ids = instance.get_latest_storage_id_by_partition(key, event)
            found[f"{event.value} {table.name}"] = dict(ids)
        storage = instance.event_log_storage
        found[f"failed {table.name}"] = (
            storage.get_latest_asset_partition_materialization_attempts_without_materializations(
                key
            )
        )
        last = instance.get_latest_materialization_event(key)
        found[f"last {table.name}"] = last and last.run_id
    for name in CHECKS:
        key = dg.AssetCheckKey(dg.AssetKey(["tiktok", "orders"]), name)
        record = instance.get_latest_asset_check_evaluation_record(key)
        found[f"check {name}"] = record and (record.run_id, record.status)
    return found


def test_what_partitions_and_checks_show_outlives_every_old_run(world: World) -> None:
    shop_id = world.shop_ids[0]
    backfill = world.materialize(key_of(shop_id, DAY), key_of(shop_id, NEXT)).run_id
    lie(world.simulator, shop_id, NEXT)
    failed = world.materialize(key_of(shop_id, NEXT))
    world.simulator.around = answer_plainly
    world.simulator.clock.advance(timedelta(days=2))
    changing, *empty = (world.sync() for _ in range(3))
    assert (failed.success, materialized(changing) == {}) == (False, False)
    refreshed = tokens(world)
    before = shown(world)
    assert before["failed orders"]

    assert delete_old_runs(world.instance, future()) == len([*empty, refreshed])

    assert shown(world) == before
    kept = {failed.run_id, changing.run_id}
    assert runs(world) == {backfill} | kept


def test_of_an_asset_without_partitions_the_last_run_stays(
    instance: dg.DagsterInstance,
) -> None:
    def fill() -> None:
        """Something."""

    whole = dg.asset(fill)
    first, last = (dg.materialize([whole], instance=instance) for _ in range(2))

    assert delete_old_runs(instance, future()) == 1

    assert instance.get_run_ids() == [last.run_id]
    assert first.success


def test_the_last_verdict_on_a_check_stays(world: World) -> None:
    telling, _ = (world.sync().run_id for _ in range(2))
    before = shown(world)

    assert delete_old_runs(world.instance, future()) == 1

    assert shown(world) == before
    assert runs(world) == {telling}


def test_a_run_whose_days_another_run_loaded_again_goes(world: World) -> None:
    shop_id = world.shop_ids[0]
    first, second = (world.materialize(key_of(shop_id, DAY)).run_id for _ in range(2))

    deleted = delete_old_runs(world.instance, future())

    assert (deleted, runs(world)) == (1, {second})
    assert first != second
    assert world.green() == {key_of(shop_id, DAY)}


def test_a_run_that_turned_one_day_green_stays_for_it(world: World) -> None:
    shop_id = world.shop_ids[0]
    world.materialize(key_of(shop_id, DAY), key_of(shop_id, NEXT))
    world.materialize(key_of(shop_id, DAY))
    before = runs(world)

    assert delete_old_runs(world.instance, future()) == 0

    assert runs(world) == before


def test_young_runs_stay_and_so_do_those_that_are_not_over(world: World) -> None:
    tokens(world)
    job = world.definitions().resolve_job_def("refresh_tokens")
    for status in (dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.NOT_STARTED):
        world.instance.create_run_for_job(job, status=status)

    assert delete_old_runs(world.instance, SystemClock().now() - timedelta(days=1)) == 0
    assert delete_old_runs(world.instance, future()) == 1

    assert len(runs(world)) == 2


def test_what_a_run_wrote_to_disk_goes_with_it(world: World) -> None:
    folder = Path(world.instance.storage_directory())
    run_id = tokens(world)
    written = folder / run_id / "compute_logs" / "step.err"
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("noise")
    (folder / "another").mkdir()

    delete_old_runs(world.instance, future())

    assert [path.name for path in folder.iterdir()] == ["another"]


def test_the_job_removes_and_tells_how_much(world: World) -> None:
    change(world.database, OLD_LOG)
    job = world.definitions().resolve_job_def("tidy_up")

    result = job.execute_in_process(instance=world.instance)

    (output,) = (event for event in result.all_events if event.is_successful_output)
    told = output.step_output_data.metadata
    assert {name: value.value for name, value in told.items()} == {
        "tiktok_ops.tiktok_api_logs": 1,
        "tiktok_ops.sync_windows": 0,
        "tiktok_ops.quarantine_records": 0,
        "tiktok_ops.rechecks": 0,
        "tiktok_ops.webhook_events": 0,
        "tiktok_ops.webhook_rejects": 0,
        "tiktok_raw.pages": 0,
        "tiktok.inventory_snapshots": 0,
        "dagster_runs": 0,
    }
    oldest = "SELECT min(started_at) FROM tiktok_ops.tiktok_api_logs"
    assert scalar(world.database, oldest).year > 2020


def test_it_is_done_daily_by_default(world: World) -> None:
    schedule = world.definitions().resolve_schedule_def("tidy_schedule")

    assert schedule.job_name == "tidy_up"
    assert schedule.cron_schedule == "40 3 * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_instance_that_comes_with_the_package_purges_ticks(
    instance: dg.DagsterInstance,
) -> None:
    told = instance.get_settings("retention")

    days = {"skipped": 2, "failure": 30, "success": 30}
    assert told == {kind: {"purge_after_days": days} for kind in ("schedule", "sensor")}
