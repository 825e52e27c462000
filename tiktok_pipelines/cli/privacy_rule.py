"""``privacy set`` and ``unset``: one rule, for what is written from now on."""

import re
from typing import cast

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.privacy_rules import set_rule, unset_rule
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.transform.privacy import (
    ACTIONS,
    ADDRESS,
    ANY,
    KNOWN_FIELDS,
    Action,
    Rule,
)

_MEANINGS = {
    "keep": "is stored as received",
    "mask": "is stored as its first letter and stars",
    "hash": "is stored as a keyed hash: equal values can be joined, none can be read",
    "drop": "is not stored at all",
}
_FIELDS = (*KNOWN_FIELDS, ADDRESS, ANY)


class Region(click.ParamType[str]):
    """Two letters, or ``*`` for every region."""

    name = "region"

    def convert(
        self,
        value: str,
        param: click.Parameter | None,
        ctx: click.Context | None,
    ) -> str:
        """In capitals."""
        if value != ANY and not re.fullmatch(r"[A-Za-z]{2}", value):
            self.fail(f"{value!r} is no country of two letters, like MY", param, ctx)
        return value.upper()


_REGION = click.option(
    "--region", type=Region(), default=ANY, help="Of the shop, like MY; else every one."
)


@click.command()
@click.argument("field")
@click.argument("action", type=click.Choice(ACTIONS))
@_REGION
def set(*, field: str, action: str, region: str) -> None:  # noqa: A001 - its name
    """Say what becomes of FIELD from the next load on.

    FIELD is a path such as recipient_address.name, recipient_address for all in it,
    or '*' for every one without a rule of its own.
    """
    rule = Rule(region, _known(field), cast("Action", action))
    with open_store(Settings.from_environment()) as store:
        set_rule(store.database, store.cipher, rule, now=SystemClock().now())
        shops = {shop.region.upper() for shop in store.shops()}
    place = "every region without a rule of its own" if region == ANY else region
    say(f"{field} {_MEANINGS[action]} in {place}, from the next load on.")
    say("A more specific rule comes first: tiktok-pipelines privacy list")
    if action != "keep":
        say("What is stored already stays until: tiktok-pipelines privacy apply")
    if region not in {ANY, *shops}:
        say(f"No connected shop is in {region}: see tiktok-pipelines shops list")


@click.command()
@click.argument("field")
@_REGION
def unset(*, field: str, region: str) -> None:
    """Remove a rule: the next less specific one holds from the next load on."""
    with open_store(Settings.from_environment()) as store:
        before = unset_rule(store.database, region, field, now=SystemClock().now())
    if before is None:
        raise ConfigurationError(
            f"there is no rule for {field} in region {region}: see tiktok-pipelines "
            "privacy list"
        )
    say(f"The rule {before} for {field} in region {region} is gone.")


def _known(field: str) -> str:
    if field not in _FIELDS:
        raise ConfigurationError(
            f"{field} is no buyer field that a rule can name: expected one of "
            f"{', '.join(_FIELDS)}; what TikTok adds falls under {ADDRESS} or {ANY}"
        )
    return field
