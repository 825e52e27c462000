"""One order as received → its row, its lines, its buyer data, and what was odd.

Source: docs/tiktok-shop-api.md, "Orders"; search and detail give the same object,
but for the names in ``DETAIL_ONLY``.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast

from tiktok_pipelines.transform.buyers import (
    BuyerData,
    buyer_data,
    harmless,
    take_buyer,
)
from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.fields import (
    Field,
    amounts,
    flags,
    give_back,
    moments,
    take,
    texts,
)
from tiktok_pipelines.transform.known import (
    EXPECTED_LINE_FIELDS,
    EXPECTED_ORDER_FIELDS,
    EXPECTED_PAYMENT_FIELDS,
    KNOWN_LINE_FIELDS,
    KNOWN_ORDER_FIELDS,
    KNOWN_PAYMENT_FIELDS,
    KNOWN_STATUSES,
)
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord, Note
from tiktok_pipelines.transform.oddities import find_oddities
from tiktok_pipelines.transform.readers import read_text, read_time
from tiktok_pipelines.transform.versions import Version

_WORD = re.compile(r"[A-Za-z0-9_ -]{1,60}")
_LONGEST_ID = 200
_INDEX = re.compile(r"\.\d+(?=\.)")

DETAIL_ONLY = frozenset(
    {
        "channel_entity_national_registry_id",
        "payment_auth_code",
        "payment_card_type",
        "payment_method_code",
    }
)
"""Fields that only Get Order Detail gives: a later search does not take them away."""

ORDER_FIELDS: Sequence[Field] = (
    *texts("status", "warehouse_id", "fulfillment_type", "shipping_type"),
    *texts("delivery_option_name", "shipping_provider", "tracking_number"),
    *texts("payment_method_name", "order_type", "commerce_platform"),
    *texts("cancel_reason", "cancellation_initiator"),
    *texts(order_id="id", buyer_id="user_id"),
    *flags("is_cod", "is_sample_order", "is_replacement_order"),
    *moments(
        created_at="create_time",
        updated_at="update_time",
        paid_at="paid_time",
        shipped_at="rts_time",
        collected_at="collection_time",
        delivered_at="delivery_time",
        cancelled_at="cancel_time",
    ),
)
PAYMENT_FIELDS: Sequence[Field] = (
    *texts("currency"),
    *amounts("sub_total", "shipping_fee", "seller_discount", "platform_discount"),
    *amounts("tax", "total_amount"),
    *amounts("original_total_product_price", "original_shipping_fee"),
)
LINE_FIELDS: Sequence[Field] = (
    *texts("product_id", "sku_id", "seller_sku", "product_name", "sku_name"),
    *texts("sku_type", "currency", "package_id", "package_status"),
    *texts("tracking_number", "shipping_provider_name", "cancel_reason"),
    *texts("cancel_user", line_id="id", status="display_status"),
    *amounts("sale_price", "original_price", "seller_discount", "platform_discount"),
    *flags("is_gift"),
    *moments(shipped_at="rts_time"),
)


@dataclass(frozen=True, slots=True)
class OrderRows:
    """What one received order becomes.

    ``order`` and ``lines`` hold column values, less shop and page. ``lines`` is None
    when the answer had no usable list: lines known earlier stay. ``detail`` are the
    fields that only a detail call gives.
    """

    order_id: str
    version: Version
    order: Mapping[str, object] = field(repr=False)
    lines: Sequence[Mapping[str, object]] | None = field(repr=False)
    buyer: BuyerData | None
    detail: Mapping[str, object] = field(repr=False)
    notes: Sequence[Note]
    bad_lines: Sequence[BadRecord]


def read_order(
    record: object, fetched_at: datetime
) -> tuple[OrderRows | BadRecord, object]:
    """Map one received order, and return beside it what may be kept of it.

    Only a record that is no object or has no id is bad; everything else lands.
    """
    if not isinstance(record, dict):
        kept = harmless(record)
        return _bad("the order is no object", kept), kept
    rest = dict(cast("dict[str, object]", record))
    taken = take_buyer(rest)
    _clean_lines(rest)
    kept = dict(rest)
    order_id, _ = read_text(rest.get("id"))
    if not isinstance(order_id, str) or not order_id:
        return _bad("the order has no id", kept), kept
    if len(order_id) > _LONGEST_ID:
        return _bad("the order's id is too long for one", kept), kept
    return _read(order_id, rest, taken, fetched_at), kept


def _clean_lines(rest: dict[str, object]) -> None:
    """Lines that are no objects may be anything, a buyer's name too."""
    lines = rest.get("line_items")
    if isinstance(lines, list):
        items = cast("list[object]", lines)
        if not all(isinstance(item, dict) for item in items):
            rest["line_items"] = [
                item if isinstance(item, dict) else harmless(item) for item in items
            ]


