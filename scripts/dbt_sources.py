"""The dictionary as dbt's ``sources.yml``, for those who model further.

Tables that analysts may read, with columns, types, meanings and where they come from,
keys as tests, and how to tell fresh from old.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from tiktok_pipelines.storage.catalog import ColumnFacts, TableFacts
from tiktok_pipelines.storage.tables import SCHEMAS

_OPEN = ("tiktok", "tiktok_mart")
_BUYERS = "tiktok.order_recipients"
_HEAD = """\
# The tables and views as sources of dbt. Written by `make docs`.
# Copy into models/ of a dbt project whose target reads this database.
"""


def sources_file(
    dictionary: Iterable[TableFacts], origins: Mapping[str, Mapping[str, str]]
) -> str:
    """``docs/dbt/sources.yml``; buyer data stays out, analysts may not read it.

    ``origins``: by table with schema, what fills each column.
    """
    found = [facts for facts in dictionary if facts.name != _BUYERS]
    sources = [
        {
            "name": schema,
            "schema": schema,
            "description": SCHEMAS[schema],
            "tables": [
                _table(facts, origins.get(facts.name, {}))
                for facts in found
                if facts.name.startswith(f"{schema}.")
            ],
        }
        for schema in _OPEN
    ]
    told = {"version": 2, "sources": sources}
    return _HEAD + yaml.safe_dump(told, sort_keys=False, allow_unicode=True, width=88)


def _table(facts: TableFacts, origins: Mapping[str, str]) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "name": facts.name.partition(".")[2],
        "description": facts.comment,
    }
    if any(column.name == "synced_at" for column in facts.columns):
        told["loaded_at_field"] = "synced_at"
    keys = [column.name for column in facts.columns if column.is_key]
    if keys:
        told["meta"] = {"grain": keys}
    told["columns"] = [
        _column(column, origins.get(column.name)) for column in facts.columns
    ]
    return told


def _column(column: ColumnFacts, origin: str | None) -> Mapping[str, Any]:
    told: dict[str, Any] = {
        "name": column.name,
        "data_type": column.type,
        "description": column.comment,
    }
    if origin is not None:
        told["meta"] = {"comes_from": origin}
    if not column.is_nullable:
        told["data_tests"] = ["not_null"]
    return told
