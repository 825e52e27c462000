"""Returns, refunds and cancellations.

Source: docs/tiktok-shop-api.md, "Returns and cancellations".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import SortedSearch
from tiktok_pipelines.api.endpoints.table import (
    AFTERSALE_ELIGIBILITY,
    CANCELLATION_SEARCH,
    REJECT_REASONS,
    RETURN_RECORDS,
    RETURN_SEARCH,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.timewindow import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class AftersaleSearch(SortedSearch):
    """What both searches take."""

    created: TimeWindow | None = None
    updated: TimeWindow | None = None
    sort_field: Literal["create_time", "update_time"] = "create_time"
    order_ids: Sequence[str] = ()
    buyer_user_ids: Sequence[str] = ()
    locale: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnSearch(AftersaleSearch):
    """Which returns and refunds."""

    endpoint = RETURN_SEARCH

    return_ids: Sequence[str] = ()
    return_types: Sequence[str] = ()
    return_status: Sequence[str] = ()
    arbitration_status: Sequence[str] = ()
    seller_proposed_return_type: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CancellationSearch(AftersaleSearch):
    """Which cancellations."""

    endpoint = CANCELLATION_SEARCH

    cancel_ids: Sequence[str] = ()
    cancel_types: Sequence[str] = ()
    cancel_status: Sequence[str] = ()


ReturnFamily: TypeAlias = ReturnSearch | CancellationSearch


class ReturnCalls(Family[ReturnFamily]):
    """What came back to one shop, or never left it."""

    def records(self, return_id: str, *, locale: str = "") -> Page:
        """The history of one return."""
        return self._access.read(RETURN_RECORDS, return_id=return_id, locale=locale)

    def eligibility(self, order_id: str, *, initiate_aftersale_user: str = "") -> Page:
        """What may be asked for an order now, by the seller unless told otherwise.

        Where the shop is refused the newest version, its older one answers.
        """
        return self._served(
            AFTERSALE_ELIGIBILITY,
            lambda endpoint: self._access.read(
                endpoint,
                order_id=order_id,
                initiate_aftersale_user=initiate_aftersale_user,
            ),
        )

    def reject_reasons(self, request_id: str, *, locale: str = "") -> Page:
        """What the seller may reject a return or a cancellation with."""
        return self._access.read(
            REJECT_REASONS, return_or_cancel_id=request_id, locale=locale
        )
