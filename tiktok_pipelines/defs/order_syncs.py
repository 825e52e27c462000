"""What a run of ``sync_orders`` does, and what it tells Dagster.

Imported by the run: a code server that only shows the jobs needs none of it.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import dagster as dg

from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.defs.checks import evaluations
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.partitions import SHOP_DAYS, key_of
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.ingest.health import closed_days
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.orders import SyncResult
from tiktok_pipelines.storage.database import Database

Event = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation


def sync_shops(
    context: dg.OpExecutionContext,
    tiktok_shop: TikTokShopResource,
    shop_ids: Sequence[str],
) -> Iterator[Event]:
    """Sync the shops, or every enabled one; fail at the end if one failed.

    Events are yielded: those that are only logged would be lost when it fails.
    """
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        shop_ids = shop_ids or [shop.shop_id for shop in pipeline.shops.enabled()]
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
