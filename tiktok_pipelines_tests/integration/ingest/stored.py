"""What the tables hold, read in ways of the tests' own."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import text

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines.transform.buyers import as_received, from_row
from tiktok_pipelines.transform.encoding import decode, decompress
from tiktok_pipelines.transform.order_back import give_back_order

Row = dict[str, Any]

JSON_COLUMNS = ("extra", "field_versions", "request", "content")
# Which page and which fetch of the same content came first depends on the order in
# which answers arrive; both are where a row comes from, not what it says.
PROVENANCE = frozenset({"raw_page_id", "synced_at", "lines_synced_at"})
# A merged recipient remembers which answer gave which field. Equal values from
# several answers leave the first one's note.
MORE_PROVENANCE = {
    "order_recipients": frozenset({"content_hash", "field_versions", "updated_at"})
}


def scalar(database: Database, statement: str, **parameters: object) -> Any:
    """One value."""
    with database.begin() as connection:
        return connection.execute(text(statement), parameters).scalar_one()


def rows(database: Database, statement: str, **parameters: object) -> list[Row]:
    """Rows as dictionaries."""
    with database.begin() as connection:
        found = connection.execute(text(statement), parameters).mappings()
        return [dict(row) for row in found]


def table(database: Database, name: str) -> list[Row]:
    """A whole table, its documents with exact numbers, in order of all columns."""
    columns = rows(
        database,
        "SELECT column_name AS name FROM information_schema.columns"
        " WHERE table_schema || '.' || table_name = :name ORDER BY ordinal_position",
        name=name,
    )
    chosen = ", ".join(_chosen(column["name"]) for column in columns)
    found = rows(database, f"SELECT {chosen} FROM {name}")
    return sorted((_exact(row) for row in found), key=repr)


def _chosen(column: str) -> str:
    return f"{column}::text AS {column}" if column in JSON_COLUMNS else column


def _exact(row: Row) -> Row:
    found = {name: row[name] for name in JSON_COLUMNS if row.get(name) is not None}
    return row | {name: decode(value.encode()) for name, value in found.items()}


def contents(database: Database) -> Mapping[str, Sequence[Row]]:
    """What all tables of ``tiktok`` say, whatever way they were filled."""
    held = {
        each.name: table(database, f"tiktok.{each.name}") for each in ANALYST_TABLES
    }
    return {
        name: _without(found, PROVENANCE | MORE_PROVENANCE.get(name, frozenset()))
        for name, found in held.items()
    }


def _without(found: Sequence[Row], names: frozenset[str]) -> list[Row]:
    less = [
        {name: value for name, value in row.items() if name not in names}
        for row in found
    ]
    return sorted(less, key=repr)


def orders_as_received(database: Database, shop_id: str) -> dict[str, Row]:
    """Every order put together again from its rows, as TikTok would send it."""
    lines: dict[str, list[Row]] = {}
    for line in table(database, "tiktok.order_lines"):
        lines.setdefault(line["order_id"], []).append(line)
    buyers = recipients(database, shop_id)
    return {
        row["order_id"]: give_back_order(
            row, lines.get(row["order_id"], []), buyers.get(row["order_id"], {})
        )
        for row in table(database, "tiktok.orders")
        if row["shop_id"] == shop_id
    }


def recipients(database: Database, shop_id: str) -> dict[str, Row]:
    """Buyer data nested as TikTok sends it, by order."""
    return {
        row["order_id"]: as_received(from_row(row))
        for row in table(database, "tiktok.order_recipients")
        if row["shop_id"] == shop_id
    }


def kept_bodies(database: Database) -> list[Any]:
    """The bodies of all pages kept, decoded."""
    return [
        cast("Any", decode(decompress(row["body"])))
        for row in rows(database, "SELECT body FROM tiktok_raw.pages ORDER BY page_id")
    ]


def count(database: Database, name: str) -> int:
    """How many rows a table has."""
    return scalar(database, f"SELECT count(*) FROM {name}")
