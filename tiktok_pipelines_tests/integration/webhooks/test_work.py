"""What follows from an event: reading again, in one transaction with its settlement."""

from collections.abc import Collection, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.retention import tidy_up
from tiktok_pipelines.ingest.target import Alongside
from tiktok_pipelines.ingest.webhook_loads import LOADERS, Loaded
from tiktok_pipelines.ingest.webhook_queue import (
    claim,
)
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import DETAIL
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.webhooks.conftest import World

ORDER_DETAIL = ("GET", DETAIL)


def calls(world: World) -> int:
    return sum(
        count
        for (method, path, _), count in world.simulator.calls.items()
        if (method, path) == ORDER_DETAIL
    )


def count(world: World, table: str) -> int:
    return scalar(world.database, f"SELECT count(*) FROM {table}")


def test_an_event_has_its_order_read_again(world: World) -> None:
    order_id = world.some_order()
    world.receiver.send(1, world.shop_ids[0], order_id=order_id, update_time=1)

    (batch,) = world.settle_all()

    (row,) = world.events()
    assert (row["status"], row["attempts"]) == ("processed", 1)
    assert (row["subject"], row["object_ids"]) == ("orders", [order_id])
    assert row["processed_at"] is not None
    assert batch.rows_written > 0
    assert count(world, "tiktok.orders") == 1


def test_many_events_are_few_calls(world: World) -> None:
    shop_id = world.shop_ids[0]
    orders = [str(order["id"]) for order in world.simulator.truth(shop_id)]
    for order_id in orders * 3:
        world.receiver.send(1, shop_id, order_id=order_id)

    world.settle_all()

    assert len(orders) * 3 == world.statuses()["processed"]
    assert calls(world) == -(-len(orders) // 50)


def test_the_settlement_and_the_rows_are_one_transaction(world: World) -> None:
    order_id = world.some_order()
    runs_of(world.pipeline).pull(world.shop_ids[0], [order_id])
    with world.database.begin() as connection:  # so that it is written once more
        connection.execute(text("UPDATE tiktok.orders SET content_hash = NULL"))
    world.receiver.send(1, world.shop_ids[0], order_id=order_id)

    world.settle_all()

    same = scalar(
        world.database,
        "SELECT o.xmin = e.xmin"
        " FROM tiktok.orders AS o, tiktok_ops.webhook_events AS e",
    )
    assert same


def test_a_transaction_that_fails_settles_nothing(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id=world.some_order())
    with world.database.begin() as connection:
        connection.execute(REFUSE)

    world.settle_all()

    assert world.statuses() == {"failed": 1}
    assert count(world, "tiktok.orders") == 0


REFUSE = text("""
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = 'P0001'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON tiktok.orders
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()
""")


def test_one_shop_that_fails_leaves_the_others_alone(world: World) -> None:
    bad, good = world.shop_ids[:2]
    world.simulator.faults.add(Fault("error_code", shop_id=bad, code=36009033))
    for shop_id in (bad, good):
        world.receiver.send(1, shop_id, order_id=world.some_order(shop_id))

    world.settle_all()

    found = {row["shop_id"]: row["status"] for row in world.events()}
    assert found == {bad: "failed", good: "processed"}


def test_an_order_that_tiktok_does_not_know_is_tried_again(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_id="580000000000000001")

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "failed"
    assert "knows nothing of 580000000000000001" in row["error"]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (19, {"size_chart_template_id": "1"}),
        (13, {"conversation_id": "1"}),
        (999, {}),
        (2, {"order_id": "5"}),
    ],
)
def test_what_nothing_follows_from_is_ignored_by_rule(
    world: World, kind: int, data: dict[str, object]
) -> None:
    world.receiver.send(kind, world.shop_ids[0], **data)

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "ignored"
    assert "by rule" in row["error"]


def test_what_a_buyer_wrote_does_not_stay(world: World) -> None:
    world.receiver.send(14, world.shop_ids[0], content="call me", message_id="3")

    world.settle_all()

    (row,) = world.events()
    assert b"call me" not in bytes(row["body"])
    assert b'"message_id":"3"' in bytes(row["body"])


