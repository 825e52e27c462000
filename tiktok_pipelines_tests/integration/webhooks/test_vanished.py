"""Packages that TikTok knows no more."""

from sqlalchemy import text

from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.webhooks.conftest import World

STARTED = text("UPDATE tiktok_ops.sync_schedules SET last_run_at = now()")
DUE = text("""
    SELECT shop_id, sync FROM tiktok_ops.sync_schedules WHERE last_run_at IS NULL
""")


def test_a_package_that_has_vanished_is_left_to_its_sync(world: World) -> None:
    with world.database.begin() as connection:
        connection.execute(STARTED)
    shop_id, order_id = world.shop_ids[0], world.some_order()
    packages = [{"package_id": "404", "order_id_list": [order_id]}]
    world.receiver.send(4, shop_id, sc_type="SPLIT", package_list=packages)

    world.settle_all()

    (row,) = world.events()
    with world.database.begin() as connection:
        due = connection.execute(DUE).all()
    assert (row["status"], row["failures"]) == ("processed", 0)
    assert "knows nothing of 404 in packages" in row["error"]
    assert [tuple(each) for each in due] == [(shop_id, "fulfillment")]
    assert scalar(world.database, "SELECT count(*) FROM tiktok.orders") == 1


def test_a_vanished_package_hides_no_order_that_failed(world: World) -> None:
    packages = [{"package_id": "404", "order_id_list": ["580000000000000001"]}]
    world.receiver.send(4, world.shop_ids[0], package_list=packages)

    world.settle_all()

    (row,) = world.events()
    assert row["status"] == "failed"
    assert "580000000000000001 in orders" in row["error"]