def _read(
    order_id: str,
    rest: dict[str, object],
    taken: Mapping[str, object],
    fetched_at: datetime,
) -> OrderRows:
    detail = {name: rest.pop(name) for name in DETAIL_ONLY & rest.keys()}
    encoded = encode(rest)
    updated_at, _ = read_time(rest.get("update_time"))
    version = Version.of(cast("datetime | None", updated_at), fetched_at)
    notes = _unknown("order", rest, KNOWN_ORDER_FIELDS)
    notes += _lost("order", rest, EXPECTED_ORDER_FIELDS)
    notes += find_oddities(rest, encoded)
    row: dict[str, object] = {}
    lines, bad_lines, line_notes = _take_lines(order_id, rest)
    if "packages" not in rest and any(line["package_id"] for line in lines or ()):
        notes.append(Note("order", "lost_field", "packages"))
    unreadable = take(rest, ORDER_FIELDS, row)
    unreadable += [f"payment.{name}" for name in _take_payment(rest, row, notes)]
    notes += line_notes
    notes += [Note("order", "unreadable", path) for path in unreadable]
    status = row["status"]
    if isinstance(status, str) and status not in KNOWN_STATUSES:
        told = status if _WORD.fullmatch(status) else "(no plain word)"
        notes.append(Note("order", "new_value", "status", told))
    notes += [
        Note("order", "unknown_field", _INDEX.sub("[]", path))
        for path in taken
        if "." in path
    ]
    row.update(extra=rest, content_hash=digest(encoded), source="api")
    return OrderRows(
        order_id,
        version,
        row,
        lines,
        buyer_data(taken, version) if taken else None,
        detail,
        notes,
        bad_lines,
    )


def _take_payment(
    rest: dict[str, object], row: dict[str, object], notes: list[Note]
) -> list[str]:
    """Move the payment block into columns; whatever else it is stays as received."""
    received = rest.get("payment")
    if not isinstance(received, dict):
        take({}, PAYMENT_FIELDS, row)
        return [] if received is None else [""]
    payment = dict(cast("dict[str, object]", received))
    notes += _unknown("order", payment, KNOWN_PAYMENT_FIELDS, "payment.")
    notes += _lost("order", payment, EXPECTED_PAYMENT_FIELDS, "payment.")
    unreadable = take(payment, PAYMENT_FIELDS, row)
    if payment or not received:
        rest["payment"] = payment
    else:
        del rest["payment"]
    return unreadable


def _take_lines(
    order_id: str, rest: dict[str, object]
) -> tuple[list[dict[str, object]] | None, list[BadRecord], list[Note]]:
    """Move the lines out of the order; a list that is none stays as received."""
    received = rest.get("line_items")
    if not isinstance(received, list) or not received:
        odd = received is not None and received != []
        notes = [Note("order", "unreadable", "line_items")] if odd else []
        return None, [], notes
    del rest["line_items"]
    lines: dict[str, dict[str, object]] = {}
    bad: list[BadRecord] = []
    notes: list[Note] = []
    for number, item in enumerate(cast("list[object]", received), start=1):
        line = _read_line(item, order_id, number, notes)
        if line is None or line["line_id"] in lines:
            bad.append(_bad_line(order_id, number, item))
        else:
            lines[cast("str", line["line_id"])] = line
    return list(lines.values()) or None, bad, notes


