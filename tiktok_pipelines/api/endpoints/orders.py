"""The Order API: search by time, details by id.

Source: docs/tiktok-shop-api.md, "Orders".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.table import ORDER_DETAIL, ORDER_SEARCH
from tiktok_pipelines.api.pages import Page, follow
from tiktok_pipelines.api.transport import QueryValue
from tiktok_pipelines.timewindow import TimeWindow

_MAX_WAREHOUSES = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSearch:
    """What to search for; nothing given means every order of the shop.

    Rows move while one pages by update time: sort ascending, and expect rows whose
    update time has left the window.

    Raises:
        ValueError: a page size outside 1 to 100, or more than 100 warehouses.
    """

    created: TimeWindow | None = None
    updated: TimeWindow | None = None
    sort_field: Literal["create_time", "update_time"] = "create_time"
    sort_order: Literal["ASC", "DESC"] = "ASC"
    page_size: int = 100
    order_status: str | None = None
    shipping_type: str | None = None
    buyer_user_id: str | None = None
    is_buyer_request_cancel: bool | None = None
    warehouse_ids: Sequence[str] = ()

    def __post_init__(self) -> None:
        most = ORDER_SEARCH.max_page_size
        if not 1 <= self.page_size <= most:
            raise ValueError(f"page_size must be 1 to {most}, not {self.page_size}")
        if len(self.warehouse_ids) > _MAX_WAREHOUSES:
            raise ValueError(f"at most {_MAX_WAREHOUSES} warehouse ids")

    def query(self, page_token: str) -> Mapping[str, QueryValue]:
        """Paging and sorting, which belong into the query."""
        return {
            "page_size": self.page_size,
            "sort_field": self.sort_field,
            "sort_order": self.sort_order,
            "page_token": page_token,
        }

    def body(self) -> Mapping[str, object]:
        """The filters, which belong into the body."""
        filters = {
            "order_status": self.order_status,
            "shipping_type": self.shipping_type,
            "buyer_user_id": self.buyer_user_id,
            "is_buyer_request_cancel": self.is_buyer_request_cancel,
            "warehouse_ids": list(self.warehouse_ids) or None,
            **_bounds("create_time", self.created),
            **_bounds("update_time", self.updated),
        }
        return {name: value for name, value in filters.items() if value is not None}


def _bounds(name: str, window: TimeWindow | None) -> Mapping[str, int]:
    if window is None:
        return {}
    return {f"{name}_ge": window.start_epoch, f"{name}_lt": window.end_epoch}


class OrderCalls:
    """The orders of one shop."""

    def __init__(self, access: ShopAccess) -> None:
        self._access = access

    def search(self, query: OrderSearch, *, page_token: str = "") -> Page:
        """One page of orders.

        Raises:
            PageTokenRefused: the token is no longer taken.
        """
        return self._access.page(
            ORDER_SEARCH, query.query(page_token), body=query.body()
        )

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        """All pages of a search, guarded against going in circles.

        Raises:
            PageTokenRefused: the pages lead nowhere; start the search again.
        """
        return follow(lambda token: self.search(query, page_token=token))

    def detail(self, order_ids: Sequence[str]) -> Iterator[Page]:
        """The orders of these ids, as many calls as it takes, in the order given.

        An id that TikTok does not know may be missing from the answer.
        """
        for first in range(0, len(order_ids), ORDER_DETAIL.max_ids):
            some = order_ids[first : first + ORDER_DETAIL.max_ids]
            yield self._access.page(ORDER_DETAIL, {"ids": some})
