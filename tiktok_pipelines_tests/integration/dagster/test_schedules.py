from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta

import dagster as dg
import pytest
from sqlalchemy import text

from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.defs.schedules import orders_schedule, tokens_schedule
from tiktok_pipelines.defs.sensors import shops_sensor
from tiktok_pipelines.defs.subject_jobs import SUBJECT_SCHEDULES
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.dagster.world import World, new_instance
from tiktok_pipelines_tests.integration.ingest.stored import scalar

Schedule = Callable[..., object]
# Dagster asks the instance opened last when it loads definitions: ticks' must live on.
TICKS = ExitStack()


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dg.DagsterInstance]:
    """One on disk, as a schedule opens its instance anew at each tick."""
    folder = tmp_path_factory.mktemp("instance")
    with dg.DagsterInstance.local_temp(str(folder)) as opened, TICKS:
        yield opened


def change(world: World, values: str, shop_id: str, sync: str = "orders") -> None:
    """Change a shop's row of the schedules as a person does."""
    statement = text(
        f"UPDATE tiktok_ops.sync_schedules SET {values}"
        " WHERE shop_id = :shop_id AND sync = :sync"
    )
    with world.database.begin() as connection:
        connection.execute(statement, {"shop_id": shop_id, "sync": sync})


def tick(
    world: World, at: datetime = NOW, schedule: Schedule = orders_schedule
) -> object:
    context = dg.build_schedule_context(
        instance=world.instance,
        scheduled_execution_time=at,
        resources={"token_store": world.token_store()},
    )
    return schedule(TICKS.enter_context(context))


def due(world: World, at: datetime = NOW) -> list[str]:
    """The shops that a tick passes to its run; none when it skips."""
    told = tick(world, at)
    if isinstance(told, dg.SkipReason):
        return []
    assert isinstance(told, dg.RunRequest)
    return told.run_config["ops"]["sync_changed_orders"]["config"]["shop_ids"]


def minutes(number: int) -> datetime:
    return NOW + timedelta(minutes=number)


def test_a_tick_passes_every_shop_that_never_ran_to_one_run(world: World) -> None:
    assert due(world) == sorted(world.shop_ids)


def test_what_a_tick_passes_is_what_the_job_takes(world: World) -> None:
    change(world, "is_active = false", world.shop_ids[0])
    told = tick(world)
    assert isinstance(told, dg.RunRequest)

    result = (
        world.definitions()
        .resolve_job_def("sync_orders")
        .execute_in_process(run_config=told.run_config, instance=world.instance)
    )

    assert result.success
    assert sorted(world.shop_ids[1:]) == sorted(
        {shop_id for (_, _, shop_id) in world.simulator.calls if shop_id}
    )


def test_a_tick_skips_while_no_shop_is_due(world: World) -> None:
    tick(world)

    told = tick(world, minutes(5))

    assert isinstance(told, dg.SkipReason)
    assert told.skip_message == "no shop is due"


def test_orders_are_due_every_fifteen_minutes(world: World) -> None:
    due(world)

    assert due(world, minutes(14)) == []
    assert due(world, minutes(15)) == sorted(world.shop_ids)


def test_a_shop_may_have_an_interval_of_its_own(world: World) -> None:
    slow, fast = world.shop_ids[0], world.shop_ids[1]
    change(world, "interval_minutes = 60", slow)
    change(world, "interval_minutes = 5", fast)
    due(world)

    assert due(world, minutes(5)) == [fast]
    assert due(world, minutes(20)) == sorted({*world.shop_ids} - {slow})
    assert slow in due(world, minutes(60))


def test_a_shop_whose_sync_is_inactive_is_left_out(world: World) -> None:
    change(world, "is_active = false", world.shop_ids[0])

    assert due(world) == sorted(world.shop_ids[1:])


def test_a_disabled_shop_is_left_out(world: World) -> None:
    world.pipeline.shops.store.set_enabled(world.shop_ids[0], is_enabled=False)

    assert due(world) == sorted(world.shop_ids[1:])


def test_a_shop_that_ran_lately_waits_for_its_next_time(world: World) -> None:
    change(world, "last_run_at = '2026-01-10 11:50:00Z'", world.shop_ids[0])

    assert due(world) == sorted(world.shop_ids[1:])
    assert due(world, minutes(5)) == world.shop_ids[:1]


