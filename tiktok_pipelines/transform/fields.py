"""Received fields that have a column of their own: which, and how they are read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.readers import (
    MICROSECONDS,
    Reader,
    read_document,
    read_flag,
    read_milliseconds,
    read_money,
    read_number,
    read_text,
    read_time,
    read_words,
)


@dataclass(frozen=True, slots=True)
class Field:
    """One received field that has a column of its own."""

    column: str
    name: str
    reader: Reader


_JSON = (read_document, read_words)


def texts(*names: str, **renamed: str) -> list[Field]:
    """Text fields; ``column=name`` where they differ."""
    return _fields(read_text, names, renamed)


def amounts(*names: str, **renamed: str) -> list[Field]:
    """Money fields."""
    return _fields(read_money, names, renamed)


def moments(**renamed: str) -> list[Field]:
    """Time fields, as ``column=name``."""
    return _fields(read_time, (), renamed)


def flags(*names: str, **renamed: str) -> list[Field]:
    """Yes-or-no fields."""
    return _fields(read_flag, names, renamed)


def numbers(*names: str, **renamed: str) -> list[Field]:
    """Whole numbers; a ``Layout`` does not read them, ``others`` of a part do."""
    return _fields(read_number, names, renamed)


def milliseconds(**renamed: str) -> list[Field]:
    """Times in milliseconds, as ``column=name``; for ``others`` as well."""
    return _fields(read_milliseconds, (), renamed)


def documents(*names: str, **renamed: str) -> list[Field]:
    """Lists and objects that have a JSON column; for ``others`` as well."""
    return _fields(read_document, names, renamed)


def words(*names: str, **renamed: str) -> list[Field]:
    """Lists of words, or a text instead, with a JSON column; for ``others`` as well."""
    return _fields(read_words, names, renamed)


def _fields(
    reader: Reader, names: Sequence[str], renamed: Mapping[str, str]
) -> list[Field]:
    pairs = [(name, name) for name in names] + list(renamed.items())
    return [Field(column, name, reader) for column, name in pairs]


def give_back(
    row: Mapping[str, object], fields: Sequence[Field], target: dict[str, object]
) -> None:
    """The inverse of ``Layout.take`` on a target that already holds the rest.

    ``row`` holds values as they were taken, or as PostgreSQL gives them.
    """
    for field in fields:
        value = row[field.column]
        if value is not None and field.name not in target:
            target[field.name] = _as_received(field, value)


def _as_received(field: Field, value: object) -> object:
    if field.reader is read_milliseconds:
        value = microseconds(value) if isinstance(value, datetime) else value
        return cast("int", value) // 1000
    if isinstance(value, datetime):
        return int(value.timestamp())
    if field.reader is read_time and isinstance(value, int):
        return value // MICROSECONDS
    if field.reader in _JSON and isinstance(value, bytes):
        return decode(value)
    return f"{value:f}" if isinstance(value, Decimal) else value
