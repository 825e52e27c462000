"""How orders are spoiled: one function for each fault that strikes single orders.

Each takes an order as decoded JSON, which is its own to change, and dice that fall the
same way each time for the same order. It returns what is sent instead, or ``UNTOUCHED``
when the order holds nothing that it could spoil. The truth is never spoiled.
"""

from collections.abc import Callable
from typing import cast

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.render import Json

UNTOUCHED = object()

Spoil = Callable[[Json, Dice], object]

_NUL, _LONE = "\x00", "\ud83d"
_TIMES = ("create_time", "update_time", "paid_time")
_WORDY = ("collection_time", "delivery_time", "rts_time", "fulfillment_priority_level")
_PRICES = ("original_price", "sale_price", "seller_discount", "platform_discount")
_TEXTS = ("payment_method_name", "seller_note", "buyer_message", "cancel_reason")
# Parts of an address that stay readable when it is masked.
_PLAIN = ("region_code", "iso_code", "address_level", "address_level_name")


def _unknown_field(order: Json, dice: Dice) -> object:
    order["promised_by"] = {"party": "courier", "minutes": dice.between(1, 600)}
    for block in (_payment(order), *_lines(order)):
        block["carbon_g"] = str(dice.between(1, 900))
    if address := _address(order):
        address["door_color"] = dice.pick(("blue", "green", "red"))
    return order


def _unknown_status(order: Json, dice: Dice) -> object:
    order["status"] = dice.pick(("TELEPORTED", "AWAITING_REVIEW", "Half way"))
    for line in _lines(order):
        line["display_status"] = order["status"]
    return order


def _nulls(order: Json, dice: Dice) -> object:
    for block in (_payment(order), _address(order), *_lines(order)):
        _empty_some(block, dice, chance=0.1)
    _empty_some(order, dice, chance=0.15)
    for name in ("update_time", "payment"):
        if dice.random() < 0.25:
            order[name] = None
    order["warehouse_id"] = None  # at least one
    return order


def _missing_lists(order: Json, dice: Dice) -> object:
    present = [name for name in ("line_items", "packages") if name in order]
    if not present:
        return UNTOUCHED
    del order[dice.pick(present)]
    return order


def _text_numbers(order: Json, dice: Dice) -> object:
    payment = _payment(order)
    for name, value in payment.items():
        payment[name] = _number_of(value)
    for line in _lines(order):
        line.update((name, _number_of(line[name])) for name in _PRICES if name in line)
    order.update((name, str(order[name])) for name in _TIMES if name in order)
    if dice.random() < 0.5:
        order[dice.pick([name for name in _WORDY if name in order])] = "soon"
    if payment and dice.random() < 0.5:
        payment["tax"] = "free"
    return order


def _unstorable(order: Json, dice: Dice) -> object:
    for block, names in (
        (order, _TEXTS),
        (_address(order), ("name", "full_address")),
        *((line, ("product_name", "sku_name")) for line in _lines(order)),
    ):
        for name in names:
            if isinstance(block.get(name), str):
                block[name] = f"{block[name]}{dice.pick((_NUL, _LONE))}!"
    return order


def _masked_buyers(order: Json, _dice: Dice) -> object:
    for name in ("buyer_email", "buyer_nickname"):
        if name in order:
            order[name] = _mask(order[name])
    if address := _address(order):
        order["recipient_address"] = _mask(address)
    return order


def _emptied_recipients(order: Json, _dice: Dice) -> object:
    address = _address(order)
    if not address or address.get("name") == "":
        return UNTOUCHED
    address.pop("district_info", None)
    address.update(dict.fromkeys(address, ""))
    address["delivery_preferences"] = {"drop_off_location": ""}
    return order


def _bad_lines(order: Json, dice: Dice) -> object:
    lines = order.get("line_items")
    if not isinstance(lines, list) or not lines:
        return UNTOUCHED
    items = cast("list[object]", lines)
    line, place = items[-1], len(items) - 1
    if isinstance(line, dict) and dice.random() < 0.5:
        cast("Json", line).pop("id", None)
    else:
        items[place] = dice.pick(("", None, 7, ["line"]))
    return order


def _number_ids(order: Json, _dice: Dice) -> object:
    return _with_number_ids(order)


def _malformed(order: Json, dice: Dice) -> object:
    way = dice.between(1, 6)
    if way == 1:
        del order["id"]
    elif way <= 3:
        order["id"] = dice.pick((None, ""))
    else:
        return (None, "[object Object]", [order["id"]])[way - 4]
    return order


SPOILS: dict[str, Spoil] = {
    "unknown_field": _unknown_field,
    "unknown_status": _unknown_status,
    "nulls": _nulls,
    "missing_lists": _missing_lists,
    "text_numbers": _text_numbers,
    "unstorable": _unstorable,
    "masked_buyers": _masked_buyers,
    "emptied_recipients": _emptied_recipients,
    "bad_lines": _bad_lines,
    "number_ids": _number_ids,
    "malformed": _malformed,  # the last: it may leave no object
}
"""In the order in which they are applied, so that several can spoil one order."""


def _payment(order: Json) -> Json:
    return _object(order.get("payment"))


def _address(order: Json) -> Json:
    return _object(order.get("recipient_address"))


def _lines(order: Json) -> list[Json]:
    lines = order.get("line_items")
    items = cast("list[object]", lines) if isinstance(lines, list) else []
    return [cast("Json", item) for item in items if isinstance(item, dict)]


def _object(value: object) -> Json:
    """The object itself, to be changed in place; one that leads nowhere if none."""
    return cast("Json", value) if isinstance(value, dict) else {}


def _empty_some(block: Json, dice: Dice, *, chance: float) -> None:
    for name in block:
        if name != "id" and dice.random() < chance:
            block[name] = None


def _number_of(value: object) -> object:
    """The number that a text writes; anything else as it is."""
    if not isinstance(value, str) or not value.replace(".", "", 1).isdigit():
        return value
    return float(value) if "." in value else int(value)


def _mask(value: object) -> object:
    """Stars for each text, with its first letter."""
    if isinstance(value, dict):
        parts = cast("Json", value)
        return {
            name: part if name in _PLAIN else _mask(part)
            for name, part in parts.items()
        }
    if isinstance(value, list):
        return [_mask(part) for part in cast("list[object]", value)]
    return f"{value[:1]}*****" if isinstance(value, str) and value else value


def _with_number_ids(value: object) -> object:
    if isinstance(value, list):
        return [_with_number_ids(part) for part in cast("list[object]", value)]
    if not isinstance(value, dict):
        return value
    return {
        name: _as_id(part) if _is_id(name, part) else _with_number_ids(part)
        for name, part in cast("Json", value).items()
    }


def _is_id(name: str, value: object) -> bool:
    is_named = name == "id" or name.endswith("_id")
    return is_named and isinstance(value, str) and value.isdigit()


def _as_id(value: object) -> int:
    return int(cast("str", value))
