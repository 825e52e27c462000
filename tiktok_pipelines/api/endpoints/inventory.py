"""Stock by SKU and warehouse, and the warehouses.

Source: docs/tiktok-shop-api.md, "Inventory" and "Warehouses".
"""

from collections.abc import Iterator, Sequence

from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.family import in_calls
from tiktok_pipelines.api.endpoints.table import (
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    INVENTORY_SEARCH,
    WAREHOUSES,
)
from tiktok_pipelines.api.pages import Page


class InventoryCalls:
    """The stock of one shop: as of the call, for TikTok tells no time."""

    def __init__(self, access: ShopAccess) -> None:
        self._access = access

    def of_products(self, product_ids: Sequence[str]) -> Iterator[Page]:
        """The stock of these products, as many calls as it takes."""
        return in_calls(self._access, INVENTORY_SEARCH, product_ids=product_ids)

    def of_skus(self, sku_ids: Sequence[str]) -> Iterator[Page]:
        """The stock of these SKUs, as many calls as it takes.

        The SKUs of one product may be in several pages.
        """
        return in_calls(self._access, INVENTORY_SEARCH, sku_ids=sku_ids)

    def warehouses(self) -> Page:
        """All warehouses, those for returns too, in one page."""
        return self._access.read(WAREHOUSES)

    def global_warehouses(self) -> Page:
        """The warehouses of the shop's seller, across borders, in one page."""
        return self._access.read(GLOBAL_WAREHOUSES)

    def delivery_options(self, warehouse_id: str, *, scope: str = "") -> Page:
        """How goods of a warehouse may be sent; ``PRODUCT``: in short, for products."""
        return self._access.read(
            DELIVERY_OPTIONS, warehouse_id=warehouse_id, scope=scope
        )
