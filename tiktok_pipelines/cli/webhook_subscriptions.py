"""``webhooks list``, ``subscribe``, ``unsubscribe`` and ``verify``: the Event API."""

from collections.abc import Callable, Sequence

import click

from tiktok_pipelines.api.webhook_types import SUBSCRIBABLE, name_of
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.shop_list import print_json
from tiktok_pipelines.errors import ConfigurationError, PipelineError, ShopsFailed
from tiktok_pipelines.ingest import webhook_subscriptions as work
from tiktok_pipelines.settings import Settings

Rows = list[dict[str, object]]
Failures = list[tuple[str, PipelineError]]
_RUN = "webhooks"


class Topic(click.ParamType[str]):
    """The name of an event that a shop can be subscribed to, or an alias of it."""

    name = "event"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> str:
        """The name as the Event API knows it."""
        found = name_of(value)
        if found not in SUBSCRIBABLE:
            told = ", ".join(SUBSCRIBABLE)
            self.fail(f"{value!r} is none of {told}", param, ctx)
        return found


_shop = click.option("--shop", "shop_id", help="This shop only; else every enabled.")
_json = click.option("--json", "as_json", is_flag=True, help="For machines.")
_events = click.option(
    "--event",
    "topics",
    type=Topic(),
    multiple=True,
    help="This event only; may be given several times.",
)


@click.command()
@_shop
@_json
def list(*, shop_id: str | None, as_json: bool) -> None:  # noqa: A001 - the command's name
    """Tell which events of each shop are sent where."""

    def act(pipeline: Pipeline, shop: str) -> Rows:
        return [
            {"shop_id": shop, "event_type": each.event_type, "address": each.address}
            for each in work.subscriptions_of(pipeline.shops, shop)
        ]

    _for_each(shop_id, act, as_json=as_json, nothing="No shop is subscribed.")


@click.command()
@_shop
@_events
@click.option("--url", help="Where to; else TIKTOK_WEBHOOK_URL.")
@_json
def subscribe(
    *, shop_id: str | None, topics: tuple[str, ...], url: str | None, as_json: bool
) -> None:
    """Have the events of the settings sent to the receiver; twice does no harm."""
    settings = Settings.from_environment()
    address = url or settings.webhook_url()
    wanted = topics or settings.webhook_events

    def act(pipeline: Pipeline, shop: str) -> Rows:
        done = work.subscribe(pipeline.shops, shop, wanted, address)
        return [
            {"shop_id": shop, "event_type": each.event_type, "address": each.wanted}
            for each in done
        ]

    _for_each(shop_id, act, as_json=as_json, nothing="Nothing had to be changed.")


@click.command()
@_shop
@_events
@click.option("--all", "every", is_flag=True, help="Every event.")
@_json
def unsubscribe(
    *, shop_id: str | None, topics: tuple[str, ...], every: bool, as_json: bool
) -> None:
    """Have events sent to the shop's own address no longer."""
    if bool(topics) == every:
        raise click.UsageError("name events by --event, or all of them by --all")

    def act(pipeline: Pipeline, shop: str) -> Rows:
        gone = work.unsubscribe(pipeline.shops, shop, topics)
        return [
            {"shop_id": shop, "event_type": each.event_type, "address": each.address}
            for each in gone
        ]

    _for_each(shop_id, act, as_json=as_json, nothing="Nothing was subscribed.")


@click.command()
@_shop
@_json
def verify(*, shop_id: str | None, as_json: bool) -> None:
    """Compare what shops are subscribed to with the settings; fails if it differs."""
    settings = Settings.from_environment()
    address, wanted = settings.webhook_url(), settings.webhook_events

    def act(pipeline: Pipeline, shop: str) -> Rows:
        found = work.subscriptions_of(pipeline.shops, shop)
        return [
            {
                "shop_id": shop,
                "event_type": each.event_type,
                "what": each.what,
                "wanted": each.wanted,
                "found": each.found,
            }
            for each in work.differences(shop, found, wanted, address)
        ]

    rows = _for_each(shop_id, act, as_json=as_json, nothing="All is as it should be.")
    if rows:
        raise PipelineError(
            f"{len(rows)} subscription(s) differ from the settings: tiktok-pipelines "
            "webhooks subscribe, or unsubscribe what is not wanted"
        )


def _for_each(
    shop_id: str | None,
    act: Callable[[Pipeline, str], Rows],
    *,
    as_json: bool,
    nothing: str,
) -> Rows:
    """Do it for the shops; one that fails does not stop the others."""
    rows: Rows = []
    failures: Failures = []
    with open_pipeline(Settings.from_environment(), run_id=_RUN) as pipeline:
        for shop in _chosen(pipeline, shop_id):
            try:
                rows += act(pipeline, shop)
            except PipelineError as error:
                failures.append((shop, error))
    _tell(rows, as_json=as_json, nothing="" if failures else nothing)
    if failures:
        raise ShopsFailed(failures)
    return rows


def _chosen(pipeline: Pipeline, shop_id: str | None) -> Sequence[str]:
    if shop_id is not None:
        return [pipeline.shops.get(shop_id).shop_id]
    shops = [shop.shop_id for shop in pipeline.shops.enabled()]
    if not shops:
        raise ConfigurationError(
            "no shop is connected and enabled: expected at least one; "
            "tiktok-pipelines shops connect"
        )
    return shops


def _tell(rows: Rows, *, as_json: bool, nothing: str) -> None:
    if as_json:
        print_json(rows)
        return
    for row in rows:
        click.echo("  ".join(str(value) for value in row.values() if value))
    if not rows and nothing:
        say(nothing)
