"""What events do besides having objects read: consents, and the ledger of stock."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import text

from tiktok_pipelines.ingest.webhook_loads import LOADERS
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.simulator.happenings import Happening
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.webhooks.conftest import World


def count(world: World, table: str) -> int:
    return scalar(world.database, f"SELECT count(*) FROM {table}")


def test_a_withdrawn_consent_stops_the_shop(world: World) -> None:
    shop_id = world.shop_ids[0]
    world.simulator.clock.advance(timedelta(minutes=1))
    world.receiver.post(authorization_event(world, 6, shop_id, message="gone"))

    (batch,) = world.settle_all()

    shop = world.pipeline.shops.get(shop_id)
    assert not shop.is_enabled
    assert shop.sync_status == "error"
    assert "shops connect" in (shop.last_error_message or "")
    assert any(shop_id in warning for warning in batch.warnings)
    assert world.statuses() == {"processed": 1}


def test_a_late_word_of_a_withdrawal_does_not_stop_a_new_consent(world: World) -> None:
    shop_id = world.shop_ids[0]
    stale = authorization_event(world, 6, shop_id, message="gone")
    world.simulator.clock.advance(timedelta(hours=1))
    for seller in world.simulator.sellers:
        world.pipeline.connector.connect(world.simulator.authorize(seller.id))
    world.receiver.post(stale)

    world.settle_all()

    assert world.pipeline.shops.get(shop_id).is_enabled


def test_a_consent_that_will_end_is_told_with_its_date(world: World) -> None:
    shop_id = world.shop_ids[0]
    world.simulator.clock.advance(timedelta(minutes=1))
    told = {"expiration_time": "1772323200", "message": "soon"}
    world.receiver.post(authorization_event(world, 7, shop_id, **told))

    (batch,) = world.settle_all()

    shop = world.pipeline.shops.get(shop_id)
    assert shop.is_enabled
    assert "2026-03-01" in (shop.last_error_message or "")
    assert "2026-03-01" in batch.warnings[0]


def authorization_event(world: World, kind: int, shop_id: str, **data: str) -> bytes:
    now = world.simulator.clock.epoch()
    return json.dumps(Happening(now, kind, shop_id, {**data}).envelope(now)).encode()


def test_changes_of_stock_stand_in_the_ledger_once(world: World) -> None:
    shop_id = world.shop_ids[0]
    change = {
        "idempotency_key": "k1",
        "trigger_source": "ORDER",
        "occurred_at": "2026-01-09T10:00:00Z",
        "total_quantity_delta": -2,
    }
    data = {
        "event_id": "1",
        "product_id": 1729382473921837461,
        "sku_id": 1729382473921837462,
        "quantity_snapshot_after_change": {"total_quantity": 8},
        "change_detail": [change],
    }
    for _ in range(2):
        world.receiver.send(71, shop_id, **data)

    world.settle_all()

    with world.database.begin() as connection:
        (row,) = connection.execute(
            text("SELECT * FROM tiktok_ops.stock_changes")
        ).mappings()
    assert (row["sku_id"], row["change_key"]) == ("1729382473921837462", "k1")
    assert (row["total_delta"], row["total_after"]) == (-2, 8)


def nested(depth: int) -> object:
    found: object = []
    for _ in range(depth):
        found = [found]
    return found


@pytest.mark.parametrize(
    "odd",
    [
        pytest.param({"occurred_at": "0001-01-01T00:00:00+23:00"}, id="too early"),
        pytest.param({"note": nested(500)}, id="nested"),
    ],
)
def test_an_odd_change_of_stock_harms_no_other_event(
    world: World, odd: dict[str, object]
) -> None:
    shop_id = world.shop_ids[0]
    world.receiver.send(71, shop_id, sku_id="5", change_detail=[odd])
    world.receiver.send(1, shop_id, order_id=world.some_order())

    WebhookWork(runs_of(world.pipeline), {"orders": LOADERS["orders"]}).next_batch()

    assert world.statuses() == {"processed": 2}
    assert count(world, "tiktok_ops.stock_changes") == 1


def test_what_postgresql_refuses_of_an_event_harms_no_other(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(REFUSE_STOCK)
    shop_id = world.shop_ids[0]
    world.receiver.send(71, shop_id, sku_id="5")
    world.receiver.send(1, shop_id, order_id=world.some_order())

    WebhookWork(runs_of(world.pipeline), {"orders": LOADERS["orders"]}).next_batch()

    found = {row["event_type"]: row["status"] for row in world.events()}
    assert found == {71: "failed", 1: "processed"}


REFUSE_STOCK = text("""
    ALTER TABLE tiktok_ops.stock_changes ADD CHECK (sku_id <> '5')
""")


def test_no_stock_is_a_number_too(world: World) -> None:
    none_left: dict[str, object] = {
        "total_available_quantity": 0,
        "total_committed_quantity": 0,
    }
    before = {"available_quantity": 7, "committed_quantity": 7}
    world.receiver.send(
        71,
        world.shop_ids[0],
        sku_id="5",
        quantity_snapshot_after_change=none_left,
        inventory_distribution=before,
    )

    WebhookWork(runs_of(world.pipeline), {}).next_batch()

    with world.database.begin() as connection:
        (row,) = connection.execute(
            text("SELECT * FROM tiktok_ops.stock_changes")
        ).mappings()
    assert (row["available_after"], row["committed_after"]) == (0, 0)
