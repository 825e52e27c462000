"""How a command asks before it deletes."""

import click

from tiktok_pipelines.errors import ConfigurationError


def require(word: str, *, yes: bool) -> None:
    """Go on only with ``--yes``, or if the person types the word.

    Raises:
        ConfigurationError: it was not typed; nothing was done.
    """
    if yes:
        return
    try:
        typed: str = click.prompt(
            f"Type {word} to go on", default="", show_default=False, err=True
        )
    except click.Abort:  # no terminal, or Ctrl-C
        typed = ""
    if typed.strip() != word:
        raise ConfigurationError(
            f"not confirmed, nothing was done: type {word}, or pass --yes"
        )
