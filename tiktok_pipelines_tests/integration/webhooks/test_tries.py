"""How often an event is tried, and when it is given up."""

from datetime import timedelta

from tiktok_pipelines.ingest.webhook_queue import (
    MOST_TRIES,
    PAUSES,
    claim,
    claim_suspect,
    release_orphans,
)
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import DETAIL
from tiktok_pipelines_tests.integration.webhooks.conftest import World


def test_a_failure_backs_off_and_is_dead_after_five_tries(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id=world.some_order())
    world.simulator.faults.add(Fault("error_code", path=DETAIL, code=36009033))
    seen: list[tuple[str, int, bool]] = []
    for pause in (timedelta(0), *PAUSES):
        world.simulator.clock.advance(pause + timedelta(seconds=1))
        world.settle_all()
        (row,) = world.events()
        seen.append((row["status"], row["attempts"], bool(row["error"])))
        world.settle_all()

    tries = [("failed", number, True) for number in range(1, MOST_TRIES)]
    assert seen == [*tries, ("dead", MOST_TRIES, True)]


def die_with_a_batch(world: World, times: int, run_id: str = "") -> None:
    now = world.pipeline.clock.now()
    for number in range(times):
        claimed = claim(world.database, now, "run") or claim_suspect(
            world.database, now, "run"
        )
        assert claimed
        release_orphans(world.database, now, run_id or f"life {number}")


def test_processes_that_die_use_up_no_try(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id="580000000000000001")
    die_with_a_batch(world, 3)

    world.settle_all()

    (row,) = world.events()
    assert (row["status"], row["failures"]) == ("failed", 1)


def test_a_process_that_dies_of_one_event_alone_has_failed_and_waits(
    world: World,
) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id=world.some_order())

    die_with_a_batch(world, 4)

    (row,) = world.events()
    assert (row["status"], row["failures"]) == ("failed", 1)
    assert row["next_attempt_at"] == world.pipeline.clock.now() + PAUSES[0]


def test_a_database_that_goes_away_uses_up_no_try_and_not_for_ever(
    world: World,
) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id=world.some_order())

    die_with_a_batch(world, 19, run_id="run")
    alive = [(row["status"], row["failures"]) for row in world.events()]
    die_with_a_batch(world, 1, run_id="run")

    assert (alive, world.statuses()) == ([("failed", 0)], {"dead": 1})
