"""An event whose reading kills the process, and the events beside it."""

import itertools
import multiprocessing
import signal
from collections.abc import Callable
from datetime import timedelta

import pytest

from tiktok_pipelines.ingest.webhook_queue import MOST_TRIES, PAUSES
from tiktok_pipelines_tests.integration.webhooks.conftest import World
from tiktok_pipelines_tests.integration.webhooks.processes import work

Live = Callable[[str], int]


@pytest.fixture
def live(world: World, environment: dict[str, str]) -> Live:
    """A worker's life in a process of its own; how it ended."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([work.__module__])
    numbers = itertools.count(1)

    def one(fatal: str) -> int:
        now, name = world.pipeline.clock.now(), f"life {next(numbers)}"
        process = context.Process(target=work, args=(environment, name, now, fatal))
        process.start()
        process.join(60)
        assert process.exitcode is not None
        return process.exitcode

    return one


def test_of_a_batch_that_kills_its_process_the_guilty_event_alone_ends_dead(
    world: World, live: Live
) -> None:
    one, other = world.shop_ids[:2]
    fatal, *others = [str(order["id"]) for order in world.simulator.truth(one)[:8]]
    for order_id in (*others[:3], fatal, *others[3:]):
        world.receiver.send(1, one, order_id=order_id)
    world.receiver.send(1, other, order_id=world.some_order(other))
    deaths = 0

    while set(world.statuses()) & {"pending", "processing", "failed"}:
        ended = live(fatal)
        assert ended in (0, -signal.SIGKILL)
        deaths += ended != 0
        assert deaths < 20
        world.simulator.clock.advance(PAUSES[-1] + timedelta(seconds=1))

    assert deaths == 3 + MOST_TRIES
    (dead,) = world.events("status <> 'processed'")
    assert dead["status"] == "dead"
    assert fatal.encode() in bytes(dead["body"])
    assert "read it alone" in dead["error"]
