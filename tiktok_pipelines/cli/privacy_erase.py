"""``privacy erase``: the data of one buyer or order."""

import click

from tiktok_pipelines.assembly import open_store
from tiktok_pipelines.cli.confirmation import require
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest import erasure
from tiktok_pipelines.ingest.erasure import Erasure, Subject, plan_erasure
from tiktok_pipelines.settings import Settings


@click.command()
@click.option("--buyer", "buyer_id", help="All orders of this buyer (orders.buyer_id).")
@click.option("--order", "order_id", help="This order alone.")
@click.option(
    "--shop", "shop_id", help="In this shop only; else in all, later ones too."
)
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def erase(
    *,
    buyer_id: str | None,
    order_id: str | None,
    shop_id: str | None,
    yes: bool,
    as_json: bool,
) -> None:
    """Erase buyer data; later answers of TikTok do not bring it back."""
    subject = _subject(buyer_id, order_id, shop_id)
    clock = SystemClock()
    with open_store(Settings.from_environment()) as store:
        if shop_id:
            store.get(shop_id)  # a mistyped one would protect nobody
        plan = plan_erasure(store.database, store.cipher, subject, now=clock.now())
        _tell(subject, plan)
        require("erase", yes=yes)
        before, left = erasure.erase(store.database, store.cipher, subject, clock)
    if as_json:
        print_json(
            {
                "kind": subject.kind,
                "shop_id": subject.shop_id,
                "orders": sum(each.orders for each in before.found),
                "rows_before": before.recipients,
                "rows_after": left,
                "was_erased": plan.was_erased,
                "rows_of_no_known_buyer": before.nobodys,
            }
        )
    else:
        click.echo(f"erased {before.recipients} orders' buyer data, {left} left")


def _subject(
    buyer_id: str | None, order_id: str | None, shop_id: str | None
) -> Subject:
    if buyer_id and not order_id:
        return Subject("buyer", buyer_id.strip(), shop_id)
    if order_id and not buyer_id:
        return Subject("order", order_id.strip(), shop_id)
    raise ConfigurationError("name one to erase: pass either --buyer ID or --order ID")


def _tell(subject: Subject, plan: Erasure) -> None:
    """The plan."""
    for found in plan.found:
        say(
            f"shop {found.shop_id}: {found.orders} orders, buyer data of "
            f"{found.recipients} will be deleted"
        )
    if not plan.found:
        say(f"No such {subject.kind} is known. It is remembered all the same, so that")
        say("no later answer brings its data: check the id.")
    if plan.nobodys:
        say(
            f"Besides, buyer data of {plan.nobodys} orders names no buyer, nor does any"
        )
        say("page kept of them: whose it is cannot be known. Erase by --order what you")
        say("know to be the buyer's; which they are: docs/privacy.md, Erase a buyer.")
    if plan.was_erased:
        say("It was erased before.")
