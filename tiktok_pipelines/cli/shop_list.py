"""``shops list``, and how a shop is told."""

import json
import sys
from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.tokens.store import Shop

_FILE_WIDTH = 240  # in a file or a pipe nothing is to be cut


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


def print_json(content: object) -> None:
    """One document, alone on stdout."""
    click.echo(json.dumps(content, indent=2))


def print_table(shops: Sequence[Shop]) -> None:
    """A line per shop, for people."""
    table = Table("shop", "name", "region", "seller", "synced", "status", "last error")
    for column in table.columns[:1]:
        column.no_wrap = True
    for shop in shops:
        cells = (
            shop.shop_id,
            shop.name,
            shop.region,
            shop.seller,
            "yes" if shop.is_enabled else "no",
            shop.sync_status,
            shop.last_error_message or "",
        )
        table.add_row(*(Text(cell, overflow="fold") for cell in cells))
    width = None if sys.stdout.isatty() else _FILE_WIDTH
    Console(width=width, highlight=False).print(table)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def list(*, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell every connected shop and how it is doing."""
    with open_store(Settings.from_environment()) as store:
        shops = store.shops()
    if as_json:
        print_json([told(shop) for shop in shops])
    elif shops:
        print_table(shops)
    else:
        say("No shop is connected: tiktok-pipelines shops connect")
