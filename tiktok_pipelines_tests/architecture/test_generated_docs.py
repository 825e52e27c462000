"""What is written from the source is fresh, and leaves nothing out."""

import pytest

from scripts import write_docs
from tiktok_pipelines.cli.dagster_home import packaged
from tiktok_pipelines.settings.variables import VARIABLES
from tiktok_pipelines.storage.catalog import ORDER_TABLES, facts_of
from tiktok_pipelines.storage.tables import ANALYST_TABLES, SCHEMAS, metadata


def written(name: str) -> str:
    return (write_docs.ROOT / name).read_text("utf-8")


def section(table: str) -> str:
    """What ``docs/tables.md`` says of one table."""
    _, _, rest = written("docs/tables.md").partition(f"\n### {table}\n")
    return rest.partition("\n#")[0]


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
    assert told.count("| `") == len(rows)
    assert [row for row in rows if row not in told] == []
    key = ", ".join(f"`{column.name}`" for column in table.primary_key.columns)
    assert f"{table.comment} Primary key: {key}." in told


@pytest.mark.parametrize("name", metadata.tables)
def test_every_table_and_column_has_a_comment(name: str) -> None:
    table = metadata.tables[name]

    assert table.comment
    assert [column.name for column in table.columns if not column.comment] == []


def test_the_folder_of_the_project_holds_no_instance_of_its_own() -> None:
    """Dagster would warn of it at every start, as it works with its DAGSTER_HOME."""
    assert "DAGSTER_PG_URL" in packaged("dagster.yaml")
    assert not (write_docs.ROOT / "dagster.yaml").exists()


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
