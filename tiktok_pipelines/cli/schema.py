"""``db upgrade``: the tables."""

import click

from tiktok_pipelines.cli.group import say
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage import migrate


@click.command()
def upgrade() -> None:
    """Bring the tables to the newest form; safe to repeat."""
    migrate.upgrade(Settings.from_environment().database_url.libpq)
    say("The tables are up to date.")
