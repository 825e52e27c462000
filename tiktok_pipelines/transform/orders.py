"""One order as received → its row, its lines, its buyer data, and what was odd."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from typing import cast

import msgspec

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.buyers import (
    BuyerData,
    buyer_data,
    harmless,
    is_buyers,
    may_hold_buyer,
    take_deeper,
)
from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.known import KNOWN_STATUSES
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord, Note
from tiktok_pipelines.transform.oddities import find_oddities, may_be_odd
from tiktok_pipelines.transform.order_fields import (
    DETAIL_ONLY,
    LINE,
    LINE_COLUMNS,
    NO_PAYMENT,
    ORDER,
    ORDER_COLUMNS,
    PAYMENT,
)
from tiktok_pipelines.transform.readers import LONGEST_ID, read_text
from tiktok_pipelines.transform.rows import Row
from tiktok_pipelines.transform.versions import Version

_WORD = re.compile(r"[A-Za-z0-9_ -]{1,60}")
_INDEX = re.compile(r"\.\d+(?=\.)")


@dataclass(frozen=True, slots=True)
class OrderRows:
    """What one received order becomes.

    ``order`` and ``lines`` hold column values, less shop and page, as ``Taken`` has
    them, and when they were fetched; ``extra`` is JSON. ``lines`` is None when the
    answer had no usable list: lines known earlier stay. ``detail`` are the fields that
    only a detail call gives.
    """

    order_id: str
    version: Version
    order: Row = field(repr=False)
    lines: Sequence[Row] | None = field(repr=False)
    buyer: BuyerData | None
    detail: Mapping[str, object] = field(repr=False)
    notes: Sequence[Note]
    bad_lines: Sequence[BadRecord]


@dataclass(slots=True)
class _Lines:
    """The lines of an order so far; ``is_odd``: one has values of other kinds."""

    rows: dict[str, dict[str, object]] = field(
        default_factory=dict[str, dict[str, object]]
    )
    bad: list[BadRecord] = field(default_factory=list[BadRecord])
    notes: list[Note] = field(default_factory=list[Note])
    is_odd: bool = False


@dataclass(slots=True)
class _Parts:
    """An order less its buyer, taken apart.

    ``without_columns`` is JSON of all that has no column, of the lines as well.
    """

    row: dict[str, object]
    lines: _Lines
    notes: list[Note]
    detail: Mapping[str, object]
    without_columns: bytes
    is_exact: bool

    def may_hold_buyer(self) -> bool:
        """Whether buyer data may stand deeper in the order; a no is certain.

        What has a column is no buyer data, by its name.
        """
        return (
            bool(self.lines.bad)
            or may_hold_buyer(self.without_columns)
            or (bool(self.detail) and may_hold_buyer(encode(self.detail)))
        )


def read_order(
    record: object, fetched_at: datetime
) -> tuple[OrderRows | BadRecord, msgspec.Raw]:
    """Map one received order, and return beside it what may be kept of it, as JSON.

    Only a record that is no object or has no id is bad; everything else lands.
    """
    if not isinstance(record, dict):
        kept = harmless(record)
        return _bad("the order is no object", kept), msgspec.Raw(encode(kept))
    received = cast("dict[str, object]", record)
    buyers, own = _names_of(tuple(received))
    rest = {name: received[name] for name in own}
    taken = {name: received[name] for name in buyers}
    parts = _take_apart(rest)
    if parts.may_hold_buyer():
        taken |= take_deeper(rest)
        _clean_lines(rest)
        parts = _take_apart(rest)
    kept = encode(rest)
    order_id = parts.row["order_id"]
    if not isinstance(order_id, str) or not order_id:
        return _bad("the order has no id", rest), msgspec.Raw(kept)
    if len(order_id) > LONGEST_ID:
        return _bad("the order's id is too long for one", rest), msgspec.Raw(kept)
    return _rows_of(parts, rest, taken, fetched_at, kept), msgspec.Raw(kept)


@lru_cache(maxsize=1000)
def _names_of(names: tuple[str, ...]) -> tuple[Sequence[str], Sequence[str]]:
    """Which names of an order's fields are the buyer's, and which are not."""
    buyers = [name for name in names if is_buyers(name)]
    return buyers, [name for name in names if name not in buyers]


def _clean_lines(rest: dict[str, object]) -> None:
    """Lines that are no objects may be anything, a buyer's name too."""
    lines = rest.get("line_items")
    if isinstance(lines, list):
        rest["line_items"] = [
            item if isinstance(item, dict) else harmless(item)
            for item in cast("list[object]", lines)
        ]


def _take_apart(rest: Mapping[str, object]) -> _Parts:
    detail = {name: rest[name] for name in DETAIL_ONLY & rest.keys()}
    own = ORDER.take(_less(rest, detail))
    row, extra, notes = own.row, own.rest, list(own.notes)
    is_exact = _take_payment(extra, row, notes) and own.is_exact
    lines = _take_lines(cast("str", row["order_id"]), extra)
    row["extra"] = encode(extra)
    extras = (cast("bytes", each["extra"]) for each in (row, *lines.rows.values()))
    return _Parts(row, lines, notes, detail, b"".join(extras), is_exact)


def _less(
    rest: Mapping[str, object], detail: Mapping[str, object]
) -> Mapping[str, object]:
    if not detail:
        return rest
    return {name: value for name, value in rest.items() if name not in detail}


