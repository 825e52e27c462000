"""``orders pull``: single orders, by id, in their present state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import click
from sqlalchemy import text

from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.errors import (
    ApiError,
    ConfigurationError,
    DecryptionError,
    NeedsConsent,
    PipelineError,
    QuarantinedRecords,
    ShopsFailed,
)
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database

_RUN = "orders pull"
_HOLDERS = text("""
    SELECT shop_id, array_agg(order_id ORDER BY order_id) AS order_ids
    FROM tiktok.orders
    WHERE order_id = ANY(:order_ids) GROUP BY shop_id ORDER BY shop_id
""")


@dataclass(slots=True)
class Search:
    """Which shop answered for which order, and what went wrong on the way."""

    runs: OrderRuns
    wanted: Sequence[str]
    found: dict[str, str] = field(default_factory=dict[str, str])
    new_bad: list[str] = field(default_factory=list[str])
    failures: list[tuple[str, PipelineError]] = field(
        default_factory=list[tuple[str, PipelineError]]
    )

    @property
    def missing(self) -> Sequence[str]:
        """The orders that no shop answered for yet."""
        return [order_id for order_id in self.wanted if order_id not in self.found]

    def ask(self, shop_id: str, order_ids: Sequence[str]) -> None:
        """Read orders of a shop; that it cannot be asked is noted."""
        try:
            result = self.runs.pull(shop_id, order_ids)
        except (ApiError, NeedsConsent, DecryptionError) as error:
            self.failures.append((shop_id, error))
            return
        answered = set(order_ids).difference(result.missing)
        self.found |= dict.fromkeys(answered, shop_id)
        self.new_bad += result.new_bad

    def raise_if_failed(self) -> None:
        """Say what is missing, and why.

        Raises:
            QuarantinedRecords: an answer holds what cannot become a row.
            ShopsFailed: orders are missing, and shops could not be asked.
            PipelineError: no shop knows an order.
        """
        if self.new_bad:
            raise QuarantinedRecords(
                f"{'; '.join(self.new_bad[:5])}: see tiktok_ops.quarantine_records"
            )
        if self.missing and self.failures:
            raise ShopsFailed(self.failures)
        if self.missing:
            raise PipelineError(
                f"{len(self.missing)} of {len(self.wanted)} orders are missing: no "
                "shop asked knows them; check the ids, and by tiktok-pipelines shops "
                "list that their shop is connected and enabled"
            )


@click.command()
@click.argument("order_ids", metavar="ORDER_ID...", nargs=-1, required=True)
@click.option("--shop", "shop_id", help="The shop; else the one known, or every one.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def pull(order_ids: tuple[str, ...], *, shop_id: str | None, as_json: bool) -> None:
    """Read single orders again."""
    with open_pipeline(Settings.from_environment(), run_id=_RUN) as pipeline:
        wanted = list(dict.fromkeys(order_ids))
        search = Search(OrderRuns(pipeline.shops, _RUN, say), wanted)
        if shop_id is None:
            _ask_all(pipeline, search)
        else:
            search.ask(shop_id, wanted)
    _tell(search, as_json=as_json)
    search.raise_if_failed()
    for name, error in search.failures:
        say(f"Shop {name} could not be asked, but was not needed: {error}")


def _ask_all(pipeline: Pipeline, search: Search) -> None:
    """Ask the shops that hold the orders, and for the others every enabled one."""
    if not pipeline.shops.all():
        raise ConfigurationError(
            "no shop is connected: expected at least one; tiktok-pipelines shops "
            "connect"
        )
    held = holders(pipeline.database, search.wanted)
    for shop_id, order_ids in held.items():
        search.ask(shop_id, order_ids)
    known = {order_id for order_ids in held.values() for order_id in order_ids}
    for shop in pipeline.shops.enabled():
        unknown = [order_id for order_id in search.missing if order_id not in known]
        if unknown and shop.shop_id not in dict(search.failures):
            search.ask(shop.shop_id, unknown)


def holders(
    database: Database, order_ids: Sequence[str]
) -> Mapping[str, Sequence[str]]:
    """The orders that the tables hold, by shop."""
    with database.begin() as connection:
        rows = connection.execute(_HOLDERS, {"order_ids": list(order_ids)}).all()
    return {row.shop_id: row.order_ids for row in rows}


def _tell(search: Search, *, as_json: bool) -> None:
    if as_json:
        print_json(
            [
                {
                    "order_id": order_id,
                    "is_found": order_id in search.found,
                    "shop_id": search.found.get(order_id),
                }
                for order_id in search.wanted
            ]
        )
        return
    # who could not be asked may hold it: that is no verdict
    absent = (
        "not found, not every shop could be asked" if search.failures else "missing"
    )
    for order_id in search.wanted:
        is_found = order_id in search.found
        state = f"found in shop {search.found[order_id]}" if is_found else absent
        click.echo(f"{order_id}  {state}")
