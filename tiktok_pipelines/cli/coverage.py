"""``coverage``: what of which shop is in the tables, in the terminal."""

from collections.abc import Sequence
from dataclasses import dataclass

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.coverage_json import reading_for_machines, shop_for_machines
from tiktok_pipelines.cli.coverage_view import (
    print_days,
    print_others,
    print_readings,
    print_streams,
)
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.coverage import Coverage, read_coverage
from tiktok_pipelines.ingest.coverage_readings import (
    BROUGHT_WITH,
    Reading,
    read_readings,
    reread,
)
from tiktok_pipelines.ingest.coverage_subjects import (
    BY_DAY,
    Asked,
    read_days,
    read_subject_days,
)
from tiktok_pipelines.ingest.freshness import Freshness, read_freshness
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SUBJECTS

_ORDERS = "orders"


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was read: the grid of the subject asked for, if it has one, and the rest."""

    grid: Coverage | None
    days: Sequence[Coverage]
    readings: Sequence[Reading]
    streams: Sequence[Freshness]

    @property
    def is_empty(self) -> bool:
        """Whether no shop has what was asked for."""
        return not self.readings and (self.grid is None or not self.grid.shops)


@click.command()
@click.option("--shop", "shop_id", default="", help="Only this shop.")
@click.option(
    "--subject",
    "--stream",
    "subject",
    metavar="NAME",
    type=click.Choice([_ORDERS, *(each.name for each in SUBJECTS)]),
    help="Only this: orders, returns, products, …; else orders, and all others in"
    " short.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def coverage(*, shop_id: str, subject: str | None, as_json: bool) -> None:
    """Show what of each enabled shop is in the tables: days (UTC), or whole lists."""
    settings, name = Settings.from_environment(), subject or ""
    asked = Asked(
        SystemClock().now(), settings.start_date, settings.first_sync_days, shop_id
    )
    with open_database(settings) as database:
        orders = _read_orders(database, asked)
        if shop_id and not orders.shops:
            raise ConfigurationError(
                f"no enabled shop has the id {shop_id}: see tiktok-pipelines shops list"
            )
        seen = _read(database, asked, BROUGHT_WITH.get(name, name), orders)
    if as_json:
        print_json(_for_machines(seen))
    elif not orders.shops:
        say("No shop is connected: tiktok-pipelines shops connect")
    elif seen.is_empty:
        named = name.replace("_", " ")
        say(f"No shop has {named}: TikTok tells none in its region, or the sync is off")
    else:
        _print(seen, asked)


def _read_orders(database: Database, asked: Asked) -> Coverage:
    return read_coverage(
        database,
        now=asked.now,
        start_date=asked.start_date,
        first_sync_days=asked.first_sync_days,
        shop_id=asked.shop_id,
    )


def _read(database: Database, asked: Asked, subject: str, orders: Coverage) -> _Seen:
    """What was asked for; without a subject all there is."""
    streams = [
        each
        for each in read_freshness(database, asked.now)
        if asked.shop_id in ("", each.shop_id) and subject in ("", each.stream)
    ]
    if not subject:
        days = read_days(database, asked)
        return _Seen(orders, days, read_readings(database, asked), streams)
    if subject == _ORDERS:
        return _Seen(orders, [], [], streams)
    if subject in BY_DAY:
        grid = read_subject_days(database, subject, asked)
        return _Seen(grid, [], reread(database, asked, subject), streams)
    return _Seen(None, [], read_readings(database, asked, [subject]), streams)


def _for_machines(seen: _Seen) -> object:
    """A shop's object each; of a subject that has no days its reading of each shop."""
    if seen.grid is None:
        return [reading_for_machines(each) for each in seen.readings]
    return [
        shop_for_machines(shop, seen.grid.stream, seen.streams)
        | (_others_for_machines(seen, shop.shop_id) if seen.readings else {})
        for shop in seen.grid.shops
    ]


def _others_for_machines(seen: _Seen, shop_id: str) -> dict[str, object]:
    """Every other subject of a shop: by day, or as it was last read."""
    by_day = [
        shop_for_machines(shop, each.stream, []) | {"subject": each.stream}
        for each in seen.days
        for shop in each.shops
        if shop.shop_id == shop_id
    ]
    return {
        "subjects": by_day,
        "readings": [
            reading_for_machines(each)
            for each in seen.readings
            if each.shop_id == shop_id
        ],
    }


def _print(seen: _Seen, asked: Asked) -> None:
    if seen.grid is not None:
        print_days(seen.grid)
    if seen.grid is not None and seen.readings:
        print_others(seen.days, seen.readings, asked.now)
    elif seen.readings:
        print_readings(seen.readings, asked.now)
    print_streams(seen.streams)
