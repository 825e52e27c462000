"""Column builders, so that a table reads as its list of facts.

Every column carries a comment: ``docs/tables.md``, the database's own comments and
the column schemas in Dagster all come from it.
"""

from typing import Any

from sqlalchemy import Boolean, Column, DateTime, Integer, LargeBinary, Numeric, Text
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB


def key(name: str, comment: str) -> Column[str]:
    """A text column of the primary key."""
    return Column(name, Text, primary_key=True, comment=comment)


def text(name: str, comment: str) -> Column[str]:
    """Text that may be absent."""
    return Column(name, Text, comment=comment)


def needed(name: str, comment: str, *, default: str | None = None) -> Column[str]:
    """Text that is always there."""
    server = None if default is None else sql(f"'{default}'")
    return Column(name, Text, nullable=False, server_default=server, comment=comment)


def money(name: str, comment: str) -> Column[Any]:
    """An exact amount in major units of the row's ``currency``."""
    return Column(name, Numeric, comment=comment)


def exact(name: str, comment: str) -> Column[Any]:
    """An exact number, such as seconds with their thousandths."""
    return Column(name, Numeric, comment=comment)


def moment(name: str, comment: str, *, nullable: bool = True) -> Column[Any]:
    """A point in time, UTC."""
    return Column(name, DateTime(timezone=True), nullable=nullable, comment=comment)


def flag(name: str, comment: str, *, default: bool | None = None) -> Column[bool]:
    """True, false, or not said."""
    if default is None:
        return Column(name, Boolean, comment=comment)
    server = sql("true" if default else "false")
    return Column(name, Boolean, nullable=False, server_default=server, comment=comment)


def number(name: str, comment: str, *, nullable: bool = True) -> Column[int]:
    """A count."""
    return Column(name, Integer, nullable=nullable, comment=comment)


def document(name: str, comment: str, *, default: str | None = None) -> Column[Any]:
    """A JSON document."""
    server = None if default is None else sql(f"'{default}'")
    return Column(
        name,
        JSONB,
        nullable=default is None,
        server_default=server,
        comment=comment,
    )


def raw_bytes(name: str, comment: str, *, nullable: bool = True) -> Column[bytes]:
    """Bytes: a hash or a compressed body."""
    return Column(name, LargeBinary, nullable=nullable, comment=comment)


def versioned() -> tuple[Column[Any], ...]:
    """What tells which answer a record's row and its parts come from."""
    return (
        raw_bytes("content_hash", "Of the record as received, less buyer data."),
        document(
            "part_versions",
            "Tables whose rows come from another answer than this row: "
            "table to [update time, fetch time], microseconds since 1970.",
            default="{}",
        ),
    )
