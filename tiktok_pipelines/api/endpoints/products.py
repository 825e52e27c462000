"""The Product API: products, and the categories and brands that they may have.

Source: docs/tiktok-shop-api.md, "Products".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import Search
from tiktok_pipelines.api.endpoints.table import (
    BRAND_SEARCH,
    CATEGORIES,
    CATEGORY_ATTRIBUTES,
    CATEGORY_RULES,
    PRODUCT_DETAIL,
    PRODUCT_SEARCH,
)
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.timewindow import TimeWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductSearch(Search):
    """Which products; deleted ones come only with ``status`` ``DELETED``.

    Beyond 10,000 products TikTok refuses to go on (12052180): smaller windows then.
    """

    endpoint = PRODUCT_SEARCH
    most: ClassVar = {"seller_skus": 10, "sku_ids": 10}

    created: TimeWindow | None = None
    updated: TimeWindow | None = None
    status: str | None = None
    audit_status: Sequence[str] = ()
    seller_skus: Sequence[str] = ()
    sku_ids: Sequence[str] = ()
    category_version: str | None = None
    listing_quality_tiers: Sequence[str] = ()
    listing_platforms: Sequence[str] = ()
    sns_filter: str | None = None
    return_draft_version: bool | None = None
    include_live_quick_products: bool | None = None
    locale: str | None = None

    def __post_init__(self) -> None:
        Search.__post_init__(self)
        if self.listing_platforms and self.status in {None, "ALL"}:
            raise ValueError("listing_platforms needs a status other than ALL")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandSearch(Search):
    """Which brands; US shops need ``category_version`` ``v2``."""

    endpoint = BRAND_SEARCH

    category_id: str | None = None
    category_version: str | None = None
    brand_name: str | None = None
    is_authorized: bool | None = None


ProductFamily: TypeAlias = ProductSearch | BrandSearch


class ProductCalls(Family[ProductFamily]):
    """The products of one shop, and what its market allows."""

    def detail(
        self,
        product_id: str,
        *,
        locale: str = "",
        return_draft_version: bool | None = None,
        return_under_review_version: bool | None = None,
    ) -> Page:
        """A product with all it has.

        Raises:
            RequestRefused: it is not there, or another shop's.
        """
        return self._access.read(
            PRODUCT_DETAIL,
            product_id=product_id,
            locale=locale,
            return_draft_version=return_draft_version,
            return_under_review_version=return_under_review_version,
        )

    def categories(
        self,
        *,
        locale: str = "",
        category_version: str = "",
        keyword: str = "",
        listing_platform: str = "",
        include_prohibited_categories: bool | None = None,
    ) -> Page:
        """The whole tree of categories in one page."""
        return self._access.read(
            CATEGORIES,
            locale=locale,
            category_version=category_version,
            keyword=keyword,
            listing_platform=listing_platform,
            include_prohibited_categories=include_prohibited_categories,
        )

    def category_attributes(
        self, category_id: str, *, locale: str = "", category_version: str = ""
    ) -> Page:
        """What a product of a leaf category can or must tell."""
        return self._access.read(
            CATEGORY_ATTRIBUTES,
            category_id=category_id,
            locale=locale,
            category_version=category_version,
        )

    def category_rules(
        self, category_id: str, *, locale: str = "", category_version: str = ""
    ) -> Page:
        """What a leaf category asks for: certificates, size chart, measures."""
        return self._access.read(
            CATEGORY_RULES,
            category_id=category_id,
            locale=locale,
            category_version=category_version,
        )
