"""``quarantine list``, and how a record is told."""

from collections.abc import Sequence

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import minute, print_json, print_table
from tiktok_pipelines.ingest.quarantine import BadEntry, list_bad
from tiktok_pipelines.settings import Settings

_NAMES = (
    *("id", "shop", "stream", "key", "reason", "again"),
    *("first seen", "last seen", "resolved"),
)


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


def _cells(entry: BadEntry) -> Sequence[str]:
    """A record for people."""
    return (
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
        print_table(_NAMES, map(_cells, entries), whole=2)
        say("One of them whole, and how to go on: tiktok-pipelines quarantine show ID")
    else:
        say("No record is in quarantine.")
