"""Products: what changed, deleted ones too, each day all there are; categories, brands.

A search tells a product in short, so what is new in it is read in detail. Deleted
products come in a search of their own, and so do frozen ones, which the search for all
may leave out. What no search lists any more is marked.

Source: docs/tiktok-shop-api.md, "Products" and "Categories and brands".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.products import BrandSearch, ProductSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import RequestRefused
from tiktok_pipelines.ingest.cursors import move_cursor, read_cursor
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.sliced_listing import SlicedListing
from tiktok_pipelines.ingest.records.subject import Subject, Work
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform import products, taxonomy

_DAILY = timedelta(days=1)
_ALL = timedelta(days=36_500)
_FIRST = datetime(2016, 1, 1, tzinfo=UTC)
"""No product is older than TikTok."""
_MOST = 500
"""In one window: from 10,000 on TikTok refuses; and when an answer is odd, all of its
window is read again in detail."""
_TOO_MANY = frozenset({12052180})
_NO_PRODUCT = frozenset({12019008, 12019150, 12052031, 12052032, 12052034})
_TREES = ("v2", "v1")
"""Categories of seven levels, and of three where the market has no others."""
_NO_TREE = frozenset({36009004, 98001004})
"""What a parameter is refused with; no source has a code for a market without a tree.
"""
_NEWEST_TREE = "categories_v2"
"""What the watermark of a tree of the newest kind is called."""


def _changed(status: str, shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    return shop.products.pages(ProductSearch(updated=window, status=status))


def _created(status: str, shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    return shop.products.pages(ProductSearch(created=window, status=status))


def _details(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return (shop.products.detail(product_id) for product_id in ids)


DETAIL = Detail(
    _details,
    about_an_id=_NO_PRODUCT,
    completes=True,
    mark="listing_hash",
)


def _windows(
    search: Callable[[str, ShopClient, TimeWindow], Iterator[Page]],
    time_field: str,
    status: str,
    name: str,
) -> Windows:
    return Windows(
        partial(search, status),
        time_field,
        step=_ALL,
        most=_MOST,
        too_many=_TOO_MANY,
        first=_FIRST,
        detail=DETAIL,
        name=name,
    )


PRODUCTS = Subject(
    products.PRODUCTS,
    loads=(
        _windows(_changed, "update_time", "ALL", "products"),
        _windows(_changed, "update_time", "FREEZE", "products_frozen"),
        _windows(_changed, "update_time", "DELETED", "products_deleted"),
        SlicedListing(
            (
                _windows(_created, "listed", "ALL", "products_listed"),
                _windows(_created, "listed", "FREEZE", "products_frozen_listed"),
                _windows(_created, "listed", "DELETED", "products_deleted_listed"),
            ),
            first=_FIRST,
            name="products_listed",
            every=_DAILY,
        ),
    ),
    more_ledgers=("products_frozen_listed", "products_deleted_listed"),
)


def _of_a_tree(
    ask: Callable[[str], Page], versions: Sequence[str] = _TREES
) -> Iterator[Page]:
    """The answer for the newest kind of tree that the market has."""
    *newer, oldest = versions
    for version in newer:
        try:
            yield ask(version)
        except RequestRefused as error:
            if error.code not in _NO_TREE:
                raise
            continue
        return
    yield ask(oldest)


@dataclass(frozen=True, slots=True)
class CategoryTree:
    """The whole tree; a market that had the newest kind never gets an older one."""

    name: str = ""

    def run(self, work: Work) -> None:
        """List it; see ``Load``."""
        known = read_cursor(work.database, work.target.shop_id, _NEWEST_TREE)
        versions = _TREES if known is None else _TREES[:1]
        answered: set[str] = set()

        def ask(shop: ShopClient, version: str) -> Page:
            page = shop.products.categories(category_version=version)
            answered.add(version)
            return page

        listing = Listing(
            lambda shop: _of_a_tree(partial(ask, shop), versions),
            marks_deleted=True,
            every=_DAILY,
        )
        try:
            listing.run(work)
        finally:
            if _TREES[0] in answered:
                self._remember(work)

    def _remember(self, work: Work) -> None:
        now = work.clock.now()
        move_cursor(work.database, work.target, _NEWEST_TREE, watermark=now, now=now)


def _brands(shop: ShopClient) -> Iterator[Page]:
    return shop.products.pages(BrandSearch(category_version="v2"))


def _attributes(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    for category_id in ids:
        yield from _of_a_tree(
            lambda version, asked=category_id: shop.products.category_attributes(
                asked, category_version=version
            )
        )


def _rules(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    for category_id in ids:
        yield from _of_a_tree(
            lambda version, asked=category_id: shop.products.category_rules(
                asked, category_version=version
            )
        )


_USED_CATEGORIES = """
    SELECT DISTINCT category_id FROM tiktok.products
    WHERE shop_id = :shop_id AND category_id > :after
    ORDER BY category_id LIMIT :count
"""

CATEGORIES = Subject(
    taxonomy.CATEGORIES,
    loads=(CategoryTree(),),
)
BRANDS = Subject(
    taxonomy.BRANDS,
    loads=(Listing(_brands, is_counted=True, marks_deleted=True, every=_DAILY),),
)
CATEGORY_ATTRIBUTES = Subject(
    taxonomy.CATEGORY_ATTRIBUTES,
    loads=(
        ByIds(
            _USED_CATEGORIES,
            Detail(_attributes),
            name="category_attributes",
            every=_DAILY,
        ),
    ),
)
CATEGORY_RULES = Subject(
    taxonomy.CATEGORY_RULES,
    loads=(
        ByIds(
            _USED_CATEGORIES,
            Detail(_rules),
            name="category_rules",
            every=_DAILY,
        ),
    ),
)
