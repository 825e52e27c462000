"""What is written from the source is fresh, and leaves nothing out."""

import pytest
import yaml

from scripts import write_docs
from tiktok_pipelines.cli.dagster_home import packaged
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.storage.catalog import ORDER_TABLES, facts_of
from tiktok_pipelines.storage.marts.views import views
from tiktok_pipelines.storage.tables import ANALYST_TABLES, SCHEMAS, metadata

OPEN = ("tiktok.", "tiktok_mart.")


def written(name: str) -> str:
    return (write_docs.ROOT / name).read_text("utf-8")


def section(table: str) -> str:
    """What ``docs/tables.md`` says of one table."""
    _, _, rest = written("docs/tables.md").partition(f"\n### {table}\n")
    return rest.partition("\n#")[0]


def settings_of(lines: str) -> list[str]:
    """The lines of a YAML file that are no comments."""
    return [line for line in lines.splitlines() if not line.startswith("#")]


@pytest.mark.parametrize("name", write_docs.DOCUMENTS)
def test_the_written_documents_are_fresh(name: str) -> None:
    assert written(name) == write_docs.DOCUMENTS[name](), (
        f"{name} is stale: run make docs"
    )


@pytest.mark.parametrize("name", ["docs/settings.md", ".env.example"])
def test_the_documents_name_every_variable(name: str) -> None:
    text = written(name)

    assert [variable for variable in VARIABLES if variable not in text] == []


def test_the_tables_page_names_every_schema() -> None:
    text = written("docs/tables.md")

    assert [name for name in SCHEMAS if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("name", metadata.tables)
def test_the_tables_page_tells_every_column_and_key(name: str) -> None:
    table = metadata.tables[name]

    told = section(name)

    rows = [f"| `{column.name}` |" for column in table.columns]
    assert told.count("\n| `") == len(rows)
    assert [row for row in rows if row not in told] == []
    key = ", ".join(f"`{column.name}`" for column in table.primary_key.columns)
    assert f"{table.comment} Primary key: {key}." in told


@pytest.mark.parametrize("name", views())
def test_the_tables_page_tells_every_view_with_its_rules_and_columns(name: str) -> None:
    facts = views()[name].facts

    told = section(name)

    rows = [
        f"| `{column.name}` | {column.type} | {'no' if column.is_key else 'yes'} |"
        for column in facts.columns
    ]
    assert told.count("\n| `") == len(rows)
    assert [row for row in rows if row not in told] == []
    assert [line for line in facts.comment.split("\n") if line not in told] == []
    assert facts_of(name) == facts


def test_the_sources_of_dbt_are_what_analysts_may_read() -> None:
    found = yaml.safe_load(written("docs/dbt/sources.yml"))

    told = {
        f"{source['schema']}.{table['name']}": table
        for source in found["sources"]
        for table in source["tables"]
    }
    tables = {name for name in metadata.tables if name.startswith(OPEN)}
    assert set(told) == {*tables, *views()} - {"tiktok.order_recipients"}
    orders = told["tiktok.orders"]
    columns = {column["name"]: column for column in orders["columns"]}
    assert columns.keys() == set(metadata.tables["tiktok.orders"].columns.keys())
    assert orders["meta"] == {"grain": ["shop_id", "order_id"]}
    assert columns["order_id"]["data_tests"] == ["not_null"]
    paid = metadata.tables["tiktok.orders"].columns["paid_at"].comment
    assert columns["paid_at"] == {
        "name": "paid_at",
        "data_type": "timestamptz",
        "description": paid,
        "meta": {"comes_from": "paid_time"},
    }


@pytest.mark.parametrize("name", metadata.tables)
def test_every_table_and_column_has_a_comment(name: str) -> None:
    table = metadata.tables[name]

    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_only_a_home_of_ours_needs_dagsters_database_url() -> None:
    shown = write_docs.instance()

    assert "DAGSTER_PG_URL" in packaged("dagster.yaml")
    assert "#     postgres_url: {env: DAGSTER_PG_URL}" in shown.splitlines()
    assert "{env:" not in "\n".join(settings_of(shown))


def test_the_instance_of_the_folder_differs_in_its_storage_alone() -> None:
    ours = settings_of(packaged("dagster.yaml"))

    here = settings_of(write_docs.instance())

    assert here == ours[ours.index("concurrency:") :]
    assert ours[0] == "storage:"


@pytest.mark.parametrize("name", metadata.tables)
def test_the_catalogue_tells_every_column(name: str) -> None:
    told = facts_of(name)

    table = metadata.tables[name]
    assert told.comment == table.comment
    assert [column.name for column in told.columns] == list(table.columns.keys())
    keys = {column.name for column in told.columns if column.is_key}
    assert keys == set(table.primary_key.columns.keys())


def test_the_catalogue_knows_the_tables_of_the_orders() -> None:
    assert tuple(map(str, ANALYST_TABLES)) == ORDER_TABLES
