"""The Order API: search by time, details by id, what each buyer paid, external ids.

Source: docs/tiktok-shop-api.md, "Orders".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from tiktok_pipelines.api.endpoints.family import Family, in_calls
from tiktok_pipelines.api.endpoints.search import SortedSearch
from tiktok_pipelines.api.endpoints.table import (
    EXTERNAL_ORDERS,
    ORDER_DETAIL,
    ORDER_SEARCH,
    PRICE_DETAIL,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.timewindow import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch(SortedSearch):
    """Which orders."""

    endpoint = ORDER_SEARCH
    most: ClassVar = {"warehouse_ids": 100}

    created: TimeWindow | None = None
    updated: TimeWindow | None = None
    sort_field: Literal["create_time", "update_time"] = "create_time"
    order_status: str | None = None
    shipping_type: str | None = None
    buyer_user_id: str | None = None
    is_buyer_request_cancel: bool | None = None
    warehouse_ids: Sequence[str] = ()


class OrderCalls(Family[OrderSearch]):
    """The orders of one shop."""

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        """The orders of these ids, as many calls as it takes, in the order given.

        An id that TikTok does not know may be missing from the answer.
        """
        return in_calls(self._access, ORDER_DETAIL, ids=order_ids)

    def price_detail(self, order_id: str) -> Page:
        """What makes up the buyer's price of an order; it names the lines only."""
        return self._access.read(PRICE_DETAIL, order_id=order_id)

    def external_orders(self, order_id: str, platform: str) -> Page:
        """The ids of an order in another system, such as ``SHOPIFY``."""
        return self._access.read(EXTERNAL_ORDERS, order_id=order_id, platform=platform)
