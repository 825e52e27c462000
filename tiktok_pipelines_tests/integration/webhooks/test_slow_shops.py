"""A shop that answers slowly: the others go on, and its own events stay in order."""

import threading
from collections.abc import Sequence

import pytest

from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.target import Alongside
from tiktok_pipelines.ingest.webhook_loads import LOADERS, Loaded
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import DETAIL
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.webhooks.conftest import World
from tiktok_pipelines_tests.waiting import until

SLOW_S = 8.0


def statuses(world: World, shop_id: str) -> list[str]:
    return [row["status"] for row in world.events(f"shop_id = '{shop_id}'")]


def announce(world: World, shop_id: str) -> None:
    world.receiver.send(1, shop_id, order_id=world.some_order(shop_id))


def test_a_slow_shop_holds_up_no_later_event_of_another(world: World) -> None:
    slow, quick = world.shop_ids[:2]
    fault = Fault("slow", path=DETAIL, shop_id=slow, seconds=SLOW_S, count=1)
    world.simulator.faults.add(fault)
    announce(world, slow)
    announce(world, quick)
    worker = threading.Thread(target=world.settle_all)
    worker.start()
    until(lambda: statuses(world, quick) == ["processed"])

    for _ in range(2):
        announce(world, slow)
        announce(world, quick)
    until(lambda: statuses(world, quick) == ["processed"] * 3)

    assert statuses(world, slow) == ["processing", "pending", "pending"]
    worker.join()
    assert statuses(world, slow) == ["processed"] * 3


def test_a_shop_is_read_by_one_thread_at_a_time_and_in_order(world: World) -> None:
    shop_id, other = world.shop_ids[:2]
    orders = [str(order["id"]) for order in world.simulator.truth(shop_id)[:3]]
    seen: list[Sequence[str]] = []
    reading = threading.Lock()

    def read(
        runs: OrderRuns, told: str, ids: Sequence[str], alongside: Alongside
    ) -> Loaded:
        if told == other:
            return LOADERS["orders"](runs, told, ids, alongside)
        assert reading.acquire(blocking=False), "two read one shop"
        seen.append(ids)
        if len(seen) < len(orders):  # what comes now has to wait
            world.receiver.send(1, shop_id, order_id=orders[len(seen)])
            announce(world, other)
            until(lambda: "pending" not in statuses(world, other))
        reading.release()
        return LOADERS["orders"](runs, told, ids, alongside)

    world.receiver.send(1, shop_id, order_id=orders[0])
    work = WebhookWork(runs_of(world.pipeline), {"orders": read})
    while work.next_batch().size:
        pass

    assert seen == [[name] for name in orders]
    assert world.statuses() == {"processed": 5}


def test_a_lost_database_leaves_no_thread_at_work(world: World) -> None:
    lost, slow = world.shop_ids[:2]
    begun, ended = threading.Event(), threading.Event()

    def read(
        runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
    ) -> Loaded:
        if shop_id == lost:
            begun.wait()
            raise DatabaseUnavailable("gone")
        begun.set()
        loaded = LOADERS["orders"](runs, shop_id, ids, alongside)
        ended.set()
        return loaded

    announce(world, lost)
    announce(world, slow)
    work = WebhookWork(runs_of(world.pipeline), {"orders": read})

    with pytest.raises(DatabaseUnavailable):
        work.next_batch()

    assert ended.is_set()
    assert work.rest().size == 0
