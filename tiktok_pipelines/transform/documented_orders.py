"""One order that is just as documented → the same rows as ``read_order`` makes.

The type refuses whatever needs a closer look: names that are new, nulls, values of
other kinds, lists that no rows come of. So nothing but the status and the packages can
be odd, and buyer data stands where it is expected.
"""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from typing import Annotated, NamedTuple

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
_buyer_of = attrgetter(*_BUYER)

_LINE = Documented(LINE)
_LINES = Annotated[
    list[_LINE.type],  # pyright: ignore[reportInvalidTypeForm] - a type made here
    Meta(min_length=1),
]
_PAYMENT = Documented(PAYMENT)
_ORDER = Documented(
    ORDER,
    {
        "payment": Apart(_PAYMENT.type, in_rest=True, is_needed=True),
        "line_items": Apart(_LINES, is_needed=True),
        **dict.fromkeys(_BUYER, Apart(str | dict | list)),
    },
    refused=DETAIL_ONLY,
)
_decoder = decoder_of(_ORDER.type)


class _Facts(NamedTuple):
    """What is asked of an order by name."""

    id: str
    status: str
    update_time: int
    packages: object
    payment: Struct
    line_items: Sequence[Struct]


_facts_of = attrgetter(*_Facts._fields)


def read_documented(
    record: msgspec.Raw, fetched_at: datetime
) -> tuple[OrderRows, msgspec.Raw] | None:
    """The rows of an order and what may be kept of it; None if it is not as documented.

    ``record`` holds no escaped characters that PostgreSQL refuses.
    """
    try:
        return _read(_decoder.decode(record), microseconds(fetched_at))
    except (ValueError, ArithmeticError, RecursionError):
        return None


def _read(received: Struct, fetched_us: int) -> tuple[OrderRows, msgspec.Raw]:
    """Take an order apart.

    Raises:
        ValueError: it is not as documented.
    """
    facts = _Facts._make(_facts_of(received))
    version = Version(facts.update_time * MICROSECONDS, fetched_us)
    lines = _rows_of_lines(facts, fetched_us)
    if len({line["line_id"] for line in lines}) < len(lines):
        raise ValueError
    buyer = _take_buyer(received, version)
    kept = encode(received)
    row = _row_of_order(received, facts.payment, digest(kept), fetched_us)
    notes = [] if facts.packages is not None else missed_packages(lines)
    notes += new_status(facts.status)
    rows = OrderRows(facts.id, version, row, lines, buyer, {}, notes, [])
    return rows, msgspec.Raw(kept)


def _row_of_order(
    received: Struct, payment: Struct, content_hash: bytes, fetched_us: int
) -> Row:
    extra = _extra(_ORDER.rest_of(received, payment=_PAYMENT.rest_of(payment)))
    cells = [*_ORDER.take(received), *_PAYMENT.take(payment)]
    cells += (extra, content_hash, "api", fetched_us, None, None)
    return Row(ORDER_COLUMNS, cells)


def _rows_of_lines(facts: _Facts, fetched_us: int) -> list[Row]:
    return [
        Row(
            LINE_COLUMNS,
            [
                *_LINE.take(line),
                facts.id,
                number,
                _extra(_LINE.rest_of(line)),
                fetched_us,
            ],
        )
        for number, line in enumerate(facts.line_items, start=1)
    ]


def _extra(rest: Struct | None) -> bytes:
    return b"{}" if rest is None else encode(rest)


def _take_buyer(received: Struct, version: Version) -> BuyerData | None:
    """Buyer data, taken out of the order."""
    given = zip(_BUYER, _buyer_of(received), strict=True)
    taken = {name: value for name, value in given if value is not None}
    for name in taken:
        setattr(received, name, None)
    return buyer_data(taken, version) if taken else None
