"""Warehouses: all in one call; one that is listed no longer is marked as deleted.

By which ways goods leave a warehouse is asked warehouse by warehouse, each day. Sellers
across borders have warehouses above those of their shops.

Source: docs/tiktok-shop-api.md, "Warehouses".
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.optional import IfServed
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.transform import warehouses

_DAILY = timedelta(days=1)
_SENDING = """
    SELECT warehouse_id FROM tiktok.warehouses
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND warehouse_id > :after
      AND coalesce(type, '') <> 'RETURN_WAREHOUSE'
    ORDER BY warehouse_id LIMIT :count
"""


def _warehouses(shop: ShopClient) -> Iterator[Page]:
    yield shop.inventory.warehouses()


def _global_warehouses(shop: ShopClient) -> Iterator[Page]:
    yield shop.inventory.global_warehouses()


def _delivery_options(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.inventory.delivery_options, ids)


WAREHOUSES = Subject(
    warehouses.WAREHOUSES, loads=(Listing(_warehouses, marks_deleted=True),)
)
GLOBAL_WAREHOUSES = Subject(
    warehouses.GLOBAL_WAREHOUSES,
    loads=(IfServed(Listing(_global_warehouses, marks_deleted=True, every=_DAILY)),),
)
DELIVERY_OPTIONS = Subject(
    warehouses.DELIVERY_OPTIONS,
    loads=(
        ByIds(
            _SENDING,
            Detail(_delivery_options),
            name="delivery_option_lists",
            every=_DAILY,
        ),
    ),
)
