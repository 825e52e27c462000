"""The kinds of notifications that TikTok Shop sends, by number.

Source: docs/tiktok-shop-api.md, "Webhooks".
"""

from collections.abc import Mapping

NAMES: Mapping[int, str] = {
    1: "ORDER_STATUS_CHANGE",
    2: "REVERSE_STATUS_UPDATE",
    3: "RECIPIENT_ADDRESS_UPDATE",
    4: "PACKAGE_UPDATE",
    5: "PRODUCT_STATUS_CHANGE",
    6: "SELLER_DEAUTHORIZATION",
    7: "UPCOMING_AUTHORIZATION_EXPIRATION",
    11: "CANCELLATION_STATUS_CHANGE",
    12: "RETURN_STATUS_CHANGE",
    13: "NEW_CONVERSATION",
    14: "NEW_MESSAGE",
    15: "PRODUCT_INFORMATION_CHANGE",
    16: "PRODUCT_CREATION",
    17: "SHOPPABLE_CONTENT_POSTING",
    18: "PRODUCT_CATEGORY_CHANGE",
    19: "SIZE_CHART_CHANGE",
    20: "CREATOR_DEAUTHORIZATION",
    21: "INBOUND_FBT_ORDER_STATUS_CHANGE",
    22: "FBT_MERCHANT_ONBOARDING",
    23: "GOODS_MATCH",
    24: "FBT_INVENTORY_UPDATE",
    25: "OPPORTUNITY_MATCHING_STATUS_CHANGE",
    27: "INVENTORY_STATUS_CHANGE",
    33: "NEW_MESSAGE_LISTENER",
    35: "TOKOPEDIA_MIRROR_STATUS_CHANGE",
    36: "INVOICE_STATUS_CHANGE",
    37: "PRODUCT_AUDIT_STATUS_CHANGE",
    38: "STRIKETHROUGH_PRICE_EXPIRED",
    39: "ACTIVITY_STATUS_CHANGE",
    42: "COMBINED_LISTING_CHANGE",
    46: "IMAGE_TRANSLATION_COMPLETED",
    50: "SKU_STATUS_CHANGE",
    51: "GLOBAL_REPLICATION_STATUS_CHANGE",
    52: "GLOBAL_LISTING_METHOD_CHANGE",
    55: "VIDEO_PRECHECK_RESULT",
    56: "SAMPLE_APPLICATION_STATUS_CHANGE",
    58: "GET_FBTMCF_ORDER_STATUS",
    59: "SHOPPABLE_VIDEO_PRECHECK_TASKS_RESULT",
    62: "PRODUCT_PACKAGE_RECOMMENDED",
    63: "ACTIVITY_CHANGE",
    64: "AFTERSALES_REQUEST_STATUS_UPDATE",
    65: "RMA_STATUS_UPDATE",
    66: "APPEAL_COMPLETED",
    67: "REFUND_SUCCESS",
    71: "INVENTORY_CHANGED_BY_SHOP",
}
SUBSCRIBABLE = (
    "CANCELLATION_STATUS_CHANGE",
    "INVOICE_STATUS_CHANGE",
    "NEW_CONVERSATION",
    "NEW_MESSAGE",
    "NEW_MESSAGE_LISTENER",
    "ORDER_STATUS_CHANGE",
    "PACKAGE_UPDATE",
    "PRODUCT_AUDIT_STATUS_CHANGE",
    "PRODUCT_CATEGORY_CHANGE",
    "PRODUCT_CREATION",
    "PRODUCT_INFORMATION_CHANGE",
    "PRODUCT_STATUS_CHANGE",
    "RECIPIENT_ADDRESS_UPDATE",
    "RETURN_STATUS_CHANGE",
    "REVERSE_STATUS_UPDATE",
    "SELLER_DEAUTHORIZATION",
    "UPCOMING_AUTHORIZATION_EXPIRATION",
)
"""What the Event API takes; the other kinds are chosen in Partner Center."""
DESIRED = (
    "ORDER_STATUS_CHANGE",
    "RECIPIENT_ADDRESS_UPDATE",
    "PACKAGE_UPDATE",
    "PRODUCT_STATUS_CHANGE",
    "PRODUCT_INFORMATION_CHANGE",
    "PRODUCT_CREATION",
    "PRODUCT_CATEGORY_CHANGE",
    "PRODUCT_AUDIT_STATUS_CHANGE",
    "CANCELLATION_STATUS_CHANGE",
    "RETURN_STATUS_CHANGE",
    "INVOICE_STATUS_CHANGE",
    "SELLER_DEAUTHORIZATION",
    "UPCOMING_AUTHORIZATION_EXPIRATION",
)
"""What shops are subscribed to unless told otherwise: what something follows from."""
ALIASES: Mapping[str, str] = {
    "ORDER_STATUS_UPDATE": "ORDER_STATUS_CHANGE",
    "PACKAGE_STATUS_CHANGE": "PACKAGE_UPDATE",
    "RETURN_REQUEST": "RETURN_STATUS_CHANGE",
    "REVERSE_ORDER_STATUS_UPDATE": "REVERSE_STATUS_UPDATE",
}
"""Other names in use for the same."""
_NUMBERS = {name: number for number, name in NAMES.items()}


def name_of(told: str) -> str | None:
    """The name of a kind by name, alias or number; None if there is none."""
    if told.isascii() and told.isdigit():
        return NAMES.get(int(told[:9]))
    name = told.strip().upper().replace("-", "_")
    name = ALIASES.get(name, name)
    return name if name in _NUMBERS else None


def number_of(told: str) -> int | None:
    """The number of a kind by name, alias or number, known or not."""
    if told.isascii() and told.isdigit():
        return int(told[:9])
    return _NUMBERS.get(name_of(told) or "")
