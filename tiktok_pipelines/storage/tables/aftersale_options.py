"""Schema ``tiktok``: what may be answered and asked after a sale, for analysts."""

from sqlalchemy import Index, Table

from tiktok_pipelines.storage.columns import (
    document,
    flag,
    key,
    number,
    place,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

reject_reasons = Table(
    "reject_reasons",
    metadata,
    key("shop_id", SHOP_ID),
    key("reason", "TikTok's code of the reason (name)."),
    text("reason_text", "The reason in words, English."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per reason with which the seller may reject a request to cancel, "
    "refund or return. TikTok tells those that fit a request: a few requests of each "
    "type are asked about each day.",
)

_ORDER_ID = "The order: tiktok.orders."
_SKU_NUMBER = "Place of the SKU in TikTok's list, from 1."
_SKU_ID = "TikTok's id of the SKU."

aftersale_eligibilities = Table(
    "aftersale_eligibilities",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", _ORDER_ID),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="Orders of which it was asked what the seller may still do about them, one "
    "row each; synced_at says when the answer was last found changed. What it says "
    "stands in tiktok.aftersale_eligibility_requests. Asked while an order is open, "
    "and again when it, a return or a cancellation of it changed. Source: Return and "
    "Refund API, Get Aftersale Eligibility.",
)

aftersale_eligibility_skus = Table(
    "aftersale_eligibility_skus",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", _ORDER_ID),
    place("sku_number", _SKU_NUMBER),
    text("sku_id", _SKU_ID),
    *loaded(),
    schema="tiktok",
    comment="One row per SKU of such an order.",
)

aftersale_eligibility_requests = Table(
    "aftersale_eligibility_requests",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", _ORDER_ID),
    place("sku_number", _SKU_NUMBER),
    place("request_number", "Place in TikTok's list of the SKU's requests, from 1."),
    text("sku_id", _SKU_ID),
    text("request_type", "CANCEL, REFUND, RETURN or RETURN_AND_REFUND."),
    flag("is_eligible", "Whether the seller may make such a request now (eligible)."),
    number("ineligible_code", "Why not: TikTok's code."),
    text("ineligible_reason", "Why not, in words."),
    document(
        "available_reasons",
        "TikTok's codes of reasons that it may be made for, a list; at times a text.",
    ),
    document(
        "order_line_ids",
        "The units it is about: tiktok.order_lines.line_id, a list.",
    ),
    document(
        "order_lines",
        "The same with what is in bundles, a list of {order_line_item_id, "
        "sub_order_line_item_id} as received.",
    ),
    *loaded(),
    Index("aftersale_eligibility_requests_by_sku", "shop_id", "sku_id"),
    schema="tiktok",
    comment="One row per order, SKU and type of request after the sale: whether the "
    "seller may make it as of the last answer, else why not.",
)
