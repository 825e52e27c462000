"""What the tables are, in words, without the weight of SQLAlchemy.

``catalog.json`` is written from ``storage/tables/`` by ``make docs``. For whoever only
shows the tables: a code server loads often, and SQLAlchemy costs a third of that.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources

ORDER_TABLES = (
    "tiktok.orders",
    "tiktok.order_lines",
    "tiktok.order_status_history",
    "tiktok.order_recipients",
    "tiktok.customers",
)
"""The tables that a load of orders fills: ``tables.ANALYST_TABLES`` by name."""


@dataclass(frozen=True, slots=True)
class ColumnFacts:
    """A column; ``type`` as PostgreSQL names it."""

    name: str
    type: str
    comment: str
    is_nullable: bool
    is_key: bool


@dataclass(frozen=True, slots=True)
class TableFacts:
    """A table; ``name`` with its schema."""

    name: str
    comment: str
    columns: tuple[ColumnFacts, ...]


def facts_of(name: str) -> TableFacts:
    """What is known of a table, by its name with schema."""
    return _catalog()[name]


@cache
def _catalog() -> dict[str, TableFacts]:
    file = resources.files("tiktok_pipelines.storage") / "catalog.json"
    return {
        table["name"]: TableFacts(
            table["name"],
            table["comment"],
            tuple(ColumnFacts(**column) for column in table["columns"]),
        )
        for table in json.loads(file.read_text("utf-8"))
    }
