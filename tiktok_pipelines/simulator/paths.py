"""The paths of the API and of the auth host that exist here.

A part in braces stands for any id. ``RECORDS`` says under which key an answer holds its
records; an empty key: the answer is the record.
"""

WEBHOOKS = "/event/202309/webhooks"
SHOPS = "/authorization/202309/shops"
TOKEN_GET = "/api/v2/token/get"  # noqa: S105 - a path
TOKEN_REFRESH = "/api/v2/token/refresh"  # noqa: S105 - a path

SEARCH = "/order/202309/orders/search"
DETAIL = "/order/202507/orders"
OLD_DETAIL = "/order/202309/orders"

PRODUCT_SEARCH = "/product/202502/products/search"
PRODUCT = "/product/202309/products/{product_id}"
CATEGORIES = "/product/202309/categories"
ATTRIBUTES = "/product/202309/categories/{category_id}/attributes"
RULES = "/product/202309/categories/{category_id}/rules"
BRANDS = "/product/202309/brands"
INVENTORY = "/product/202309/inventory/search"
WAREHOUSES = "/logistics/202309/warehouses"
GLOBAL_WAREHOUSES = "/logistics/202309/global_warehouses"
DELIVERY_OPTIONS = "/logistics/202309/warehouses/{warehouse_id}/delivery_options"

FBT_INVENTORY = "/fbt/202408/inventory/search"

PACKAGE_SEARCH = "/fulfillment/202309/packages/search"
PACKAGE = "/fulfillment/202309/packages/{package_id}"
TRACKING = "/fulfillment/202309/orders/{order_id}/tracking"

CANCELLATIONS = "/return_refund/202602/cancellations/search"
OLD_CANCELLATIONS = "/return_refund/202309/cancellations/search"
RETURNS = "/return_refund/202602/returns/search"
OLD_RETURNS = "/return_refund/202309/returns/search"
RETURN_RECORDS = "/return_refund/202309/returns/{return_id}/records"
ELIGIBILITY = "/return_refund/202602/orders/{order_id}/aftersale_eligibility"
OLD_ELIGIBILITY = "/return_refund/202309/orders/{order_id}/aftersale_eligibility"
REJECT_REASONS = "/return_refund/202309/reject_reasons"

STATEMENTS = "/finance/202309/statements"
STATEMENT_TRANSACTIONS = (
    "/finance/202501/statements/{statement_id}/statement_transactions"
)
ORDER_TRANSACTIONS = "/finance/202501/orders/{order_id}/statement_transactions"
PAYMENTS = "/finance/202309/payments"
NEW_PAYMENTS = "/finance/202605/payments"
WITHDRAWALS = "/finance/202309/withdrawals"
UNSETTLED_ORDERS = "/finance/202507/orders/unsettled"
PRICE_DETAIL = "/order/202407/orders/{order_id}/price_detail"
EXTERNAL_ORDERS = "/order/202406/orders/{order_id}/external_orders"

ACTIVITIES = "/promotion/202309/activities/search"
ACTIVITY = "/promotion/202309/activities/{activity_id}"
COUPONS = "/promotion/202406/coupons/search"
COUPON = "/promotion/202406/coupons/{coupon_id}"

TOKENS = (TOKEN_GET, TOKEN_REFRESH)
ORDERS = (SEARCH, DETAIL, OLD_DETAIL)

RECORDS = {
    SEARCH: "orders",
    DETAIL: "orders",
    OLD_DETAIL: "orders",
    PRODUCT_SEARCH: "products",
    PRODUCT: "",
    BRANDS: "brands",
    INVENTORY: "inventory",
    WAREHOUSES: "warehouses",
    DELIVERY_OPTIONS: "delivery_options",
    GLOBAL_WAREHOUSES: "global_warehouses",
    FBT_INVENTORY: "inventory",
    PACKAGE_SEARCH: "packages",
    PACKAGE: "",
    TRACKING: "tracking",
    CANCELLATIONS: "cancellations",
    OLD_CANCELLATIONS: "cancellations",
    RETURNS: "return_orders",
    OLD_RETURNS: "return_orders",
    RETURN_RECORDS: "records",
    ELIGIBILITY: "sku_eligibility",
    OLD_ELIGIBILITY: "sku_eligibility",
    STATEMENTS: "statements",
    STATEMENT_TRANSACTIONS: "transactions",
    ORDER_TRANSACTIONS: "sku_transactions",
    PAYMENTS: "payments",
    NEW_PAYMENTS: "payments",
    WITHDRAWALS: "withdrawals",
    UNSETTLED_ORDERS: "transactions",
    PRICE_DETAIL: "",
    EXTERNAL_ORDERS: "external_orders",
    ACTIVITIES: "activities",
    ACTIVITY: "",
    COUPONS: "coupons",
    COUPON: "coupon",
}
PAGED = (
    SEARCH,
    PRODUCT_SEARCH,
    BRANDS,
    FBT_INVENTORY,
    PACKAGE_SEARCH,
    CANCELLATIONS,
    OLD_CANCELLATIONS,
    RETURNS,
    OLD_RETURNS,
    STATEMENTS,
    STATEMENT_TRANSACTIONS,
    PAYMENTS,
    NEW_PAYMENTS,
    WITHDRAWALS,
    UNSETTLED_ORDERS,
    COUPONS,
)

SIGNED = (
    *(SHOPS, WEBHOOKS, *RECORDS),
    *(CATEGORIES, ATTRIBUTES, RULES, REJECT_REASONS),
)
EVERYWHERE = (*SIGNED, *TOKENS)
