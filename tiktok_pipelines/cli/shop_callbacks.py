"""``shops callbacks`` and ``confirm``: consents that began in Seller Center."""

from collections.abc import Generator
from contextlib import contextmanager

import click

from tiktok_pipelines.assembly import open_pipeline, open_store
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.quarantine_list import minute
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.tokens.consents import ConsentStore, Waiting


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def callbacks(*, as_json: bool) -> None:
    """Tell the consents that came without a state: confirm those you know of."""
    clock = SystemClock()
    with open_store(Settings.from_environment(), clock) as store:
        found = ConsentStore(store.database, store.cipher, clock).parked()
    if as_json:
        print_json([_told(each) for each in found])
        return
    for each in found:
        state = each.outcome or f"waits until {minute(each.expires_at)} UTC"
        region = each.region or "region unknown"
        click.echo(f"{each.callback_id}  {region}  from {each.source}  {state}")
    if not found:
        say("No consent waits.")


@click.command()
@click.argument("callback_id", metavar="ID", type=int)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def confirm(callback_id: int, *, as_json: bool) -> None:
    """Exchange the code of a parked consent: only of a seller whom you expect."""
    with open_pipeline(Settings.from_environment()) as pipeline:
        store = pipeline.shops.store
        consents = ConsentStore(store.database, store.cipher, pipeline.clock)
        code = consents.confirm(callback_id)
        with _told_to(consents, callback_id):
            connected = pipeline.connector.connect(code.get_secret_value())
        consents.tell(callback_id, f"connected seller {connected.seller}")
    if as_json:
        print_json([{"shop_id": shop.id, "name": shop.name} for shop in connected])
    for shop in connected:
        say(f"connected {shop.id}  {shop.name} ({shop.region})")


@contextmanager
def _told_to(consents: ConsentStore, callback_id: int) -> Generator[None]:
    """Note why a consent let nobody in: its code is used up either way."""
    try:
        yield
    except PipelineError as error:
        consents.tell(callback_id, f"failed: {error}")
        raise


def _told(each: Waiting) -> dict[str, object]:
    return {
        "callback_id": each.callback_id,
        "received_at": each.received_at.isoformat(),
        "expires_at": each.expires_at.isoformat(),
        "source": each.source,
        "region": each.region,
        "is_confirmed": each.confirmed_at is not None,
        "outcome": each.outcome,
    }