def test_an_event_that_names_no_object_is_dead(world: World) -> None:
    world.receiver.send(1, world.shop_ids[0], order_status="UNPAID")

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "dead"
    assert "expected order_id" in row["error"]


def test_a_shop_that_is_switched_off_is_left_alone(world: World) -> None:
    shop_id = world.shop_ids[0]
    world.pipeline.shops.store.set_enabled(shop_id, is_enabled=False)
    world.receiver.send(1, shop_id, order_id=world.some_order())

    world.settle_all()

    assert world.statuses() == {"ignored": 1}
    assert calls(world) == 0


def test_a_shop_that_is_not_connected_is_told(world: World) -> None:
    world.receiver.send(1, "1", order_id="5")

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "failed"
    assert "not connected" in row["error"]


def test_a_combined_event_waits_for_its_last_object(world: World) -> None:
    shop_id = world.shop_ids[0]
    orders = [str(order["id"]) for order in world.simulator.truth(shop_id)[:2]]
    (package,) = world.simulator.truth(shop_id, "packages")[:1]
    packages = [{"package_id": package["package_id"], "order_id_list": orders}]
    world.receiver.send(4, shop_id, sc_type="COMBINE", package_list=packages)

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "processed"
    assert count(world, "tiktok.orders") == 2
    assert count(world, "tiktok.packages") == 1
    assert count(world, "tiktok.package_details") == 1


def test_what_is_not_read_by_id_makes_its_sync_due(world: World) -> None:
    shop_id = world.shop_ids[0]
    with world.database.begin() as connection:
        connection.execute(
            text("UPDATE tiktok_ops.sync_schedules SET last_run_at=now()")
        )
    world.receiver.send(12, shop_id, return_id="4")

    WebhookWork(runs_of(world.pipeline), {}).next_batch()

    (row,) = world.events()
    with world.database.begin() as connection:
        due = connection.execute(DUE).all()
    assert row["status"] == "processed"
    assert "made due" in row["error"]
    assert [tuple(each) for each in due] == [(shop_id, "returns")]


STARTED = text("UPDATE tiktok_ops.sync_schedules SET last_run_at = now()")
DUE = text("""
    SELECT shop_id, sync FROM tiktok_ops.sync_schedules WHERE last_run_at IS NULL
""")


def test_what_is_left_to_a_sync_is_due_as_soon_as_its_event_is_settled(
    world: World,
) -> None:
    """A process that is killed later leaves nothing undone."""
    shop_id = world.shop_ids[0]
    with world.database.begin() as connection:
        connection.execute(STARTED)
    data = {"return_id": "4", "order_id": world.some_order()}
    world.receiver.send(12, shop_id, **data)
    seen: list[tuple[dict[str, int], list[str]]] = []

    def watched(
        runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
    ) -> Loaded:
        loaded = LOADERS["orders"](runs, shop_id, ids, alongside)
        with world.database.begin() as connection:
            due = [each.sync for each in connection.execute(DUE)]
        seen.append((world.statuses(), due))
        return loaded

    WebhookWork(runs_of(world.pipeline), {"orders": watched}).next_batch()

    assert seen == [({"processed": 1}, ["returns"])]


def test_returns_and_cancellations_are_read_again_by_id(world: World) -> None:
    shop = world.simulator.shops[0]
    world.simulator.clock.advance(timedelta(days=2))
    (cancel,) = world.simulator.truth(shop.id, "cancellations")[:1]
    order_id, cancel_id = cancel["order_id"], cancel["cancel_id"]
    world.receiver.send(11, shop.id, cancel_id=cancel_id, order_id=order_id)

    world.settle_all()

    assert world.statuses() == {"processed": 1}
    assert count(world, "tiktok.cancellations") == 1
    assert count(world, "tiktok.orders") == 1


