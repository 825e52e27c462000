"""The first load of freshly connected shops, as ordinary Dagster runs.

``python -m tiktok_pipelines.defs.first_load DAYS`` materializes the last days of every
enabled shop, then runs ``sync_orders``; the runs stand in the instance of DAGSTER_HOME.
"""

import sys
from datetime import date, timedelta

import dagster as dg

from tiktok_pipelines.defs.partitions import key_of, tiktok_shops
from tiktok_pipelines.defs.resources import TokenStoreResource

_RANGE_START = "dagster/asset_partition_range_start"
_RANGE_END = "dagster/asset_partition_range_end"


def load(defs: dg.Definitions, instance: dg.DagsterInstance, days: int) -> bool:
    """One run per shop, then the sync; True if all of them succeeded."""
    store = TokenStoreResource()
    with store.open() as opened:
        shop_ids = [shop.shop_id for shop in opened.shops() if shop.is_enabled]
        today = store.clock().now().date()
    instance.add_dynamic_partitions(str(tiktok_shops.name), shop_ids)
    results = [_backfill(defs, instance, shop_id, today, days) for shop_id in shop_ids]
    sync = defs.resolve_job_def("sync_orders").execute_in_process(
        instance=instance, raise_on_error=False
    )
    return all([*results, sync.success])


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
    result = job.execute_in_process(instance=instance, tags=tags, raise_on_error=False)
    return result.success


def main(days: int) -> int:
    """Exit status 0 only if every run succeeded."""
    from tiktok_pipelines.definitions import defs  # noqa: PLC0415 - it imports defs

    with dg.DagsterInstance.get() as instance:
        return 0 if load(defs, instance, days) else 1


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
