"""An order as TikTok sent it, from its rows: the proof that nothing was lost."""

from collections.abc import Mapping, Sequence
from typing import cast

from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.fields import give_back
from tiktok_pipelines.transform.order_fields import (
    LINE_FIELDS,
    ORDER_FIELDS,
    PAYMENT_FIELDS,
)


def give_back_order(
    row: Mapping[str, object],
    lines: Sequence[Mapping[str, object]],
    buyer: Mapping[str, object],
) -> dict[str, object]:
    """The order as TikTok sent it, from its rows; proves that nothing was lost."""
    order = _extra_of(row)
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
        put_back(order, path.split("."), value)
    return order


def put_back(place: object, path: Sequence[str], value: object) -> None:
    """Buyer data that stood deeper in the order, at its place."""
    step, *below = path
    if isinstance(place, list):
        put_back(cast("list[object]", place)[int(step)], below, value)
    elif isinstance(place, dict):
        fields = cast("dict[str, object]", place)
        if below:
            put_back(fields[step], below, value)
        else:
            fields[step] = value


def _give_back_line(line: Mapping[str, object]) -> dict[str, object]:
    item = _extra_of(line)
    give_back(line, LINE_FIELDS, item)
    return item


def _extra_of(row: Mapping[str, object]) -> dict[str, object]:
    """What has no column: JSON in a row that is on its way, an object in one read."""
    extra = row["extra"]
    if isinstance(extra, bytes):
        extra = decode(extra)
    return dict(cast("dict[str, object]", extra))
