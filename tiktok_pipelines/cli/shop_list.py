"""``shops list``, and how a shop is told."""

from collections.abc import Sequence

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json, print_table
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.tokens.store import Shop

_NAMES = ("shop", "name", "region", "seller", "synced", "status", "last error")


def told(shop: Shop) -> dict[str, object]:
    """A shop for machines, without its cipher."""
    return {
        "shop_id": shop.shop_id,
        "name": shop.name,
        "region": shop.region,
        "seller": shop.seller,
        "is_enabled": shop.is_enabled,
        "sync_status": shop.sync_status,
        "last_error_message": shop.last_error_message,
    }


def _cells(shop: Shop) -> Sequence[str]:
    """A shop for people."""
    return (
        shop.shop_id,
        shop.name,
        shop.region,
        shop.seller,
        "yes" if shop.is_enabled else "no",
        shop.sync_status,
        shop.last_error_message or "",
    )


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list(*, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell every connected shop and how it is doing."""
    with open_store(Settings.from_environment()) as store:
        shops = store.shops()
    if as_json:
        print_json([told(shop) for shop in shops])
    elif shops:
        print_table(_NAMES, map(_cells, shops))
    else:
        say("No shop is connected: tiktok-pipelines shops connect")
