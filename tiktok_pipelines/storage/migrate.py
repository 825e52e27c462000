"""Bring a database to the newest schema; safe to run twice or at the same time."""

from pathlib import Path
from typing import Any

import psycopg
from alembic import command, op
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from tiktok_pipelines.storage.analysts import grant_reading, known_analysts
from tiktok_pipelines.storage.database import Database, driver_connection, lock_key
from tiktok_pipelines.storage.marts.apply import (
    apply_marts,
    are_current,
    drop_views,
    grants_on_views,
)

_LOCK = "tiktok_pipelines.migrate"
VERSION_TABLE = "schema_version"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str, scripts: Path = _SCRIPTS) -> None:
    """Run every migration that the database does not have yet, then make the views.

    Analysts may read afterwards what they may: of tables made anew, too.

    Args:
        url: of the database.
        scripts: the folder of the migrations.

    Raises:
        ConfigurationError: a view of somebody else's is in the way.
        DatabaseUnavailable: no server answers at ``url``.
    """
    database = Database(url)
    try:
        with database.lock(_LOCK), database.begin() as connection:
            analysts = known_analysts(driver_connection(connection))
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS tiktok_ops"))
            _migrate(connection, _config(scripts))
            for analyst in analysts:
                grant_reading(driver_connection(connection), analyst)
    finally:
        database.close()


def _migrate(connection: Connection, config: Config) -> None:
    driver = driver_connection(connection)
    grants = grants_on_views(driver)
    if not _has_every_migration(connection, config):
        drop_views(driver)  # they would forbid to alter the tables below them
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    apply_marts(driver, grants)


def run_beside(script: str) -> None:
    """Run the SQL that stands beside a migration, in the migration's transaction."""
    statements = Path(script).with_suffix(".sql").read_bytes()
    driver_connection(op.get_bind()).execute(statements)


def hold_schema(connection: psycopg.Connection[Any]) -> None:
    """Wait until no migration runs, and let none begin before the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock_key(_LOCK),))


def is_current(database: Database) -> bool:
    """Whether the database has every migration, and the views as they are now."""
    with database.begin() as connection:
        return _has_every_migration(connection, _config(_SCRIPTS)) and are_current(
            driver_connection(connection)
        )


def _has_every_migration(connection: Connection, config: Config) -> bool:
    head = ScriptDirectory.from_config(config).get_current_head()
    context = MigrationContext.configure(
        connection,
        opts={"version_table": VERSION_TABLE, "version_table_schema": "tiktok_ops"},
    )
    return context.get_current_revision() == head


def _config(scripts: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(scripts))
    return config
