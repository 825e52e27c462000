"""Values of other kinds than documented: nulls, numbers for text, text for numbers.

TikTok leaves out what has no value, ids and amounts are text, times are numbers. All
of it lands as it came; that it was odd is noted, so that it can be asked for again.

Source: docs/tiktok-shop-api.md, "Orders", "Identifiers", "Money" and "Times".
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import cast

from tiktok_pipelines.transform.known import (
    KNOWN_LINE_FIELDS,
    KNOWN_ORDER_FIELDS,
    KNOWN_PAYMENT_FIELDS,
    NUMBER_FIELDS,
)
from tiktok_pipelines.transform.notes import Note

_NESTED_TEXTS = {"tax_amount", "tax_rate", "tax_type"}
_TEXTS = (
    KNOWN_ORDER_FIELDS | KNOWN_PAYMENT_FIELDS | KNOWN_LINE_FIELDS | _NESTED_TEXTS
) - NUMBER_FIELDS
# A first look at the bytes, as nearly every order is as documented; it may look twice
# for nothing, but overlooks nothing. The endings are those of all NUMBER_FIELDS.
_NUMBERS = re.compile(rb'":(?<!_time":)(?<!_date":)(?<!_count":)(?<!_level":)-?[0-9]')
_WORDS = re.compile(rb'_(?:time|date|count|level)":"')
_RIGHTS = b'"order_rights":["'
_LINE = "line_items[]."


def may_be_odd(encoded: bytes) -> bool:
    """Whether JSON of ``encode`` could hold an oddity; a no is certain."""
    return (
        b"null" in encoded
        or _RIGHTS in encoded
        or _WORDS.search(encoded) is not None
        or _NUMBERS.search(encoded) is not None
    )


def find_oddities(order: Mapping[str, object]) -> list[Note]:
    """What is null or of another kind."""
    found = dict.fromkeys(_walk(order, "", ""))
    return [_note(kind, path) for kind, path in found]


def _walk(value: object, name: str, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, item in cast("dict[str, object]", value).items():
            yield from _walk(item, key, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _walk(item, name, f"{path}[]")
    elif value is None:
        yield "null_value", path
    elif _is_other_type(value, name):
        yield "other_type", path


def _is_other_type(value: object, name: str) -> bool:
    if isinstance(value, bool):
        return False
    if isinstance(value, int | Decimal):
        return name in _TEXTS and not name.startswith("is_")
    return isinstance(value, str) and name in NUMBER_FIELDS


def _note(kind: str, path: str) -> Note:
    if path.startswith(_LINE):
        return Note("order_line", kind, path.removeprefix(_LINE)[:200])
    return Note("order", kind, path[:200])
