"""Every call that is no search, with all that it can be told."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from tiktok_pipelines.api.client import ShopClient, TikTokShopClient
from tiktok_pipelines.api.endpoints import table
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines_tests.unit.api.scripted import APP, BASE_URL, CIPHER, World


@dataclass(frozen=True)
class Reading:
    """A call, how it is made, and what of its description it does not offer."""

    endpoint: Endpoint
    make: Callable[[ShopClient], Page | Iterable[Page]]
    not_offered: frozenset[str] = frozenset()

    def pages(self, shop: ShopClient) -> list[Page]:
        made = self.make(shop)
        return [made] if isinstance(made, Page) else list(made)


def shop(scene: World) -> ShopClient:
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    return client.shop("shop-1", cipher=CIPHER, tokens=scene.tokens)


# Whether a category can be sold live and at once is no business of this project.
LIVE_QUICK = frozenset({"is_live_quick"})
# Every type of request is asked about, and the older version knows no choice.
TYPES = frozenset({"request_types"})

READINGS = [
    Reading(table.WEBHOOK_LIST, lambda s: s.events.webhooks()),
    Reading(table.WEBHOOK_SET, lambda s: s.events.subscribe("A", "https://a.b/c")),
    Reading(table.WEBHOOK_DELETE, lambda s: s.events.unsubscribe("A")),
    Reading(table.ORDER_DETAIL, lambda s: s.orders.detail(["57"])),
    Reading(table.PRICE_DETAIL, lambda s: s.orders.price_detail("57")),
    Reading(table.EXTERNAL_ORDERS, lambda s: s.orders.external_orders("57", "SHOPIFY")),
    Reading(
        table.PRODUCT_DETAIL,
        lambda s: s.products.detail(
            "57",
            locale="en-US",
            return_draft_version=True,
            return_under_review_version=False,
        ),
    ),
    Reading(
        table.CATEGORIES,
        lambda s: s.products.categories(
            locale="en-US",
            category_version="v2",
            keyword="mug",
            listing_platform="TOKOPEDIA",
            include_prohibited_categories=True,
        ),
        LIVE_QUICK,
    ),
    Reading(
        table.CATEGORY_ATTRIBUTES,
        lambda s: s.products.category_attributes(
            "57", locale="en-US", category_version="v2"
        ),
        LIVE_QUICK,
    ),
    Reading(
        table.CATEGORY_RULES,
        lambda s: s.products.category_rules(
            "57", locale="en-US", category_version="v2"
        ),
    ),
    Reading(
        table.INVENTORY_SEARCH,
        lambda s: s.inventory.of_products(["57"]),
        frozenset({"sku_ids"}),
    ),
    Reading(
        table.INVENTORY_SEARCH,
        lambda s: s.inventory.of_skus(["57"]),
        frozenset({"product_ids"}),
    ),
    Reading(table.WAREHOUSES, lambda s: s.inventory.warehouses()),
    Reading(table.GLOBAL_WAREHOUSES, lambda s: s.inventory.global_warehouses()),
    Reading(
        table.DELIVERY_OPTIONS,
        lambda s: s.inventory.delivery_options("57", scope="PRODUCT"),
    ),
    Reading(table.PACKAGE_DETAIL, lambda s: s.fulfillment.detail("57")),
    Reading(table.ORDER_TRACKING, lambda s: s.fulfillment.order_tracking("57")),
    Reading(table.PARCEL_TRACKING, lambda s: s.fulfillment.parcel_tracking("57")),
    Reading(table.RETURN_RECORDS, lambda s: s.returns.records("57", locale="en-US")),
    Reading(
        table.AFTERSALE_ELIGIBILITY,
        lambda s: s.returns.eligibility("57", initiate_aftersale_user="BUYER"),
        TYPES,
    ),
    Reading(
        table.REJECT_REASONS, lambda s: s.returns.reject_reasons("57", locale="en-US")
    ),
    Reading(table.ORDER_TRANSACTIONS, lambda s: s.finance.order_transactions("57")),
    Reading(table.ACTIVITY_DETAIL, lambda s: s.promotions.activity("57")),
    Reading(table.COUPON_DETAIL, lambda s: s.promotions.coupon("57")),
]
