"""How a command fails: one message, ending with the remedy, and a status."""

from typing import IO, Any

import click

from tiktok_pipelines.errors import ConfigurationError, PipelineError


class CommandFailure(click.ClickException):
    """An error of the pipeline, told without a traceback."""

    def __init__(self, error: PipelineError) -> None:
        super().__init__(str(error))
        self.exit_code = 2 if isinstance(error, ConfigurationError) else 1

    def show(self, file: IO[Any] | None = None) -> None:
        """Print the message to stderr."""
        click.echo(f"Error: {self.message}", file=file, err=file is None)


class CommandGroup(click.Group):
    """Turns the pipeline's errors into messages: 2 for settings, else 1."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except PipelineError as error:
            raise CommandFailure(error) from None


def say(text: str) -> None:
    """Tell the person something that is not the output."""
    click.echo(text, err=True)
