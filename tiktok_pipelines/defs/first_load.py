"""The first load of freshly connected shops, as ordinary Dagster runs.

The runs stand in the instance like any others; ``make demo`` starts them.
"""

from datetime import date, timedelta

import dagster as dg

from tiktok_pipelines.defs.describe import asset_key
from tiktok_pipelines.defs.partitions import key_of, tiktok_shops
from tiktok_pipelines.defs.resources import TokenStoreResource
from tiktok_pipelines.defs.subject_jobs import SUBJECT_JOBS
from tiktok_pipelines.storage.catalog import ORDER_TABLES

_LEFT_TO_SCHEDULES = ("sync_fulfillment", "sync_finance")
"""They ask order by order, which takes longer than a person likes to wait."""
_RANGE_START = "dagster/asset_partition_range_start"
_RANGE_END = "dagster/asset_partition_range_end"


def load(defs: dg.Definitions, instance: dg.DagsterInstance, days: int) -> bool:
    """Materialize the last days shop by shop, then sync orders and most else.

    Returns whether all succeeded.
    """
    store = TokenStoreResource()
    with store.open() as opened:
        shop_ids = [shop.shop_id for shop in opened.shops() if shop.is_enabled]
        today = store.clock().now().date()
    instance.add_dynamic_partitions(str(tiktok_shops.name), shop_ids)
    results = [_backfill(defs, instance, shop_id, today, days) for shop_id in shop_ids]
    jobs = ["sync_orders", *(job.name for job in SUBJECT_JOBS)]
    wanted = [name for name in jobs if name not in _LEFT_TO_SCHEDULES]
    results += [_run(defs, instance, name) for name in wanted]
    return all(results)


def _run(defs: dg.Definitions, instance: dg.DagsterInstance, name: str) -> bool:
    job = defs.resolve_job_def(name)
    return job.execute_in_process(instance=instance, raise_on_error=False).success


def _backfill(
    defs: dg.Definitions,
    instance: dg.DagsterInstance,
    shop_id: str,
    today: date,
    days: int,
) -> bool:
    tags = {
        _RANGE_START: key_of(shop_id, today - timedelta(days=days - 1)),
        _RANGE_END: key_of(shop_id, today),
    }
    job = defs.resolve_implicit_global_asset_job_def()
    result = job.execute_in_process(
        instance=instance,
        asset_selection=[asset_key(table) for table in ORDER_TABLES],
        tags=tags,
        raise_on_error=False,
    )
    return result.success
