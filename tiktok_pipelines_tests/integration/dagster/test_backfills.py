"""Partitions of a day and a shop: what materializing them loads and turns green."""

from datetime import UTC, datetime

import dagster as dg

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    key_of,
    materialized,
)
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

DAY, NEXT = "2026-01-05", "2026-01-06"


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


def test_a_range_over_one_shop_is_one_run(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.materialize(key_of(shop_id, DAY), key_of(shop_id, NEXT))

    assert result.success
    assert stored(world, shop_id) == created(world.simulator, shop_id, DAY, NEXT)
    assert world.green() == {key_of(shop_id, DAY), key_of(shop_id, NEXT)}
    assert world.instance.get_runs_count() == 1


def test_a_range_over_two_shops_loads_both(world: World) -> None:
    first, second = world.shop_ids[:2]

    result = world.materialize(key_of(first, DAY), key_of(second, DAY))

    assert result.success
    assert stored(world, first) == created(world.simulator, first, DAY)
    assert stored(world, second) == created(world.simulator, second, DAY)
    assert stored(world, world.shop_ids[2]) == set()
    assert world.green() == {key_of(first, DAY), key_of(second, DAY)}


def test_one_table_alone_can_be_chosen(world: World) -> None:
    key = key_of(world.shop_ids[0], DAY)

    result = world.materialize(key, tables=["order_lines"])

    assert result.success
    assert (world.green("order_lines"), world.green("orders")) == ({key}, set())
    assert count(world.database, "tiktok.order_lines") > 0


def test_every_table_turns_green_for_the_partition(world: World) -> None:
    key = key_of(world.shop_ids[0], DAY)

    world.materialize(key)

    assert {table.name: world.green(table.name) for table in ANALYST_TABLES} == {
        table.name: {key} for table in ANALYST_TABLES
    }


def test_each_day_of_the_orders_carries_its_own_figures(world: World) -> None:
    shop_id = world.shop_ids[0]
    expected = {
        key_of(shop_id, day): len(created(world.simulator, shop_id, day))
        for day in (DAY, NEXT)
    }

    result = world.materialize(key_of(shop_id, DAY), key_of(shop_id, NEXT))

    figures = materialized(result)
    names = ("dagster/partition_row_count", "orders_in_api", "orders_fetched")
    assert {key: [told[name] for name in names] for key, told in figures.items()} == {
        key: [number] * 3 for key, number in expected.items()
    }
    assert len(set(expected.values())) == 2


def test_a_preview_shows_orders_and_hides_the_buyers_table(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.materialize(key_of(shop_id, DAY))

    shown = str(materialized(result)[key_of(shop_id, DAY)]["preview"])
    recipients = materialized(result, dg.AssetKey(["tiktok", "order_recipients"]))
    assert any(order_id in shown for order_id in stored(world, shop_id))
    assert "not shown" in str(recipients[key_of(shop_id, DAY)]["preview"])


def test_a_day_without_orders_is_complete_too(world: World) -> None:
    key = key_of(world.shop_ids[0], "2025-12-01")

    result = world.materialize(key)

    assert result.success
    assert materialized(result)[key]["dagster/partition_row_count"] == 0


def test_a_second_run_writes_nothing_anew(world: World) -> None:
    key = key_of(world.shop_ids[0], DAY)
    world.materialize(key)

    again = world.materialize(key)

    assert materialized(again)[key]["rows_written"] == 0
