"""``quarantine show``: one record whole, and how to go on."""

from collections.abc import Iterator

import click
import msgspec

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.output import minute
from tiktok_pipelines.cli.quarantine_list import told
from tiktok_pipelines.ingest.quarantine import KeptRecord, read_bad
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.transform.encoding import encode


@click.command()
@click.argument("quarantine_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def show(quarantine_id: int, *, as_json: bool) -> None:
    """Tell all that is known of a record, less buyer data; times are UTC."""
    with open_database(Settings.from_environment()) as database:
        record = read_bad(database, quarantine_id)
    lines = [_pretty(_whole(record))] if as_json else _lines(record)
    click.echo("\n".join(lines))


def _whole(record: KeptRecord) -> dict[str, object]:
    return {
        **told(record.entry),
        "run_id": record.run_id,
        "request": record.request,
        "content": record.content,
        "how_to_go_on": how_to_go_on(record),
    }


def _lines(record: KeptRecord) -> Iterator[str]:
    entry = record.entry
    seen = f"{minute(entry.first_seen_at)} to {minute(entry.last_seen_at)} UTC"
    yield f"Record {entry.quarantine_id} of {entry.stream}, shop {entry.shop_id}"
    yield f"key      {entry.key}"
    yield f"reason   {entry.reason}"
    yield f"again    {'may help' if entry.retryable else 'no use'}"
    yield f"seen     {seen}"
    yield f"resolved {minute(entry.resolved_at) or 'no'}"
    yield f"run      {record.run_id or 'by hand'}"
    yield f"request  {_pretty(record.request)}"
    yield f"content, less buyer data:\n{_pretty(record.content)}"
    yield how_to_go_on(record)


def how_to_go_on(record: KeptRecord) -> str:
    """What a person can do about the record."""
    entry = record.entry
    if entry.resolved_at is not None:
        return "Nothing is to be done: a good answer landed since."
    replay = f"tiktok-pipelines quarantine replay {entry.quarantine_id}"
    whom = "its order" if entry.order_id else "its window"
    if not entry.is_of_orders:
        whom = f"the {entry.stream.replace('_', ' ')} in doubt"
    again = f"Ask TikTok for {whom} again: {replay}"
    if entry.retryable:
        return f"{again}. If it stays, tell TikTok, or update this project."
    return f"Asking alone will not help: update this project, then: {replay}"


def _pretty(value: object) -> str:
    """JSON over several lines, with exact numbers."""
    return msgspec.json.format(encode(value), indent=2).decode()
