"""``webhooks compare``: what polling and webhooks each missed."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta

import click
from rich.console import Console
from rich.table import Table

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.ingest.webhook_compare import (
    Comparison,
    compare_day,
    comparisons,
)
from tiktok_pipelines.settings import Settings

_FILE_WIDTH = 240  # in a file or a pipe nothing is to be cut
_NUMBERS = ("changes", "announced", "unannounced", "events", "for_nothing")
_SECONDS = ("delay_p50_s", "delay_p95_s", "delay_max_s", "processing_p50_s")


@click.command()
@click.option(
    "--days",
    default=2,
    show_default=True,
    type=click.IntRange(1, 90),
    help="So many days (UTC) are compared anew, the present one included.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def compare(*, days: int, as_json: bool) -> None:
    """Compare changes in the tables with the events that announced them."""
    now = SystemClock().now()
    first = now.date() - timedelta(days=days - 1)
    with open_database(Settings.from_environment()) as database:
        for place in range(days):
            compare_day(database, first + timedelta(days=place), now)
        rows = comparisons(database, first)
    if as_json:
        print_json([_told(row) for row in rows])
    elif rows:
        _print(rows)
    else:
        say("Nothing changed, and nothing was announced.")


def _told(row: Comparison) -> dict[str, object]:
    told: dict[str, object] = {**asdict(row), "day": row.day.isoformat()}
    for name in _SECONDS:
        value = getattr(row, name)
        told[name] = None if value is None else float(value)
    return told


def _print(rows: Sequence[Comparison]) -> None:
    table = Table("day", "shop", "subject", *_NUMBERS, *_SECONDS)
    for row in rows:
        told = _told(row)
        cells = [str(told[name]) for name in ("day", "shop_id", "subject", *_NUMBERS)]
        cells += ["" if told[name] is None else str(told[name]) for name in _SECONDS]
        table.add_row(*cells)
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)
