"""``db start``, ``stop``, ``status`` and ``url``: the embedded server."""

import click

from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.embedded import EmbeddedServer


@click.command()
def start() -> None:
    """Start the embedded PostgreSQL in the background."""
    server = _embedded()
    is_new = server.start()
    say(f"PostgreSQL {'started' if is_new else 'runs already'}: {server.data}")
    say("Its tables: tiktok-pipelines db upgrade. Stop it: tiktok-pipelines db stop")


@click.command()
def stop() -> None:
    """Stop the embedded PostgreSQL, whoever started it."""
    was_running = _embedded().stop()
    say("PostgreSQL stopped." if was_running else "PostgreSQL did not run.")


@click.command()
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
        print_json(told)
        return
    for name, value in told.items():
        click.echo(f"{name}: {value}")


@click.command()
def url() -> None:
    """Print the URL that psql and other tools take."""
    click.echo(Settings.from_environment().database_url.libpq)


def _embedded() -> EmbeddedServer:
    settings = Settings.from_environment()
    if not settings.is_embedded:
        raise ConfigurationError(
            "TIKTOK_DATABASE_URL names an external server, which this command does "
            "not rule: unset it to use the embedded PostgreSQL"
        )
    return settings.embedded_server
