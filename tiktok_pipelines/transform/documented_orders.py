"""One order that is just as documented → the same rows as ``read_order`` makes.

The type refuses whatever needs a closer look: names that are new, nulls, values of
other kinds, lists that no rows come of. So nothing but the status and the packages can
be odd, and buyer data stands where it is expected.
"""

from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.buyers import BUYER_FIELDS, BuyerData, buyer_data
from tiktok_pipelines.transform.documented import Apart, Documented
from tiktok_pipelines.transform.encoding import decoder_of, digest, encode
from tiktok_pipelines.transform.order_fields import (
    DETAIL_ONLY,
    LINE,
    LINE_COLUMNS,
    ORDER,
    ORDER_COLUMNS,
    PAYMENT,
)
from tiktok_pipelines.transform.orders import (
    OrderRows,
    missed_packages,
    new_status,
)
from tiktok_pipelines.transform.readers import MICROSECONDS
from tiktok_pipelines.transform.rows import Row
from tiktok_pipelines.transform.versions import Version

_BUYER = sorted(BUYER_FIELDS)

_LINE = Documented(LINE)
_PAYMENT = Documented(PAYMENT)
_ORDER = Documented(
    ORDER,
    {
        "payment": Apart(_PAYMENT.type, in_rest=True, is_needed=True),
        "line_items": Apart(
            Annotated[list[_LINE.type], Meta(min_length=1)],  # pyright: ignore[reportInvalidTypeForm]
            is_needed=True,
        ),
        **dict.fromkeys(_BUYER, Apart(str | dict | list)),
    },
    refused=DETAIL_ONLY,
)
_decoder = decoder_of(_ORDER.type)


def read_documented(
    record: msgspec.Raw, fetched_at: datetime
) -> tuple[OrderRows, msgspec.Raw] | None:
    """The rows of an order and what may be kept of it; None if it is not as documented.

    ``record`` holds no escaped characters that PostgreSQL refuses.
    """
    try:
        return _read(_decoder.decode(record), fetched_at)
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _read(received: Any, fetched_at: datetime) -> tuple[OrderRows, msgspec.Raw]:
    """Take an order apart.

    Raises:
        ValueError: it is not as documented.
    """
    version = Version(received.update_time * MICROSECONDS, microseconds(fetched_at))
    lines = _rows_of_lines(received, version.fetched_us)
    if len({line["line_id"] for line in lines}) < len(lines):
        raise ValueError
    buyer = _take_buyer(received, version)
    kept = encode(received)
    row = _row_of_order(received, digest(kept), version.fetched_us)
    notes = [] if received.packages is not None else missed_packages(lines)
    notes += new_status(received.status)
    rows = OrderRows(received.id, version, row, lines, buyer, {}, notes, [])
    return rows, msgspec.Raw(kept)


def _row_of_order(received: Any, content_hash: bytes, fetched_us: int) -> Row:
    payment = received.payment
    rest: Any = _ORDER.rest_of(received)
    rest.payment = _PAYMENT.rest_of(payment)
    cells = [*_ORDER.take(received), *_PAYMENT.take(payment)]
    cells += (encode(rest), content_hash, "api", fetched_us, None, None)
    return Row(ORDER_COLUMNS, cells)


def _rows_of_lines(received: Any, fetched_us: int) -> list[Row]:
    return [
        Row(
            LINE_COLUMNS,
            [
                *_LINE.take(line),
                received.id,
                number,
                _extra(_LINE.rest_of(line)),
                fetched_us,
            ],
        )
        for number, line in enumerate(received.line_items, start=1)
    ]


def _extra(rest: Struct | None) -> bytes:
    return b"{}" if rest is None else encode(rest)


def _take_buyer(received: Struct, version: Version) -> BuyerData | None:
    """Buyer data, taken out of the order."""
    taken: dict[str, object] = {}
    for name in _BUYER:
        value = getattr(received, name)
        if value is not None:
            taken[name] = value
            setattr(received, name, None)
    return buyer_data(taken, version) if taken else None
