"""The one table of every call that the project makes.

A path names the version that is used. A test compares each line with a description
of the API; deviations stand there with their reasons.
"""

from dataclasses import replace

from tiktok_pipelines.api.endpoints.endpoint import Endpoint

# The two calls of the auth host are no writes: after a lost answer, asking again is
# the only way to learn what became of the code or the refresh token.
TOKEN_GET = Endpoint("token_get", "GET", "/api/v2/token/get", takes_cipher=False)
TOKEN_REFRESH = Endpoint(
    "token_refresh", "GET", "/api/v2/token/refresh", takes_cipher=False
)
AUTHORIZED_SHOPS = Endpoint(
    "authorized_shops",
    "GET",
    "/authorization/202309/shops",
    takes_cipher=False,
    records_key="shops",
)

# Webhooks: of the app rather than the seller, and the same twice as once, so no writes.

WEBHOOK_LIST = Endpoint(
    "webhook_list",
    "GET",
    "/event/202309/webhooks",
    records_key="webhooks",
    id_key="event_type",
)
WEBHOOK_SET = Endpoint("webhook_set", "PUT", "/event/202309/webhooks", id_key="")
WEBHOOK_DELETE = Endpoint(
    "webhook_delete", "DELETE", "/event/202309/webhooks", id_key=""
)

# Orders

ORDER_SEARCH = Endpoint(
    "order_search",
    "POST",
    "/order/202309/orders/search",
    max_page_size=100,
    records_key="orders",
    is_bulk=True,
)
ORDER_DETAIL = Endpoint(
    "order_detail",
    "GET",
    "/order/202507/orders",
    max_ids={"ids": 50},
    records_key="orders",
    is_bulk=True,
)
PRICE_DETAIL = Endpoint(
    "price_detail", "GET", "/order/202407/orders/{order_id}/price_detail", id_key=""
)
EXTERNAL_ORDERS = Endpoint(
    "external_orders",
    "GET",
    "/order/202406/orders/{order_id}/external_orders",
    records_key="external_orders",
)

# Products

PRODUCT_SEARCH = Endpoint(
    "product_search",
    "POST",
    "/product/202502/products/search",
    max_page_size=100,
    window_end="le",
    records_key="products",
)
PRODUCT_DETAIL = Endpoint(
    "product_detail", "GET", "/product/202309/products/{product_id}"
)
CATEGORIES = Endpoint(
    "categories", "GET", "/product/202309/categories", records_key="categories"
)
CATEGORY_ATTRIBUTES = Endpoint(
    "category_attributes",
    "GET",
    "/product/202309/categories/{category_id}/attributes",
    records_key="attributes",
)
CATEGORY_RULES = Endpoint(
    "category_rules", "GET", "/product/202309/categories/{category_id}/rules", id_key=""
)
BRAND_SEARCH = Endpoint(
    "brand_search",
    "GET",
    "/product/202309/brands",
    max_page_size=100,
    records_key="brands",
)

# Stock

INVENTORY_SEARCH = Endpoint(
    "inventory_search",
    "POST",
    "/product/202309/inventory/search",
    max_ids={"product_ids": 100, "sku_ids": 600},
    records_key="inventory",
    id_key="product_id",
)
WAREHOUSES = Endpoint(
    "warehouses", "GET", "/logistics/202309/warehouses", records_key="warehouses"
)
DELIVERY_OPTIONS = Endpoint(
    "delivery_options",
    "GET",
    "/logistics/202309/warehouses/{warehouse_id}/delivery_options",
    records_key="delivery_options",
)

GLOBAL_WAREHOUSES = Endpoint(
    "global_warehouses",
    "GET",
    "/logistics/202309/global_warehouses",
    takes_cipher=False,
    records_key="global_warehouses",
)

FBT_INVENTORY = Endpoint(
    "fbt_inventory",
    "POST",
    "/fbt/202408/inventory/search",
    max_page_size=100,
    records_key="inventory",
    id_key="",
)

# Fulfilment

PACKAGE_SEARCH = Endpoint(
    "package_search",
    "POST",
    "/fulfillment/202309/packages/search",
    max_page_size=50,
    records_key="packages",
)
PACKAGE_DETAIL = Endpoint(
    "package_detail",
    "GET",
    "/fulfillment/202309/packages/{package_id}",
    id_key="package_id",
)
ORDER_TRACKING = Endpoint(
    "order_tracking",
    "GET",
    "/fulfillment/202309/orders/{order_id}/tracking",
    records_key="tracking",
    id_key="",
)
PARCEL_TRACKING = Endpoint(
    "parcel_tracking",
    "GET",
    "/logistics/202604/orders/{order_id}/tracking",
    records_key="logistics_details",
    id_key="newest_tracking_no",
)

# Returns and cancellations

