"""What commands print on stdout: tables and moments for people, JSON for machines."""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

_FILE_WIDTH = 240  # in a file or a pipe nothing is to be cut


def print_json(content: object) -> None:
    """One document, alone on stdout."""
    click.echo(json.dumps(content, indent=2))


def print_table(
    names: Sequence[str], rows: Iterable[Sequence[str]], *, whole: int = 1
) -> None:
    """Rows under their names; what is too wide for the terminal is folded.

    But not the ``whole`` columns from the left: ids, to be copied.
    """
    table = Table(*names)
    for column in table.columns[:whole]:
        column.no_wrap = True
    for cells in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)


def minute(moment: datetime | None) -> str:
    """A moment for people, UTC; empty for none."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""
