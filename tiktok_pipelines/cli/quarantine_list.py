"""``quarantine list``, and how a record is told."""

import sys
from collections.abc import Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.ingest.quarantine import BadEntry, list_bad
from tiktok_pipelines.settings import Settings

_FILE_WIDTH = 240  # in a file or a pipe nothing is to be cut


def told(entry: BadEntry) -> dict[str, object]:
    """A record for machines, without its content."""
    return {
        "quarantine_id": entry.quarantine_id,
        "shop_id": entry.shop_id,
        "stream": entry.stream,
        "record_key": entry.key,
        "reason": entry.reason,
        "is_retryable": entry.retryable,
        "first_seen_at": entry.first_seen_at.isoformat(),
        "last_seen_at": entry.last_seen_at.isoformat(),
        "resolved_at": entry.resolved_at.isoformat() if entry.resolved_at else None,
    }


def minute(moment: datetime | None) -> str:
    """A moment for people, UTC; empty for none."""
    return f"{moment:%Y-%m-%d %H:%M}" if moment else ""


def _print_table(entries: Sequence[BadEntry]) -> None:
    names = ("id", "shop", "stream", "key", "reason", "again")
    table = Table(*names, "first seen", "last seen", "resolved")
    for column in table.columns[:2]:
        column.no_wrap = True
    for entry in entries:
        cells = (
            str(entry.quarantine_id),
            entry.shop_id,
            entry.stream,
            entry.key,
            entry.reason,
            "may help" if entry.retryable else "no use",
            minute(entry.first_seen_at),
            minute(entry.last_seen_at),
            minute(entry.resolved_at),
        )
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)


@click.command()
@click.option("--shop", "shop_id", help="Of this shop alone.")
@click.option("--all", "with_resolved", is_flag=True, help="Resolved ones too.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list(*, shop_id: str | None, with_resolved: bool, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell the records that wait, and why; times are UTC."""
    with open_database(Settings.from_environment()) as database:
        entries = list_bad(database, shop_id=shop_id, with_resolved=with_resolved)
    if as_json:
        print_json([told(entry) for entry in entries])
    elif entries:
        _print_table(entries)
        say("One of them whole, and how to go on: tiktok-pipelines quarantine show ID")
    else:
        say("No record is in quarantine.")