RETURN_SEARCH_202309 = Endpoint(
    "return_search_202309",
    "POST",
    "/return_refund/202309/returns/search",
    max_page_size=50,
    min_page_size=10,
    records_key="return_orders",
    id_key="return_id",
)
RETURN_SEARCH = replace(
    RETURN_SEARCH_202309,
    name="return_search",
    path="/return_refund/202602/returns/search",
    older=RETURN_SEARCH_202309,
)
CANCELLATION_SEARCH_202309 = Endpoint(
    "cancellation_search_202309",
    "POST",
    "/return_refund/202309/cancellations/search",
    max_page_size=50,
    min_page_size=10,
    records_key="cancellations",
    id_key="cancel_id",
)
CANCELLATION_SEARCH = replace(
    CANCELLATION_SEARCH_202309,
    name="cancellation_search",
    path="/return_refund/202602/cancellations/search",
    older=CANCELLATION_SEARCH_202309,
)
RETURN_RECORDS = Endpoint(
    "return_records",
    "GET",
    "/return_refund/202309/returns/{return_id}/records",
    records_key="records",
    id_key="",
)
AFTERSALE_ELIGIBILITY_202309 = Endpoint(
    "aftersale_eligibility_202309",
    "GET",
    "/return_refund/202309/orders/{order_id}/aftersale_eligibility",
    records_key="sku_eligibility",
    id_key="sku_id",
)
AFTERSALE_ELIGIBILITY = replace(
    AFTERSALE_ELIGIBILITY_202309,
    name="aftersale_eligibility",
    path="/return_refund/202602/orders/{order_id}/aftersale_eligibility",
    older=AFTERSALE_ELIGIBILITY_202309,
)
REJECT_REASONS = Endpoint(
    "reject_reasons",
    "GET",
    "/return_refund/202309/reject_reasons",
    records_key="reasons",
    id_key="name",
)

# Finance

STATEMENT_SEARCH = Endpoint(
    "statement_search",
    "GET",
    "/finance/202309/statements",
    max_page_size=100,
    records_key="statements",
)
STATEMENT_TRANSACTIONS = Endpoint(
    "statement_transactions",
    "GET",
    "/finance/202501/statements/{statement_id}/statement_transactions",
    max_page_size=100,
    records_key="transactions",
)
ORDER_TRANSACTIONS = Endpoint(
    "order_transactions",
    "GET",
    "/finance/202501/orders/{order_id}/statement_transactions",
    records_key="sku_transactions",
    id_key="",
)
PAYMENT_SEARCH_202309 = Endpoint(
    "payment_search_202309",
    "GET",
    "/finance/202309/payments",
    max_page_size=100,
    records_key="payments",
)
PAYMENT_SEARCH = replace(
    PAYMENT_SEARCH_202309,
    name="payment_search",
    path="/finance/202605/payments",
    older=PAYMENT_SEARCH_202309,
)
WITHDRAWAL_SEARCH = Endpoint(
    "withdrawal_search",
    "GET",
    "/finance/202309/withdrawals",
    max_page_size=100,
    records_key="withdrawals",
)
UNSETTLED_SEARCH = Endpoint(
    "unsettled_search",
    "GET",
    "/finance/202507/orders/unsettled",
    max_page_size=100,
    records_key="transactions",
)

# Promotions

ACTIVITY_SEARCH = Endpoint(
    "activity_search",
    "POST",
    "/promotion/202309/activities/search",
    max_page_size=100,
    paging="body",
    records_key="activities",
)
ACTIVITY_DETAIL = Endpoint(
    "activity_detail",
    "GET",
    "/promotion/202309/activities/{activity_id}",
    id_key="activity_id",
)
COUPON_SEARCH = Endpoint(
    "coupon_search",
    "POST",
    "/promotion/202406/coupons/search",
    max_page_size=100,
    records_key="coupons",
)
COUPON_DETAIL = Endpoint(
    "coupon_detail",
    "GET",
    "/promotion/202406/coupons/{coupon_id}",
    records_key="coupon",
    is_one=True,
)

ENDPOINTS: tuple[Endpoint, ...] = (
    TOKEN_GET,
    TOKEN_REFRESH,
    AUTHORIZED_SHOPS,
    WEBHOOK_LIST,
    WEBHOOK_SET,
    WEBHOOK_DELETE,
    ORDER_SEARCH,
    ORDER_DETAIL,
    PRICE_DETAIL,
    EXTERNAL_ORDERS,
    PRODUCT_SEARCH,
    PRODUCT_DETAIL,
    CATEGORIES,
    CATEGORY_ATTRIBUTES,
    CATEGORY_RULES,
    BRAND_SEARCH,
    INVENTORY_SEARCH,
    WAREHOUSES,
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    FBT_INVENTORY,
    PACKAGE_SEARCH,
    PACKAGE_DETAIL,
    ORDER_TRACKING,
    PARCEL_TRACKING,
    RETURN_SEARCH,
    RETURN_SEARCH_202309,
    CANCELLATION_SEARCH,
    CANCELLATION_SEARCH_202309,
    RETURN_RECORDS,
    REJECT_REASONS,
    AFTERSALE_ELIGIBILITY,
    AFTERSALE_ELIGIBILITY_202309,
    STATEMENT_SEARCH,
    STATEMENT_TRANSACTIONS,
    ORDER_TRANSACTIONS,
    PAYMENT_SEARCH,
    PAYMENT_SEARCH_202309,
    WITHDRAWAL_SEARCH,
    UNSETTLED_SEARCH,
    ACTIVITY_SEARCH,
    ACTIVITY_DETAIL,
    COUPON_SEARCH,
    COUPON_DETAIL,
)


def called(method: str, path: str) -> Endpoint | None:
    """The call that a method and a path with its ids filled in belong to."""
    for endpoint in ENDPOINTS:
        if endpoint.method == method and endpoint.ids_of(path) is not None:
            return endpoint
    return None
