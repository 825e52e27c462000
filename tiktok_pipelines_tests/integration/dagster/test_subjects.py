"""Subjects beside orders in Dagster: assets by shop, jobs, schedules and checks."""

from datetime import timedelta

import dagster as dg
import pytest
from starlette.responses import Response

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.definitions import defs
from tiktok_pipelines.defs.partitions import tiktok_shops
from tiktok_pipelines.defs.subject_jobs import op_name
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import RETURNS, WAREHOUSES
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.storage import tables
from tiktok_pipelines.subjects import SUBJECTS, SYNCS, Sync, subjects_of
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    materialized,
    why,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, scalar

TABLES = [table for subject in SUBJECTS for table in subject.tables]
LOADED = [sync for sync in SYNCS if subjects_of(sync.name)]
EACH_SYNC = pytest.mark.parametrize("sync", LOADED, ids=lambda sync: sync.name)
CHECKS = {"complete", "fresh", "no_new_quarantine", "no_new_drift"}
AFTERSALES = next(sync for sync in SYNCS if sync.name == "returns")


def run(world: World, sync: Sync, *shop_ids: str) -> dg.ExecuteInProcessResult:
    """The job as a person starts it, or with the shops that a tick passes."""
    config = {"config": {"shop_ids": list(shop_ids)}}
    job = world.definitions().resolve_job_def(sync.job)
    return job.execute_in_process(
        run_config={"ops": {op_name(sync): config}} if shop_ids else {},
        instance=world.instance,
        raise_on_error=False,
    )


async def lose_list(visit: Visit, answer: Answer) -> Response:
    """Leave out the warehouses."""
    response = answer()
    if visit.path != WAREHOUSES:
        return response
    told = dict(as_object(decode(bytes(response.body))))
    told["data"] = None
    return Response(encode(told), media_type="application/json")


def key(table: str) -> dg.AssetKey:
    return dg.AssetKey(table.split("."))


def verdicts(result: dg.ExecuteInProcessResult, table: str) -> dict[str, bool]:
    """The checks of a table that a run evaluated."""
    return {
        check.check_name: check.passed
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
        and (check := event.asset_check_evaluation_data).asset_key == key(table)
    }


def test_what_is_shown_is_what_is_loaded() -> None:
    assert {subject.name for subject in SUBJECTS} == {one.name for one in ALL}
    for shown in SUBJECTS:
        loaded = next(one for one in ALL if one.name == shown.name)
        names = tuple(f"tiktok.{table}" for table in loaded.mapping.tables())
        assert shown.tables == names
        assert shown.sync in {sync.name for sync in SYNCS}


@pytest.mark.parametrize("table", TABLES)
def test_every_table_of_a_subject_is_an_asset_by_shop(table: str) -> None:
    specs = {spec.key: spec for spec in defs.resolve_all_asset_specs()}

    spec = specs[key(table)]

    schema = spec.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert spec.partitions_def == tiktok_shops
    assert spec.metadata["dagster/table_name"] == table
    assert spec.kinds == {"python", "postgres"}
    assert spec.owners
    assert spec.description
    assert "TIKTOK_START_DATE" in spec.description


@pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)
def test_every_subject_has_its_checks(subject: object) -> None:
    table = next(one for one in SUBJECTS if one is subject).tables[0]
    found = {
        check.name
        for asset in defs.assets or ()
        if isinstance(asset, dg.AssetsDefinition)
        for check in asset.check_specs
        if check.asset_key == key(table)
    }

    assert found == CHECKS


@EACH_SYNC
def test_every_sync_has_a_job_and_a_schedule_that_runs_by_default(sync: Sync) -> None:
    schedule = defs.resolve_schedule_def(f"{sync.name}_schedule")

    assert schedule.job_name == sync.job
    assert schedule.cron_schedule == "*/5 * * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


