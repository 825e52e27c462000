"""``raw show``: every kept answer that holds an order, or another record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
import msgspec
from sqlalchemy import text

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.raw_changes import MISSING, Change, changes_between
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.archive import KeptPage, sights_of
from tiktok_pipelines.ingest.records.archive import sights_of_record
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.encoding import encode

_CLOCKS_DIFFER = timedelta(days=1)
_HOLDERS = text("""
    SELECT shop_id, created_at FROM tiktok.orders WHERE order_id = :order_id
    ORDER BY shop_id
""")
_STREAMS = ("orders", *BY_NAME)
_SHOPS = text("SELECT DISTINCT shop_id FROM tiktok_raw.pages ORDER BY shop_id")


@dataclass(frozen=True, slots=True)
class Sight:
    """What one kept page says of the record; ``before``: what the last one said."""

    shop_id: str
    kept: KeptPage
    record: Mapping[str, object]
    before: Mapping[str, object] | None
    stream: str = "orders"

    @property
    def changes(self) -> Sequence[Change]:
        """What is new since the last one."""
        return list(changes_between(self.before, self.record))


@click.command()
@click.argument("record_id", metavar="ID")
@click.option(
    "--stream",
    default="orders",
    show_default=True,
    type=click.Choice(_STREAMS),
    help="What it is; a key of several parts is written with slashes.",
)
@click.option("--shop", "shop_id", help="The shop; else the one known, or every one.")
@click.option("--all", "is_whole", is_flag=True, help="Each answer whole, no changes.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show(
    record_id: str, *, stream: str, shop_id: str | None, is_whole: bool, as_json: bool
) -> None:
    """Tell what TikTok said of a record, and when, less buyer data; times are UTC.

    A page is kept when it added or changed a row: what is not here was as before.
    """
    with open_database(Settings.from_environment()) as database:
        if stream == "orders":
            sights = _search(database, record_id, shop_id)
        else:
            sights = _records(database, stream, record_id, shop_id)
        if as_json:
            told = [_told(sight, is_whole=is_whole) for sight in sights]
            click.echo(_pretty(told))
            is_found = bool(told)
        else:
            is_found = _print(sights, is_whole=is_whole)
    if not is_found:
        raise PipelineError(
            f"no page kept names {_noun(stream)} {record_id}: it was never answered, or"
            " its pages were removed; check the id and --stream, or read an order with"
            " tiktok-pipelines orders pull"
        )


def _noun(stream: str) -> str:
    return "order" if stream == "orders" else BY_NAME[stream].mapping.noun


def _records(
    database: Database, stream: str, record_id: str, shop_id: str | None
) -> Iterator[Sight]:
    """What pages tell of a record of another subject than orders."""
    mapping = BY_NAME[stream].mapping
    for place in [shop_id] if shop_id else _shops(database):
        before: Mapping[str, object] | None = None
        for kept, record in sights_of_record(database, mapping, place, record_id):
            yield Sight(place, kept, record, before, stream)
            before = record


def _search(database: Database, order_id: str, shop_id: str | None) -> Iterator[Sight]:
    """Look where the order should be; only if it is not there, everywhere."""
    is_found = False
    for place, since in _places(database, order_id, shop_id):
        for sight in _sights(database, place, order_id, since):
            is_found = True
            yield sight
    if not is_found:
        for place in [shop_id] if shop_id else _shops(database):
            yield from _sights(database, place, order_id, None)


def _places(
    database: Database, order_id: str, shop_id: str | None
) -> Sequence[tuple[str, datetime | None]]:
    """Shops that hold the order, and since when an answer could name it."""
    with database.begin() as connection:
        rows = connection.execute(_HOLDERS, {"order_id": order_id}).all()
    return [
        (row.shop_id, row.created_at - _CLOCKS_DIFFER if row.created_at else None)
        for row in rows
        if shop_id in (None, row.shop_id)
    ]


def _shops(database: Database) -> Sequence[str]:
    with database.begin() as connection:
        return connection.execute(_SHOPS).scalars().all()


def _sights(
    database: Database, shop_id: str, order_id: str, since: datetime | None
) -> Iterator[Sight]:
    before: Mapping[str, object] | None = None
    for kept, order in sights_of(database, shop_id, order_id, since=since):
        yield Sight(shop_id, kept, order, before)
        before = order


def _told(sight: Sight, *, is_whole: bool) -> dict[str, object]:
    """An answer for machines: the order, or what changed in it."""
    kept = sight.kept
    head = {
        "page_id": kept.page_id,
        "shop_id": sight.shop_id,
        "fetched_at": kept.fetched_at.isoformat(),
        "run_id": kept.run_id,
        "request": kept.request,
    }
    if is_whole or sight.before is None:
        return {**head, _noun(sight.stream): sight.record}
    return {**head, "changes": [_side_by_side(change) for change in sight.changes]}


def _side_by_side(change: Change) -> dict[str, object]:
    """A side on which there is nothing is left out."""
    sides = {"old": change.old, "new": change.new}
    there = {name: value for name, value in sides.items() if value is not MISSING}
    return {"path": change.path, **there}


def _print(sights: Iterator[Sight], *, is_whole: bool) -> bool:
    is_found = False
    for sight in sights:
        is_found = True
        kept = sight.kept
        click.echo(
            f"page {kept.page_id}, shop {sight.shop_id}, asked for at "
            f"{kept.fetched_at:%Y-%m-%d %H:%M:%S} UTC, "
            f"{'run ' + kept.run_id if kept.run_id else 'by hand'}"
        )
        click.echo(f"  {_asked(kept.request)}")
        if is_whole or sight.before is None:
            click.echo(_pretty(sight.record))
        else:
            click.echo("\n".join(map(_line, sight.changes)) or "  as before")
    return is_found


def _asked(request: Mapping[str, object]) -> str:
    """A request in a line: method, path, and the window or that it was by id."""
    body, query = as_object(request.get("body")), as_object(request.get("query"))
    told = [f"{request.get('method', '')} {request.get('path', '')}".strip()]
    for name, word in (("create_time", "created"), ("update_time", "updated")):
        start, end = body.get(f"{name}_ge"), body.get(f"{name}_lt")
        if isinstance(start, int) and isinstance(end, int) and start < end:
            told.append(f"{word} {TimeWindow.of_epochs(start, end)}")
    if query.get("ids"):
        told.append("by id")
    return ", ".join(told)


def _line(change: Change) -> str:
    return f"  {change.path}: {_short(change.old)} → {_short(change.new)}"


def _short(value: object) -> str:
    return "nothing" if value is MISSING else encode(value).decode()


def _pretty(value: object) -> str:
    """JSON over several lines, with exact numbers."""
    return msgspec.json.format(encode(value), indent=2).decode()
