"""Keys of records in SQL: arrays to join with, whatever columns a key has."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, RowMapping, Table
from sqlalchemy.dialects import postgresql

from tiktok_pipelines.moments import microseconds, moment_of
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.copy import kind_of

_DIALECT = postgresql.dialect()  # pyright: ignore[reportUnknownMemberType] - untyped
Key = tuple[object, ...]


def table_of(name: str) -> Table:
    """A table of ``tiktok`` by its name."""
    return tables.metadata.tables[f"tiktok.{name}"]


def columns_of(table: Table, names: Iterable[str]) -> list[Column[Any]]:
    """Columns of a table."""
    return [table.columns[name] for name in names]


def asked_keys(table: Table, names: Sequence[str], prefix: str = "k") -> str:
    """A relation ``asked`` with the keys that ``key_arrays`` gives, as SQL."""
    arrays = ", ".join(
        f"CAST(:{prefix}{number} AS {column.type.compile(_DIALECT)}[])"
        for number, column in enumerate(columns_of(table, names))
    )
    return f"unnest({arrays}) AS asked ({', '.join(names)})"


def key_arrays(
    table: Table, names: Sequence[str], keys: Iterable[Key], prefix: str = "k"
) -> Mapping[str, list[object]]:
    """The parameters of ``asked_keys``."""
    columns = columns_of(table, names)
    arrays: list[list[object]] = [[] for _ in columns]
    for key in keys:
        for array, column, value in zip(arrays, columns, key, strict=True):
            array.append(_for_sql(column, value))
    return {f"{prefix}{number}": array for number, array in enumerate(arrays)}


def key_of(row: RowMapping, table: Table, names: Sequence[str]) -> Key:
    """The key of a row that PostgreSQL gave, as rows on their way have it."""
    columns = columns_of(table, names)
    return tuple(_from_sql(column, row[column.name]) for column in columns)


def _for_sql(column: Column[Any], value: object) -> object:
    if kind_of(column) == "datetime" and isinstance(value, int):
        return moment_of(value)
    return value


def _from_sql(column: Column[Any], value: Any) -> object:  # noqa: ANN401 - a driver's
    if kind_of(column) == "datetime" and value is not None:
        return microseconds(value)
    return value
