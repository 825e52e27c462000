"""Draft a migration: what storage/tables/ has and an up-to-date database has not.

usage: python -m scripts.new_migration DATABASE_URL NUMBER "what it does"
"""

import sys

from alembic import command
from alembic.config import Config

from tiktok_pipelines.storage import migrate
from tiktok_pipelines.storage.database import Database


def main(url: str, number: str, message: str) -> None:
    """Write the draft; read it before you commit it."""
    migrate.upgrade(url)
    config = Config()
    config.set_main_option("script_location", "tiktok_pipelines/storage/migrations")
    with Database(url).begin() as connection:
        config.attributes["connection"] = connection
        config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
        command.revision(config, message, autogenerate=True, rev_id=number)


if __name__ == "__main__":
    main(*sys.argv[1:])
