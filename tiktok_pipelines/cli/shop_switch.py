"""``shops enable`` and ``disable``."""

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.settings import Settings


@click.command()
@click.argument("shop_id", metavar="SHOP")
def enable(shop_id: str) -> None:
    """Sync a shop."""
    _switch(shop_id, is_enabled=True)
    say(f"Shop {shop_id} is synced.")


@click.command()
@click.argument("shop_id", metavar="SHOP")
def disable(shop_id: str) -> None:
    """Leave a shop alone; its rows stay."""
    _switch(shop_id, is_enabled=False)
    say(f"Shop {shop_id} is left alone.")


def _switch(shop_id: str, *, is_enabled: bool) -> None:
    with open_store(Settings.from_environment()) as store:
        store.set_enabled(shop_id, is_enabled=is_enabled)
