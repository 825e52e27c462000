"""Schema ``tiktok``: stock, as of the newest snapshot and over time, for analysts."""

from sqlalchemy import Column, PrimaryKeyConstraint, SmallInteger, Table

from tiktok_pipelines.storage.columns import (
    key,
    moment,
    needed,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata
from tiktok_pipelines.storage.tables.products import PRODUCT_ID, SKU_ID

WAREHOUSE_ID = "The warehouse: tiktok.warehouses."
_SNAPSHOT = (
    "The full hour (UTC) in which the stock was read, for TikTok tells no time of its "
    "own"
)
_AVAILABLE = "Units that buyers can order; what is committed is not in it."
_COMMITTED = "Units reserved for orders that have not left the warehouse yet."

inventory_levels = Table(
    "inventory_levels",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", SKU_ID),
    key("warehouse_id", WAREHOUSE_ID),
    text("product_id", PRODUCT_ID),
    Column("place", SmallInteger, comment="Place in TikTok's list, from 1."),
    number("available", _AVAILABLE),
    number("committed", _COMMITTED),
    moment("snapshot_at", f"{_SNAPSHOT} of the newest answer.", nullable=False),
    *loaded(),
    schema="tiktok",
    comment="One row per SKU and warehouse: the stock as of the newest snapshot.",
)

inventory_totals = Table(
    "inventory_totals",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", SKU_ID),
    text("product_id", PRODUCT_ID),
    text("seller_sku", "The seller's own code, as of the snapshot."),
    number("available", f"{_AVAILABLE} Over all warehouses."),
    number("committed", f"{_COMMITTED} Over all warehouses."),
    number("in_shop", "Part of available: units for plain sale in the shop."),
    number(
        "campaign", "Part of available: units set aside for campaigns, all of them."
    ),
    number("creator", "Part of available: units set aside for creators, all of them."),
    moment("snapshot_at", f"{_SNAPSHOT} of the newest answer.", nullable=False),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per SKU: its stock over all warehouses and how TikTok divides it, "
    "which it does not tell by warehouse. Campaigns and creators by name: extra.",
)

inventory_snapshots = Table(
    "inventory_snapshots",
    metadata,
    needed("shop_id", SHOP_ID),
    needed("sku_id", SKU_ID),
    needed("warehouse_id", WAREHOUSE_ID),
    moment(
        "snapshot_at",
        f"{_SNAPSHOT}; of several answers of one hour the first counts.",
        nullable=False,
    ),
    moment("seen_at", "When exactly the stock was read.", nullable=False),
    number("available", _AVAILABLE),
    number("committed", _COMMITTED),
    *loaded(),
    # Time before SKU, so that each hour's rows lie together: they are added, read and
    # thinned by the hour.
    PrimaryKeyConstraint("shop_id", "snapshot_at", "sku_id", "warehouse_id"),
    schema="tiktok",
    comment="The stock of each SKU and warehouse hour by hour, kept for ever: TikTok "
    "forgets. After 30 days the last snapshot of each local day stays; "
    "sync_schedules.settings of the sync inventory, keep_hourly_days, says otherwise.",
)
