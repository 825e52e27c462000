"""Schema ``tiktok``: where a shop keeps its goods, for analysts."""

from sqlalchemy import Table

from tiktok_pipelines.storage.columns import flag, key, moment, text, versioned
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
