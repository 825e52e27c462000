"""What every command group shares: loaded when called, and how failures are told."""

import importlib
from collections.abc import Sequence
from typing import IO, Any, NamedTuple

import click

from tiktok_pipelines.errors import ConfigurationError, PipelineError


class Place(NamedTuple):
    """Where a command lives, and its line of help: told without importing it."""

    name: str
    module: str
    help: str


class CommandFailure(click.ClickException):
    """An error of the pipeline, told without a traceback."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to stderr."""
        click.echo(f"Error: {self.message}", file=file, err=file is None)


class SettingsFailure(CommandFailure):
    """A setting is missing or wrong."""

    exit_code = 2


class CommandGroup(click.Group):
    """Imports a command's module when it is called; turns our errors into messages.

    Args:
        about: the line of help.
        places: the commands, in the order of the help.
    """

    def __init__(self, name: str, about: str, *, places: Sequence[Place]) -> None:
        super().__init__(name, help=about)
        self._places = {place.name: place for place in places}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        del ctx
        return list(self._places)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now; None when there is none of the name."""
        del ctx
        place = self._places.get(cmd_name)
        if place is None:
            return None
        module = importlib.import_module(f"tiktok_pipelines.cli.{place.module}")
        found: object = getattr(module, place.name.replace("-", "_"))
        if not isinstance(found, click.Command):
            raise TypeError(f"{place.module}.{place.name} is no command")
        return found

    def format_commands(
        self, ctx: click.Context, formatter: click.HelpFormatter
    ) -> None:
        """The list of the help, without importing anything."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl([(name, at.help) for name, at in self._places.items()])

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except ConfigurationError as error:
            raise SettingsFailure(str(error)) from None
        except PipelineError as error:
            raise CommandFailure(str(error)) from None


def say(text: str) -> None:
    """Tell the person something that is not the output."""
    click.echo(text, err=True)
