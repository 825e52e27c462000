"""``db psql``, ``backup`` and ``restore``."""

import os
import sys
from pathlib import Path

import click

from tiktok_pipelines.cli import dumps, pg_tools
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS are psql's own."""
    pg_tools.open_psql(Settings.from_environment().database_url, arguments)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, *, overwrite: bool) -> None:
    """Write all tables to FILE (pg_dump's custom format)."""
    settings = Settings.from_environment()
    # Path.exists raises where a folder is closed to us.
    if os.access(file, os.F_OK) and not overwrite:
        raise ConfigurationError(
            f"{file} is there already: name another, or pass --overwrite"
        )
    dumps.backup(settings.database_url, file)
    say(f"Wrote {file} ({file.stat().st_size:,} bytes).")
    say(f"Its tokens are encrypted: keep {dumps.told_keys(settings)} with it.")


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Overwrite without asking.")
def restore(file: Path, *, yes: bool) -> None:
    """Replace all tables by those in FILE; all or nothing."""
    database = Settings.from_environment().database_url
    dumps.check(file)
    present = dumps.tables_with_rows(database)
    if present and not yes:
        _ask(present, database.name)
    dumps.restore(database, file)
    say(f"Restored {file}. If it is old: tiktok-pipelines db upgrade")


def _ask(present: list[tuple[str, int]], database: str) -> None:
    """Tell what would be lost; no terminal, no answer."""
    say(f"Restoring drops these tables of the database {database}:")
    for name, rows in present:
        say(f"  {name}: about {rows:,} rows")
    if not sys.stdin.isatty():
        raise ConfigurationError("restore was not confirmed: pass --yes to overwrite")
    click.confirm("Overwrite them?", abort=True, err=True)
