"""``privacy purge-shop``: everything of a shop."""

import click

from tiktok_pipelines.assembly import open_database
from tiktok_pipelines.cli import dagster_instance
from tiktok_pipelines.cli.confirmation import require
from tiktok_pipelines.cli.group import say
from tiktok_pipelines.cli.output import print_json
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.errors import ConfigurationError, PipelineError
from tiktok_pipelines.ingest.purge import plan_purge
from tiktok_pipelines.ingest.purge import purge_shop as purge
from tiktok_pipelines.settings import Settings


@click.command()
@click.argument("shop_id")
@click.option("--yes", is_flag=True, help="Do it without asking.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def purge_shop(*, shop_id: str, yes: bool, as_json: bool) -> None:
    """Delete every row of a shop, and its seller's tokens if no other shop needs them.

    The audit stays, and the hashes of who was erased.
    """
    # What can fail fails before anything is deleted.
    home = dagster_instance.present_home()
    with open_database(Settings.from_environment()) as database:
        plan = plan_purge(database, shop_id)
        if not plan:
            raise ConfigurationError(
                f"there is nothing of shop {shop_id}: see tiktok-pipelines shops list"
            )
        for name, rows in plan.items():
            say(f"{name}: {rows:,} rows")
        say(f"All of them will be deleted: everything of shop {shop_id}.")
        require(shop_id, yes=yes)
        done = purge(database, shop_id, SystemClock(), say)
    if as_json:
        told = {"rows_before": dict(done.before), "rows_after": dict(done.after)}
        print_json({"shop_id": shop_id, **told})
    else:
        rows, left = sum(done.before.values()), sum(done.after.values())
        click.echo(f"purged shop {shop_id}: {rows:,} rows deleted, {left} left")
    if home is not None:
        _forget(shop_id)


def _forget(shop_id: str) -> None:
    try:
        dagster_instance.forget(shop_id)
    except PipelineError as error:
        raise ConfigurationError(
            f"the rows are deleted, but Dagster still knows the shop: {error}; or "
            f"delete the partition {shop_id} of tiktok_shops in its UI"
        ) from None
