"""Jobs: what schedules start, and people by hand."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import dagster as dg
from pydantic import Field

from tiktok_pipelines.defs.assets.orders import POOL
from tiktok_pipelines.defs.checks import ORDERS, evaluations
from tiktok_pipelines.defs.failures import RETRIES, dagster_failures
from tiktok_pipelines.defs.partitions import SHOP_DAYS, key_of
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.errors import PipelineError, ShopsFailed
from tiktok_pipelines.ingest.health import closed_days
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.orders import SyncResult
from tiktok_pipelines.storage.database import Database


class ShopsConfig(dg.Config):
    """Which shops a run serves: none named means every enabled one."""

    shop_ids: list[str] = Field(default_factory=list)


@dg.op(retry_policy=RETRIES, pool=POOL, out={})
def sync_changed_orders(
    context: dg.OpExecutionContext,
    config: ShopsConfig,
    tiktok_shop: TikTokShopResource,
) -> Iterator[Any]:
    """Pull what changed in each shop since its watermark, shop after shop.

    Events are yielded: those that are only logged would be lost when it fails.
    """
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        shop_ids = config.shop_ids or [
            shop.shop_id for shop in pipeline.shops.enabled()
        ]
        report = OrderRuns(pipeline.shops, context.run_id, context.log.info).sync(
            shop_ids, first_sync_days=pipeline.settings.first_sync_days
        )
        for shop_id, result in report.syncs.items():
            yield from _touched(context.run_id, pipeline.database, shop_id, result)
        yield from evaluations(pipeline.database, pipeline.clock.now())
        report.raise_if_failed()


def _touched(
    run_id: str, database: Database, shop_id: str, result: SyncResult
) -> Iterator[dg.AssetMaterialization | dg.AssetObservation]:
    """Observe each touched partition; materialize it where the ledger closed it."""
    closed = closed_days(database, shop_id) if result.days else frozenset[date]()
    known = SHOP_DAYS.get_partitions_def_for_dimension("date")
    for day in sorted(result.days):
        if not known.has_partition_key(day.isoformat()):
            continue
        event = dg.AssetMaterialization if day in closed else dg.AssetObservation
        metadata = {"synced_by": run_id}
        yield event(ORDERS, partition=key_of(shop_id, day), metadata=metadata)


@dg.op(retry_policy=RETRIES)
def refresh_due_tokens(
    context: dg.OpExecutionContext, tiktok_shop: TikTokShopResource
) -> None:
    """Refresh each seller's tokens that are due; the others are left alone."""
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        failures: list[tuple[str, PipelineError]] = []
        for seller, error in pipeline.shops.refresh_due():
            context.log.info("seller %s: %s", seller, error or "tokens are good")
            if error is not None:
                failures.append((seller, error))
        if failures:
            raise ShopsFailed(failures, what="seller")


@dg.job(description="Orders that changed since the watermark, all shops in one run.")
def sync_orders() -> None:
    """One op that loops over the shops: a run costs a process."""
    sync_changed_orders()


@dg.job(description="Refresh access tokens before they expire.")
def refresh_tokens() -> None:
    """Daily; loads refresh on their own when they meet an old token."""
    refresh_due_tokens()
