"""What ``coverage`` prints for people."""

import sys
from collections.abc import Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.text import Text

from tiktok_pipelines.ingest.coverage import RED, Coverage, ShopCoverage, State
from tiktok_pipelines.ingest.coverage_readings import Reading
from tiktok_pipelines.ingest.coverage_subjects_text import (
    Lack,
    lacks_of_days,
    lacks_of_readings,
    named,
    oldest,
    told_age,
)
from tiktok_pipelines.ingest.coverage_text import gaps
from tiktok_pipelines.ingest.freshness import OK, Freshness

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
_SHOWN_LACKS = 5
ORDERS = "orders"


def _console() -> Console:
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    return Console(width=width, highlight=False, soft_wrap=True)


def print_days(seen: Coverage) -> None:
    """As many of the newest days as the terminal is wide, and what is missing."""
    console = _console()
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
    if seen.stream == ORDERS:
        for shop in seen.shops:
            _print_gaps(console, shop)
    else:
        _print_lacks(console, list(lacks_of_days(seen)))


def _print_gaps(console: Console, shop: ShopCoverage) -> None:
    found = gaps(shop)
    for gap in found[:_SHOWN_GAPS]:
        console.print(Text(f"{gap.keys[0]}: {gap.days} day(s) to backfill", "red"))
        console.print(Text(f"  {gap.command(ORDERS)}"))
    if len(found) > _SHOWN_GAPS:
        left = sum(gap.days for gap in found[_SHOWN_GAPS:])
        console.print(f"{shop.shop_id}: and {left} older day(s); --json tells all")


def print_others(
    days: Sequence[Coverage], readings: Sequence[Reading], now: datetime
) -> None:
    """A line for each subject beside orders, and what is red in any."""
    console = _console()
    for each in days:
        red = each.count(RED)
        _print_subject(console, each.stream, f"{each.complete_pct:3} % of days", red)
    for name in dict.fromkeys(each.name for each in readings):
        found = [each for each in readings if each.name == name]
        red = sum(each.state in RED for each in found)
        told = f"{_way(found[0])} {oldest(found, now)}"
        _print_subject(console, name, told, red)
    lacks = [lack for each in days for lack in lacks_of_days(each)]
    _print_lacks(console, [*lacks, *lacks_of_readings(readings)])


def _print_subject(console: Console, subject: str, told: str, red: int) -> None:
    line = f"{named(subject):{_NAMES}}{told}"
    console.print(Text(f"{line}, {red} red", "red") if red else Text(line))


def print_readings(readings: Sequence[Reading], now: datetime) -> None:
    """The last reading of a subject, shop by shop."""
    console = _console()
    console.print(f"{readings[0].subject}, {_way(readings[0])}")
    for each in readings:
        line = Text(each.shop_name or each.shop_id)
        line.truncate(_NAMES - 2, pad=True)
        records = "" if each.records is None else f"{each.records:,} records, "
        line.append(f"  {each.state.value}: ", "red" if each.state in RED else "")
        line.append(records + told_age(each.age(now)))
        console.print(line.append(f"; {each.note}" if each.note else ""))
    _print_lacks(console, list(lacks_of_readings(readings)))


def _way(reading: Reading) -> str:
    return "read whole" if reading.is_whole else "read by id"


def _print_lacks(console: Console, lacks: Sequence[Lack]) -> None:
    for lack in lacks[:_SHOWN_LACKS]:
        told = f"{lack.subject} of {lack.shop_id}: {lack.what}"
        console.print(
            Text(f"{told}; the next {lack.job} reads it again, or at once", "red")
        )
        console.print(Text(f"  {lack.command}"))
    if len(lacks) > _SHOWN_LACKS:
        console.print(f"and {len(lacks) - _SHOWN_LACKS} more; --json tells all")


def print_streams(streams: Sequence[Freshness]) -> None:
    """What is not fresh, and why."""
    for each in streams:
        if each.state != OK:
            since = each.succeeded_at
            told = (
                f"last synced {since:%Y-%m-%d %H:%M} UTC" if since else "never synced"
            )
            why = f": {each.message}" if each.message else ""
            click.echo(f"{each.shop_id} {each.stream}: {each.state}, {told}{why}")
