"""``privacy apply``: the rules of today for what is stored already."""

from collections.abc import Mapping

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.confirmation import require
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.ingest.privacy_apply import (
    Deviation,
    apply_policy,
    as_details,
    plan_apply,
    shops_with_buyers,
)
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.tokens.store import TokenStore


@click.command()
@click.option("--shop", "shop_id", help="Only this shop.")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def apply(*, shop_id: str | None, yes: bool, as_json: bool) -> None:
    """Apply the rules to stored buyer data; what goes cannot come back.

    Killed and run again it goes on where it was.
    """
    clock, done = SystemClock(), dict[str, Deviation]()
    with open_store(Settings.from_environment()) as store:
        plan = _plan(store, shop_id)
        if any(found.changed for found in plan.values()):
            require("apply", yes=yes)
        for name, found in plan.items():
            if found.changed:
                database, cipher = store.database, store.cipher
                done[name] = apply_policy(database, cipher, name, clock, say)
    if as_json:
        print_json(
            [{"shop_id": name, **as_details(each)} for name, each in done.items()]
        )
        return
    for name, each in done.items():
        kept = each.changed - each.deleted
        click.echo(f"shop {name}: {kept} orders changed, {each.deleted} left empty")


def _plan(store: TokenStore, shop_id: str | None) -> Mapping[str, Deviation]:
    """What deviates from the rules, by shop, told aloud."""
    clock, database, cipher = SystemClock(), store.database, store.cipher
    shops = [store.get(shop_id).shop_id] if shop_id else shops_with_buyers(database)
    plan = {name: plan_apply(database, cipher, name, clock) for name in shops}
    for name, found in plan.items():
        say(f"shop {name}: {found.changed} of {found.rows} orders deviate from today's")
        for field, orders in sorted(found.fields.items()):
            say(f"  {field}: {orders} orders")
    if not any(found.changed for found in plan.values()):
        say("Everything stored is as the rules want it.")
    return plan
