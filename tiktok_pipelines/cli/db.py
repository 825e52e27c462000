"""``db``: the embedded server, migrations, and PostgreSQL's own tools."""

import json
from pathlib import Path

import click

from tiktok_pipelines.cli.group import CommandGroup, say
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.embedded import EmbeddedServer


@click.group(cls=CommandGroup)
def db() -> None:
    """The database: start, stop, upgrade, back up."""


@db.command()
def start() -> None:
    """Start the embedded PostgreSQL in the background."""
    server = _embedded()
    is_new = server.start()
    say(f"PostgreSQL {'started' if is_new else 'runs already'}: {server.data}")
    say("Its tables: tiktok-pipelines db upgrade. Stop it: tiktok-pipelines db stop")


@db.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, whoever started it."""
    was_running = _embedded().stop()
    say("PostgreSQL stopped." if was_running else "PostgreSQL did not run.")


@db.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(*, as_json: bool) -> None:
    """Tell whether the embedded PostgreSQL runs."""
    found = _embedded().status()
    told = {
        "is_running": found.is_running,
        "pid": found.pid,
        "data": str(found.data),
        "log": str(found.log),
    }
    if as_json:
        click.echo(json.dumps(told))
        return
    for name, value in told.items():
        click.echo(f"{name}: {value}")


@db.command()
def upgrade() -> None:
    """Bring the tables to the newest form; safe to repeat."""
    # Alembic takes half a second to load, which "db url" need not wait for.
    from tiktok_pipelines.storage import migrate  # noqa: PLC0415

    migrate.upgrade(Settings.from_environment().database_url.libpq)
    say("The tables are up to date.")


@db.command()
def url() -> None:
    """Print the URL that psql and other tools take."""
    click.echo(Settings.from_environment().database_url.libpq)


@db.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """Open psql on the database; ARGUMENTS are psql's own."""
    from tiktok_pipelines.cli import dumps  # noqa: PLC0415 - as above

    dumps.open_psql(Settings.from_environment().database_url, arguments)


@db.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace FILE if it is there.")
def backup(file: Path, *, overwrite: bool) -> None:
    """Write all tables to FILE (pg_dump's custom format)."""
    from tiktok_pipelines.cli import dumps  # noqa: PLC0415 - as above

    settings = Settings.from_environment()
    if file.exists() and not overwrite:
        raise ConfigurationError(
            f"{file} is there already: name another, or pass --overwrite"
        )
    dumps.backup(settings.database_url, file)
    say(f"Wrote {file} ({file.stat().st_size:,} bytes).")
    say(f"Its tokens are encrypted: keep {dumps.told_keys(settings)} with it.")


@db.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Overwrite without asking.")
def restore(file: Path, *, yes: bool) -> None:
    """Replace all tables by those in FILE; all or nothing."""
    from tiktok_pipelines.cli import dumps  # noqa: PLC0415 - as above

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
    if not click.get_text_stream("stdin").isatty():
        raise ConfigurationError("restore was not confirmed: pass --yes to overwrite")
    click.confirm("Overwrite them?", abort=True, err=True)


def _embedded() -> EmbeddedServer:
    settings = Settings.from_environment()
    if not settings.is_embedded:
        raise ConfigurationError(
            "TIKTOK_DATABASE_URL names an external server, which this command does "
            "not rule: unset it to use the embedded PostgreSQL"
        )
    return settings.embedded_server
