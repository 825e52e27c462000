"""Write the documents that are drawn from the source: ``make docs``.

A test compares what is rendered here with what lies in the repository.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Table
from sqlalchemy.dialects import postgresql

from scripts.column_sources import Sources, column_sources, filled_by
from scripts.dbt_sources import sources_file
from scripts.view_sources import view_sources
from tiktok_pipelines.cli.dagster_home import packaged
from tiktok_pipelines.settings.variables import GROUPS, SEE_DOCS, Variable
from tiktok_pipelines.storage.catalog import ColumnFacts, TableFacts
from tiktok_pipelines.storage.marts.views import View, views
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
_STORAGE = "storage:\n  postgres:\n    postgres_url: {env: DAGSTER_PG_URL}\n"
_INSTANCE = """\
# The Dagster instance: queue limits, run retries for crashes only.
#
# Written by `make docs` from tiktok_pipelines/cli/instance/dagster.yaml, where the
# storage is switched on. `tiktok-pipelines up` and `eval "$(tiktok-pipelines env)"` put
# that one into their DAGSTER_HOME. Here it is a comment, so that every dagster command
# works in this folder with nothing set.
"""
_TABLES = """\
# Tables

<!-- Written by `make docs` from tiktok_pipelines/storage/tables/, the maps in
tiktok_pipelines/transform/ and the views in tiktok_pipelines/storage/marts/sql/. -->

Times are UTC, ids are text. Money is `numeric` in whole units of a `currency` beside
it: 12.5 USD are twelve dollars and a half. Other units are in the name (`_pct` percent,
`_s` seconds, `_ms` milliseconds; minutes, hours, days), in a column `…_unit`, or told;
`units`, `quantity` and what stock has are pieces. The same words stand in the database,
as comments of its schemas, tables, views and columns. Begin with `tiktok_mart`: its
views count as people do, and say how. For dbt the same dictionary is
`docs/dbt/sources.yml`.

*Comes from* names what fills a column. In `tiktok` that is a field of TikTok's answer,
by its path in one record: `payment.tax` is the field `tax` of the object `payment`,
`line_items[].id` the field `id` of each object in the list `line_items`. What is *ours*
is worked out here. In `tiktok_mart` it is what the view's query makes it from.

| schema | holds |
|---|---|"""
_PATH = re.compile(r"[\w.]+(\[\][\w.]*)*")
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
    """``storage/catalog.json``: tables and views for those who only show them."""
    told = [asdict(facts) for facts in dictionary()]
    return json.dumps(told, indent=1, ensure_ascii=False) + "\n"


def dictionary() -> list[TableFacts]:
    """Every table, then every view."""
    tables = [_facts(table) for table in metadata.tables.values()]
    return [*tables, *(view.facts for _, view in sorted(views().items()))]


def all_sources() -> Mapping[str, Sources]:
    """Where columns come from, of tables and views for analysts."""
    made = {name: view_sources(view) for name, view in views().items()}
    return {**column_sources(), **made}


def _facts(table: Table) -> TableFacts:
    return TableFacts(
        str(table.fullname),
        str(table.comment),
        tuple(
            ColumnFacts(
                str(column.name),
                _type(column),
                str(column.comment),
                bool(column.nullable),
                bool(column.primary_key),
            )
            for column in table.columns
        ),
    )


def instance() -> str:
    """``dagster.yaml``: the packaged one, its storage as a comment."""
    _, _, body = packaged("dagster.yaml").partition("\n")
    if _STORAGE not in body:
        raise ValueError("the packaged dagster.yaml has another storage: see _STORAGE")
    shown = "".join(f"# {line}" for line in _STORAGE.splitlines(keepends=True))
    return _INSTANCE + "#\n" + body.replace(_STORAGE, shown)


def workspace() -> str:
    """``workspace.yaml``: the packaged one."""
    _, _, body = packaged("workspace.yaml").partition("\n")
    return "# What Dagster loads. Written by `make docs`.\n" + body


DOCUMENTS: Mapping[str, Callable[[], str]] = {
    ".env.example": env_example,
    "dagster.yaml": instance,
    "docs/dbt/sources.yml": lambda: sources_file(dictionary(), all_sources()),
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
        for name, view in sorted(views().items()):
            if name.startswith(f"{schema}."):
                yield from _view_lines(view)


def _table_lines(table: Table) -> Iterator[str]:
    name = str(table.fullname)
    yield from ("", f"### {name}", "")
    yield " ".join([str(table.comment), *_keys(table)])
    sources = column_sources().get(name)
    if sources is not None:
        yield from ("", f"Filled by: {filled_by(name)}")
    yield from _column_lines(_facts(table), sources)


def _view_lines(view: View) -> Iterator[str]:
    yield from ("", f"### {view.name}", "")
    first, *others = view.facts.comment.split("\n")
    yield f"View. {first}"
    for paragraph in others:
        yield from ("", paragraph)
    yield from ("", f"Reads: {', '.join(sorted(view.reads))}.")
    sources = view_sources(view).items()
    yield from _column_lines(view.facts, {name: _made(told) for name, told in sources})


def _column_lines(table: TableFacts, sources: Sources | None) -> Iterator[str]:
    heads = ["column", "type", "null", "meaning"] + ["comes from"] * bool(sources)
    yield from ("", f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}")
    for column in table.columns:
        nullable = "yes" if column.is_nullable else "no"
        cells = [f"`{column.name}`", column.type, nullable, column.comment]
        if sources:
            cells.append(_source(sources[column.name]))
        told = " | ".join(cell.replace("|", "\\|") for cell in cells)
        yield f"| {told} |"


def _source(told: str) -> str:
    """A path as code, words as they are."""
    return f"`{told}`" if _PATH.fullmatch(told) and told != "ours" else told


def _made(told: str) -> str:
    """What a view does, as code."""
    return told if told.startswith("worked out") else f"`{told}`"


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
