"""Schema ``tiktok``: what buyers cancelled or sent back, for analysts."""

from typing import Any

from sqlalchemy import Column, Index, SmallInteger, Table

from tiktok_pipelines.storage.columns import (
    flag,
    key,
    moment,
    money,
    place,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata


def _refund() -> tuple[Column[Any], ...]:
    """``refund_amount``."""
    return (
        text("currency", "ISO 4217 code of the refund amounts."),
        money(
            "refund_total",
            "What goes back to the buyer: refund_subtotal, refund_shipping_fee and"
            " refund_tax; null where no money goes back.",
        ),
        money("refund_subtotal", "Goods refunded, after discounts."),
        money("refund_shipping_fee", "Shipping refunded."),
        money("refund_tax", "Tax refunded; 0 where prices include it."),
        money("retail_delivery_fee", "Retail delivery fee refunded (Colorado, US)."),
        money("buyer_service_fee", "Service fee refunded (Indonesia)."),
    )


def _line(of: str, key_name: str) -> tuple[Column[Any], ...]:
    """What lines of both kinds have."""
    return (
        key("shop_id", SHOP_ID),
        key(key_name, f"TikTok's id of the {of}'s line."),
        text("order_id", f"The order that the {of} is about."),
        text("order_line_id", "The unit: tiktok.order_lines.line_id."),
        Column("line_number", SmallInteger, comment="Place in TikTok's list, from 1."),
        text("sku_id", "TikTok's id of the SKU."),
        text("seller_sku", "The seller's own code."),
        text("product_name", "As shown to the buyer."),
        text("sku_name", "Variant, as shown to the buyer."),
        *_refund(),
        *loaded(),
    )


cancellations = Table(
    "cancellations",
    metadata,
    key("shop_id", SHOP_ID),
    key("cancellation_id", "TikTok's id of the request (cancel_id)."),
    text("order_id", "The order; an order may have several, each for some lines."),
    text(
        "status",
        "CANCELLATION_REQUEST_PENDING: asked for; _SUCCESS: granted, money not back "
        "yet; _CANCEL: withdrawn; _COMPLETE: done.",
    ),
    text("type", "CANCEL: by seller or system; BUYER_CANCEL: by the buyer."),
    text("initiator", "BUYER, SELLER, SYSTEM or OPERATOR (role)."),
    text("reason", "TikTok's code of the reason."),
    text("reason_text", "The reason in words, English."),
    moment("created_at", "When it was asked for."),
    moment("updated_at", "TikTok's update time: the last change of the status."),
    flag("should_replenish_stock", "Whether the goods go back into stock."),
    *_refund(),
    text("next_action", "What the seller has to do next, e.g. SELLER_RESPOND_CANCEL."),
    moment("next_action_due_at", "Until when; after that TikTok decides."),
    *versioned(),
    *loaded(),
    Index("cancellations_by_update", "shop_id", "updated_at"),
    Index("cancellations_by_order", "shop_id", "order_id"),
    schema="tiktok",
    comment="One row per request to cancel an order or lines of it, in its newest known"
    " state.",
)

cancellation_lines = Table(
    "cancellation_lines",
    metadata,
    *_line("cancellation", "cancellation_line_id"),
    text("cancellation_id", "The cancellation it belongs to."),
    Index("cancellation_lines_by_cancellation", "shop_id", "cancellation_id"),
    Index("cancellation_lines_by_order_line", "shop_id", "order_line_id"),
    schema="tiktok",
    comment="One row per unit that a cancellation is about.",
)

returns = Table(
    "returns",
    metadata,
    key("shop_id", SHOP_ID),
    key("return_id", "TikTok's id of the request."),
    text("order_id", "The order that goods of come back, or that is refunded."),
    text(
        "status",
        "Newest known status, e.g. RETURN_OR_REFUND_REQUEST_PENDING, "
        "AWAITING_BUYER_SHIP; money is back with RETURN_OR_REFUND_REQUEST_COMPLETE "
        "or REPLACEMENT_REQUEST_REFUND_SUCCESS.",
    ),
    text(
        "type",
        "REFUND: money alone; RETURN_AND_REFUND: goods come back; REPLACEMENT, "
        "EXCHANGE: goods are sent again.",
    ),
    text("initiator", "BUYER, SELLER, OPERATOR or SYSTEM (role)."),
    text("reason", "TikTok's code of the reason."),
    text("reason_text", "The reason in words, English."),
    moment("created_at", "When it was asked for."),
    moment("updated_at", "TikTok's update time: the last change."),
    text(
        "arbitration_status",
        "TikTok as judge: IN_PROGRESS, SUPPORT_BUYER, SUPPORT_SELLER or CLOSED.",
    ),
    *_refund(),
    text("partial_refund_currency", "ISO 4217 code of partial_refund_amount."),
    money("partial_refund_amount", "What the seller offers instead of all."),
    flag("is_partial_refund_rejected", "Whether the buyer refused that offer."),
    text("discount_currency", "ISO 4217 code of the four discounts."),
    money("product_seller_discount", "Seller's discount on the goods that come back."),
    money("product_platform_discount", "TikTok's discount on them."),
    money("shipping_fee_seller_discount", "Seller's discount on their shipping."),
    money("shipping_fee_platform_discount", "TikTok's discount on their shipping."),
    text("return_shipping_currency", "ISO 4217 code of the three fees below."),
    money("seller_paid_return_shipping_fee", "Way back, paid by the seller."),
    money("platform_paid_return_shipping_fee", "Way back, paid by TikTok."),
    money("buyer_paid_return_shipping_fee", "Way back, paid by the buyer."),
    text("shipment_type", "PLATFORM: TikTok ships it back; BUYER_ARRANGE."),
    text("handover_method", "DROP_OFF or PICKUP."),
    text("return_method", "How it comes back, e.g. PLATFORM_SHIPPED."),
    text("shipping_provider_id", "TikTok's id of the carrier of the way back."),
    text("shipping_provider", "Name of the carrier of the way back."),
    text("tracking_number", "The carrier's number of the way back."),
    text("shipping_document_type", "What the parcel needs, e.g. SHIPPING_LABEL."),
    text("return_warehouse_address", "Where it is sent: the seller's address."),
    flag("can_buyer_keep_item", "Refunded without the goods coming back."),
    flag("is_quick_refund", "Refunded before the goods are back."),
    flag("is_combined_return", "One parcel with other returns."),
    text("combined_return_id", "What the returns of one parcel share; 0 for none."),
    text("previous_return_id", "The refused request that this one follows."),
    text("next_return_id", "The request that follows this refused one."),
    text("seller_proposed_type", "What the seller offers instead: PARTIAL_REFUND."),
    text("next_action", "What the seller has to do next, e.g. SELLER_RESPOND_REFUND."),
    moment("next_action_due_at", "Until when; after that TikTok decides."),
    *versioned(),
    *loaded(),
    Index("returns_by_update", "shop_id", "updated_at"),
    Index("returns_by_order", "shop_id", "order_id"),
    schema="tiktok",
    comment="One row per request to return goods, or to refund or replace them, in its"
    " newest known state.",
)

return_lines = Table(
    "return_lines",
    metadata,
    *_line("return", "return_line_id"),
    text("return_id", "The return it belongs to."),
    Index("return_lines_by_return", "shop_id", "return_id"),
    Index("return_lines_by_order_line", "shop_id", "order_line_id"),
    schema="tiktok",
    comment="One row per unit that a return is about.",
)

return_histories = Table(
    "return_histories",
    metadata,
    key("shop_id", SHOP_ID),
    key("return_id", "The return."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="Returns whose history was read, one row each; synced_at says when it was "
    "last found changed. What happened stands in tiktok.return_records.",
)

return_records = Table(
    "return_records",
    metadata,
    key("shop_id", SHOP_ID),
    key("return_id", "The return that it happened to."),
    place("record_number", "Place in TikTok's list, from 1."),
    moment("happened_at", "When it happened (create_time)."),
    text("event", "What happened, e.g. ORDER_RETURN: the request was made."),
    text("role", "Who did it, e.g. Buyer, Seller, Operator, System."),
    text("description", "The same in words, by TikTok."),
    text("reason_text", "The reason that was given, in TikTok's words."),
    *loaded(),
    schema="tiktok",
    comment="What happened to a return, one row per step, by Get Return Records. The "
    "notes, images and videos of buyer and seller are kept nowhere.",
)
