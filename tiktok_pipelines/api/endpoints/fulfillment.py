"""Packages, and where they are.

Source: docs/tiktok-shop-api.md, "Packages".
"""

from dataclasses import dataclass
from typing import Literal

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import SortedSearch
from tiktok_pipelines.api.endpoints.table import (
    ORDER_TRACKING,
    PACKAGE_DETAIL,
    PACKAGE_SEARCH,
    PARCEL_TRACKING,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.timewindow import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageSearch(SortedSearch):
    """Which packages."""

    endpoint = PACKAGE_SEARCH

    created: TimeWindow | None = None
    updated: TimeWindow | None = None
    sort_field: Literal["create_time", "update_time", "order_pay_time"] = "create_time"
    package_status: str | None = None


class FulfillmentCalls(Family[PackageSearch]):
    """The packages of one shop."""

    def detail(self, package_id: str) -> Page:
        """A package with all it has; here its id is ``package_id``."""
        return self._access.read(PACKAGE_DETAIL, package_id=package_id)

    def order_tracking(self, order_id: str) -> Page:
        """What happened to the parcels of an order, newest first."""
        return self._access.read(ORDER_TRACKING, order_id=order_id)

    def parcel_tracking(self, order_id: str) -> Page:
        """The same parcel by parcel; for orders across borders only."""
        return self._access.read(PARCEL_TRACKING, order_id=order_id)
