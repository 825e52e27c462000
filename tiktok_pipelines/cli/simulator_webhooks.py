"""``simulator webhooks``: where a simulator sends events, and what goes wrong."""

import json
from typing import cast

import click

from tiktok_pipelines.cli.simulator_faults import ask, url_option
from tiktok_pipelines.simulator.mishaps import MISHAPS


class Mishap(click.ParamType[tuple[str, float]]):
    """A kind of mishap and its share, such as ``lost=0.2``."""

    name = "kind=share"

    def convert(
        self,
        value: str | tuple[str, float],
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> tuple[str, float]:
        """The kind, and the share from 0 to 1."""
        if isinstance(value, tuple):
            return value
        kind, _, share = value.partition("=")
        try:
            return kind, float(share or "1")
        except ValueError:
            self.fail(f"{value!r} is none of {', '.join(MISHAPS)}=SHARE", param, ctx)


@click.command()
@click.option("--to", help="Send events there, as set in Partner Center; '': nowhere.")
@click.option("--again", type=click.IntRange(1), help="Send the last SECONDS again.")
@click.option(
    "--mishap", "mishaps", type=Mishap(), multiple=True, help="Let it happen."
)
@click.option("--calm", is_flag=True, help="Let nothing go wrong.")
@url_option
def webhooks(
    *,
    to: str | None,
    again: int | None,
    mishaps: tuple[tuple[str, float], ...],
    calm: bool,
    url: str,
) -> None:
    """Tell what becomes of the webhooks of a running simulator, and rule it."""
    place = "/_sim/webhooks"
    if to is not None:
        ask("POST", url, f"{place}/address", body={"url": to})
    if calm:
        ask("DELETE", url, f"{place}/mishaps")
    if mishaps:
        rates = cast("dict[str, object]", dict(mishaps))
        ask("POST", url, f"{place}/mishaps", body=rates)
    if again is not None:
        ask("POST", url, f"{place}/again", body={"seconds": str(again)})
    click.echo(json.dumps(ask("GET", url, place), indent=2))
