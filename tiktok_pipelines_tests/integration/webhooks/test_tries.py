"""How often an event is tried, and when it is given up."""

from datetime import timedelta

from tiktok_pipelines.ingest.webhook_queue import (
    MOST_TRIES,
    PAUSES,
    claim,
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


def die_with_a_batch(world: World, times: int) -> None:
    for _ in range(times):
        claim(world.database, world.pipeline.clock.now(), "run")
        release_orphans(world.database)


def test_processes_that_die_use_up_no_try(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id="580000000000000001")
    die_with_a_batch(world, MOST_TRIES)

    world.settle_all()

    (row,) = world.events()
    assert (row["status"], row["failures"]) == ("failed", 1)


def test_an_event_that_always_kills_its_process_is_dead_in_the_end(
    world: World,
) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id=world.some_order())

    die_with_a_batch(world, 19)
    alive = world.statuses()
    die_with_a_batch(world, 1)

    assert (alive, world.statuses()) == ({"failed": 1}, {"dead": 1})
