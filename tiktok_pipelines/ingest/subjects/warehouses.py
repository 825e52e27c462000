"""Warehouses: all in one call; one that is listed no longer is marked as deleted.

By which ways goods leave a warehouse is asked warehouse by warehouse, each day.

Source: docs/tiktok-shop-api.md, "Warehouses".
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.transform.warehouses import DELIVERY_OPTIONS as OPTIONS_MAP
from tiktok_pipelines.transform.warehouses import WAREHOUSES as MAP

_DAILY = timedelta(days=1)
_SENDING = """
    SELECT warehouse_id FROM tiktok.warehouses
    WHERE shop_id = :shop_id AND deleted_at IS NULL AND warehouse_id > :after
      AND coalesce(type, '') <> 'RETURN_WAREHOUSE'
    ORDER BY warehouse_id LIMIT :count
"""


def _warehouses(shop: ShopClient) -> Iterator[Page]:
    yield shop.inventory.warehouses()


def _delivery_options(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.inventory.delivery_options, ids)


WAREHOUSES = Subject(MAP, loads=(Listing(_warehouses, marks_deleted=True),))
DELIVERY_OPTIONS = Subject(
    OPTIONS_MAP,
    loads=(
        ByIds(
            _SENDING,
            Detail(_delivery_options),
            name="delivery_option_lists",
            every=_DAILY,
        ),
    ),
)
