"""``drift list``: a sentence per kind, and a line per difference."""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import groupby

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import minute, print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.ingest.drift import MEANINGS, REMEDIES, Drift, list_drift
from tiktok_pipelines.settings import Settings


class Since(click.ParamType[datetime]):
    """Days before the present, or a date (UTC)."""

    name = "days|date"

    def convert(
        self,
        value: str | datetime,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> datetime:
        """The moment that is meant."""
        if isinstance(value, datetime):
            return value
        try:
            if re.fullmatch(r"[0-9]{1,4}", value):
                return SystemClock().now() - timedelta(days=int(value))
            return datetime.strptime(value, "%Y-%m-%d").replace(tzinfo=UTC)
        except ValueError:
            self.fail(f"{value!r} is neither days, like 7, nor a date", param, ctx)


@click.command()
@click.option("--shop", "shop_id", help="Met in this shop.")
@click.option("--since", type=Since(), help="Only what was first met since then.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list(*, shop_id: str | None, since: datetime | None, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell what TikTok sends otherwise than documented; times are UTC."""
    with open_database(Settings.from_environment()) as database:
        found = list_drift(database, shop_id=shop_id, since=since)
    if as_json:
        print_json([_for_machines(each) for each in found])
    elif found:
        click.echo("\n".join(_lines(found)))
    else:
        say("Nothing unforeseen was met.")


def _for_machines(each: Drift) -> dict[str, object]:
    return {
        "object": each.object,
        "kind": each.kind,
        "path": each.path,
        "value": each.value,
        "example": each.example,
        "first_seen_at": each.first_seen_at.isoformat(),
        "last_seen_at": each.last_seen_at.isoformat(),
        "shop_ids": [*each.shop_ids],
    }


def _lines(found: Sequence[Drift]) -> Iterator[str]:
    for kind, some in groupby(found, key=lambda each: each.kind):
        yield f"{MEANINGS.get(kind, kind)} ({kind}). {REMEDIES.get(kind, '')}".rstrip()
        for each in some:
            seen = f"{minute(each.first_seen_at)} to {minute(each.last_seen_at)}"
            shops = ", ".join(each.shop_ids)
            yield f"  {each.place}  {seen}  e.g. {each.example}  shops {shops}"
