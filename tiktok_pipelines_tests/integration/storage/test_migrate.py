"""Migrations: the schema they make is the one that is described."""

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.marts.views import views
from tiktok_pipelines.storage.migrate import VERSION_TABLE, is_current, upgrade
from tiktok_pipelines.storage.tables import SCHEMAS, metadata
from tiktok_pipelines_tests.integration.conftest import administer

UPGRADE = """
import sys
from tiktok_pipelines.storage.migrate import upgrade
upgrade(sys.argv[1])
"""
ADD_A_ROW = text(
    "INSERT INTO tiktok_ops.sync_cursors (shop_id, stream) VALUES ('1', 'x')"
)
COLUMNS = text("""
    SELECT n.nspname, c.relname, a.attname, col_description(c.oid, a.attnum)
    FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname LIKE 'tiktok%' AND c.relkind IN ('r', 'v', 'm') AND a.attnum > 0
      AND NOT a.attisdropped AND c.relname <> :version_table
""")
TABLES = text("""
    SELECT n.nspname, c.relname, obj_description(c.oid, 'pg_class')
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE n.nspname LIKE 'tiktok%' AND c.relkind IN ('r', 'v', 'm')
      AND c.relname <> :version_table
""")
NAMESPACES = text("""
    SELECT nspname, obj_description(oid, 'pg_namespace')
    FROM pg_namespace WHERE nspname LIKE 'tiktok%'
""")


@pytest.fixture
def empty_url(postgres: EmbeddedServer) -> Iterator[str]:
    administer(postgres, "CREATE DATABASE empty")
    yield postgres.dsn("empty")
    administer(postgres, "DROP DATABASE empty WITH (FORCE)")


def told(database: Database, statement: str) -> list[tuple[object, ...]]:
    with database.begin() as connection:
        rows = connection.execute(text(statement), {"version_table": VERSION_TABLE})
        return [tuple(row) for row in rows]


def test_the_migrated_schema_is_the_one_described(database: Database) -> None:
    with database.begin() as connection:
        context = MigrationContext.configure(
            connection,
            opts={
                "include_schemas": True,
                "version_table": VERSION_TABLE,
                "version_table_schema": "tiktok_ops",
                "compare_type": True,
                "compare_server_default": True,
            },
        )

        assert compare_metadata(context, metadata) == []


def test_every_column_has_its_comment_in_the_database(database: Database) -> None:
    found = {row[:3]: row[3] for row in told(database, COLUMNS.text)}

    assert found == {
        (table.schema, table.name, column.name): column.comment
        for table in metadata.tables.values()
        for column in table.columns
    } | {
        (*name.split("."), column.name): column.comment
        for name, view in views().items()
        for column in view.facts.columns
    }
    assert [name for name, comment in found.items() if not comment] == []


def test_every_table_has_its_comment_in_the_database(database: Database) -> None:
    found = {row[:2]: row[2] for row in told(database, TABLES.text)}

    assert found == {
        (table.schema, table.name): table.comment for table in metadata.tables.values()
    } | {tuple(name.split(".")): view.facts.comment for name, view in views().items()}
    assert [name for name, comment in found.items() if not comment] == []


def test_every_schema_has_its_comment_in_the_database(database: Database) -> None:
    assert set(told(database, NAMESPACES.text)) == set(SCHEMAS.items())


def test_upgrading_twice_changes_nothing(database: Database, database_url: str) -> None:
    with database.begin() as connection:
        connection.execute(ADD_A_ROW)

    upgrade(database_url)

    assert told(database, "SELECT stream FROM tiktok_ops.sync_cursors") == [("x",)]
    assert is_current(database)


def test_two_processes_may_upgrade_at_once(empty_url: str) -> None:
    command = [sys.executable, "-c", UPGRADE, empty_url]
    started = [subprocess.Popen(command) for _ in range(2)]

    assert [process.wait(timeout=240) for process in started] == [0, 0]
    database = Database(empty_url)
    assert is_current(database)
    database.close()


def test_four_threads_may_upgrade_at_once(empty_url: str) -> None:
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(upgrade, [empty_url] * 4))

    database = Database(empty_url)
    assert is_current(database)
    database.close()


def test_an_empty_database_is_not_current(empty_url: str) -> None:
    database = Database(empty_url)

    assert not is_current(database)
    database.close()


def test_no_server_is_told_with_its_remedy() -> None:
    with pytest.raises(DatabaseUnavailable, match="start it"):
        upgrade("postgresql://postgres@127.0.0.1:1/none")
