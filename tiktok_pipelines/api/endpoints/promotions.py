"""Promotions and coupons.

Source: docs/tiktok-shop-api.md, "Promotions".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import Search
from tiktok_pipelines.api.endpoints.table import (
    ACTIVITY_DETAIL,
    ACTIVITY_SEARCH,
    COUPON_DETAIL,
    COUPON_SEARCH,
)
from tiktok_pipelines.api.pages import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivitySearch(Search):
    """Which promotions; there is no filter by time."""

    endpoint = ACTIVITY_SEARCH

    status: str | None = None
    activity_type: str | None = None
    activity_title: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CouponSearch(Search):
    """Which coupons; there is no filter by time."""

    endpoint = COUPON_SEARCH

    status: Sequence[str] = ()
    display_type: Sequence[str] = ()
    title_keyword: str | None = None


PromotionFamily: TypeAlias = ActivitySearch | CouponSearch


class PromotionCalls(Family[PromotionFamily]):
    """What one shop sells for less."""

    def activity(self, activity_id: str) -> Page:
        """A promotion with its products and SKUs."""
        return self._access.read(ACTIVITY_DETAIL, activity_id=activity_id)

    def coupon(self, coupon_id: str) -> Page:
        """A coupon with its products and how often it was used."""
        return self._access.read(COUPON_DETAIL, coupon_id=coupon_id)
