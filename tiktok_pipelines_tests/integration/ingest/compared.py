"""The tables beside the truth: what was found, and what must be there."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.expected import (
    BUYER_FIELDS,
    line_columns,
    order_columns,
)
from tiktok_pipelines_tests.integration.ingest.stored import (
    Row,
    orders_as_received,
    rows,
    table,
)

Truth = Mapping[str, Mapping[str, Json]]
"""By shop, then by order."""


def truth_of(simulator: Simulator) -> Truth:
    """Every order of every shop, as the detail call would return it now."""
    return {
        shop.id: {
            order["id"]: order for order in cast("list[Json]", simulator.truth(shop.id))
        }
        for shop in simulator.shops
    }


@dataclass(frozen=True, slots=True)
class Pair:
    """What the tables hold, and what they must hold."""

    found: object
    expected: object

    @property
    def differences(self) -> list[object]:
        """Where the two differ, as paths with what was found and what was expected."""
        return list(_differences(self.found, self.expected, ()))


def _differences(
    found: object, expected: object, path: tuple[object, ...]
) -> Iterator[object]:
    if isinstance(found, dict) and isinstance(expected, dict):
        left = cast("dict[object, object]", found)
        right = cast("dict[object, object]", expected)
        for name in dict.fromkeys((*left, *right)):
            below = (*path, name)
            yield from _differences(left.get(name), right.get(name), below)
        if left.keys() != right.keys():
            yield (*path, "names", sorted(map(str, left.keys() ^ right.keys())))
    elif found != expected:
        yield (*path, found, expected)


def order_keys(database: Database, truth: Truth) -> Pair:
    found = rows(database, "SELECT shop_id, order_id FROM tiktok.orders")
    return Pair(
        {(row["shop_id"], row["order_id"]) for row in found},
        {(shop_id, name) for shop_id, orders in truth.items() for name in orders},
    )


def orders_given_back(database: Database, truth: Truth) -> Pair:
    """Every field received, less the buyer's."""
    return Pair(
        {
            shop_id: _less_buyers(orders_as_received(database, shop_id))
            for shop_id in truth
        },
        {shop_id: _less_buyers(orders) for shop_id, orders in truth.items()},
    )


def _less_buyers(orders: Mapping[str, Json]) -> dict[str, Json]:
    return {name: _less_buyer(order) for name, order in orders.items()}


def _less_buyer(order: Json) -> Json:
    return {name: value for name, value in order.items() if name not in BUYER_FIELDS}


def orders_by_column(database: Database, truth: Truth) -> Pair:
    expected = {
        order_id: order_columns(order) | {"shop_id": shop_id, "source": "api"}
        for shop_id, orders in truth.items()
        for order_id, order in orders.items()
    }
    return _same_columns(table(database, "tiktok.orders"), "order_id", expected)


def lines_by_column(database: Database, truth: Truth) -> Pair:
    expected = {
        line["id"]: line_columns(line) | {"shop_id": shop_id, "order_id": order_id}
        for shop_id, orders in truth.items()
        for order_id, order in orders.items()
        for line in order["line_items"]
    }
    return _same_columns(table(database, "tiktok.order_lines"), "line_id", expected)


def _same_columns(found: Iterable[Row], key: str, expected: Mapping[str, Row]) -> Pair:
    """Rows in the columns that are expected; a row that is not, in all of them."""
    return Pair(
        {
            row[key]: {name: row[name] for name in expected.get(row[key], row)}
            for row in found
        },
        expected,
    )


def amounts_in_digits(database: Database, truth: Truth) -> Pair:
    found = rows(
        database, "SELECT order_id, total_amount::text AS told FROM tiktok.orders"
    )
    return Pair(
        {row["order_id"]: row["told"] for row in found},
        {
            order_id: order["payment"]["total_amount"]
            for orders in truth.values()
            for order_id, order in orders.items()
        },
    )


def customers_counted(database: Database, truth: Truth) -> Pair:
    names = ("order_count", "first_order_at", "last_order_at")
    placed: dict[tuple[str, str], list[datetime]] = {}
    for shop_id, orders in truth.items():
        for order in orders.values():
            created = datetime.fromtimestamp(order["create_time"], UTC)
            placed.setdefault((shop_id, order["user_id"]), []).append(created)
    return Pair(
        {
            (row["shop_id"], row["buyer_id"]): tuple(row[name] for name in names)
            for row in table(database, "tiktok.customers")
        },
        {key: (len(times), min(times), max(times)) for key, times in placed.items()},
    )
