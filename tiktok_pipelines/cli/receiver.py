"""``receiver``: the public port alone, in the foreground."""

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.ports import free_port
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.receiver.app import build_app
from tiktok_pipelines.receiver.server import run
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.migrate import is_current


@click.command()
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Where it listens.",
)
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    help="The address it listens at; a proxy in front speaks HTTPS.",
)
def receiver(*, port: int, host: str) -> None:
    """Take TikTok's webhooks and sellers' consents, until Ctrl-C."""
    settings = Settings.from_environment()
    app = build_app(settings)
    _require_tables(settings)
    free = free_port(port, host=host)
    say(f"Receiver: http://{host}:{free}/webhooks/tiktok   (Ctrl-C stops it)")
    run(app, host, free)


def _require_tables(settings: Settings) -> None:
    with open_database(settings) as database:
        if not is_current(database):
            raise ConfigurationError(
                "the tables are not up to date: tiktok-pipelines db upgrade"
            )
