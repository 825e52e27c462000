"""Schema ``tiktok``: where a shop keeps its goods, for analysts."""

from sqlalchemy import Column, SmallInteger, Table

from tiktok_pipelines.storage.columns import (
    document,
    flag,
    key,
    moment,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

warehouses = Table(
    "warehouses",
    metadata,
    key("shop_id", SHOP_ID),
    key("warehouse_id", "TikTok's id of the warehouse."),
    text("name", "The seller's name of it."),
    text("type", "SALES_WAREHOUSE or RETURN_WAREHOUSE."),
    text(
        "sub_type",
        "DOMESTIC_WAREHOUSE, CB_OVERSEA_WAREHOUSE or CB_DIRECT_SHIPPING_WAREHOUSE.",
    ),
    text(
        "status",
        "ENABLED; DISABLED: its stock is not sold; RESTRICTED: holiday or limit of"
        " orders (effect_status).",
    ),
    flag("is_default", "The one that goods are taken from unless told otherwise."),
    text("entity_id", "The place on earth; several warehouses may share it."),
    text("region_code", "Country, ISO 3166-1 alpha-2."),
    text("region", "Country in words."),
    text("state", "State or province."),
    text("city", "City."),
    text("district", "District (TikTok writes distict)."),
    text("town", "Town."),
    text("postal_code", "Postal code."),
    text("address", "The whole address in one text (full_address)."),
    text("latitude", "Degrees north, as TikTok writes them."),
    text("longitude", "Degrees east, as TikTok writes them."),
    moment("deleted_at", "When TikTok was first seen not to list it; null: listed."),
    text("deleted_reason", "Why deleted_at is set: not_listed."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per warehouse, in its newest known state.",
)

_WAREHOUSE_ID = "The warehouse: tiktok.warehouses."

delivery_option_lists = Table(
    "delivery_option_lists",
    metadata,
    key("shop_id", SHOP_ID),
    key("warehouse_id", _WAREHOUSE_ID),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="Warehouses whose delivery options were read, one row each; synced_at says "
    "when they were last found changed. They stand in tiktok.delivery_options.",
)

delivery_options = Table(
    "delivery_options",
    metadata,
    key("shop_id", SHOP_ID),
    key("warehouse_id", _WAREHOUSE_ID),
    key("delivery_option_id", "TikTok's id of the way of delivery."),
    Column("option_number", SmallInteger, comment="Place in TikTok's list, from 1."),
    text("name", "Its name, e.g. Standard shipping."),
    text("type", "STANDARD, EXPRESS, ECONOMY or SEND_BY_SELLER."),
    text("description", "The same in more words."),
    number("max_length", "Longest parcel, in dimension_unit."),
    number("max_width", "Widest parcel, in dimension_unit."),
    number("max_height", "Highest parcel, in dimension_unit."),
    text("dimension_unit", "CM or INCH."),
    number("min_weight", "Lightest parcel, in weight_unit."),
    number("max_weight", "Heaviest parcel, in weight_unit."),
    text("weight_unit", "GRAM or POUND."),
    document("platforms", "Where it is offered, a list: TIKTOK_SHOP, TOKOPEDIA."),
    *loaded(),
    schema="tiktok",
    comment="One row per warehouse and way of delivery that is on for it, with the "
    "limits of what it carries; orders name the one that was chosen. Source: Logistics "
    "API, Get Warehouse Delivery Options, each day.",
)

global_warehouses = Table(
    "global_warehouses",
    metadata,
    key("shop_id", SHOP_ID),
    key("global_warehouse_id", "TikTok's id of the global warehouse."),
    text("name", "The seller's name of it; not unique."),
    text("ownership", "SELLER: the seller's own; PLATFORM_COOPERATION: TikTok's."),
    moment("deleted_at", "When TikTok was first seen not to list it; null: listed."),
    text("deleted_reason", "Why deleted_at is set: not_listed."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per warehouse of a seller who sells across borders, the same for "
    "all shops of the seller, above those of each shop (tiktok.warehouses); other "
    "sellers have none. Source: Logistics API, Get Global Seller Warehouse, each day.",
)
