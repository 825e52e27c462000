"""Rows into a table by binary COPY, at the least cost.

psycopg turns text, numbers, flags and bytes into their binary form in C; datetimes,
Decimals and JSON it turns in Python, which would be most of what a load costs. So these
go as what they are on the wire: a moment as a 64-bit number, a JSON document as its
text behind a version byte. An amount goes into a stage as text that the merge casts,
and into a table as its decimal digits in groups of four; most amounts come again and
again, so these are remembered.
"""

import struct
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any

from psycopg import sql
from sqlalchemy import Column, Connection, Table

from tiktok_pipelines.storage.database import driver_connection

_Row = Mapping[str, object]
_Cells = Iterable[Sequence[object]]
_FROM_1970_TO_2000_US = 946_684_800_000_000
_JSONB_VERSION = b"\x01"
_GROUP = 4  # decimal digits in one number of an amount
_NEGATIVE = 0x4000
_REMEMBERED = 4_000
_WIRE_TYPES = {
    "text": "text",
    "datetime": "int8",
    "boolean": "bool",
    "integer": "int4",
    "small_integer": "int2",
    "big_integer": "int8",
    "large_binary": "bytea",
    "jsonb": "bytea",
}


def copy_rows(
    connection: Connection,
    target: sql.Composable,
    columns: Sequence[Column[Any]],
    rows: Iterable[_Row],
) -> None:
    """COPY rows into a table whose ``numeric`` columns, if it has any, are ``text``.

    Moments are microseconds since 1970, JSON documents bytes of JSON, amounts text.
    """
    wire = _wire(tuple(columns), "text")
    _copy(connection, target, wire, _as_sent(wire, map(wire.take, rows)))


def copy_into(
    connection: Connection, table: Table, names: Sequence[str], rows: _Cells
) -> None:
    """COPY rows into a table; values as in ``copy_rows``, in the order of ``names``.

    Raises:
        UniqueViolation: a key is there already; the transaction, or the part of it
            since the last savepoint, is lost.
    """
    wire = _wire(tuple(table.columns[name] for name in names), "bytea")
    target = sql.Identifier(table.schema or "public", table.name)
    _copy(connection, target, wire, _as_sent(wire, rows))


def _copy(
    connection: Connection, target: sql.Composable, wire: "_Wire", rows: _Cells
) -> None:
    names = sql.SQL(", ").join(map(sql.Identifier, wire.names))
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)")
    with (
        driver_connection(connection).cursor() as cursor,
        cursor.copy(statement.format(target, names)) as copy,
    ):
        copy.set_types(wire.types)
        for row in rows:
            copy.write_row(row)


def _as_sent(wire: "_Wire", rows: _Cells) -> _Cells:
    """Rows with their values as PostgreSQL takes them, done column by column."""
    columns: list[Sequence[Any]] = list(zip(*rows, strict=True))
    if not columns:
        return ()
    for place in wire.moments:
        columns[place] = [
            None if moment is None else moment - _FROM_1970_TO_2000_US
            for moment in columns[place]
        ]
    for place in wire.documents:
        columns[place] = [
            None if document is None else _JSONB_VERSION + document
            for document in columns[place]
        ]
    for place in wire.amounts:
        columns[place] = [*map(_amount, columns[place])]
    return zip(*columns, strict=True)


def kind_of(column: Column[Any]) -> str:
    """SQLAlchemy's name of a column's type, such as ``numeric``."""
    return type(column.type).__visit_name__.lower()


@dataclass(frozen=True, slots=True)
class _Wire:
    """How rows of some columns go over the wire."""

    names: Sequence[str]
    types: Sequence[str]
    take: Callable[[_Row], tuple[Any, ...]]
    moments: Sequence[int]
    documents: Sequence[int]
    amounts: Sequence[int]


@cache
def _wire(columns: tuple[Column[Any], ...], amounts: str) -> _Wire:
    kinds = [kind_of(column) for column in columns]
    names = [column.name for column in columns]
    types = _WIRE_TYPES | {"numeric": amounts}
    return _Wire(
        names=names,
        types=[types[kind] for kind in kinds],
        take=itemgetter(*names),
        moments=_places(kinds, "datetime"),
        documents=_places(kinds, "jsonb"),
        amounts=() if amounts == "text" else _places(kinds, "numeric"),
    )


def _places(kinds: Sequence[str], wanted: str) -> Sequence[int]:
    return [place for place, kind in enumerate(kinds) if kind == wanted]


@lru_cache(maxsize=_REMEMBERED)
def _amount(text: str | None) -> bytes | None:
    """Decimal text as PostgreSQL's binary ``numeric``: groups, weight, sign, scale."""
    if text is None:
        return None
    whole, _, fraction = text.lstrip("-").partition(".")
    digits = whole.rjust(-(-len(whole) // _GROUP) * _GROUP, "0")
    weight = len(digits) // _GROUP - 1
    digits += fraction.ljust(-(-len(fraction) // _GROUP) * _GROUP, "0")
    groups = [int(digits[at : at + _GROUP]) for at in range(0, len(digits), _GROUP)]
    while groups and not groups[-1]:
        groups.pop()
    while groups and not groups[0]:
        groups.pop(0)
        weight -= 1
    sign = _NEGATIVE if text.startswith("-") else 0
    head = (len(groups), weight, sign, len(fraction))
    return struct.pack(f"!HhHH{len(groups)}H", *head, *groups)
