"""Products and stock: pure functions of seed and time, in agreement with the orders."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.products import STATUSES
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines_tests.unit.simulator.worlds import CONFIG, NOW, Json, keyed, truth


@pytest.fixture(scope="module")
def sim() -> Simulator:
    return Simulator(CONFIG)


@pytest.mark.parametrize("subject", ["products", "inventory", "warehouses", "brands"])
def test_the_same_seed_gives_the_same_records(sim: Simulator, subject: str) -> None:
    again = Simulator(CONFIG)

    for shop, twin in zip(sim.shops, again.shops, strict=True):
        assert truth(sim, shop, subject) == truth(again, twin, subject) != []


def test_another_seed_gives_other_products(sim: Simulator) -> None:
    other = Simulator(SimulatorConfig(orders=10, now=NOW, products=40, seed=8))

    ours = [row["title"] for row in truth(sim, sim.shops[0], "products")]
    theirs = [row["title"] for row in truth(other, other.shops[0], "products")]
    assert ours != theirs


def test_lines_carry_title_and_price_of_the_moment_of_the_order(sim: Simulator) -> None:
    for shop in sim.shops:
        lives = {life.id: life for life in shop.products.lives}
        for order in truth(sim, shop, "orders"):
            for line in order["line_items"]:
                life = lives[line["product_id"]]
                edition = life.edition_at(order["create_time"])
                skus = {sku.id: sku for sku in life.goods.skus(edition)}

                assert line["product_name"] == life.goods.title(edition)
                assert line["seller_sku"] == skus[line["sku_id"]].fields["seller_sku"]
                if not line["is_gift"]:
                    price = skus[line["sku_id"]].price
                    decimals = shop.front.market.decimals
                    assert line["original_price"] == amount_text(price, decimals)


def test_titles_and_prices_change_with_time_and_move_update_time() -> None:
    sim = Simulator(CONFIG)
    shop = sim.shops[3]
    before = keyed(truth(sim, shop, "products"))

    sim.clock.advance(timedelta(days=150))

    after = keyed(truth(sim, shop, "products"))
    edited = [row for row in after.values() if row != before.get(row["id"])]
    assert any(row["title"] != before[row["id"]]["title"] for row in edited)
    assert any(prices_of(row) != prices_of(before[row["id"]]) for row in edited)
    for row in edited:
        has_moved = row["update_time"] > before[row["id"]]["update_time"]
        assert has_moved or _less_stock(row) == _less_stock(before[row["id"]])


def prices_of(product: Json) -> list[str]:
    return [sku["price"]["sale_price"] for sku in product["skus"]]


def _less_stock(product: Json) -> Json:
    skus = [sku | {"inventory": None} for sku in product["skus"]]
    return product | {"skus": skus}


def test_every_status_is_met_and_products_come_and_go(sim: Simulator) -> None:
    found = Counter(
        row["status"] for shop in sim.shops for row in truth(sim, shop, "products")
    )

    assert set(found) == set(STATUSES)


def test_stock_goes_down_with_an_order_and_is_committed_until_it_is_collected() -> None:
    sim = Simulator(CONFIG)
    shop = sim.shops[0]
    levels = _levels(sim, shop)
    seen = {order["id"] for order in truth(sim, shop, "orders")}
    has_fallen = False

    for _ in range(40):
        sim.clock.advance(timedelta(minutes=30))
        now = _levels(sim, shop)
        new = [one for one in truth(sim, shop, "orders") if one["id"] not in seen]
        for order in new:
            seen.add(order["id"])
            for line in order["line_items"]:
                place = line["sku_id"], order["warehouse_id"]
                fell = levels[place]["available_quantity"]
                has_fallen |= now[place]["available_quantity"] < fell
        levels = now

    assert has_fallen


def test_committed_stock_is_what_open_orders_hold(sim: Simulator) -> None:
    for shop in sim.shops:
        held: Counter[tuple[str, str]] = Counter()
        for order in truth(sim, shop, "orders"):
            if order["status"] not in ("CANCELLED", "IN_TRANSIT", "DELIVERED"):
                for line in order["line_items"] * (order["status"] != "COMPLETED"):
                    held[line["sku_id"], order["warehouse_id"]] += 1

        committed = {
            place: row["committed_quantity"]
            for place, row in _levels(sim, shop).items()
            if row["committed_quantity"]
        }

        assert committed == dict(held)


def test_stock_is_filled_up_again() -> None:
    sim = Simulator(replace(CONFIG, orders=900, shops=1, products=0))
    shop = sim.shops[0]
    rises = 0
    levels = _levels(sim, shop)
    for _ in range(10):
        sim.clock.advance(timedelta(days=1))
        now = _levels(sim, shop)
        rises += sum(
            now[place]["available_quantity"] > level["available_quantity"] + 5
            for place, level in levels.items()
            if place in now
        )
        levels = now

    assert rises


def test_buckets_add_up_to_what_is_available(sim: Simulator) -> None:
    has_campaign = has_creator = False
    for shop in sim.shops:
        for row in truth(sim, shop, "inventory"):
            for sku in row["skus"]:
                shares = sku["total_available_inventory_distribution"]
                campaign = shares.get("campaign_inventory", [])
                creator = shares.get("creator_inventory", [])
                has_campaign |= bool(campaign)
                has_creator |= bool(creator)
                parts = [*campaign, *creator, shares["in_shop_inventory"]]
                in_warehouses = sum(
                    one["available_quantity"] for one in sku["warehouse_inventory"]
                )

                assert sum(part["quantity"] for part in parts) == in_warehouses
                assert sku["total_available_quantity"] == in_warehouses >= 0

    assert has_campaign
    assert has_creator


def test_some_shops_sell_from_three_warehouses(sim: Simulator) -> None:
    counts = {len(truth(sim, shop, "warehouses")) for shop in sim.shops}

    assert counts == {3, 4}  # one of them for returns


def _levels(sim: Simulator, shop: Shop) -> dict[tuple[str, str], Json]:
    return {
        (sku["id"], level["warehouse_id"]): level
        for row in truth(sim, shop, "inventory")
        for sku in row["skus"]
        for level in sku["warehouse_inventory"]
    }
