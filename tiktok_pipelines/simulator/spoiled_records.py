"""How records of other kinds than orders are spoiled: by the shape of what is there.

The faults are those of ``spoiled_orders``, without knowledge of any field: statuses,
amounts, times, texts and ids are told by their names.
"""

from collections.abc import Callable, Iterator
from typing import cast
from zlib import crc32

import msgspec

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.render import Json
from tiktok_pipelines.simulator.spoiled_orders import SPOILS, UNTOUCHED, Spoil

_UNSTORABLE = ("\x00", "\ud83d")
_IDS = ("id", "package_id", "product_id", "cancel_id", "return_id", "sku_id")
_AMOUNTS = ("amount", "price", "refund_", "value", "total", "payment")
_TEXTS = ("title", "name", "description", "reason_text", "note")


def spoil_of(kind: str, *, is_order: bool) -> Spoil:
    """How a fault spoils a record."""
    return SPOILS[kind] if is_order else _SPOILS.get(kind, SPOILS[kind])


def number_of(record: Json) -> int:
    """What chance goes by: the record's id, or its content where it has none."""
    texts = [record.get(name) for name in (*_IDS, "order_id")]
    for text in texts:
        if isinstance(text, str) and text.isdecimal():
            return int(text)
    return crc32(msgspec.json.encode(record, order="sorted"))


def _unknown_field(record: Json, dice: Dice) -> object:
    record["promised_by"] = {"party": "courier", "minutes": dice.between(1, 600)}
    for part in _parts(record):
        part["carbon_g"] = str(dice.between(1, 900))
    return record


def _unknown_status(record: Json, dice: Dice) -> object:
    names = [name for name in record if name.endswith("status")]
    if not names:
        return UNTOUCHED
    status = dice.pick(("TELEPORTED", "AWAITING_REVIEW", "Half way"))
    return record | dict.fromkeys(names, status)


def _nulls(record: Json, dice: Dice) -> object:
    names = [name for name in record if not _is_id(name)]
    if not names:
        return UNTOUCHED
    for part in _parts(record):
        for name in part:
            if not _is_id(name) and dice.random() < 0.1:
                part[name] = None
    for name in names:
        if dice.random() < 0.15:
            record[name] = None
    record[dice.pick(names)] = None  # at least one
    return record


def _missing_lists(record: Json, dice: Dice) -> object:
    names = [name for name, value in record.items() if isinstance(value, list)]
    if not names:
        return UNTOUCHED
    del record[dice.pick(names)]
    return record


def _text_numbers(record: Json, _dice: Dice) -> object:
    is_changed = False
    for block in (record, *_parts(record)):
        for name, value in block.items():
            changed = _retyped(name, value)
            is_changed |= changed is not value
            block[name] = changed
    return record if is_changed else UNTOUCHED


def _unstorable(record: Json, dice: Dice) -> object:
    is_changed = False
    for block in (record, *_parts(record)):
        for name, value in block.items():
            if isinstance(value, str) and name.endswith(_TEXTS):
                block[name] = f"{value}{dice.pick(_UNSTORABLE)}!"
                is_changed = True
    return record if is_changed else UNTOUCHED


def _bad_lines(record: Json, dice: Dice) -> object:
    for value in record.values():
        items = cast("list[object]", value) if isinstance(value, list) else []
        if not items or not isinstance(items[-1], dict):
            continue
        line = cast("Json", items[-1])
        named = next((name for name in line if _is_id(name)), None)
        if named is not None and dice.random() < 0.5:
            del line[named]
        else:
            items[-1] = dice.pick(("", None, 7, ["line"]))
        return record
    return UNTOUCHED


def _masked_buyers(record: Json, dice: Dice) -> object:
    if "recipient_address" not in record:
        return UNTOUCHED
    return SPOILS["masked_buyers"](record, dice)


def _malformed(record: Json, dice: Dice) -> object:
    named = next((name for name in _IDS if name in record), None)
    way = dice.between(1, 6)
    if way > 3 or named is None:
        return (None, "[object Object]", [record.get(named or "id")])[way % 3]
    if way == 1:
        del record[named]
    else:
        record[named] = dice.pick((None, ""))
    return record


_SPOILS: dict[str, Callable[[Json, Dice], object]] = {
    "unknown_field": _unknown_field,
    "unknown_status": _unknown_status,
    "nulls": _nulls,
    "missing_lists": _missing_lists,
    "text_numbers": _text_numbers,
    "unstorable": _unstorable,
    "masked_buyers": _masked_buyers,
    "bad_lines": _bad_lines,
    "malformed": _malformed,
}


def _parts(record: Json) -> Iterator[Json]:
    """The objects in the record, and those in its lists; not what is in them."""
    for value in list(record.values()):
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        for item in items:
            if isinstance(item, dict):
                yield cast("Json", item)


def _is_id(name: str) -> bool:
    return name == "id" or name.endswith("_id")


def _retyped(name: str, value: object) -> object:
    """Amounts as numbers, times as text; anything else as it is."""
    if isinstance(value, int) and name.endswith("_time"):
        return str(value)
    if not isinstance(value, str) or not any(word in name for word in _AMOUNTS):
        return value
    if not value.removeprefix("-").replace(".", "", 1).isdecimal():
        return value
    return float(value) if "." in value else int(value)