@pytest.mark.parametrize(
    ("told", "changed_at"),
    [({"update_time": 1_768_046_000}, 1_768_046_000), ({}, 1_768_046_400)],
    ids=["as told", "when pushed"],
)
def test_a_cancellation_changes_later_than_it_was_made(
    world: World, told: dict[str, object], changed_at: int
) -> None:
    made = {"cancel_id": "4", "create_time": 1_768_040_000}
    world.receiver.send(11, world.shop_ids[0], **made, **told)

    WebhookWork(runs_of(world.pipeline), {}).next_batch()

    (row,) = world.events()
    assert row["changed_at"].timestamp() == changed_at


def test_an_aftersales_request_that_is_no_return_is_left_to_the_sync(
    world: World,
) -> None:
    with world.database.begin() as connection:
        connection.execute(STARTED)
    shop_id = world.shop_ids[0]
    world.receiver.send(64, shop_id, aftersales_request_id="4")

    world.settle_all()

    (row,) = world.events()
    with world.database.begin() as connection:
        due = connection.execute(DUE).all()
    assert (row["subject"], row["object_ids"]) == ("returns", ["4"])
    assert row["status"] == "processed"
    assert "their sync: it was made due" in row["error"]
    assert [tuple(each) for each in due] == [(shop_id, "returns")]


def test_one_of_the_ids_of_an_aftersales_request_is_enough(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(STARTED)
    world.simulator.clock.advance(timedelta(days=2))
    shop_id, held = next(
        (shop_id, one)
        for shop_id in world.shop_ids
        for one in world.simulator.truth(shop_id, "returns")
    )
    data = {"aftersales_request_id": held["return_id"], "rma_id": "4"}
    world.receiver.send(65, shop_id, **data)

    world.settle_all()

    (row,) = world.events()
    assert (row["status"], row["error"]) == ("processed", None)
    assert count(world, "tiktok.returns") == 1
    with world.database.begin() as connection:
        assert connection.execute(DUE).all() == []


def test_no_event_is_claimed_twice(world: World) -> None:
    for number in range(30):
        world.receiver.send(1, world.shop_ids[0], order_id=str(number + 1))
    now = world.pipeline.clock.now()

    with world.database.begin() as other:
        held = other.execute(HOLD).scalars().all()
        claimed = claim(world.database, now, "run")

    assert len(held) == 10
    assert {event.event_id for event in claimed}.isdisjoint(held)
    assert len(claimed) == 20


HOLD = text("""
    SELECT event_id FROM tiktok_ops.webhook_events ORDER BY event_id LIMIT 10 FOR UPDATE
""")


def test_a_settlement_is_not_lost_when_the_load_is_told_twice(world: World) -> None:
    """A commit whose answer is lost is repeated: it calls alongside again."""
    shop_id = world.shop_ids[0]
    world.receiver.send(1, shop_id, order_id=world.some_order())
    seen: list[int] = []

    def twice(
        runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
    ) -> Loaded:
        def both(connection: Connection, found: Collection[str]) -> None:
            seen.append(1)
            alongside(connection, found)
            alongside(connection, found)

        return LOADERS["orders"](runs, shop_id, ids, both)

    WebhookWork(runs_of(world.pipeline), {"orders": twice}).next_batch()

    assert seen
    assert world.statuses() == {"processed": 1}


def test_old_events_go_but_those_that_wait_stay(world: World) -> None:
    shop_id = world.shop_ids[0]
    for name, status in (("1", "processed"), ("2", "dead"), ("3", "pending")):
        world.receiver.send(1, shop_id, order_id=name)
        with world.database.begin() as connection:
            connection.execute(SET_STATUS, {"status": status})
    later = world.pipeline.clock.now() + timedelta(days=1)

    tidy_up(world.database, logs_before=later, ledger_before=later, events_before=later)

    assert world.statuses() == {"pending": 1}


SET_STATUS = text("""
    UPDATE tiktok_ops.webhook_events SET status = :status
    WHERE event_id = (SELECT max(event_id) FROM tiktok_ops.webhook_events)
""")
