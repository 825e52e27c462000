"""Schema ``tiktok``: stock that TikTok keeps for the seller, for analysts."""

from sqlalchemy import Column, Index, SmallInteger, Table

from tiktok_pipelines.storage.columns import key, number, text, versioned
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata
from tiktok_pipelines.storage.tables.products import SKU_ID

_GOODS_ID = "TikTok's id of the goods, in its own warehouses."
_WAREHOUSE_ID = "TikTok's id of its warehouse."
_AVAILABLE = "Units that can be sold; what is reserved is not in it."
_RESERVED = "Units kept for orders, or about to go back to the seller."

fbt_inventory = Table(
    "fbt_inventory",
    metadata,
    key("shop_id", SHOP_ID),
    key("goods_id", _GOODS_ID),
    key("fbt_warehouse_id", _WAREHOUSE_ID),
    text("reference_code", "The seller's own code of the goods."),
    text("name", "Name of the goods."),
    number(
        "on_hand",
        "Units in the warehouse: available, reserved and unfulfillable together.",
    ),
    number("available", _AVAILABLE),
    number("reserved", _RESERVED),
    number("unfulfillable", "Units that cannot be sold now, such as broken ones."),
    number("in_transit", "Units on their way to the warehouse, returned ones too."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per goods and warehouse of TikTok's in which there is something, "
    "as of the newest sync: where there is nothing any more the row goes. Only of "
    "sellers who use Fulfilled by TikTok. Source: Search FBT Inventory, each hour.",
)

fbt_inventory_skus = Table(
    "fbt_inventory_skus",
    metadata,
    key("shop_id", SHOP_ID),
    key("goods_id", _GOODS_ID),
    key("fbt_warehouse_id", _WAREHOUSE_ID),
    key("sku_id", SKU_ID),
    Column("sku_number", SmallInteger, comment="Place in TikTok's list, from 1."),
    number("on_hand", "Units in the warehouse: available and reserved together."),
    number("available", _AVAILABLE),
    number("reserved", _RESERVED),
    *loaded(),
    Index("fbt_inventory_skus_by_sku", "shop_id", "sku_id"),
    schema="tiktok",
    comment="One row per row of tiktok.fbt_inventory and SKU that the goods are sold "
    "as: what of them is there for it.",
)
