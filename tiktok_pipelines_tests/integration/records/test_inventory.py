"""Stock, as far as the laws of every subject do not say it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any, cast

import pytest
from sqlalchemy import text

from tiktok_pipelines.errors import IncompleteWindow, RequestRefused
from tiktok_pipelines.ingest.records.runs import SubjectReport, SubjectRuns
from tiktok_pipelines.ingest.subjects import subjects_of
from tiktok_pipelines.simulator import Fault, SimulatorConfig
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW, new_database
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.stories import (
    World,
    raise_all,
    world,
)

HOUR = timedelta(hours=1)
SEARCH = "/product/202309/inventory/search"
CONFIG = SimulatorConfig(
    shops=1,
    orders=200,
    days=20,
    now=NOW,
    products=12,
    future_days=10,
    rate_per_second=LIMITLESS,
)


@pytest.fixture
def shop(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    """A shop of which nothing was read yet."""
    home = tmp_path_factory.mktemp("stock")
    with new_database(postgres) as url, world(url, home, CONFIG) as opened:
        yield opened


def take_stock(world: World, sync: str = "inventory") -> SubjectReport:
    settings = world.pipeline.settings
    runs = SubjectRuns(
        world.pipeline.shops,
        "stock",
        lambda _: None,
        settings.start_date,
        settings.first_sync_days,
    )
    return runs.sync(world.shop_ids, subjects_of(sync))


def levels(world: World, table: str = "inventory_levels") -> list[dict[str, Any]]:
    found = rows(
        world.pipeline.database,
        "SELECT sku_id, warehouse_id, available, committed, snapshot_at"
        f" FROM tiktok.{table} ORDER BY snapshot_at, sku_id, warehouse_id",
    )
    return [dict(row) for row in found]


def truth(world: World) -> dict[tuple[str, str], tuple[int, int]]:
    (shop_id,) = world.shop_ids
    held = cast("Iterable[Any]", world.simulator.truth(shop_id, "inventory"))
    return {
        (sku["id"], level["warehouse_id"]): (
            level["available_quantity"],
            level["committed_quantity"],
        )
        for product in held
        for sku in product["skus"]
        for level in sku["warehouse_inventory"]
    }


def quantities(levels: list[dict[str, Any]]) -> dict[tuple[str, str], tuple[int, int]]:
    return {
        (row["sku_id"], row["warehouse_id"]): (row["available"], row["committed"])
        for row in levels
    }


def test_taking_stock_of_a_new_shop_reads_its_products_first(shop: World) -> None:
    raise_all(take_stock(shop))

    assert quantities(levels(shop)) == truth(shop)
    assert scalar(shop.pipeline.database, "SELECT count(*) FROM tiktok.products")


def test_each_hour_leaves_a_copy_of_every_level(shop: World) -> None:
    told: dict[Any, dict[tuple[str, str], tuple[int, int]]] = {}
    for _ in range(3):
        raise_all(take_stock(shop))
        hour = shop.simulator.clock.now().replace(minute=0, second=0, microsecond=0)
        told[hour] = truth(shop)
        shop.simulator.clock.advance(HOUR)

    copies = levels(shop, "inventory_snapshots")

    assert {row["snapshot_at"] for row in copies} == set(told)
    for moment, held in told.items():
        of_hour = [row for row in copies if row["snapshot_at"] == moment]
        assert quantities(of_hour) == held


def test_a_level_tells_of_which_snapshot_it_is(shop: World) -> None:
    take_stock(shop)
    shop.simulator.clock.advance(HOUR)
    take_stock(shop)

    assert {row["snapshot_at"] for row in levels(shop)} == {NOW + HOUR}


def test_a_second_time_in_an_hour_makes_no_other_copy(shop: World) -> None:
    take_stock(shop)
    first = levels(shop, "inventory_snapshots")
    shop.simulator.clock.advance(HOUR / 2)

    take_stock(shop)

    assert levels(shop, "inventory_snapshots") == first
    assert quantities(levels(shop)) == truth(shop)


def test_stock_that_does_not_come_leaves_the_pass_open(shop: World) -> None:
    raise_all(take_stock(shop))
    shop.simulator.faults.add(Fault("missing_lists", path=SEARCH, share=0.3))

    report = take_stock(shop)

    ((_, error),) = report.failures
    assert isinstance(error, IncompleteWindow)
    verdict = last_verdict(shop)
    assert verdict["verdict"] == "open"
    assert "of them did not come" in verdict["note"]


def last_verdict(world: World) -> dict[str, Any]:
    found = rows(
        world.pipeline.database,
        "SELECT verdict, note FROM tiktok_ops.sync_windows WHERE stream = 'inventory'"
        " ORDER BY window_id DESC LIMIT 1",
    )
    return dict(found[0])


def test_a_first_stock_of_which_nothing_comes_is_open(shop: World) -> None:
    raise_all(take_stock(shop, "products"))
    shop.simulator.faults.add(Fault("missing_lists", path=SEARCH))

    report = take_stock(shop)

    assert [type(error) for _, error in report.failures] == [IncompleteWindow]
    assert last_verdict(shop)["verdict"] == "open"


def test_stock_that_comes_when_asked_again_is_no_failure(shop: World) -> None:
    raise_all(take_stock(shop, "products"))
    shop.simulator.faults.add(Fault("missing_lists", path=SEARCH, count=1))

    report = take_stock(shop)

    assert report.failures == []
    assert quantities(levels(shop)) == truth(shop)


def test_what_did_not_come_comes_with_the_next_sync(shop: World) -> None:
    raise_all(take_stock(shop, "products"))
    shop.simulator.faults.add(Fault("missing_lists", path=SEARCH, share=0.3))
    take_stock(shop)
    shop.simulator.faults.clear()

    report = take_stock(shop)

    assert report.failures == []
    assert quantities(levels(shop)) == truth(shop)


def test_a_sku_that_nobody_knows_any_more_is_told(shop: World) -> None:
    raise_all(take_stock(shop))
    add_sku(shop)

    report = take_stock(shop)

    assert report.failures == []
    told = last_verdict(shop)
    assert told["verdict"] == "closed"
    assert "1 of them did not come" in told["note"]
    assert len(levels(shop)) == len(truth(shop))


def test_a_sku_that_its_product_lost_within_the_hour_is_no_failure(
    shop: World,
) -> None:
    raise_all(take_stock(shop))
    add_sku(shop)
    add_stock(shop)

    report = take_stock(shop)

    assert report.failures == []
    assert "1 of them did not come" in last_verdict(shop)["note"]


def test_a_product_that_cannot_be_read_excuses_no_sku(shop: World) -> None:
    raise_all(take_stock(shop))
    add_sku(shop)
    add_stock(shop)
    detail = "/product/202309/products/{product_id}"
    shop.simulator.faults.add(Fault("error_code", path=detail, code=36009004))

    report = take_stock(shop)

    assert [type(error) for _, error in report.failures] == [RequestRefused]


def add_stock(world: World) -> None:
    """A stock that the SKU which nobody knows had an hour ago; another comes anew."""
    with world.pipeline.database.begin() as connection:
        connection.execute(
            text(
                "UPDATE tiktok.inventory_totals SET sku_id = '17' WHERE sku_id ="
                " (SELECT min(sku_id) FROM tiktok.inventory_totals)"
            )
        )


def add_sku(world: World) -> None:
    """A SKU that nobody knows, in a product that is there."""
    with world.pipeline.database.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO tiktok.skus (shop_id, sku_id, product_id, synced_at)"
                " SELECT shop_id, '17', product_id, now() FROM tiktok.products"
                " WHERE deleted_at IS NULL LIMIT 1"
            )
        )
