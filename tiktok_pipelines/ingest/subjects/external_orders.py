"""The numbers of orders in other systems: asked for where a shop uses such a system.

A call tells of one order and one system, and there are ten systems. So those that a
shop uses are found by asking for all of them about a few orders, once a day; its other
orders are asked for in those alone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial

from sqlalchemy import text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.subject import Work

PLATFORMS = (
    "SHOPIFY",
    "WOOCOMMERCE",
    "BIGCOMMERCE",
    "MAGENTO",
    "SALESFORCE_COMMERCE_CLOUD",
    "CHANNEL_ADVISOR",
    "AMAZON",
    "ORDER_MANAGEMENT_SYSTEM",
    "WAREHOUSE_MANAGEMENT_SYSTEM",
    "ERP_SYSTEM",
)
"""Every system that TikTok knows.

Source: docs/tiktok-shop-api.md, "Order prices".
"""
DONE = """
    SELECT order_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND order_id > :after
      AND status IN ('CANCELLED', 'COMPLETED')
      AND synced_at > :last - interval '1 hour'
    ORDER BY order_id LIMIT :count
"""
"""Orders that are done since they were last looked for."""
PROBE = "external_orders_probe"
"""What ledger and watermark call the search for systems that a shop uses."""
AGAIN = "external_orders_done"
"""What they call the second look, at orders that are done."""
_PROBED = 10
_IN_USE = text(
    "SELECT DISTINCT platform FROM tiktok.external_orders WHERE shop_id = :shop_id"
    " ORDER BY platform"
)
_NEWEST = f"""
    SELECT order_id FROM (
        SELECT shop_id, order_id FROM tiktok.orders WHERE shop_id = :shop_id
        ORDER BY created_at DESC NULLS LAST LIMIT {_PROBED}
    ) newest
    WHERE order_id > :after AND {len(PLATFORMS)} > (
        SELECT count(*) FROM tiktok.external_order_lookups l
        WHERE l.shop_id = newest.shop_id AND l.order_id = newest.order_id
    )
    ORDER BY order_id LIMIT :count
"""
_UNASKED = """
    SELECT o.order_id FROM tiktok.orders o
    WHERE o.shop_id = :shop_id AND (:after = '' OR o.order_id < :after) AND EXISTS (
        SELECT FROM (
            SELECT DISTINCT platform FROM tiktok.external_orders
            WHERE shop_id = :shop_id
        ) used
        WHERE NOT EXISTS (
            SELECT FROM tiktok.external_order_lookups l
            WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id
              AND l.platform = used.platform
        )
    )
    ORDER BY o.order_id DESC LIMIT :count
"""


@dataclass(frozen=True, slots=True)
class ExternalOrders:
    """Finds which systems a shop uses, then asks for its orders in those.

    An order is asked for once, and again when it is done.
    """

    most: int
    first: int
    name: str = ""

    def run(self, work: Work) -> None:
        """Read them; see ``Load``."""
        probe = Detail(partial(_ask, platforms=PLATFORMS))
        daily = timedelta(days=1)
        probing = ByIds(_NEWEST, probe, PROBE, every=daily)
        probing.run(replace(work, is_full=False))
        if platforms := _in_use(work):
            asked = Detail(partial(_ask, platforms=platforms))
            ByIds(
                _UNASKED, asked, "external_orders", most=self.most, first=self.first
            ).run(work)
            ByIds(DONE, asked, AGAIN, is_reread=True).run(work)


def _in_use(work: Work) -> Sequence[str]:
    told = {"shop_id": work.target.shop_id}
    return work.database.transact(
        lambda connection: connection.execute(_IN_USE, told).scalars().all()
    )


def _ask(
    shop: ShopClient, order_ids: Sequence[str], *, platforms: Sequence[str]
) -> Iterator[Page]:
    for order_id in order_ids:
        for platform in platforms:
            yield shop.orders.external_orders(order_id, platform)
