from datetime import UTC, datetime

import dagster as dg
import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    key_of,
    materialized,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

DAY, NEXT = "2026-01-07", "2026-01-08"


def created(simulator: Simulator, shop_id: str, *days: str) -> set[str]:
    """The ids of the orders that a shop took on some days (UTC)."""
    return {
        str(order["id"])
        for order in simulator.truth(shop_id)
        if f"{datetime.fromtimestamp(int(str(order['create_time'])), UTC):%Y-%m-%d}"
        in days
    }


def stored(world: World, shop_id: str) -> set[str]:
    statement = "SELECT order_id FROM tiktok.orders WHERE shop_id = :shop_id"
    return {row["order_id"] for row in rows(world.database, statement, shop_id=shop_id)}


def test_a_partition_pulls_exactly_the_orders_created_on_that_day(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.materialize(key_of(shop_id, DAY))

    assert result.success
    assert stored(world, shop_id) == created(world.simulator, shop_id, DAY)
    assert len(stored(world, shop_id)) > 3
    assert count(world.database, "tiktok.orders") == len(stored(world, shop_id))
    assert world.green() == {key_of(shop_id, DAY)}
