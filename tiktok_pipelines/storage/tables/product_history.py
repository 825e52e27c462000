"""Schema ``tiktok``: what products and prices were before, with from and to.

A row is a state that was seen; which rows there are depends on the answers alone, not
on their order. ``valid_from`` and ``valid_to`` are worked out anew from the rows of a
product whenever one is added.
"""

from typing import Any

from sqlalchemy import Column, Index, Table

from tiktok_pipelines.storage.columns import key, moment, money, needed, raw_bytes, text
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata
from tiktok_pipelines.storage.tables.products import PRODUCT_ID, SKU_ID


def _state_keys() -> tuple[Column[Any], ...]:
    version, state = moment("updated_at", ""), raw_bytes("state_hash", "")
    return (
        Column(
            version.name,
            version.type,
            primary_key=True,
            comment="TikTok's update time of the product when it was seen so.",
        ),
        Column(
            state.name,
            state.type,
            primary_key=True,
            comment="Fingerprint of what the row tells: several states may share an "
            "update time.",
        ),
    )


def _validity() -> tuple[Column[Any], ...]:
    return (
        moment(
            "valid_from",
            "Since when it was so, included: TikTok's update time; a change that left "
            "the update time alone counts from when it was first seen.",
        ),
        moment("valid_to", "Until when it was so, excluded; null: it still is."),
        moment("seen_at", "When an answer first told it.", nullable=False),
    )


product_history = Table(
    "product_history",
    metadata,
    key("shop_id", SHOP_ID),
    key("product_id", PRODUCT_ID),
    *_state_keys(),
    *_validity(),
    text("title", "Title in that time."),
    text("status", "Status in that time: as products.status."),
    text("audit_status", "TikTok's review in that time: as products.audit_status."),
    *loaded(),
    schema="tiktok",
    comment="Title, status and review of each product over time, one row per version "
    "that was seen: neighbours may agree, as other edits make versions too. Versions "
    "between two syncs are not seen.",
)

sku_price_history = Table(
    "sku_price_history",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", SKU_ID),
    *_state_keys(),
    needed("product_id", PRODUCT_ID),
    *_validity(),
    text("seller_sku", "The seller's own code in that time."),
    text("sku_name", "The variant in words in that time: as skus.sku_name."),
    text("currency", "ISO 4217 code of the prices."),
    money("price", "Price in that time: as skus.price."),
    money("sale_price", "Display price in that time: as skus.sale_price."),
    money("tax_exclusive_price", "As skus.tax_exclusive_price, in that time."),
    text("status", "NORMAL or DEACTIVATED, in that time."),
    *loaded(),
    Index("sku_price_history_by_product", "shop_id", "product_id"),
    schema="tiktok",
    comment="Price and status of each SKU over time, one row per version of its "
    "product that was seen: neighbours may agree, as other edits make versions too. "
    "Versions between two syncs are not seen.",
)
