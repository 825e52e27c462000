"""Buyer data: taken out of an order, and merged so that clear values survive.

TikTok masks, empties or leaves out buyer fields in many states of an order, also in
ones that come later. Field by field, the clearest value wins, and among equally clear
ones the newest. That makes the merge free of order: any sequence of the same answers
leaves the same row.

Source: docs/tiktok-shop-api.md, "Buyer data".
"""

import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import cast

from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.fields import texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.rows import Columns, Row
from tiktok_pipelines.transform.versions import Version

BUYER_FIELDS = frozenset(
    {
        "recipient_address",
        "buyer_email",
        "buyer_nickname",
        "buyer_avatar",
        "buyer_message",
        "cpf",
        "cpf_name",
    }
)
_BUYER_PREFIXES = ("buyer_", "recipient_", "cpf_")
_NO_BUYER_DATA = frozenset(
    {
        "buyer_fault_return_shipping_fee",
        "buyer_paid_return_shipping_fee",
        "buyer_rejected_partial_refund",
        "buyer_service_fee",
    }
)

_ADDRESS = "recipient_address"
_COLUMNS = {
    "name": f"{_ADDRESS}.name",
    "phone": f"{_ADDRESS}.phone_number",
    **{
        name: f"{_ADDRESS}.{name}"
        for name in (
            "full_address",
            "postal_code",
            "region_code",
            "first_name",
            "last_name",
            "address_detail",
            "address_line1",
            "address_line2",
        )
    },
    **{name: name for name in sorted(BUYER_FIELDS - {_ADDRESS})},
}
_WITH_COLUMN = frozenset(_COLUMNS.values())
RECIPIENT = Layout(
    "recipient",
    texts(**_COLUMNS),
    known=_WITH_COLUMN,
    expected=frozenset(),
)
_NONE: frozenset[str] = frozenset()
_EMPTY, _MASKED, _CLEAR = 1, 2, 3
_MOST_SHAPES = 1000


@dataclass(frozen=True, slots=True)
class BuyerData:
    """Buyer fields by path, each with the version of the answer that gave it."""

    fields: Mapping[str, object] = field(repr=False)
    versions: Mapping[str, Version] = field(repr=False)

    def newest(self) -> tuple[Version, Mapping[str, Version]]:
        """The newest answer that gave a field; where older ones gave it, these."""
        given = [*self.versions.values()]
        if given.count(given[0]) == len(given):
            return given[0], {}
        newest = max(given)
        return newest, {
            path: told for path, told in self.versions.items() if told != newest
        }


def is_buyers(name: str, more: frozenset[str] = _NONE) -> bool:
    """Whether a field of this name holds buyer data; ``more`` do so where it stands."""
    return (
        name in BUYER_FIELDS
        or name in more
        or (name.startswith(_BUYER_PREFIXES) and name not in _NO_BUYER_DATA)
    )


def may_hold_buyer(encoded: bytes) -> bool:
    """Whether JSON of ``encode`` could hold buyer data; a no is certain."""
    if b'"recipient_' in encoded or b'"cpf' in encoded:
        return True
    fees = b'"buyer_service_fee":'
    return b'"buyer_' in encoded and encoded.count(b'"buyer_') > encoded.count(fees)


def take_buyer(
    order: dict[str, object], more: frozenset[str] = _NONE
) -> dict[str, object]:
    """Remove buyer data from a received order and return it, nested as received.

    ``more`` are names that hold buyer data in such records, and no others do.
    """
    taken = {name: order.pop(name) for name in list(order) if is_buyers(name, more)}
    return taken | take_deeper(order, more)


def take_deeper(
    order: dict[str, object], more: frozenset[str] = _NONE
) -> dict[str, object]:
    """Remove buyer data from below the first level of an order and return it.

    It is returned by its path, ``packages.0.buyer_email``. The order's own lists and
    objects are copied before they are changed.
    """
    taken: dict[str, object] = {}
    for name, value in order.items():
        if isinstance(value, dict | list):
            order[name] = _cleaned(cast("object", value), name, taken, more)
    return taken


def _cleaned(
    value: object,
    path: str,
    taken: dict[str, object],
    more: frozenset[str] = _NONE,
) -> object:
    """The value without buyer data, which goes to ``taken``; itself if it has none."""
    if isinstance(value, list):
        items = cast("list[object]", value)
        clean = [
            _cleaned(item, f"{path}.{n}", taken, more) for n, item in enumerate(items)
        ]
        return items if all(map(operator.is_, items, clean)) else clean
    if isinstance(value, dict):
        return _cleaned_object(cast("dict[str, object]", value), path, taken, more)
    return value


def _cleaned_object(
    fields: dict[str, object],
    path: str,
    taken: dict[str, object],
    more: frozenset[str],
) -> dict[str, object]:
    clean: dict[str, object] = {}
    for name, item in fields.items():
        if is_buyers(name, more):
            taken[f"{path}.{name}"] = item
        elif isinstance(item, dict | list):
            clean[name] = _cleaned(cast("object", item), f"{path}.{name}", taken, more)
        else:
            clean[name] = item
    same = len(clean) == len(fields) and all(
        map(operator.is_, fields.values(), clean.values())
    )
    return fields if same else clean


