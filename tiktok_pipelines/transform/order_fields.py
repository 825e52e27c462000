"""Which fields of an order, its payment and its lines have columns of their own.

Source: docs/tiktok-shop-api.md, "Orders"; search and detail give the same object,
but for the names in ``DETAIL_ONLY``.
"""

from collections.abc import Mapping, Sequence

from tiktok_pipelines.transform.fields import Field, amounts, flags, moments, texts
from tiktok_pipelines.transform.known import (
    EXPECTED_LINE_FIELDS,
    EXPECTED_ORDER_FIELDS,
    EXPECTED_PAYMENT_FIELDS,
    KNOWN_LINE_FIELDS,
    KNOWN_ORDER_FIELDS,
    KNOWN_PAYMENT_FIELDS,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.rows import Columns

DETAIL_ONLY = frozenset(
    {
        "channel_entity_national_registry_id",
        "payment_auth_code",
        "payment_card_type",
        "payment_method_code",
    }
)
"""Fields that only Get Order Detail gives: a later search does not take them away."""

ORDER_FIELDS: Sequence[Field] = (
    *texts("status", "warehouse_id", "fulfillment_type", "shipping_type"),
    *texts("delivery_option_name", "shipping_provider", "tracking_number"),
    *texts("payment_method_name", "order_type", "commerce_platform"),
    *texts("cancel_reason", "cancellation_initiator"),
    *texts(order_id="id", buyer_id="user_id"),
    *flags("is_cod", "is_sample_order", "is_replacement_order"),
    *moments(
        created_at="create_time",
        updated_at="update_time",
        paid_at="paid_time",
        shipped_at="rts_time",
        collected_at="collection_time",
        delivered_at="delivery_time",
        cancelled_at="cancel_time",
    ),
)
PAYMENT_FIELDS: Sequence[Field] = (
    *texts("currency"),
    *amounts("sub_total", "shipping_fee", "seller_discount", "platform_discount"),
    *amounts("tax", "total_amount"),
    *amounts("original_total_product_price", "original_shipping_fee"),
)
LINE_FIELDS: Sequence[Field] = (
    *texts("product_id", "sku_id", "seller_sku", "product_name", "sku_name"),
    *texts("sku_type", "currency", "package_id", "package_status"),
    *texts("tracking_number", "shipping_provider_name", "cancel_reason"),
    *texts("cancel_user", line_id="id", status="display_status"),
    *amounts("sale_price", "original_price", "seller_discount", "platform_discount"),
    *flags("is_gift"),
    *moments(shipped_at="rts_time"),
)


NO_PAYMENT: Mapping[str, object] = {item.column: None for item in PAYMENT_FIELDS}

ORDER = Layout(
    "order", ORDER_FIELDS, known=KNOWN_ORDER_FIELDS, expected=EXPECTED_ORDER_FIELDS
)
PAYMENT = Layout(
    "order",
    PAYMENT_FIELDS,
    known=KNOWN_PAYMENT_FIELDS,
    expected=EXPECTED_PAYMENT_FIELDS,
    prefix="payment.",
)
LINE = Layout(
    "order_line", LINE_FIELDS, known=KNOWN_LINE_FIELDS, expected=EXPECTED_LINE_FIELDS
)

ORDER_COLUMNS = Columns(
    *ORDER.columns,
    *PAYMENT.columns,
    *("extra", "content_hash", "source", "synced_at"),
    *("lines_updated_at", "lines_synced_at"),
)
LINE_COLUMNS = Columns(*LINE.columns, "order_id", "line_number", "extra", "synced_at")
"""Rows of orders and lines, less shop and page."""
