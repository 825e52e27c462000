"""Schema ``tiktok``: what a shop's market offers: categories, their demands, brands.

Small sets that TikTok gives whole, the same for all shops of a region but for what the
shop may use; kept by shop, as every call is made for one.
"""

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

_GONE = "When a listing first held it no longer; null: it is listed."
_GONE_REASON = "not_listed: the newest listing does not hold it; null: it is listed."
CATEGORY_ID = "TikTok's id of the category."

categories = Table(
    "categories",
    metadata,
    key("shop_id", SHOP_ID),
    key("category_id", CATEGORY_ID),
    text("parent_id", "The category above; 0 for a root."),
    text("name", "Name in the language of the market (local_name)."),
    flag("is_leaf", "Whether products may be in it: none is below it."),
    document(
        "permission_statuses",
        "What the shop may do with it, a list: AVAILABLE, INVITE_ONLY, "
        "NON_MAIN_CATEGORY, PROHIBITED.",
    ),
    moment("deleted_at", _GONE),
    text("deleted_reason", _GONE_REASON),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per category of the shop's market: a tree by parent_id.",
)

category_attributes = Table(
    "category_attributes",
    metadata,
    key("shop_id", SHOP_ID),
    key("category_id", CATEGORY_ID + " Only leaf categories that the shop uses."),
    key("attribute_id", "TikTok's id of the attribute."),
    text("name", "The attribute in words, e.g. Material."),
    text(
        "type",
        "PRODUCT_PROPERTY: of the whole product; SALES_PROPERTY: SKUs differ by it.",
    ),
    flag("is_required", "Whether a product must tell it (TikTok spells is_requried)."),
    flag("is_multiple_selection", "Whether it may have several values."),
    flag("is_customizable", "Whether sellers may enter values of their own."),
    text("value_data_format", "Form of values entered, e.g. POSITIVE_INT_OR_DECIMAL."),
    number("value_count", "How many values TikTok offers."),
    document("values", "The values it offers, a list of {id, name} as received."),
    document("requirement_conditions", "When it must be told, as received."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per attribute that a product of a leaf category can or must tell.",
)

category_rules = Table(
    "category_rules",
    metadata,
    key("shop_id", SHOP_ID),
    key("category_id", CATEGORY_ID + " Only leaf categories that the shop uses."),
    flag("is_cod_supported", "Whether cash on delivery may be offered."),
    flag("is_size_chart_supported", "Whether products may have a size chart."),
    flag("is_size_chart_required", "Whether products must have a size chart."),
    flag("is_package_dimension_required", "Whether the package's size must be told."),
    flag(
        "is_epr_required",
        "Whether the number of extended producer responsibility must be told; EU.",
    ),
    flag("is_manufacturer_required", "Whether the manufacturer must be told; EU."),
    flag("is_responsible_person_required", "Whether one must be told; EU."),
    document(
        "allowed_special_product_types",
        "Kinds that may be listed besides goods in stock, a list: PRE_ORDER, …",
    ),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per leaf category that the shop uses: what it asks of products.",
)

category_certifications = Table(
    "category_certifications",
    metadata,
    key("shop_id", SHOP_ID),
    key("category_id", CATEGORY_ID),
    key("certification_id", "TikTok's id of the kind of certificate."),
    Column("place", SmallInteger, comment="Place in TikTok's list, from 1."),
    text("name", "The certificate in words."),
    flag("is_required", "Whether products must have it."),
    text("document_details", "What the document must tell."),
    text("sample_image_url", "Address of a sample; it may expire."),
    document("requirement_conditions", "When it must be there, as received."),
    *loaded(),
    schema="tiktok",
    comment="One row per certificate that a leaf category may ask of products.",
)

brands = Table(
    "brands",
    metadata,
    key("shop_id", SHOP_ID),
    key("brand_id", "TikTok's id of the brand."),
    text("name", "The brand's name."),
    text(
        "authorized_status",
        "Whether the seller may use it: AUTHORIZED or UNAUTHORIZED (also spelled "
        "UNAUTHORIEZD).",
    ),
    text("brand_status", "AVAILABLE or UNAVAILABLE."),
    flag("is_t1_brand", "Whether TikTok counts it among the internationally known."),
    moment("deleted_at", _GONE),
    text("deleted_reason", _GONE_REASON),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per brand that products of the shop may have.",
)
