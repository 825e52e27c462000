"""Packages, their details, and the tracking of the orders in them.

A package is found by its update time. What only its detail says is read once for each
change of it, and so is the tracking of its orders; of parcels on their way the
tracking is read again, as it grows without any change of the package.

Source: docs/tiktok-shop-api.md, "Packages".
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.fulfillment import PackageSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform import packages

_ON_THE_WAY_AGAIN = timedelta(hours=6)

_CHANGED_PACKAGES = """
    SELECT p.package_id
    FROM tiktok.packages AS p
    LEFT JOIN tiktok.package_details AS d USING (shop_id, package_id)
    WHERE p.shop_id = :shop_id AND p.package_id > :after
      AND (d.package_id IS NULL OR coalesce(d.updated_at < p.updated_at, TRUE))
    ORDER BY p.package_id LIMIT :count
"""
# Rows that another run wrote meanwhile may be a little older than the last pass.
_ORDERS_OF_CHANGED = """
    SELECT DISTINCT o.order_id
    FROM tiktok.packages AS p
    JOIN tiktok.package_orders AS o USING (shop_id, package_id)
    LEFT JOIN tiktok.order_tracking AS t USING (shop_id, order_id)
    WHERE p.shop_id = :shop_id AND o.order_id > :after
      AND p.synced_at >= coalesce(
          CAST(:last AS timestamptz) - interval '1 hour', '-infinity')
      AND (t.order_id IS NULL OR t.synced_at < p.synced_at)
    ORDER BY o.order_id LIMIT :count
"""
_ORDERS_ON_THE_WAY = """
    SELECT DISTINCT o.order_id
    FROM tiktok.packages AS p
    JOIN tiktok.package_orders AS o USING (shop_id, package_id)
    WHERE p.shop_id = :shop_id AND o.order_id > :after
      AND p.status IN ('PROCESSING', 'FULFILLING')
    ORDER BY o.order_id LIMIT :count
"""


def _changed(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    query = PackageSearch(updated=window, sort_field="update_time")
    return shop.fulfillment.pages(query)


def _details(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.fulfillment.detail, ids)


def _tracking(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.fulfillment.order_tracking, ids)


PACKAGE = Detail(_details)
PACKAGES = Subject(packages.PACKAGES, loads=(Windows(_changed),))
PACKAGE_DETAILS = Subject(
    packages.PACKAGE_DETAILS,
    loads=(ByIds(_CHANGED_PACKAGES, PACKAGE, name="package_details"),),
)
ORDER_TRACKING = Subject(
    packages.ORDER_TRACKING,
    loads=(
        ByIds(_ORDERS_OF_CHANGED, Detail(_tracking), name="order_tracking"),
        ByIds(
            _ORDERS_ON_THE_WAY,
            Detail(_tracking),
            name="order_tracking_open",
            every=_ON_THE_WAY_AGAIN,
            is_reread=True,
        ),
    ),
)
