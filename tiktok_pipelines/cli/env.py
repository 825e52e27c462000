"""``env``: what plain ``dagster`` and ``dg`` need to know, as shell exports."""

import shlex
from collections.abc import Mapping, Sequence

import click

from tiktok_pipelines.cli.dagster_home import prepare_dagster
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.settings import Settings


@click.command()
def env() -> None:
    """Print the exports with which plain dagster and dg work here.

    Use it as: eval "$(tiktok-pipelines env)"
    """
    settings = Settings.from_environment()
    prepare_dagster(settings)
    print_exports(settings.exports())
    if settings.is_embedded and not settings.embedded_server.status().is_running:
        say("The embedded PostgreSQL does not run: tiktok-pipelines db start")


def print_exports(values: Mapping[str, str]) -> None:
    """One line per variable, safe for every shell."""
    for line in export_lines(values):
        click.echo(line)


def export_lines(values: Mapping[str, str]) -> Sequence[str]:
    """The lines of a shell that set variables."""
    return [f"export {name}={shlex.quote(value)}" for name, value in values.items()]