@EACH_SYNC
def test_a_job_started_by_hand_fills_the_tables_of_every_shop(
    world: World, sync: Sync
) -> None:
    result = run(world, sync)

    assert result.success, why(result)
    for subject in subjects_of(sync.name):
        for table in subject.tables:
            held = scalar(
                world.database, f"SELECT count(DISTINCT shop_id) FROM {table}"
            )
            assert set(materialized(result, key(table))) == set(world.shop_ids)
            assert held <= len(world.shop_ids)
        assert verdicts(result, subject.tables[0]) == dict.fromkeys(CHECKS, True)


def test_a_job_with_shops_named_serves_only_these(world: World) -> None:
    named = world.shop_ids[1]

    result = run(world, AFTERSALES, named)

    assert result.success
    assert set(materialized(result, key("tiktok.returns"))) == {named}
    assert world.green("returns") == {named}


def test_a_second_run_without_news_tells_nothing(world: World) -> None:
    run(world, AFTERSALES)

    again = run(world, AFTERSALES)

    assert again.success
    assert materialized(again, key("tiktok.returns")) == {}
    assert verdicts(again, "tiktok.returns") == {}


def test_one_table_of_one_shop_can_be_materialized_alone(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.materialize(shop_id, tables=["return_lines"])

    assert result.success, why(result)
    assert world.green("return_lines") == {shop_id}
    assert world.green("returns") == set()
    assert count(world.database, "tiktok.cancellations") == 0
    figures = materialized(result, key("tiktok.return_lines"))[shop_id]
    assert figures["dagster/partition_row_count"] == count(
        world.database, "tiktok.return_lines"
    )


def test_a_subject_that_fails_stops_nothing_else(world: World) -> None:
    failing = world.shop_ids[0]
    fault = Fault("error_code", path=RETURNS, shop_id=failing, code=36009004)
    world.simulator.faults.add(fault)

    result = run(world, AFTERSALES)

    assert not result.success
    assert f"{failing} (returns)" in why(result)
    assert world.green("cancellations") == set(world.shop_ids)
    assert world.green("returns") == set(world.shop_ids) - {failing}
    shop = world.pipeline.shops.get(failing)
    assert shop.sync_status == "error"


def test_a_subject_that_recovers_leaves_its_shop_idle(world: World) -> None:
    failing = world.shop_ids[0]
    fault = Fault("error_code", path=RETURNS, shop_id=failing, code=36009004)
    world.simulator.faults.add(fault)
    run(world, AFTERSALES, failing)
    world.sync(failing)
    still = world.pipeline.shops.get(failing).sync_status
    world.simulator.faults.clear()

    run(world, AFTERSALES, failing)

    assert still == "error"
    assert world.pipeline.shops.get(failing).sync_status == "idle"
    assert world.pipeline.shops.get(failing).last_error_message is None


def test_a_list_that_comes_empty_fails_the_check_and_deletes_nothing(
    world: World,
) -> None:
    products = next(sync for sync in SYNCS if sync.name == "products")
    run(world, products)
    held = count(world.database, "tiktok.warehouses")
    world.simulator.around = lose_list

    result = run(world, products)

    assert not result.success
    assert "nothing is listed" in why(result)
    assert verdicts(result, "tiktok.warehouses")["complete"] is False
    deleted = "SELECT count(*) FROM tiktok.warehouses WHERE deleted_at IS NOT NULL"
    assert count(world.database, "tiktok.warehouses") == held
    assert scalar(world.database, deleted) == 0


def test_a_late_subject_is_named_with_the_class_of_its_reason(world: World) -> None:
    run(world, AFTERSALES)
    world.simulator.clock.advance(timedelta(hours=5))

    result = world.materialize(world.shop_ids[0], tables=["returns"])

    assert verdicts(result, "tiktok.returns")["fresh"] is False


def test_every_table_has_a_column_of_its_page() -> None:
    for name in TABLES:
        columns = tables.metadata.tables[name].columns
        assert {"shop_id", "raw_page_id", "synced_at", "extra"} <= set(columns.keys())
