"""Schema ``tiktok``: products, their SKUs, and what hangs on them, for analysts."""

from sqlalchemy import Column, Index, SmallInteger, Table

from tiktok_pipelines.storage.columns import (
    document,
    flag,
    key,
    moment,
    money,
    needed,
    number,
    raw_bytes,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

PRODUCT_ID = "TikTok's id of the product: the one that order lines name."
SKU_ID = "TikTok's id of the SKU, a variant on sale: the one that order lines name."

products = Table(
    "products",
    metadata,
    key("shop_id", SHOP_ID),
    key("product_id", PRODUCT_ID),
    text("title", "Title as buyers see it, in the language of the shop's market."),
    text(
        "status",
        "DRAFT, PENDING (in review), FAILED (review), ACTIVATE (on sale), "
        "SELLER_DEACTIVATED, PLATFORM_DEACTIVATED, FREEZE, DELETED, SCHEDULED.",
    ),
    text("product_status", "The status apart from the review, where TikTok tells it."),
    text(
        "audit_status",
        "TikTok's review: NONE, AUDITING, FAILED, PRE_APPROVED, APPROVED.",
    ),
    moment("created_at", "When the product was created (create_time)."),
    moment(
        "updated_at",
        "TikTok's update time: title, price and status move it, stock does not.",
    ),
    moment(
        "deleted_at",
        "When it was deleted, or first found missing; null: it is there.",
    ),
    text(
        "deleted_reason",
        "deleted: TikTok lists it as DELETED, deleted_at is its update time; "
        "not_listed: a full listing held it no longer, deleted_at is that listing's "
        "time.",
    ),
    text("category_id", "The leaf category it is in: tiktok.categories."),
    text("category_name", "Name of that category in the shop's market."),
    text("brand_id", "Its brand: tiktok.brands."),
    text("brand_name", "The brand's name."),
    text("description", "The description, HTML."),
    text("main_image_url", "Address of the first picture; it may expire."),
    text(
        "listing_quality_tier", "TikTok's grade of the listing: POOR, FAIR, GOOD; US."
    ),
    flag("has_draft", "Whether an edit waits that is not published."),
    flag("is_not_for_sale", "Whether it is not sold on its own, e.g. a gift."),
    flag("is_cod_allowed", "Whether buyers may pay cash on delivery."),
    flag("is_pre_owned", "Whether it is second-hand."),
    flag("is_replicated", "Whether the shop's other markets hold copies of it."),
    number("minimum_order_quantity", "Least units an order must hold."),
    text("external_product_id", "Its id in the seller's own system."),
    text(
        "global_product_id", "The global product it belongs to, of cross-border shops."
    ),
    text("primary_combined_product_id", "The main product, if it is part of a bundle."),
    text("shipping_template_id", "The shipping template it uses."),
    text(
        "shipping_insurance_requirement",
        "Freight insurance for the buyer: REQUIRED, OPTIONAL, NOT_SUPPORTED.",
    ),
    money("package_weight", "Weight of the package, in package_weight_unit."),
    text("package_weight_unit", "KILOGRAM, GRAM or POUND."),
    money("package_length", "Length of the package, in package_dimension_unit."),
    money("package_width", "Width of the package, in package_dimension_unit."),
    money("package_height", "Height of the package, in package_dimension_unit."),
    text("package_dimension_unit", "CENTIMETER or INCH."),
    document("sales_regions", "Markets where it is sold, a list of ISO 3166-1 codes."),
    raw_bytes(
        "listing_hash",
        "Of what a search says of it, less its stock; null: ask for the detail again.",
    ),
    *versioned(),
    *loaded(),
    Index("products_by_update", "shop_id", "updated_at"),
    schema="tiktok",
    comment="One row per product, deleted ones too, in its newest known state.",
)

skus = Table(
    "skus",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", SKU_ID),
    needed("product_id", PRODUCT_ID),
    Column("sku_number", SmallInteger, comment="Place in the product's list, from 1."),
    text("seller_sku", "The seller's own code; may be empty, may repeat."),
    text(
        "sku_name",
        "The variant in words: the values of its attributes, e.g. Red, XL; null if the "
        "product has one variant only.",
    ),
    text("status", "NORMAL or DEACTIVATED; not said: the product's status counts."),
    text(
        "deactivation_source", "Who switched it off: SELLER, PLATFORM, COMBO_RELATION."
    ),
    text("currency", "ISO 4217 code of the prices."),
    money(
        "price",
        "The price that buyers see, before promotions: sale_price, and where TikTok "
        "does not tell one tax_exclusive_price.",
    ),
    money("sale_price", "Display price, with tax where the market includes it."),
    money(
        "tax_exclusive_price",
        "Display price of local sellers; price before tax of cross-border sellers.",
    ),
    money(
        "unit_price", "Price per measure, e.g. per litre, where the law asks for it."
    ),
    money("list_price", "Struck-through reference price, US; in list_price_currency."),
    text("list_price_currency", "ISO 4217 code of list_price."),
    text("identifier_code", "The GTIN, EAN, UPC, ISBN or JAN."),
    text("identifier_type", "Which of these it is."),
    text("external_sku_id", "Its id in the seller's own system."),
    text("sku_unit_count", "Amount of product in one SKU, as TikTok tells it."),
    money("weight", "Weight of one, in weight_unit."),
    text("weight_unit", "KILOGRAM, GRAM or POUND."),
    money("length", "Length of one, in dimension_unit."),
    money("width", "Width of one, in dimension_unit."),
    money("height", "Height of one, in dimension_unit."),
    text("dimension_unit", "CENTIMETER or INCH."),
    text("pre_sale_type", "PRE_ORDER, MADE_TO_ORDER, CUSTOM; null: in stock."),
    moment(
        "deleted_at",
        "When it was taken out of its product: update time of the first answer without "
        "it. The SKUs of a deleted product stay null here.",
    ),
    text(
        "deleted_reason",
        "removed: its product no longer lists it; the row tells what its history does.",
    ),
    *loaded(),
    Index("skus_by_product", "shop_id", "product_id"),
    Index("skus_by_seller_sku", "shop_id", "seller_sku"),
    schema="tiktok",
    comment="One row per SKU, removed ones too, with its present prices.",
)

sku_attributes = Table(
    "sku_attributes",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", SKU_ID),
    key("attribute_id", "TikTok's id of the attribute, such as the colour."),
    needed("product_id", PRODUCT_ID),
    Column("place", SmallInteger, comment="Place in the SKU's list, from 1."),
    text("name", "The attribute in words, e.g. Color."),
    text("value_id", "TikTok's id of its value."),
    text("value_name", "The value in words, e.g. Red."),
    *loaded(),
    Index("sku_attributes_by_product", "shop_id", "product_id"),
    schema="tiktok",
    comment="One row per SKU and attribute in which the SKUs of a product differ.",
)

sku_components = Table(
    "sku_components",
    metadata,
    key("shop_id", SHOP_ID),
    key("sku_id", "The bundle: TikTok's id of the SKU that buyers order."),
    key("component_sku_id", "TikTok's id of a SKU in the bundle."),
    needed("product_id", "The product of the bundle."),
    Column("place", SmallInteger, comment="Place in the bundle's list, from 1."),
    text("component_product_id", "The product of the SKU in the bundle."),
    number("units", "How many of it one bundle holds (sku_count)."),
    text("component_seller_sku", "The seller's own code of the SKU in the bundle."),
    text("component_title", "Title of the product in the bundle."),
    *loaded(),
    Index("sku_components_by_product", "shop_id", "product_id"),
    schema="tiktok",
    comment="One row per SKU that is part of a bundle. Their sales stand on the "
    "bundle's order line: do not add them to it.",
)

product_images = Table(
    "product_images",
    metadata,
    key("shop_id", SHOP_ID),
    key("product_id", PRODUCT_ID),
    Column(
        "place",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="Place among the product's pictures, from 1: the first is shown.",
    ),
    text("uri", "TikTok's name of the picture: what an edit of the product names."),
    text("url", "Address of the picture; it may expire. All of them: extra, urls."),
    number("width", "Pixels."),
    number("height", "Pixels."),
    *loaded(),
    schema="tiktok",
    comment="One row per picture in a product's gallery.",
)

product_attributes = Table(
    "product_attributes",
    metadata,
    key("shop_id", SHOP_ID),
    key("product_id", PRODUCT_ID),
    key("attribute_id", "TikTok's id of the attribute: tiktok.category_attributes."),
    Column("place", SmallInteger, comment="Place in the product's list, from 1."),
    text("name", "The attribute in words, e.g. Material."),
    text("value_names", "Its values in words, joined by a comma and a blank."),
    document("values", "Its values, a list of {id, name} as received."),
    *loaded(),
    schema="tiktok",
    comment="One row per product and attribute that all of its SKUs share.",
)

product_audit_failures = Table(
    "product_audit_failures",
    metadata,
    key("shop_id", SHOP_ID),
    key("product_id", PRODUCT_ID),
    Column(
        "place",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="Place in TikTok's list, from 1.",
    ),
    text("listing_platform", "TIKTOK_SHOP or TOKOPEDIA."),
    text("position", "What of the product failed, in TikTok's words."),
    document("reasons", "Why, a list of texts."),
    document("suggestions", "What TikTok advises, a list of texts."),
    *loaded(),
    schema="tiktok",
    comment="Why TikTok's review refused a product; no row once it passes.",
)
