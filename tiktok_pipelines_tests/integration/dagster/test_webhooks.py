"""The sensor and the job that work on webhooks, and the comparison in Dagster."""

import json
import threading
from collections.abc import Iterator
from datetime import datetime, timedelta

import dagster as dg
import pytest
from dagster import DagsterEvent, DagsterEventType
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.assets.webhooks import COMPARISON
from tiktok_pipelines.defs.webhooks import webhooks_sensor
from tiktok_pipelines.ingest.webhook_queue import CHANNEL, WORKER_LOCK
from tiktok_pipelines.storage.listening import listening
from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    checks,
    observed,
    why,
)
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.waiting import until

INSERT = text("""
    INSERT INTO tiktok_ops.webhook_events
        (app_key, dedupe_key, event_type, shop_id, received_at, body, status)
    VALUES ('key', :name, :type, :shop_id, :now, :body, 'pending')
""")
PRODUCT_INFORMATION_CHANGE = 15


def announce(world: World, order_id: str, shop_id: str | None = None) -> None:
    """An event about an order, as the receiver lands it."""
    land(world, 1, shop_id, order_id=order_id)


def land(world: World, kind: int, shop_id: str | None = None, **data: object) -> None:
    """An event, as the receiver lands it."""
    data = {**data, "update_time": 1_768_046_400}
    told = {
        "name": f"event-{data}",
        "type": kind,
        "shop_id": shop_id or world.shop_ids[0],
        "now": world.pipeline.clock.now(),
        "body": json.dumps({"type": kind, "data": data}).encode(),
    }
    with world.database.begin() as connection:
        connection.execute(INSERT, told)
        connection.execute(text(f"NOTIFY {CHANNEL}"))


def some_orders(world: World) -> list[str]:
    return [str(order["id"]) for order in world.simulator.truth(world.shop_ids[0])]


def tick(world: World) -> dg.RunRequest | dg.SkipReason:
    context = dg.build_sensor_context(instance=world.instance)
    return webhooks_sensor(context, token_store=world.token_store())  # pyright: ignore[reportReturnType] - Dagster types sensors in part


def work(world: World, idle_s: float = 0) -> dg.ExecuteInProcessResult:
    job = world.definitions().resolve_job_def("process_webhooks")
    config = {"config": {"idle_s": idle_s}}
    return job.execute_in_process(
        run_config={"ops": {"read_announced": config}},
        instance=world.instance,
        raise_on_error=False,
    )


def processed(world: World) -> int:
    statement = "SELECT count(*) FROM tiktok_ops.webhook_events WHERE status = :status"
    return scalar(world.database, statement, status="processed")


def test_the_sensor_starts_nothing_while_nothing_waits(world: World) -> None:
    assert "no webhook waits" in str(tick(world))


def test_the_sensor_starts_a_run_when_an_event_waits(world: World) -> None:
    announce(world, some_orders(world)[0])

    assert isinstance(tick(world), dg.RunRequest)


def test_the_sensor_starts_no_second_run_while_one_works(world: World) -> None:
    announce(world, some_orders(world)[0])

    with listening(world.database, channel=CHANNEL, lock=WORKER_LOCK) as listener:
        assert listener is not None
        told = tick(world)

    assert "a run works on them" in str(told)
    assert isinstance(tick(world), dg.RunRequest)


def test_the_sensor_waits_for_a_run_that_is_about_to_start(world: World) -> None:
    announce(world, some_orders(world)[0])
    job = world.definitions().resolve_job_def("process_webhooks")
    world.instance.create_run_for_job(job, status=dg.DagsterRunStatus.STARTING)

    assert "about to start" in str(tick(world))


@pytest.mark.parametrize(
    ("seconds", "told"), [(5, "about to start"), (60, "RunRequest")]
)
def test_the_sensor_waits_for_a_started_run_to_take_the_lock_not_longer(
    world: World, seconds: int, told: str
) -> None:
    announce(world, some_orders(world)[0])
    job = world.definitions().resolve_job_def("process_webhooks")
    run = world.instance.create_run_for_job(job)
    started_at = world.pipeline.clock.now() - timedelta(seconds=seconds)
    world.instance.handle_new_event(start_of(run, started_at))

    assert told in str(tick(world))


