"""Bring a database to the newest schema; safe to run twice or at the same time."""

from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tiktok_pipelines.storage.analysts import grant_reading, known_analysts
from tiktok_pipelines.storage.database import Database, driver_connection, lock_key
from tiktok_pipelines.storage.seeds import sow

_LOCK = "tiktok_pipelines.migrate"
VERSION_TABLE = "schema_version"
_SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(url: str) -> None:
    """Run every migration that the database does not have yet.

    Tables that come with the program are filled as its files have them. Analysts may
    read afterwards what they may: of tables made anew, too.

    Raises:
        DatabaseUnavailable: no server answers at ``url``.
    """
    database = Database(url)
    try:
        with database.lock(_LOCK), database.begin() as connection:
            analysts = known_analysts(driver_connection(connection))
            connection.execute(text("CREATE SCHEMA IF NOT EXISTS tiktok_ops"))
            config = _config()
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            sow(connection)
            for analyst in analysts:
                grant_reading(driver_connection(connection), analyst)
    finally:
        database.close()


def hold_schema(connection: psycopg.Connection[Any]) -> None:
    """Wait until no migration runs, and let none begin before the transaction ends."""
    connection.execute("SELECT pg_advisory_xact_lock(%s)", (lock_key(_LOCK),))


def is_current(database: Database) -> bool:
    """Whether the database has every migration."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    with database.begin() as connection:
        context = MigrationContext.configure(
            connection,
            opts={"version_table": VERSION_TABLE, "version_table_schema": "tiktok_ops"},
        )
        return context.get_current_revision() == head


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    return config
