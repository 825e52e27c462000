"""What Dagster is told: assets, partitions, descriptions, nothing at import."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import dagster as dg
import pytest

from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.definitions import defs
from tiktok_pipelines.defs.failures import RETRIES, dagster_failures
from tiktok_pipelines.defs.jobs import sync_changed_orders
from tiktok_pipelines.defs.partitions import SHOP_DAYS
from tiktok_pipelines.errors import (
    DatabaseUnavailable,
    NeedsConsent,
    PipelineError,
    ShopsFailed,
    TransportError,
)
from tiktok_pipelines.storage.marts.views import views
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines.subjects import SUBJECTS
from tiktok_pipelines_tests.integration.dagster.world import ORDERS, new_instance

OFFLINE = """
import socket

def refuse(*told, **more):
    raise OSError("definitions load without a network")

socket.socket.connect = socket.socket.bind = socket.getaddrinfo = refuse
from tiktok_pipelines.definitions import defs
print(*sorted(key.to_user_string() for key in defs.resolve_all_asset_keys()))
"""


COVERAGE = "tiktok_ops/coverage"
COMPARISON = "tiktok_ops/webhook_comparison"


def specs() -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in defs.resolve_all_asset_specs()}


def test_definitions_load_with_nothing_set_and_no_network_and_say_nothing(
    tmp_path: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env={},
        cwd=tmp_path,
        capture_output=True,
        check=False,
        text=True,
        timeout=240,
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.split() == sorted(specs())
    assert list(tmp_path.iterdir()) == []


def test_every_table_of_the_orders_is_an_asset_of_its_name() -> None:
    names = {f"tiktok/{table.name}" for table in ANALYST_TABLES}
    others = {name.replace(".", "/") for one in SUBJECTS for name in one.tables}

    marts = {name.replace(".", "/") for name in views()}
    ours = {COVERAGE, COMPARISON}
    assert specs().keys() == names | others | ours | marts
    assert names >= {"tiktok/orders", "tiktok/order_lines", "tiktok/order_recipients"}


@pytest.mark.parametrize("table", ANALYST_TABLES, ids=lambda table: table.name)
def test_an_asset_tells_what_its_table_is(table: object) -> None:
    name = str(table)

    spec = specs()[name.replace(".", "/")]

    schema = spec.metadata["dagster/column_schema"]
    assert isinstance(schema, dg.TableSchema)
    assert spec.metadata["dagster/table_name"] == name
    assert {"shop_id", "synced_at", "raw_page_id"} <= {c.name for c in schema.columns}
    assert all(column.description and column.type for column in schema.columns)
    assert (spec.group_name, spec.kinds) == ("orders", {"python", "postgres"})
    assert spec.owners
    assert spec.description


def test_partitions_are_days_by_shops_with_today_included() -> None:
    days = SHOP_DAYS.get_partitions_def_for_dimension("date")
    today = SystemClock().now().date()

    found = specs()
    orders = [found[f"tiktok/{table.name}"].partitions_def for table in ANALYST_TABLES]
    assert found[COVERAGE].partitions_def is None
    assert set(orders) == {SHOP_DAYS}
    assert days.get_first_partition_key() == "2024-01-01"
    assert days.has_partition_key(today.isoformat())
    assert not days.has_partition_key((today + timedelta(days=1)).isoformat())


def test_a_partition_is_called_by_its_day_and_its_shop() -> None:
    with new_instance() as instance:
        instance.add_dynamic_partitions("tiktok_shops", ["7400"])
        keys = SHOP_DAYS.get_partition_keys(dynamic_partitions_store=instance)

    assert "2026-01-05|7400" in keys


def test_a_range_of_days_is_one_run() -> None:
    policy = defs.resolve_assets_def(ORDERS).backfill_policy

    assert policy == dg.BackfillPolicy.single_run()


def test_the_jobs_are_named_as_promised() -> None:
    names = {job.name for job in defs.resolve_all_job_defs()}

    assert names >= {"sync_orders", "refresh_tokens"}


@pytest.mark.parametrize("name", ["orders_schedule", "tokens_schedule"])
def test_a_schedule_ticks_every_five_minutes_and_runs_by_default(name: str) -> None:
    schedule = defs.resolve_schedule_def(name)

    assert schedule.cron_schedule == "*/5 * * * *"
    assert schedule.default_status == dg.DefaultScheduleStatus.RUNNING


def test_the_sensor_of_shops_runs_by_default() -> None:
    sensor = defs.resolve_sensor_def("shops_sensor")

    assert sensor.default_status == dg.DefaultSensorStatus.RUNNING


@pytest.mark.parametrize(
    ("error", "is_retried"),
    [
        (NeedsConsent("consent again"), False),
        (DatabaseUnavailable("start it"), True),
        (ShopsFailed([("7400", NeedsConsent("consent again"))]), False),
        (ShopsFailed([("7400", TransportError("cut", path="/orders"))]), True),
    ],
    ids=["consent", "database", "shop without consent", "shop not reached"],
)
def test_only_what_may_work_later_is_retried(
    error: PipelineError, *, is_retried: bool
) -> None:
    with pytest.raises(dg.Failure) as caught, dagster_failures():
        raise error

    assert caught.value.allow_retries == is_retried
    assert caught.value.description == str(error)


def test_no_step_waits_for_a_slot_of_a_pool() -> None:
    """While it does, Dagster 1.13 takes a whole core of its process."""
    nodes = [node for job in defs.resolve_all_job_defs() for node in job.all_node_defs]

    assert len(nodes) > 10
    assert {pool for node in nodes for pool in node.pools} == set()


def test_every_load_is_retried_within_minutes() -> None:
    loads = defs.resolve_assets_def(ORDERS).op

    policies = {loads.retry_policy, sync_changed_orders.retry_policy}

    assert policies == {RETRIES}
    assert RETRIES.max_retries == 3