def harmless(record: object) -> object:
    """What may be kept of a record that is no order, whatever it is.

    Of bare text only the length: nobody knows what stands in it.
    """
    if isinstance(record, str):
        return {"text_of_length": len(record)}
    if isinstance(record, list):
        return [harmless(item) for item in cast("list[object]", record)]
    return _cleaned(record, "", {})


def buyer_data(taken: Mapping[str, object], version: Version) -> BuyerData:
    """What one answer says of the buyer."""
    fields: dict[str, object] = dict(taken)
    address = fields.get(_ADDRESS)
    if isinstance(address, dict) and address:
        del fields[_ADDRESS]
        received = cast("dict[str, object]", address)
        paths = _paths_in_address(tuple(received))
        fields.update(zip(paths, received.values(), strict=True))
    return BuyerData(fields, dict.fromkeys(fields, version))


@lru_cache(maxsize=_MOST_SHAPES)
def _paths_in_address(names: tuple[str, ...]) -> Sequence[str]:
    return [f"{_ADDRESS}.{name}" for name in names]


def merge(one: BuyerData, other: BuyerData) -> BuyerData:
    """Of two states of one buyer: the clearest, then newest value of each field."""
    fields: dict[str, object] = {}
    versions: dict[str, Version] = {}
    for path in _paths(one.fields.keys() | other.fields.keys()):
        held = [data for data in (one, other) if path in data.fields]
        best = max(held, key=lambda data: _strength(data, path))
        fields[path] = best.fields[path]
        versions[path] = best.versions[path]
    return BuyerData(fields, versions)


def _paths(paths: set[str]) -> set[str]:
    """Without the address as a whole, which was null or empty, beside parts of it."""
    has_parts = any(path.startswith(f"{_ADDRESS}.") for path in paths)
    return paths - {_ADDRESS} if has_parts else paths


def _strength(data: BuyerData, path: str) -> tuple[int, Version, bytes]:
    value = data.fields[path]
    return clarity(value, path), data.versions[path], encode(value)


def clarity(value: object, path: str = "") -> int:
    """3 clear, 2 masked, 1 empty."""
    if isinstance(value, str):
        if not value.strip():
            return _EMPTY
        return _MASKED if "*" in value and path != "buyer_message" else _CLEAR
    if isinstance(value, list | dict):
        parts = cast(
            "list[object]", value if isinstance(value, list) else [*value.values()]
        )
        grades = {clarity(part) for part in parts}
        if _MASKED in grades:
            return _MASKED
        return max(grades, default=_EMPTY)
    return _EMPTY if value is None else _CLEAR


RECIPIENT_COLUMNS = Columns(
    *_COLUMNS, "extra", "updated_at", "synced_at", "field_versions", "content_hash"
)
"""Rows of ``tiktok.order_recipients``, less keys and page."""


def to_row(data: BuyerData) -> Row:
    """What the table holds of a buyer.

    Moments are microseconds since 1970, documents JSON.
    """
    cells, rest = _columns_and_rest(data.fields)
    version, older = data.newest()
    cells += (
        encode(_nest(rest)) if rest else b"{}",
        version.updated_us or None,
        version.fetched_us,
        encode(older) if older else b"{}",
        None if older else content_hash(data.fields),
    )
    return Row(RECIPIENT_COLUMNS, cells)


def _columns_and_rest(
    fields: Mapping[str, object],
) -> tuple[list[object], Mapping[str, object]]:
    """Values for the columns, and the fields that they do not give back."""
    cells = [*map(fields.get, _COLUMNS.values())]
    rest = {path: fields[path] for path in _without_column(tuple(fields))}
    if len(rest) + [*map(type, cells)].count(str) == len(fields):
        return cells, rest
    taken = RECIPIENT.take(fields)
    return [*taken.row.values()], taken.rest


@lru_cache(maxsize=_MOST_SHAPES)
def _without_column(paths: tuple[str, ...]) -> Sequence[str]:
    return [path for path in paths if path not in _WITH_COLUMN]


def from_row(row: Mapping[str, object]) -> BuyerData:
    """The inverse of ``to_row``, from values as PostgreSQL gives them."""
    fields = {
        path: row[column]
        for column, path in _COLUMNS.items()
        if row[column] is not None
    }
    fields.update(_flatten(cast("dict[str, object]", row["extra"])))
    version = Version.of(
        cast("datetime | None", row["updated_at"]), cast("datetime", row["synced_at"])
    )
    older = cast("dict[str, list[int]]", row["field_versions"])
    versions = {
        path: Version(*older[path]) if path in older else version for path in fields
    }
    return BuyerData(fields, versions)


def as_received(data: BuyerData) -> dict[str, object]:
    """Buyer data nested as TikTok sends it."""
    return _nest(dict(data.fields))


def content_hash(fields: Mapping[str, object]) -> bytes:
    """Fingerprint of what one answer says of the buyer."""
    return digest(encode(dict(fields)))


def _nest(fields: Mapping[str, object]) -> dict[str, object]:
    nested: dict[str, object] = {}
    address: dict[str, object] = {}
    for path, value in fields.items():
        head, dot, name = path.partition(".")
        if dot and head == _ADDRESS:
            address[name] = value
        else:
            nested[path] = value
    if address:
        nested[_ADDRESS] = address
    return nested


def _flatten(nested: Mapping[str, object]) -> dict[str, object]:
    return dict(buyer_data(nested, Version(0, 0)).fields)