def start_of(run: dg.DagsterRun, at: datetime) -> dg.EventLogEntry:
    """What a run tells when it starts; it may be killed right after."""
    started = DagsterEvent(
        event_type_value=DagsterEventType.RUN_START.value, job_name=run.job_name
    )
    return dg.EventLogEntry(
        error_info=None,
        level=20,
        user_message="",
        run_id=run.run_id,
        timestamp=at.timestamp(),
        job_name=run.job_name,
        dagster_event=started,
    )


def test_the_job_reads_what_is_announced_and_observes_the_days(world: World) -> None:
    orders = some_orders(world)
    for order_id in orders:
        announce(world, order_id)

    result = work(world)

    assert result.success, why(result)
    assert processed(world) == len(orders)
    seen = list(observed(result))
    assert seen
    assert all(key.endswith(world.shop_ids[0]) for key in seen)
    (run,) = world.instance.get_runs()
    assert run.tags["tiktok/kind"] == "webhooks"


def test_events_that_fail_fail_no_run(world: World) -> None:
    announce(world, "580000000000000001")

    result = work(world)

    assert result.success
    assert processed(world) == 0


def test_a_second_run_ends_at_once_and_does_no_harm(world: World) -> None:
    announce(world, some_orders(world)[0])

    with listening(world.database, channel=CHANNEL, lock=WORKER_LOCK):
        result = work(world)

    assert result.success
    assert processed(world) == 0


@pytest.fixture
def lingering(world: World, pipeline: Pipeline) -> Iterator[threading.Thread]:
    """A run that stays; simulated time stands still, so it would stay for ever."""
    del pipeline
    worker = threading.Thread(target=work, args=(world, 1.0))
    yield worker
    world.simulator.clock.advance(timedelta(hours=2))
    announce(world, "580000000000000002")
    worker.join(60)
    assert not worker.is_alive()


def test_a_run_that_lingers_takes_what_comes_later(
    world: World, lingering: threading.Thread
) -> None:
    first, second = some_orders(world)[:2]
    announce(world, first)
    lingering.start()
    until(lambda: processed(world) == 1)

    announce(world, second)

    until(lambda: processed(world) == 2)
    assert lingering.is_alive()


def test_what_a_killed_run_left_is_taken_up_again(world: World) -> None:
    announce(world, some_orders(world)[0])
    with world.database.begin() as connection:
        connection.execute(
            text("UPDATE tiktok_ops.webhook_events SET status = 'processing'")
        )
    assert isinstance(tick(world), dg.RunRequest)

    work(world)

    assert processed(world) == 1


def test_the_comparison_is_drawn_and_checked(world: World) -> None:
    announce(world, "580000000000000001")
    work(world)
    world.sync()
    world.simulator.clock.advance(timedelta(days=1))

    job = world.definitions().resolve_job_def("compare_webhooks")
    result = job.execute_in_process(instance=world.instance, raise_on_error=False)

    assert result.success, why(result)
    told = checks(result, COMPARISON)
    verdicts = {name: each.passed for name, each in told.items()}
    assert verdicts == {
        "changes_are_announced": False,
        "webhooks_are_taken": True,
        "consents_last": True,
    }
    (event,) = result.asset_materializations_for_node("tiktok_ops__webhook_comparison")
    assert event.asset_key == COMPARISON
    assert "data:image/svg+xml" in str(event.metadata["picture"].value)
    assert event.metadata["events_for_nothing"].value == 1


def test_changes_that_tiktok_need_not_announce_are_no_warning(world: World) -> None:
    land(world, PRODUCT_INFORMATION_CHANGE, product_id="404")
    work(world)
    job = world.definitions().resolve_job_def("sync_products")
    assert job.execute_in_process(instance=world.instance).success
    with world.database.begin() as connection:
        changed = {"now": world.pipeline.clock.now()}
        connection.execute(
            text("UPDATE tiktok.products SET updated_at = :now"), changed
        )
    world.simulator.clock.advance(timedelta(days=1))

    job = world.definitions().resolve_job_def("compare_webhooks")
    result = job.execute_in_process(instance=world.instance, raise_on_error=False)

    (event,) = result.asset_materializations_for_node("tiktok_ops__webhook_comparison")
    assert event.metadata["events"].value == 1
    assert int(str(event.metadata["unannounced"].value)) > 0
    assert checks(result, COMPARISON)["changes_are_announced"].passed
