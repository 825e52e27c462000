"""Jobs: what schedules start, and people by hand."""

from collections.abc import Iterator
from typing import Any

import dagster as dg
from pydantic import Field

from tiktok_pipelines.defs.failures import RETRIES, dagster_failures
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.defs.run_tags import tag_run
from tiktok_pipelines.errors import PipelineError, ShopsFailed


class ShopsConfig(dg.Config):
    """Which shops a run serves: none named means every enabled one."""

    shop_ids: list[str] = Field(
        default_factory=list,
        description="Ids of the shops to sync; none named means every enabled one.",
    )


@dg.op(retry_policy=RETRIES, out={})
def sync_changed_orders(
    context: dg.OpExecutionContext,
    config: ShopsConfig,
    tiktok_shop: TikTokShopResource,
) -> Iterator[Any]:
    """Pull what changed in each shop since its watermark, shop after shop."""
    from tiktok_pipelines.defs.order_syncs import sync_shops

    yield from sync_shops(context, tiktok_shop, config.shop_ids)


@dg.op(retry_policy=RETRIES)
def refresh_due_tokens(
    context: dg.OpExecutionContext, tiktok_shop: TikTokShopResource
) -> None:
    """Refresh each seller's tokens that are due; the others are left alone."""
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        tag_run(context.instance, context.run, "tokens")
        failures: list[tuple[str, PipelineError]] = []
        for seller, error in pipeline.shops.refresh_due():
            context.log.info("seller %s: %s", seller, error or "tokens are good")
            if error is not None:
                failures.append((seller, error))
        if failures:
            raise ShopsFailed(failures, what="seller")


@dg.job(
    description="Pulls the orders that changed since the last sync, all shops in one"
    " run. Started by hand it serves every enabled shop, or those named in the config:"
    " `ops: {sync_changed_orders: {config: {shop_ids: ['7400…']}}}`."
)
def sync_orders() -> None:
    """One op that loops over the shops: a run costs a process."""
    sync_changed_orders()


@dg.job(description="Refresh access tokens before they expire.")
def refresh_tokens() -> None:
    """Daily; loads refresh on their own when they meet an old token."""
    refresh_due_tokens()
