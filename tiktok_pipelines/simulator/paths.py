"""The paths of the API and of the auth host that exist here."""

SHOPS = "/authorization/202309/shops"
SEARCH = "/order/202309/orders/search"
DETAIL = "/order/202507/orders"
OLD_DETAIL = "/order/202309/orders"
TOKEN_GET = "/api/v2/token/get"  # noqa: S105 - a path
TOKEN_REFRESH = "/api/v2/token/refresh"  # noqa: S105 - a path

TOKENS = (TOKEN_GET, TOKEN_REFRESH)
ORDERS = (SEARCH, DETAIL, OLD_DETAIL)
SIGNED = (SHOPS, *ORDERS)
EVERYWHERE = (*SIGNED, *TOKENS)
