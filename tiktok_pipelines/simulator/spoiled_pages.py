"""What faults make of an answer that holds orders: its orders, its rows, its count.

A lone surrogate is sent as its escape: nothing else is JSON in UTF-8.
"""

import json
from collections.abc import Callable
from typing import cast

import msgspec

from tiktok_pipelines.simulator.faults import Struck
from tiktok_pipelines.simulator.paths import RECORDS
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.spoiled_orders import SPOILS, UNTOUCHED

_COUNTS_OFF_BY = (1, -1, 2)
_KINDS = {"moving_rows", "changing_count", "missing_orders", *SPOILS}


def spoil_page(
    data: bytes, struck: Struck, *, path: str, former: Callable[[], bytes]
) -> bytes:
    """The JSON of ``data`` as the faults want it.

    Args:
        data: the JSON as it is.
        struck: what the call met.
        path: of the call; only orders are spoiled.
        former: gives the ``data`` that holds the last order of the page before.
    """
    if path not in RECORDS or not struck.meets(_KINDS):
        return data
    page = cast("Json", msgspec.json.decode(data))
    _move_rows(page, struck, former)
    _change_count(page, struck)
    if "orders" in page:
        page["orders"] = [_spoil(order, struck) for order in _orders_of(page)]
        if struck.take("missing_orders"):
            del page["orders"]
    text = json.dumps(page, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace")  # JSON escapes, by good luck


def _move_rows(page: Json, struck: Struck, former: Callable[[], bytes]) -> None:
    """Between two pages a row came in before them, and the order changed."""
    rows = _orders_of(page)
    if rows and struck.take("moving_rows"):
        before = _orders_of(cast("Json", msgspec.json.decode(former())))
        page["orders"] = [*before, *rows[:0:-1]]


def _change_count(page: Json, struck: Struck) -> None:
    if "total_count" in page and struck.take("changing_count"):
        off = _COUNTS_OFF_BY[struck.hits("changing_count") % len(_COUNTS_OFF_BY)]
        page["total_count"] = max(0, cast("int", page["total_count"]) + off)


def _spoil(order: Json, struck: Struck) -> object:
    order_id = int(cast("str", order["id"]))
    for kind, spoil in SPOILS.items():
        fault = struck.on_order(kind, order_id)
        if fault is None:
            continue
        changed = spoil(order, struck.dice(kind, order_id))
        if changed is UNTOUCHED:
            continue
        struck.count(fault)
        if not isinstance(changed, dict):
            return changed
        order = cast("Json", changed)
    return order


def _orders_of(page: Json) -> list[Json]:
    return cast("list[Json]", page.get("orders", []))
