"""Rows into a table by binary COPY, at the least cost.

psycopg turns text, numbers, flags and bytes into their binary form in C; datetimes,
Decimals and JSON it turns in Python, which would be most of what a load costs. So these
go as what they are on the wire: a moment as a 64-bit number, a JSON document as its
text behind a version byte, and an amount, in a stage, as text that the merge casts.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from operator import itemgetter
from typing import Any

from psycopg import sql
from sqlalchemy import Column, Connection

from tiktok_pipelines.storage.database import driver_connection

_Row = Mapping[str, object]
_FROM_1970_TO_2000_US = 946_684_800_000_000
_JSONB_VERSION = b"\x01"
_WIRE_TYPES = {
    "text": "text",
    "numeric": "text",
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
    wire = _wire(tuple(columns))
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT BINARY)")
    with (
        driver_connection(connection).cursor() as cursor,
        cursor.copy(statement.format(target, names)) as copy,
    ):
        copy.set_types(wire.types)
        for row in rows:
            copy.write_row(wire.values_of(row))


def kind_of(column: Column[Any]) -> str:
    """SQLAlchemy's name of a column's type, such as ``numeric``."""
    return type(column.type).__visit_name__.lower()


@dataclass(frozen=True, slots=True)
class _Wire:
    """How rows of some columns go over the wire."""

    types: Sequence[str]
    take: Callable[[_Row], tuple[Any, ...]]
    moments: Sequence[int]
    documents: Sequence[int]

    def values_of(self, row: _Row) -> Sequence[object]:
        values = list(self.take(row))
        for place in self.moments:
            if values[place] is not None:
                values[place] -= _FROM_1970_TO_2000_US
        for place in self.documents:
            if values[place] is not None:
                values[place] = _JSONB_VERSION + values[place]
        return values


@cache
def _wire(columns: tuple[Column[Any], ...]) -> _Wire:
    kinds = [kind_of(column) for column in columns]
    return _Wire(
        types=[_WIRE_TYPES[kind] for kind in kinds],
        take=itemgetter(*(column.name for column in columns)),
        moments=_places(kinds, "datetime"),
        documents=_places(kinds, "jsonb"),
    )


def _places(kinds: Sequence[str], wanted: str) -> Sequence[int]:
    return [place for place, kind in enumerate(kinds) if kind == wanted]
