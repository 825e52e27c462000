"""Schema ``tiktok``: promotions and coupons, and what is sold for less by them."""

from sqlalchemy import Index, Table

from tiktok_pipelines.storage.columns import (
    key,
    measure,
    moment,
    money,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

_STATUS = "NOT_START, ONGOING, EXPIRED or DEACTIVATED."
_LIMIT = "Most units sold at this price; -1: no limit."
_PER_USER = "Most units one buyer gets at this price; -1: no limit."
_USED = "Units sold at this price so far."
_DISCOUNT = "What is taken off, in percent of the price, as TikTok says it."

promotions = Table(
    "promotions",
    metadata,
    key("shop_id", SHOP_ID),
    key("promotion_id", "TikTok's id of the promotion (activity_id)."),
    text("title", "The seller's name for it."),
    text(
        "promotion_type",
        "DIRECT_DISCOUNT, FLASHSALE, FIXED_PRICE, SHIPPING_DISCOUNT, "
        "BUY_MORE_SAVE_MORE, GIFT_WITH_PURCHASE or BUY_X_GET_Y (activity_type).",
    ),
    text("status", f"Newest known status: {_STATUS}"),
    text("product_level", "What it is set for: PRODUCT, VARIATION (SKU) or SHOP."),
    text("duration_type", "Whether it ends: NORMAL, or a longer one by TikTok's word."),
    moment("begins_at", "When it begins (begin_time)."),
    moment("ends_at", "When it ends (end_time)."),
    moment("created_at", "When the seller set it up, to the millisecond."),
    moment("updated_at", "TikTok's update time of it, to the millisecond."),
    text("target_user_type", "For whom: ALL_USER, SHOP_NEW_CUSTOMER, …"),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per promotion of the shop, by Get Activity. Discounts by "
    "quantity, for shipping or with gifts stand in extra, under discount.",
)

promotion_products = Table(
    "promotion_products",
    metadata,
    key("shop_id", SHOP_ID),
    key("promotion_id", "The promotion."),
    key("product_id", "TikTok's id of a product in it."),
    measure("discount_pct", _DISCOUNT),
    money("price", "What the product costs in the promotion, where it is fixed."),
    text("currency", "ISO 4217 code of the price."),
    number("quantity_limit", _LIMIT),
    number("quantity_per_user", _PER_USER),
    number("used_quantity", _USED),
    *loaded(),
    Index("promotion_products_by_product", "shop_id", "product_id"),
    schema="tiktok",
    comment="Which products are in a promotion, and on what terms if these are set for "
    "the product; else see tiktok.promotion_skus.",
)

promotion_skus = Table(
    "promotion_skus",
    metadata,
    key("shop_id", SHOP_ID),
    key("promotion_id", "The promotion."),
    key("product_id", "The product that the SKU belongs to."),
    key("sku_id", "TikTok's id of a SKU in it."),
    measure("discount_pct", _DISCOUNT),
    money("price", "What the SKU costs in the promotion, where it is fixed."),
    text("currency", "ISO 4217 code of the price."),
    number("quantity_limit", _LIMIT),
    number("quantity_per_user", _PER_USER),
    number("used_quantity", _USED),
    *loaded(),
    Index("promotion_skus_by_sku", "shop_id", "sku_id"),
    schema="tiktok",
    comment="Which SKUs are in a promotion, and on what terms.",
)

coupons = Table(
    "coupons",
    metadata,
    key("shop_id", SHOP_ID),
    key("coupon_id", "TikTok's id of the coupon."),
    text("title", "The seller's name for it."),
    text("status", f"Newest known status: {_STATUS}"),
    text(
        "display_type",
        "Where buyers meet it: REGULAR, LIVE, CREATOR_EXCLUSIVE, CHAT or PROMO_CODE.",
    ),
    text("promo_code", "The code that buyers type in, for a PROMO_CODE."),
    text("target_buyer_segment", "For whom: ALL, or a group by TikTok's word."),
    text("product_scope", "For what: FULL_SHOP, or the products in coupon_products."),
    text("creation_source", "Where it was set up, e.g. SELLER_CENTER."),
    moment("claim_from_at", "From when buyers can claim it."),
    moment("claim_until_at", "Until when buyers can claim it."),
    text("redemption_type", "ABSOLUTE: between the two moments; RELATIVE: a while."),
    moment("redeem_from_at", "From when it can be redeemed."),
    moment("redeem_until_at", "Until when it can be redeemed."),
    number(
        "redeem_within",
        "How long it can be redeemed once claimed, for RELATIVE; the unit is TikTok's "
        "and undocumented.",
    ),
    text("discount_type", "How it reduces the price: PERCENT_OFF, or an amount."),
    measure("discount_pct", "What is taken off, in percent, for PERCENT_OFF."),
    money("reduction_amount", "What is taken off, in reduction_currency."),
    money("max_discount_amount", "Most that is taken off, in max_discount_currency."),
    text("threshold_type", "What the buyer must reach, e.g. MIN_SPEND."),
    money("min_spend_amount", "Least that the buyer must spend, in currency."),
    text("currency", "ISO 4217 code of min_spend_amount."),
    text("reduction_currency", "ISO 4217 code of reduction_amount."),
    text("max_discount_currency", "ISO 4217 code of max_discount_amount."),
    number("claim_limit_per_buyer", "How often one buyer can claim it."),
    number("claim_limit", "How often it can be claimed in all."),
    number("redemption_limit", "How often it can be redeemed."),
    number("claimed_count", "How often it was claimed so far."),
    number("redeemed_count", "How often it was redeemed so far."),
    moment("created_at", "When the seller set it up, to the millisecond."),
    moment("updated_at", "TikTok's update time of it, to the millisecond."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per coupon of the shop, by Get Coupon.",
)

coupon_products = Table(
    "coupon_products",
    metadata,
    key("shop_id", SHOP_ID),
    key("coupon_id", "The coupon."),
    key("product_id", "TikTok's id of a product that it is for."),
    *loaded(),
    Index("coupon_products_by_product", "shop_id", "product_id"),
    schema="tiktok",
    comment="The products that a coupon is for, where it is not for the whole shop.",
)
