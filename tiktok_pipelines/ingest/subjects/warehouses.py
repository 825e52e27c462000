"""Warehouses: all in one call; one that is listed no longer is marked as deleted.

Source: docs/tiktok-shop-api.md, "Warehouses".
"""

from collections.abc import Iterator

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.transform.warehouses import WAREHOUSES as MAP


def _warehouses(shop: ShopClient) -> Iterator[Page]:
    yield shop.inventory.warehouses()


WAREHOUSES = Subject(MAP, loads=(Listing(_warehouses, marks_deleted=True),))
