"""Write the documents that are drawn from the source: ``make docs``.

A test compares what is rendered here with what lies in the repository.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from tiktok_pipelines.cli.dagster_home import packaged
from tiktok_pipelines.settings.variables import GROUPS, SEE_DOCS, Variable
from tiktok_pipelines.storage.tables import SCHEMAS, metadata

ROOT = Path(__file__).parents[1]
_HEAD = """\
# Settings

<!-- Written by `make docs` from tiktok_pipelines/settings/variables.py. -->

Read from the environment, and below it from the nearest `.env` in the current folder or
above it. An empty variable counts as unset; nothing is interpolated. A relative
`TIKTOK_HOME` counts from the folder of the `.env` that sets it. A missing or wrong
setting is told in one line, with exit status 2, before anything starts."""
_DAGSTER = """
## Dagster

`eval "$(tiktok-pipelines env)"` exports `DAGSTER_HOME` (the folder `dagster` under
`TIKTOK_HOME`, with a `dagster.yaml` that stores in PostgreSQL) and `DAGSTER_PG_URL`,
with which plain `dagster` and `dg` work on the same instance as `tiktok-pipelines up`.
Dagster's tables live in a database of their own on the same server: `dagster` on the
embedded one; on an external one the name in `TIKTOK_DATABASE_URL` with `_dagster`
added, made if missing (its user then needs the right to create databases, or an
administrator makes it)."""
_TABLES = """\
# Tables

<!-- Written by `make docs` from tiktok_pipelines/storage/tables/. -->

Times are UTC, ids are text, money is `numeric` with a `currency` beside it. The same
words stand in the database, as comments of its schemas, tables and columns.

| schema | holds |
|---|---|"""
# As people write them; PostgreSQL takes both.
_SHORT_TYPES = {"TIMESTAMP WITH TIME ZONE": "timestamptz"}


def settings_page() -> str:
    """``docs/settings.md``."""
    return "\n".join(_settings_lines()) + "\n"


def env_example() -> str:
    """``.env.example``: every variable, those without a default empty."""
    return "\n".join(_env_lines()) + "\n"


def tables_page() -> str:
    """``docs/tables.md``."""
    return "\n".join(_tables_lines()) + "\n"


def catalog() -> str:
    """``storage/catalog.json``: the tables for those who only show them."""
    told = [
        {
            "name": table.fullname,
            "comment": str(table.comment),
            "columns": [
                {
                    "name": column.name,
                    "type": _type(column),
                    "comment": str(column.comment),
                    "is_nullable": bool(column.nullable),
                    "is_key": column.primary_key,
                }
                for column in table.columns
            ],
        }
        for table in metadata.tables.values()
    ]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def workspace() -> str:
    """``workspace.yaml``: the packaged one."""
    _, _, body = packaged("workspace.yaml").partition("\n")
    return "# What Dagster loads. Written by `make docs`.\n" + body


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    ".env.example": env_example,
    "docs/settings.md": settings_page,
    "docs/tables.md": tables_page,
    "tiktok_pipelines/storage/catalog.json": catalog,
    "workspace.yaml": workspace,
}


def main() -> None:
    """Write each document."""
    for name, render in DOCUMENTS.items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(render(), "utf-8")


def _settings_lines() -> Iterator[str]:
    yield _HEAD
    for group in GROUPS:
        yield from ("", f"## {group.title}", "")
        yield "| variable | meaning | default | expected |"
        yield "|---|---|---|---|"
        for variable in group.variables:
            yield _row(variable)
    yield _DAGSTER


def _row(variable: Variable) -> str:
    default = variable.default_note or (variable.default and f"`{variable.default}`")
    cells = (
        f"`{variable.name}`",
        variable.meaning,
        default or "none",
        variable.expected + _origin(variable),
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _origin(variable: Variable) -> str:
    return "" if variable.source == SEE_DOCS else f"; {variable.source}"


def _tables_lines() -> Iterator[str]:
    yield _TABLES
    for schema, meaning in SCHEMAS.items():
        yield f"| `{schema}` | {meaning} |"
    for schema in SCHEMAS:
        found = [table for table in metadata.tables.values() if table.schema == schema]
        if found:
            yield from ("", f"## {schema}")
        for table in found:
            yield from _table_lines(table)


def _table_lines(table: Table) -> Iterator[str]:
    yield from ("", f"### {table.fullname}", "")
    yield " ".join([str(table.comment), *_keys(table)])
    yield from ("", "| column | type | null | meaning |", "|---|---|---|---|")
    for column in table.columns:
        nullable = "yes" if column.nullable else "no"
        meaning = str(column.comment).replace("|", "\\|")
        yield f"| `{column.name}` | {_type(column)} | {nullable} | {meaning} |"


def _keys(table: Table) -> Iterator[str]:
    yield f"Primary key: {_names(table.primary_key.columns)}."
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        if index.unique:
            yield f"Unique: {_names(index.columns)}."


def _names(columns: Iterable[Column[Any]]) -> str:
    return ", ".join(f"`{column.name}`" for column in columns)


def _type(column: Column[Any]) -> str:
    name = str(column.type.compile(dialect=postgresql.dialect()))
    return _SHORT_TYPES.get(name, name.lower())


def _env_lines() -> Iterator[str]:
    yield "# Copy to .env and fill in. Written by `make docs`; see docs/settings.md."
    for group in GROUPS:
        yield from ("", f"# {group.title}")
        for variable in group.variables:
            note = variable.default_note and f" Unset: {variable.default_note}."
            yield from ("", *_wrapped(f"{variable.meaning}{note}"))
            yield f"# Expected: {variable.expected}{_origin(variable)}"
            yield f"{variable.name}={variable.default}"


def _wrapped(text: str) -> list[str]:
    lines = ["#"]
    for word in text.replace("`", "").split():
        if len(lines[-1]) + len(word) > 86:
            lines.append("#")
        lines[-1] += f" {word}"
    return lines


if __name__ == "__main__":
    main()
