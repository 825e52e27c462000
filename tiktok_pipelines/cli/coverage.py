"""``coverage``: which days of which shop are in the tables, in the terminal."""

import sys
from collections.abc import Sequence
from itertools import groupby

import click
from rich.console import Console
from rich.text import Text

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.coverage import (
    COMPLETE,
    RED,
    Coverage,
    ShopCoverage,
    State,
    read_coverage,
)
from tiktok_pipelines.ingest.coverage_text import gaps
from tiktok_pipelines.ingest.freshness import OK, Freshness, read_freshness
from tiktok_pipelines.settings import Settings

_SIGNS = {
    State.CLOSED: ("█", "green"),
    State.SYNCED: ("▓", "green"),
    State.EXPLAINED: ("▒", "yellow"),
    State.LATE: ("▒", "yellow"),
    State.LOADING: ("▒", "yellow"),
    State.OPEN: ("x", "bold red"),
    State.MISSING: ("x", "bold red"),
    State.NOT_ASKED: ("·", "dim"),
}
_LEGEND = (
    (State.CLOSED, "closed"),
    (State.SYNCED, "synced, not counted by day"),
    (State.LATE, "late, being loaded or explained"),
    (State.MISSING, "missing or open"),
    (State.NOT_ASKED, "not asked for"),
)
_NAMES, _REST = 26, 8
_FILE_WIDTH = 120
_SHOWN_GAPS = 3


@click.command()
@click.option("--shop", "shop_id", default="", help="Only this shop.")
@click.option(
    "--stream",
    default="orders",
    show_default=True,
    type=click.Choice(["orders"]),
    help="What was loaded.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def coverage(*, shop_id: str, stream: str, as_json: bool) -> None:
    """Show which days (UTC) of each enabled shop are in the tables."""
    settings = Settings.from_environment()
    with open_database(settings) as database:
        seen = read_coverage(
            database,
            now=SystemClock().now(),
            start_date=settings.start_date,
            first_sync_days=settings.first_sync_days,
            stream=stream,
            shop_id=shop_id,
        )
        streams = [
            each
            for each in read_freshness(database, seen.as_of)
            if shop_id in ("", each.shop_id)
        ]
    if shop_id and not seen.shops:
        raise ConfigurationError(
            f"no enabled shop has the id {shop_id}: see tiktok-pipelines shops list"
        )
    if as_json:
        print_json([_for_machines(shop, stream, streams) for shop in seen.shops])
    elif seen.shops:
        _print(seen)
        _print_streams(streams)
    else:
        say("No shop is connected: tiktok-pipelines shops connect")


def _print_streams(streams: Sequence[Freshness]) -> None:
    """What is not fresh, and why."""
    for each in streams:
        if each.state != OK:
            since = each.succeeded_at
            told = (
                f"last synced {since:%Y-%m-%d %H:%M} UTC" if since else "never synced"
            )
            why = f": {each.message}" if each.message else ""
            click.echo(f"{each.shop_id} {each.stream}: {each.state}, {told}{why}")


def _for_machines(
    shop: ShopCoverage, stream: str, streams: Sequence[Freshness]
) -> dict[str, object]:
    runs = [
        (state, [day for day, _ in run])
        for state, run in groupby(shop.days.items(), key=lambda one: one[1])
    ]
    return {
        "shop_id": shop.shop_id,
        "name": shop.name,
        "first_day": str(shop.first_day) if shop.first_day else None,
        "days_due": shop.due,
        "days_complete": len(shop.in_state(COMPLETE)),
        "complete_pct": shop.complete_pct,
        "days": [
            {"state": state.value, "first": str(days[0]), "last": str(days[-1])}
            for state, days in runs
        ],
        "missing": [f"{day}|{shop.shop_id}" for day in shop.in_state(RED)],
        "commands": [gap.command(stream) for gap in gaps(shop)],
        "streams": [
            {
                "stream": each.stream,
                "state": each.state,
                "succeeded_at": each.succeeded_at.isoformat()
                if each.succeeded_at
                else None,
                "message": each.message,
            }
            for each in streams
            if each.shop_id == shop.shop_id
        ],
    }


def _print(seen: Coverage) -> None:
    """As many of the newest days as the terminal is wide, and what is missing."""
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    console = Console(width=width, highlight=False, soft_wrap=True)
    days = seen.days[-max(console.width - _NAMES - _REST, 7) :]
    console.print(f"{seen.stream} {days[0]} to {days[-1]}, {seen.complete_pct} %")
    for shop in seen.shops:
        line = Text(f"{shop.region} {shop.name or shop.shop_id}")
        line.truncate(_NAMES - 2, pad=True)
        line.append(" ")
        for day in days:
            line.append(*_SIGNS[shop.days[day]])
        console.print(line.append(f" {shop.complete_pct:3} %"))
    legend = Text()
    for state, words in _LEGEND:
        legend.append(*_SIGNS[state]).append(f" {words}   ")
    console.print(legend)
    for shop in seen.shops:
        _print_gaps(console, shop, seen.stream)


def _print_gaps(console: Console, shop: ShopCoverage, stream: str) -> None:
    found = gaps(shop)
    for gap in found[:_SHOWN_GAPS]:
        console.print(Text(f"{gap.keys[0]}: {gap.days} day(s) to backfill", "red"))
        console.print(Text(f"  {gap.command(stream)}"))
    if len(found) > _SHOWN_GAPS:
        left = sum(gap.days for gap in found[_SHOWN_GAPS:])
        console.print(f"{shop.shop_id}: and {left} older day(s); --json tells all")