def _rows_of(
    parts: _Parts,
    rest: Mapping[str, object],
    taken: Mapping[str, object],
    fetched_at: datetime,
    kept: bytes,
) -> OrderRows:
    row, lines, notes = parts.row, parts.lines, parts.notes
    plain = _less(rest, parts.detail)
    if lines.is_odd or not parts.is_exact or may_be_odd(parts.without_columns):
        notes += find_oddities(plain)
    if "packages" not in rest:
        notes += missed_packages(lines.rows.values())
    notes += lines.notes
    notes += new_status(row["status"])
    notes += _deeper_buyers(taken)
    version = Version(cast("int", row["updated_at"] or 0), microseconds(fetched_at))
    row["content_hash"] = digest(encode(plain) if parts.detail else kept)
    own = {"synced_at": version.fetched_us}
    row |= own | {"source": "api", "lines_updated_at": None, "lines_synced_at": None}
    return OrderRows(
        cast("str", row["order_id"]),
        version,
        ORDER_COLUMNS.row(row),
        [LINE_COLUMNS.row(line | own) for line in lines.rows.values()] or None,
        buyer_data(taken, version) if taken else None,
        parts.detail,
        notes,
        lines.bad,
    )


def missed_packages(lines: Iterable[Mapping[str, object]]) -> list[Note]:
    """Note packages that a line names, of an order that does not."""
    if not any(line["package_id"] for line in lines):
        return []
    return [Note("order", "lost_field", "packages")]


def new_status(status: object) -> list[Note]:
    """Note a status that is not documented."""
    if status in KNOWN_STATUSES or not isinstance(status, str):
        return []
    told = status if _WORD.fullmatch(status) else "(no plain word)"
    return [Note("order", "new_value", "status", told)]


def _deeper_buyers(taken: Iterable[str]) -> list[Note]:
    return [
        Note("order", "unknown_field", _INDEX.sub("[]", path))
        for path in taken
        if "." in path
    ]


def _take_payment(
    extra: dict[str, object], row: dict[str, object], notes: list[Note]
) -> bool:
    """Move the payment block into columns; whatever else it is stays as received.

    Returns whether every amount is as documented.
    """
    received = extra.get("payment")
    if not isinstance(received, dict):
        row.update(NO_PAYMENT)
        if received is not None:
            notes.append(Note("order", "unreadable", "payment."))
        return received is None and "payment" not in extra
    payment = PAYMENT.take(cast("dict[str, object]", received))
    row.update(payment.row)
    notes += payment.notes
    if payment.rest or not received:
        extra["payment"] = payment.rest
    else:
        del extra["payment"]
    return payment.is_exact


def _take_lines(order_id: str, extra: dict[str, object]) -> _Lines:
    """Move the lines out of the order; a list that is none stays as received."""
    lines = _Lines()
    received = extra.get("line_items")
    if not isinstance(received, list) or not received:
        if received is not None and received != []:
            lines.notes.append(Note("order", "unreadable", "line_items"))
        return lines
    del extra["line_items"]
    for number, item in enumerate(cast("list[object]", received), start=1):
        row = _read_line(item, order_id, number, lines)
        if row is None or row["line_id"] in lines.rows:
            lines.bad.append(_bad_line(order_id, number, item))
        else:
            lines.rows[cast("str", row["line_id"])] = row
    return lines


def _read_line(
    item: object, order_id: str, number: int, lines: _Lines
) -> dict[str, object] | None:
    if not isinstance(item, dict):
        lines.is_odd = True
        return None
    taken = LINE.take(cast("dict[str, object]", item))
    row = taken.row
    extra = encode(taken.rest)
    lines.is_odd = lines.is_odd or not taken.is_exact
    lines.notes += taken.notes
    row.update(order_id=order_id, line_number=number, extra=extra)
    has_id = 0 < len(cast("str", row["line_id"] or "")) <= LONGEST_ID
    return row if has_id else None


def too_deep(record: object) -> tuple[BadRecord, msgspec.Raw]:
    """A record that is nested too deep to be read; nothing of it is kept."""
    fields = cast("dict[str, object]", record) if isinstance(record, dict) else {}
    order_id = read_text(fields.get("id"))[0]
    told = order_id if isinstance(order_id, str) else ""
    return _unread(told, "is nested too deep", {"fields": len(fields)})


def unreadable(order_id: str, size: int) -> tuple[BadRecord, msgspec.Raw]:
    """A record of so many bytes that holds what no reader takes; nothing is kept."""
    return _unread(order_id, "holds a number that is too large", {"bytes": size})


def _unread(
    order_id: str, why: str, kept: dict[str, object]
) -> tuple[BadRecord, msgspec.Raw]:
    if 0 < len(order_id) <= LONGEST_ID:
        bad = BadRecord("orders", order_id, f"order {order_id} {why}", kept)
    else:
        bad = _bad(f"an order without a fit id {why}", kept)
    return bad, msgspec.Raw(encode(kept))


def _bad(reason: str, content: object) -> BadRecord:
    key = UNIDENTIFIED + digest(encode(content)).hex()
    return BadRecord("orders", key, reason, content)


def _bad_line(order_id: str, number: int, item: object) -> BadRecord:
    reason = f"line {number} of order {order_id} is no object with an id of its own"
    return BadRecord("order_lines", f"{order_id}/{number}", reason, harmless(item))