def test_a_revoked_shop_is_left_out_until_its_seller_consents(world: World) -> None:
    revoked, fine = world.simulator.shops[2], world.shop_ids[:2]
    world.simulator.revoke(revoked.seller_id)
    world.sync(revoked.id)

    left_out = due(world)
    world.pipeline.connector.connect(world.simulator.authorize(revoked.seller_id))

    assert left_out == sorted(fine)
    assert revoked.id in due(world, minutes(15))


@pytest.mark.parametrize(
    "status", [dg.DagsterRunStatus.NOT_STARTED, dg.DagsterRunStatus.STARTED]
)
def test_a_tick_skips_while_a_run_is_under_way_and_loses_no_shop(
    world: World, status: dg.DagsterRunStatus
) -> None:
    job = world.definitions().resolve_job_def("sync_orders")
    run = world.instance.create_run_for_job(job, status=status)

    told = tick(world)
    world.instance.report_run_canceled(run)

    assert isinstance(told, dg.SkipReason)
    assert "under way" in str(told.skip_message)
    assert due(world, minutes(5)) == sorted(world.shop_ids)


def test_a_run_that_was_left_behind_holds_no_tick_back(world: World) -> None:
    job = world.definitions().resolve_job_def("sync_orders")
    run = world.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)

    found = due(world, SystemClock().now() + timedelta(hours=2))
    world.instance.report_run_canceled(run)

    assert found == sorted(world.shop_ids)


def test_a_run_of_another_job_holds_no_tick_back(world: World) -> None:
    job = world.definitions().resolve_job_def("refresh_tokens")
    world.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTED)

    assert due(world) == sorted(world.shop_ids)


def test_a_tick_notes_when_a_shop_ran_last(world: World) -> None:
    tick(world, minutes(5))

    noted = scalar(
        world.database,
        "SELECT last_run_at FROM tiktok_ops.sync_schedules"
        " WHERE shop_id = :shop_id AND sync = 'orders'",
        shop_id=world.shop_ids[0],
    )
    assert noted == minutes(5)


def test_tokens_are_refreshed_daily(world: World) -> None:
    day = timedelta(days=1)

    first = tick(world, NOW, tokens_schedule)
    soon = tick(world, NOW + day / 2, tokens_schedule)
    next_day = tick(world, NOW + day, tokens_schedule)

    assert isinstance(first, dg.RunRequest)
    assert isinstance(soon, dg.SkipReason)
    assert isinstance(next_day, dg.RunRequest)


@pytest.mark.parametrize("schedule", SUBJECT_SCHEDULES, ids=lambda each: each.name)
def test_what_a_tick_passes_is_what_the_job_of_its_subjects_takes(
    world: World, schedule: dg.ScheduleDefinition
) -> None:
    told = tick(world, NOW, schedule)
    soon = tick(world, minutes(30), schedule)

    assert isinstance(told, dg.RunRequest)
    assert isinstance(soon, dg.SkipReason)
    job = world.definitions().resolve_job_def(schedule.job_name)
    result = job.execute_in_process(run_config=told.run_config, instance=world.instance)
    assert result.success
    assert set(world.shop_ids) == {
        shop_id for (_, _, shop_id) in world.simulator.calls if shop_id
    }


def look(world: World, instance: dg.DagsterInstance) -> object:
    context = dg.build_sensor_context(
        instance=instance, resources={"token_store": world.token_store()}
    )
    return shops_sensor(context)


def test_the_sensor_adds_shops_that_dagster_does_not_know(world: World) -> None:
    with new_instance() as instance:
        instance.add_dynamic_partitions("tiktok_shops", world.shop_ids[:1])

        told = look(world, instance)

    assert isinstance(told, dg.SensorResult)
    assert [
        (request.partitions_def_name, sorted(request.partition_keys))
        for request in told.dynamic_partitions_requests or ()
    ] == [("tiktok_shops", sorted(world.shop_ids[1:]))]


def test_the_sensor_skips_when_all_shops_are_known(world: World) -> None:
    assert isinstance(look(world, world.instance), dg.SkipReason)
