"""The command line's entry: which commands there are, and how failures are told."""

import importlib
from typing import NamedTuple

import click

from tiktok_pipelines.cli.group import CommandGroup


class _Place(NamedTuple):
    """Where a command lives, and its line of help: told without importing it."""

    module: str
    name: str
    help: str


_COMMANDS = {
    place.name: place
    for place in (
        _Place("up", "up", "Database, migrations, Dagster's UI and daemon."),
        _Place("db", "db", "The database: start, stop, upgrade, back up."),
        _Place("env", "env", "Print exports with which plain dagster works here."),
        _Place("simulator", "simulator", "Run the bundled TikTok Shop."),
        _Place("doctor", "doctor", "Check every precondition."),
    )
}


class _LazyGroup(CommandGroup):
    """Imports a command's module when the command is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        del ctx
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        del ctx
        place = _COMMANDS.get(cmd_name)
        if place is None:
            return None
        module = importlib.import_module(f"tiktok_pipelines.cli.{place.module}")
        found: object = getattr(module, place.name)
        if not isinstance(found, click.Command):
            raise TypeError(f"{place.module}.{place.name} is no command")
        return found

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(
                [(place.name, place.help) for place in _COMMANDS.values()]
            )


@click.group(cls=_LazyGroup)
@click.version_option(package_name="tiktok-pipelines")
def main() -> None:
    """TikTok Shop into PostgreSQL: complete, or said so."""
