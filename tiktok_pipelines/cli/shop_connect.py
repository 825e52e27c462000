"""``shops connect`` and ``register``: from a seller's consent to partitions."""

import secrets
from collections.abc import Sequence

import click

from tiktok_pipelines.api.auth import consent_link
from tiktok_pipelines.assembly import open_pipeline, open_store
from tiktok_pipelines.cli import dagster_instance, secret_input
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.cli.shop_list import told
from tiktok_pipelines.errors import ConfigurationError, NeedsConsent, PipelineError
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.migrate import is_current
from tiktok_pipelines.tokens.store import Shop


@click.command()
@click.option(
    "--region",
    default="row",
    show_default=True,
    type=click.Choice(["us", "row"], case_sensitive=False),
    help="Where the app and its sellers are: the US, or the rest of the world.",
)
@click.option(
    "--code",
    help="What the consent gave: good once, for 30 minutes; - reads it from standard "
    "input, so that it stands in no process list.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def connect(*, region: str, code: str | None, as_json: bool) -> None:
    """Print the consent link; with --code, let the seller's shops in."""
    settings = Settings.from_environment()
    if code is None:
        _print_link(settings, region, as_json=as_json)
        return
    code = secret_input.taken(code, "Code")
    # A code is good once: what can fail fails before.
    home = dagster_instance.present_home()
    shops = _connected(settings, code)
    if as_json:
        print_json([told(shop) for shop in shops])
    else:
        for shop in shops:
            click.echo(f"connected {shop.shop_id}  {shop.name} ({shop.region})")
    if home is None:
        say(
            "DAGSTER_HOME is not set: tiktok-pipelines up adds the shops as partitions "
            "itself; for plain dagster, tiktok-pipelines shops register"
        )
        return
    _register_stored([shop.shop_id for shop in shops])


@click.command()
def register() -> None:
    """Add all shops as partitions to the Dagster instance of DAGSTER_HOME."""
    home = dagster_instance.needed_home()
    with open_store(Settings.from_environment()) as store:
        shop_ids = [shop.shop_id for shop in store.shops()]
    if not shop_ids:
        raise ConfigurationError(
            "no shop is connected: expected at least one; tiktok-pipelines shops "
            "connect"
        )
    new = dagster_instance.register(shop_ids)
    say(f"{home} knows all {len(shop_ids)} shops, {len(new)} of them newly.")


def _print_link(settings: Settings, region: str, *, as_json: bool) -> None:
    urls = {"us": settings.consent_url_us, "row": settings.consent_url_row}
    state = secrets.token_urlsafe(24)
    link = consent_link(urls[region], settings.consent_service_id(), state)
    say("Open this link and let the seller agree; within 30 minutes, with the code in")
    say("the address one is sent to: tiktok-pipelines shops connect --code -")
    if as_json:
        print_json({"consent_link": link, "state": state})
    else:
        click.echo(link)


def _connected(settings: Settings, code: str) -> Sequence[Shop]:
    """Exchange the code; the shops it let in, as they are stored."""
    if not code:
        raise NeedsConsent(
            "the code is empty: get one by tiktok-pipelines shops connect"
        )
    with open_pipeline(settings) as pipeline:
        _require_tables(pipeline.database)
        connected = pipeline.connector.connect(code)
        for shop_id in connected.no_longer_named:
            say(f"Shop {shop_id} is no longer named: see tiktok-pipelines shops list")
        named = {shop.id for shop in connected}
        shops = [shop for shop in pipeline.shops.all() if shop.shop_id in named]
    if not shops:
        raise NeedsConsent(
            "the consent names no shop, its tokens are stored: let an account that "
            "owns shops agree, tiktok-pipelines shops connect"
        )
    return shops


def _require_tables(database: Database) -> None:
    if not is_current(database):
        raise ConfigurationError(
            "the tables are not up to date, and the code was not used: "
            "tiktok-pipelines db upgrade"
        )


def _register_stored(shop_ids: Sequence[str]) -> None:
    try:
        dagster_instance.register(shop_ids)
    except PipelineError as error:
        raise ConfigurationError(
            f"the shops are stored, but Dagster does not know them: {error}; then "
            "tiktok-pipelines shops register"
        ) from None
