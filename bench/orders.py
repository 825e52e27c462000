"""The orders that the benches load: the simulator's, filled up to a usual size.

Recorded orders take about 5 kB of JSON with 2.3 lines and a package; the simulator's
are a little smaller, so they get more of the fields that the reference documents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from tiktok_pipelines.simulator import Simulator, SimulatorConfig

Json = dict[str, Any]

NOW = datetime(2026, 6, 30, 12, tzinfo=UTC)
"""When the orders are asked for the first time."""
LATER = NOW + timedelta(days=1)
"""When some of them have changed."""
_ONE_MORE_LINE = 5  # every fifth order
_NO_FEES = ("0", "0.00")
_IMAGE_OPTIONS = (
    "?dr=15592&t=555f072d&ps=933b5bde&shp=6ce186a1&shcp=e1be8f53&idc=my2&from=1826719393"
    "&biz_tag=tt_shop_order&x-expires=1782907200"
)


@dataclass(frozen=True, slots=True)
class Encoded:
    """An order at one moment, as JSON."""

    id: str
    create_time: int
    update_time: int
    body: bytes


@dataclass(frozen=True, slots=True)
class BenchShop:
    """A shop with its orders before and after some of them changed."""

    id: str
    name: str
    region: str
    cipher: str
    before: list[Encoded]
    after: list[Encoded]


def open_shops(
    *, shops: int, orders: int, days: int, changed_pct: int
) -> list[BenchShop]:
    """Shops that share so many orders of so many days; a part changes later."""
    config = SimulatorConfig(
        shops=shops, orders=orders // shops, days=days, now=NOW, future_days=0
    )
    simulator = Simulator(config)
    return [
        BenchShop(
            shop.id,
            shop.name,
            shop.region,
            shop.cipher,
            *_before_and_after(simulator.each(shop.id), changed_pct),
        )
        for shop in simulator.shops
    ]


def _before_and_after(
    orders: Iterator[Json], changed_pct: int
) -> tuple[list[Encoded], list[Encoded]]:
    before: list[Encoded] = []
    after: list[Encoded] = []
    for number, order in enumerate(orders):
        _fill_up(order, number)
        before.append(_encoded(order))
        if number * 37 % 100 < changed_pct:
            _move_on(order, number)
            after.append(_encoded(order))
        else:
            after.append(before[-1])
    return before, after


def _encoded(order: Json) -> Encoded:
    body = msgspec.json.encode(order)
    return Encoded(order["id"], order["create_time"], order["update_time"], body)


def _fill_up(order: Json, number: int) -> None:
    """Add documented fields that the simulator leaves out."""
    order["handling_duration"] = {"days": "2", "type": "BUSINESS_DAY"}
    order["is_subscription_order"] = order["is_exchange_order"] = False
    order["payment"] |= dict.fromkeys(
        ("product_tax", "shipping_fee_tax", "buyer_service_fee", "small_order_fee"),
        _NO_FEES[number % 2],
    )
    lines: list[Json] = order["line_items"]
    if number % _ONE_MORE_LINE == 0:
        lines.append({**lines[-1], "id": str(int(lines[-1]["id"]) + 1)})
    for line in lines:
        _fill_up_line(line)


def _fill_up_line(line: Json) -> None:
    line["product_name"] += f" [{line['seller_sku']}] Official Store, fast shipping"
    line["sku_image"] += _IMAGE_OPTIONS
    line["item_tax"] = [{"tax_type": "SALES_TAX", "tax_amount": "0", "tax_rate": "0"}]
    line["handling_duration_days"] = "2"
    line["retail_delivery_fee"] = line["buyer_service_fee"] = "0"
    line["is_unboxing_item"] = line["is_pod_customized"] = False


def _move_on(order: Json, number: int) -> None:
    """A change of status within the day after ``NOW``, seen in order and lines."""
    at = int(NOW.timestamp()) + 60 + number % 72_000
    status = "COMPLETED" if order["status"] != "COMPLETED" else "DELIVERED"
    order["status"], order["update_time"] = status, at
    order["delivery_time"] = at
    for line in order["line_items"]:
        line["display_status"] = status
