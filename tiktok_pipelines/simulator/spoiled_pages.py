"""What faults make of an answer that holds records: the records, rows and the count.

A lone surrogate is sent as its escape: nothing else is JSON in UTF-8.
"""

import json
from collections.abc import Callable
from typing import cast

import msgspec

from tiktok_pipelines.simulator.faults import Struck
from tiktok_pipelines.simulator.paths import ORDERS, RECORDS
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.spoiled_orders import SPOILS, UNTOUCHED
from tiktok_pipelines.simulator.spoiled_records import number_of, spoil_of

_COUNTS_OFF_BY = (1, -1, 2)
_KINDS = {"moving_rows", "changing_count", "missing_orders", *SPOILS}


def spoil_page(
    data: bytes, struck: Struck, *, path: str, former: Callable[[], bytes]
) -> bytes:
    """The JSON of ``data`` as the faults want it.

    Args:
        data: the JSON as it is.
        struck: what the call met.
        path: of the call; only records are spoiled.
        former: gives the ``data`` that holds the last record of the page before.
    """
    if path not in RECORDS or not struck.meets(_KINDS):
        return data
    page = cast("Json", msgspec.json.decode(data))
    name, is_order = RECORDS[path], path in ORDERS
    spoiled: object = page
    if name:
        _move_rows(page, struck, former, name=name)
        _change_count(page, struck)
        _spoil_list(page, struck, name=name, is_order=is_order)
    else:
        spoiled = _spoil(page, struck, is_order=is_order)
    text = json.dumps(spoiled, separators=(",", ":"), ensure_ascii=False)
    return text.encode(errors="backslashreplace")  # JSON escapes, by good luck


def _move_rows(
    page: Json, struck: Struck, former: Callable[[], bytes], *, name: str
) -> None:
    """Between two pages a row came in before them, and the order changed."""
    rows = _rows_of(page, name)
    if not rows or not struck.meets({"moving_rows"}):
        return
    before = _rows_of(cast("Json", msgspec.json.decode(former())), name)
    if before and struck.take("moving_rows"):
        page[name] = [*before, *rows[:0:-1]]


def _change_count(page: Json, struck: Struck) -> None:
    if "total_count" in page and struck.take("changing_count"):
        off = _COUNTS_OFF_BY[struck.hits("changing_count") % len(_COUNTS_OFF_BY)]
        page["total_count"] = max(0, cast("int", page["total_count"]) + off)


def _spoil_list(page: Json, struck: Struck, *, name: str, is_order: bool) -> None:
    if name not in page:
        return
    held = page[name]
    if isinstance(held, dict):  # one record by itself
        page[name] = _spoil(cast("Json", held), struck, is_order=is_order)
    else:
        rows = _rows_of(page, name)
        page[name] = [_spoil(row, struck, is_order=is_order) for row in rows]
    if struck.take("missing_orders"):
        del page[name]


def _spoil(record: Json, struck: Struck, *, is_order: bool) -> object:
    number = number_of(record)
    for kind in SPOILS:
        fault = struck.on_record(kind, number)
        if fault is None:
            continue
        spoil = spoil_of(kind, is_order=is_order)
        changed = spoil(record, struck.dice(kind, number))
        if changed is UNTOUCHED:
            continue
        struck.count(fault)
        if not isinstance(changed, dict):
            return changed
        record = cast("Json", changed)
    return record


def _rows_of(page: Json, name: str) -> list[Json]:
    return cast("list[Json]", page.get(name, []))