def _read_line(
    item: object, order_id: str, number: int, notes: list[Note]
) -> dict[str, object] | None:
    if not isinstance(item, dict):
        return None
    rest = dict(cast("dict[str, object]", item))
    notes += _unknown("order_line", rest, KNOWN_LINE_FIELDS)
    notes += _lost("order_line", rest, EXPECTED_LINE_FIELDS)
    row: dict[str, object] = {"order_id": order_id, "line_number": number}
    unreadable = take(rest, LINE_FIELDS, row)
    if not 0 < len(cast("str", row["line_id"] or "")) <= _LONGEST_ID:
        return None
    notes += [Note("order_line", "unreadable", name) for name in unreadable]
    row["extra"] = rest
    return row


def give_back_order(
    row: Mapping[str, object],
    lines: Sequence[Mapping[str, object]],
    buyer: Mapping[str, object],
) -> dict[str, object]:
    """The order as TikTok sent it, from its rows; proves that nothing was lost."""
    order = dict(cast("dict[str, object]", row["extra"]))
    give_back(row, ORDER_FIELDS, order)
    payment = order.get("payment", {})
    if isinstance(payment, dict):
        block = dict(cast("dict[str, object]", payment))
        give_back(row, PAYMENT_FIELDS, block)
        if block or "payment" in order:
            order["payment"] = block
    if lines:
        ordered = sorted(lines, key=lambda line: cast("int", line["line_number"]))
        order["line_items"] = [_give_back_line(line) for line in ordered]
    for path, value in buyer.items():
        _put_back(order, path.split("."), value)
    return order


def _put_back(place: object, path: Sequence[str], value: object) -> None:
    """Buyer data that stood deeper in the order, at its place."""
    step, *below = path
    if isinstance(place, list):
        _put_back(cast("list[object]", place)[int(step)], below, value)
    elif isinstance(place, dict):
        fields = cast("dict[str, object]", place)
        if below:
            _put_back(fields[step], below, value)
        else:
            fields[step] = value


def _give_back_line(line: Mapping[str, object]) -> dict[str, object]:
    item = dict(cast("dict[str, object]", line["extra"]))
    give_back(line, LINE_FIELDS, item)
    return item


def _unknown(
    kind: str, received: Mapping[str, object], known: frozenset[str], prefix: str = ""
) -> list[Note]:
    return [
        Note(kind, "unknown_field", f"{prefix}{name}"[:200])
        for name in received.keys() - known
    ]


def _lost(
    kind: str,
    received: Mapping[str, object],
    expected: frozenset[str],
    prefix: str = "",
) -> list[Note]:
    if expected <= received.keys():
        return []
    return [
        Note(kind, "lost_field", f"{prefix}{name}")
        for name in sorted(expected - received.keys())
    ]


def too_deep(record: object) -> tuple[BadRecord, object]:
    """A record that is nested too deep to be read; nothing of it is kept."""
    fields = cast("dict[str, object]", record) if isinstance(record, dict) else {}
    kept = {"fields": len(fields)}
    order_id = read_text(fields.get("id"))[0]
    if not isinstance(order_id, str) or not 0 < len(order_id) <= _LONGEST_ID:
        return _bad("an order without a fit id is nested too deep", kept), kept
    reason = f"order {order_id} is nested too deep"
    return BadRecord("orders", order_id, reason, kept), kept


def _bad(reason: str, content: object) -> BadRecord:
    key = UNIDENTIFIED + digest(encode(content)).hex()
    return BadRecord("orders", key, reason, content)


def _bad_line(order_id: str, number: int, item: object) -> BadRecord:
    reason = f"line {number} of order {order_id} is no object with an id of its own"
    return BadRecord("order_lines", f"{order_id}/{number}", reason, harmless(item))
