"""Orders and the tables filled with them, by creation day and shop."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.check_specs import SPECS
from tiktok_pipelines.defs.describe import table_spec
from tiktok_pipelines.defs.failures import RETRIES
from tiktok_pipelines.defs.partitions import SHOP_DAYS
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.storage.catalog import ORDER_TABLES

_HOW = """\
A partition is a day (UTC, by order creation) of a shop. Materializing it pulls every
order created that day, in its present state, and fills all tables of this group; it
turns green only if TikTok's count, the orders fetched and the rows agree. Between
backfills the job `sync_orders` brings what changes, every 15 minutes. How complete each
shop is: *tiktok_ops / coverage*.
"""


@dg.multi_asset(
    name="orders",
    specs=[table_spec(table, "orders", SHOP_DAYS, _HOW) for table in ORDER_TABLES],
    check_specs=SPECS,
    can_subset=True,
    backfill_policy=dg.BackfillPolicy.single_run(),
    retry_policy=RETRIES,
)
def orders(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> Iterator[Any]:
    """Every order created on the days of the partitions, in its present state.

    Source: Order API, "Get Order List", filtered by creation time. One load fills all
    tables of the group, also when only one of them is selected.
    """
    from tiktok_pipelines.defs.order_loads import load_days

    yield from load_days(context, tiktok_shop)
