"""``webhooks events`` and ``replay``: what came, and working on it again."""

import json
import sys
from collections.abc import Sequence
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_pipelines.api.webhook_types import number_of
from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.drift_list import Since
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.quarantine_list import minute
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.ingest import webhook_log
from tiktok_pipelines.ingest.webhook_log import STATUSES, Chosen, Logged
from tiktok_pipelines.settings import Settings

_FILE_WIDTH = 240  # in a file or a pipe nothing is to be cut


class EventType(click.ParamType[int]):
    """A kind of event by number, name or alias."""

    name = "type"

    def convert(
        self,
        value: str | int,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> int:
        """TikTok's number of it."""
        found = value if isinstance(value, int) else number_of(value)
        if found is None:
            self.fail(f"{value!r} is no event, like ORDER_STATUS_CHANGE", param, ctx)
        return found


@click.command()
@click.option("--type", "event_type", type=EventType(), help="Of this kind only.")
@click.option("--shop", "shop_id", help="Of this shop only.")
@click.option("--status", type=click.Choice(STATUSES), help="In this state only.")
@click.option("--since", type=Since(), help="Received since: days, or a date.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 10_000))
@click.option("--show", type=int, metavar="ID", help="One event, with its payload.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def events(  # noqa: PLR0913 - one for each option
    *,
    event_type: int | None,
    shop_id: str | None,
    status: str | None,
    since: datetime | None,
    limit: int,
    show: int | None,
    as_json: bool,
) -> None:
    """Tell the events that came, the newest first; buyers' data is never shown."""
    chosen = Chosen(type=event_type, shop_id=shop_id, status=status, since=since)
    with open_database(Settings.from_environment()) as database:
        if show is not None:
            event = webhook_log.show_event(database, show)
            click.echo(json.dumps({**_told(event), "payload": event.payload}, indent=2))
            return
        found = webhook_log.list_events(database, chosen, limit)
    if as_json:
        print_json([_told(event) for event in found])
    elif found:
        _print_table(found)
    else:
        say("No such event came.")


@click.command()
@click.argument("event_ids", metavar="[ID...]", nargs=-1, type=int)
@click.option("--status", type=click.Choice(STATUSES), help="Every one in this state.")
@click.option("--type", "event_type", type=EventType(), help="Of this kind only.")
@click.option("--shop", "shop_id", help="Of this shop only.")
@click.option("--since", type=Since(), help="Received since: days, or a date.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def replay(
    event_ids: tuple[int, ...],
    *,
    status: str | None,
    event_type: int | None,
    shop_id: str | None,
    since: datetime | None,
    as_json: bool,
) -> None:
    """Work on events again: what they announce is read anew, so it does no harm."""
    is_filtered = any((status, event_type, shop_id, since))
    if bool(event_ids) == is_filtered:
        raise click.UsageError("name events by ID, or choose them: --status dead")
    ids = event_ids or None
    chosen = Chosen(ids, event_type, shop_id, status, since)
    with open_database(Settings.from_environment()) as database:
        again = webhook_log.replay(database, chosen)
    if as_json:
        print_json([*again])
    else:
        say(f"{len(again)} event(s) will be worked on again.")
    missing = sorted({*event_ids} - {*again})
    if missing:
        raise click.ClickException(
            f"not found, or being worked on: {', '.join(map(str, missing))}; see "
            "tiktok-pipelines webhooks events"
        )


def _told(event: Logged) -> dict[str, object]:
    """An event for machines, without its payload."""
    return {
        "event_id": event.event_id,
        "dedupe_key": event.dedupe_key,
        "type": event.event_type,
        "name": event.event_name,
        "shop_id": event.shop_id,
        "status": event.status,
        "attempts": event.attempts,
        "error": event.error,
        "subject": event.subject,
        "object_ids": None if event.object_ids is None else [*event.object_ids],
        "told_status": event.told_status,
        "pushed_at": _iso(event.pushed_at),
        "received_at": _iso(event.received_at),
        "processed_at": _iso(event.processed_at),
        "next_attempt_at": _iso(event.next_attempt_at),
        "delivery_seconds": _number(event.delivery_seconds),
        "processing_seconds": _number(event.processing_seconds),
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _number(seconds: float | None) -> float | None:
    return None if seconds is None else float(seconds)


def _print_table(found: Sequence[Logged]) -> None:
    table = Table(
        "id", "received", "event", "shop", "about", "status", "tries", "error"
    )
    for event in found:
        about = ", ".join(event.object_ids or ()) or event.subject or ""
        cells = (
            str(event.event_id),
            minute(event.received_at),
            event.event_name or f"type {event.event_type}",
            event.shop_id or "",
            f"{about} {event.told_status or ''}".strip(),
            event.status,
            str(event.attempts),
            event.error or "",
        )
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)
