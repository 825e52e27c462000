"""``orders pull``: single orders, in whichever shop has them."""

import json
from collections.abc import Iterable
from typing import Any

from starlette.responses import Response

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands


def order_ids(simulator: Simulator, shop: int, count: int) -> list[str]:
    truth = simulator.truth(simulator.shops[shop].id)
    return [str(order["id"]) for order in truth[:count]]


def stored(database: Database) -> set[tuple[str, str]]:
    statement = "SELECT shop_id, order_id FROM tiktok.orders"
    with database.begin() as connection:
        rows = connection.exec_driver_sql(statement).all()
    return {(row[0], row[1]) for row in rows}


def asked_shops(simulator: Simulator) -> set[str]:
    return {shop for (_, path, shop) in simulator.calls if "/orders" in path}


def of_shop(
    simulator: Simulator, shop: int, ids: Iterable[str]
) -> set[tuple[str, str]]:
    return {(simulator.shops[shop].id, order_id) for order_id in ids}


def test_unknown_orders_are_found_in_whichever_shop_has_them(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    first, third = order_ids(simulator, 0, 2), order_ids(simulator, 2, 1)

    done = connected.run("orders", "pull", *first, *third)

    assert done.exit_code == 0
    assert stored(database) == (
        of_shop(simulator, 0, first) | of_shop(simulator, 2, third)
    )
    assert done.stdout.splitlines() == [
        f"{order_id}  found in shop {simulator.shops[shop].id}"
        for order_id, shop in ((first[0], 0), (first[1], 0), (third[0], 2))
    ]


def test_only_the_shop_that_holds_an_order_is_asked_for_it(
    connected: Commands, simulator: Simulator
) -> None:
    ids = order_ids(simulator, 2, 1)
    connected.run("orders", "pull", *ids)
    simulator.calls.clear()

    done = connected.run("orders", "pull", *ids)

    assert done.exit_code == 0
    assert asked_shops(simulator) == {simulator.shops[2].id}


def test_a_held_order_is_read_even_if_its_shop_is_disabled(
    connected: Commands, simulator: Simulator
) -> None:
    ids = order_ids(simulator, 0, 1)
    connected.run("orders", "pull", *ids)
    connected.run("shops", "disable", simulator.shops[0].id)

    assert connected.run("orders", "pull", *ids).exit_code == 0


def test_a_disabled_shop_is_not_asked_for_unknown_orders(
    connected: Commands, simulator: Simulator
) -> None:
    connected.run("shops", "disable", simulator.shops[0].id)

    done = connected.run("orders", "pull", *order_ids(simulator, 0, 1))

    assert done.exit_code == 1
    assert asked_shops(simulator) == {shop.id for shop in simulator.shops[1:]}


def test_a_shop_that_is_named_is_asked_alone(
    connected: Commands, simulator: Simulator
) -> None:
    shop = simulator.shops[1].id

    done = connected.run("orders", "pull", *order_ids(simulator, 0, 1), "--shop", shop)

    assert done.exit_code == 1
    assert asked_shops(simulator) == {shop}


def test_a_missing_order_is_named_and_the_others_land(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    ids = order_ids(simulator, 0, 1)

    done = connected.run("orders", "pull", "123", *ids)

    assert done.exit_code == 1
    assert done.stdout.splitlines()[0] == "123  missing"
    assert stored(database) == of_shop(simulator, 0, ids)
    assert "tiktok-pipelines shops list" in done.stderr


def test_machines_get_every_order_once_in_the_order_asked(
    connected: Commands, simulator: Simulator
) -> None:
    (name,) = order_ids(simulator, 1, 1)

    done = connected.run("orders", "pull", "--json", "123", name, "123")

    assert done.exit_code == 1
    assert json.loads(done.stdout) == [
        {"order_id": "123", "is_found": False, "shop_id": None},
        {"order_id": name, "is_found": True, "shop_id": simulator.shops[1].id},
    ]


def test_a_shop_that_cannot_be_asked_does_not_stop_the_others(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    ids = order_ids(simulator, 2, 1)
    simulator.revoke(simulator.sellers[0].id)

    done = connected.run("orders", "pull", *ids)

    assert done.exit_code == 0
    assert stored(database) == of_shop(simulator, 2, ids)
    assert f"Shop {simulator.shops[0].id} could not be asked" in done.stderr


def test_an_order_missing_because_of_a_shop_names_the_shop_once(
    connected: Commands, simulator: Simulator
) -> None:
    ids = order_ids(simulator, 0, 1)
    connected.run("orders", "pull", *ids)
    simulator.revoke(simulator.sellers[0].id)
    shop = simulator.shops[0].id

    done = connected.run("orders", "pull", *ids, "123")

    assert done.exit_code == 1
    assert done.stderr.count(f"shop {shop}:") == 1
    assert "tiktok-pipelines shops connect" in done.stderr


def test_an_unknown_shop_names_the_list(connected: Commands) -> None:
    done = connected.run("orders", "pull", "123", "--shop", "1")

    assert done.exit_code == 2
    assert done.stderr.strip().endswith("see tiktok-pipelines shops list")


def test_without_shops_connect_is_named(commands: Commands) -> None:
    done = commands.run("orders", "pull", "123")

    assert done.exit_code == 2
    assert done.stderr.strip().endswith("tiktok-pipelines shops connect")


def test_a_line_that_cannot_become_a_row_is_told(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    ids = order_ids(simulator, 0, 1)

    async def without_line_ids(visit: Visit, answer: Answer) -> Response:
        received: Any = json.loads(bytes(answer().body))
        for order in received["data"]["orders"] if "/orders" in visit.path else ():
            del order["line_items"][0]["id"]
        return Response(json.dumps(received), media_type="application/json")

    simulator.around = without_line_ids

    done = connected.run("orders", "pull", *ids)

    assert done.exit_code == 1
    assert done.stdout.splitlines() == [
        f"{ids[0]}  found in shop {simulator.shops[0].id}"
    ]
    assert "tiktok_ops.quarantine_records" in done.stderr
    assert stored(database) == of_shop(simulator, 0, ids)


def test_a_held_order_is_not_looked_for_elsewhere(
    connected: Commands, simulator: Simulator
) -> None:
    ids = order_ids(simulator, 0, 1)
    connected.run("orders", "pull", *ids)
    simulator.revoke(simulator.sellers[0].id)
    simulator.calls.clear()

    done = connected.run("orders", "pull", *ids)

    assert done.exit_code == 1
    # A refused call is counted without its shop.
    assert asked_shops(simulator) == {""}
