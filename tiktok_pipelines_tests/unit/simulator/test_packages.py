"""Packages say the same as the orders whose lines they hold."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.timeline import LINE_CANCELLED
from tiktok_pipelines_tests.unit.simulator.worlds import (
    CONFIG,
    Json,
    everywhere,
    keyed,
    truth,
)


@pytest.fixture(scope="module")
def sim() -> Simulator:
    return Simulator(CONFIG)


def travelling(shop: Shop, order: Json, now: int) -> Iterator[Json]:
    """The lines in packages; one that was cancelled alone is in none."""
    plan = shop.orders.find(order["id"], now)
    assert plan is not None
    is_dropped = LINE_CANCELLED in plan.changes[: plan.version_at(now)]
    for place, line in enumerate(order["line_items"]):
        if "package_id" in line and not (is_dropped and place == plan.units - 1):
            yield line


def test_the_same_seed_gives_the_same_packages(sim: Simulator) -> None:
    assert everywhere(sim, "packages") == everywhere(Simulator(CONFIG), "packages")


def test_every_line_stands_in_the_package_that_its_order_names(sim: Simulator) -> None:
    for shop in sim.shops:
        packages = keyed(truth(sim, shop, "packages"), "package_id")
        placed: dict[str, set[str]] = {package_id: set() for package_id in packages}
        for order in truth(sim, shop, "orders"):
            for line in travelling(shop, order, sim.clock.epoch()):
                placed[line["package_id"]].add(line["id"])

        assert placed == {
            package_id: set(package["order_line_item_ids"])
            for package_id, package in packages.items()
        }


def test_a_package_has_status_and_number_of_its_lines(sim: Simulator) -> None:
    for shop in sim.shops:
        packages = keyed(truth(sim, shop, "packages"), "package_id")
        for order in truth(sim, shop, "orders"):
            for line in travelling(shop, order, sim.clock.epoch()):
                package = packages[line["package_id"]]

                assert package["package_status"] == line["package_status"]
                for name in ("tracking_number", "shipping_provider_name"):
                    assert package.get(name) == line.get(name)


def test_orders_name_their_packages(sim: Simulator) -> None:
    for shop in sim.shops:
        named = {
            (package["id"], order["id"])
            for order in truth(sim, shop, "orders")
            for package in order.get("packages", [])
        }

        assert named == {
            (package["package_id"], order["id"])
            for package in truth(sim, shop, "packages")
            for order in package["orders"]
        }


def test_a_combined_package_holds_the_lines_of_two_orders(sim: Simulator) -> None:
    for shop in sim.shops:
        orders = keyed(truth(sim, shop, "orders"))
        for package in truth(sim, shop, "packages"):
            if len(package["orders"]) > 1:
                one, other = (orders[order["id"]] for order in package["orders"])

                assert package["split_and_combine_tag"] == "COMBINED"
                assert one["split_or_combine_tag"] == "COMBINED"
                assert one["status"] == other["status"]
                assert one["user_id"] == other["user_id"]

    sizes = Counter(len(package["orders"]) for package in everywhere(sim, "packages"))
    assert sizes[2] > 20
    assert set(sizes) == {1, 2}


def test_some_orders_are_split(sim: Simulator) -> None:
    split = [order for order in everywhere(sim, "orders") if order.get("packages")]

    assert {len(order["packages"]) for order in split} == {1, 2, 3}


def test_units_of_a_package_are_counted_per_sku(sim: Simulator) -> None:
    for package in everywhere(sim, "packages"):
        units = sum(
            sku["quantity"] for order in package["orders"] for sku in order["skus"]
        )

        assert units == len(package["order_line_item_ids"]) > 0


def test_a_change_of_status_moves_update_time() -> None:
    sim = Simulator(CONFIG)
    before = keyed(everywhere(sim, "packages"), "package_id")

    sim.clock.advance(timedelta(days=2))

    after = keyed(everywhere(sim, "packages"), "package_id")
    changed = [
        row
        for key, row in after.items()
        if key in before and row["package_status"] != before[key]["package_status"]
    ]
    assert len(after) > len(before)
    assert changed
    for row in changed:
        assert row["update_time"] > before[row["package_id"]]["update_time"]
