"""Schema ``tiktok``: orders and what is filled with them, for analysts."""

from sqlalchemy import (
    Column,
    Index,
    SmallInteger,
    Table,
)
from sqlalchemy import text as sql

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
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

orders = Table(
    "orders",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "TikTok's id of the order."),
    text(
        "status",
        "Newest known status: UNPAID, ON_HOLD (paid, the buyer may still cancel "
        "freely), AWAITING_SHIPMENT (the seller must act), PARTIALLY_SHIPPING, "
        "AWAITING_COLLECTION (ready for the carrier), IN_TRANSIT, DELIVERED, "
        "COMPLETED (the time for returns is over) or CANCELLED.",
    ),
    moment("created_at", "When the order was placed."),
    moment("updated_at", "TikTok's update time: the last change of the status."),
    moment("paid_at", "When it was paid; cash on delivery: when delivered."),
    moment("shipped_at", "When the seller had it ready to ship (rts_time)."),
    moment("collected_at", "When the carrier took it."),
    moment("delivered_at", "When it was delivered."),
    moment("cancelled_at", "When it was cancelled."),
    text("currency", "ISO 4217 code of every amount of the order."),
    money("sub_total", "Goods after seller and platform discounts."),
    money("shipping_fee", "Shipping paid by the buyer, after discounts."),
    money("seller_discount", "Discount on goods that the seller bears."),
    money("platform_discount", "Discount on goods that TikTok bears."),
    money("tax", "Tax as TikTok states it; included in prices in most markets."),
    money("total_amount", "What the buyer pays."),
    money("original_total_product_price", "Goods before every discount."),
    money("original_shipping_fee", "Shipping before every discount."),
    text("buyer_id", "TikTok's id of the buyer (user_id): a number, no personal data."),
    text("warehouse_id", "The warehouse that ships it."),
    text(
        "fulfillment_type",
        "Whose warehouse sends it: FULFILLMENT_BY_SELLER, FULFILLMENT_BY_TIKTOK or "
        "FULFILLMENT_BY_DILAYANI_TOKOPEDIA.",
    ),
    text(
        "shipping_type",
        "Who arranges the carrier: TIKTOK or SELLER; TIKTOK_DIGITAL and IN-STORE "
        "PICKUP: nobody.",
    ),
    text("delivery_option_name", "The delivery option the buyer chose."),
    text("shipping_provider", "The carrier's name."),
    text("tracking_number", "The carrier's number; per line where they differ."),
    text("payment_method_name", "How the buyer pays."),
    flag("is_cod", "Cash on delivery."),
    flag("is_sample_order", "A sample for a creator; exclude from sales."),
    flag("is_replacement_order", "Goods sent again; exclude from sales."),
    text(
        "order_type",
        "NORMAL, ZERO_LOTTERY (a prize, amounts may be 0), PRE_ORDER, "
        "MADE_TO_ORDER, BACK_ORDER or VIRTUAL_ORDER; may be empty.",
    ),
    text("commerce_platform", "TIKTOK_SHOP or TOKOPEDIA."),
    text("cancel_reason", "Why it was cancelled, in words."),
    text(
        "cancellation_initiator",
        "Who asked for the cancellation: SELLER, BUYER or SYSTEM.",
    ),
    needed("source", "Where the row comes from: api or csv.", default="api"),
    raw_bytes("content_hash", "Of the order as received, less buyer data."),
    moment(
        "lines_updated_at",
        "Update time of the answer the lines come from, if not the row's.",
    ),
    moment(
        "lines_synced_at",
        "Fetch time of the answer the lines come from, if not the row's.",
    ),
    *loaded(),
    Index("orders_by_creation", "shop_id", "created_at"),
    Index("orders_by_update", "shop_id", "updated_at"),
    Index("orders_by_buyer", "shop_id", "buyer_id"),
    Index(
        "orders_by_payment",
        "shop_id",
        "paid_at",
        postgresql_where=sql("paid_at IS NOT NULL"),
    ),
    Index(
        "orders_by_cancellation",
        "shop_id",
        "cancelled_at",
        postgresql_where=sql("cancelled_at IS NOT NULL"),
    ),
    schema="tiktok",
    comment="One row per order, in its newest known state.",
)

order_lines = Table(
    "order_lines",
    metadata,
    key("shop_id", SHOP_ID),
    key("line_id", "TikTok's id of the line."),
    needed("order_id", "The order it belongs to."),
    Column("line_number", SmallInteger, comment="Place in the order's list, from 1."),
    text("product_id", "TikTok's id of the product."),
    text("sku_id", "TikTok's id of the SKU."),
    text("seller_sku", "The seller's own code."),
    text("product_name", "As shown to the buyer when the order was placed."),
    text("sku_name", "Variant, as shown to the buyer."),
    text(
        "sku_type",
        "NORMAL, ZERO_LOTTERY, SHOP_PARTNER, PRE_ORDER or MADE_TO_ORDER; TikTok "
        "tells it by the order's order_type now.",
    ),
    text(
        "status",
        "Status of this unit: as the order's, without ON_HOLD and PARTIALLY_SHIPPING.",
    ),
    text("currency", "ISO 4217 code of the line's amounts."),
    money("sale_price", "What the buyer pays for the unit."),
    money("original_price", "Price of the unit before discounts."),
    money("seller_discount", "Seller's discount on the unit."),
    money("platform_discount", "TikTok's discount on the unit."),
    flag("is_gift", "A gift: sale_price is 0."),
    text("package_id", "The package the unit travels in."),
    text("package_status", "Status of that package."),
    text("tracking_number", "The carrier's number of the unit."),
    text("shipping_provider_name", "The carrier's name."),
    moment("shipped_at", "When the unit was ready to ship (rts_time)."),
    text("cancel_reason", "Why the unit was cancelled, in words."),
    text("cancel_user", "Who cancelled the unit: BUYER, SELLER, OPERATOR or SYSTEM."),
    *loaded(),
    Index("order_lines_by_order", "shop_id", "order_id"),
    Index("order_lines_by_sku", "shop_id", "sku_id"),
    schema="tiktok",
    comment="One row per unit sold: two pieces of one SKU are two rows.",
)

order_status_history = Table(
    "order_status_history",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    key("status", "The status the order was seen in."),
    Column(
        "changed_at",
        moment("changed_at", "").type,
        primary_key=True,
        comment="TikTok's update time of the order in that status.",
    ),
    moment("seen_at", "When it was first seen so.", nullable=False),
    needed(
        "source",
        "api: an answer of TikTok, also where a webhook had it read (pages do "
        "not tell why they were read: see tiktok_ops.webhook_events); or csv.",
        default="api",
    ),
    *loaded(),
    schema="tiktok",
    comment="The statuses in which orders were seen; polling may miss short ones.",
)

order_recipients = Table(
    "order_recipients",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    text("name", "Recipient's full name; TikTok masks it in many states."),
    text("phone", "Recipient's phone number."),
    text("full_address", "The whole address in one text."),
    text("postal_code", "Postal code."),
    text("region_code", "Country, ISO 3166-1 alpha-2."),
    text("first_name", "First name."),
    text("last_name", "Last name."),
    text("address_detail", "Street and house."),
    text("address_line1", "First line of the address."),
    text("address_line2", "Second line of the address."),
    text("buyer_email", "TikTok's relay address of the buyer."),
    text("buyer_nickname", "The buyer's nickname."),
    text("buyer_avatar", "Address of the buyer's picture."),
    text("buyer_message", "The buyer's note to the seller."),
    text("cpf", "Brazilian tax number."),
    text("cpf_name", "Name that belongs to the tax number."),
    moment("updated_at", "TikTok's update time of the order at the last change."),
    document(
        "field_versions",
        "Fields that an older answer gave clear and a newer one did not: "
        "name to [update time, fetch time], microseconds since 1970.",
        default="{}",
    ),
    raw_bytes("content_hash", "Of the buyer data that the row equals, if one answer."),
    *loaded(),
    schema="tiktok",
    comment="Buyer data: the only table that holds any.",
)

customers = Table(
    "customers",
    metadata,
    key("shop_id", SHOP_ID),
    key("buyer_id", "TikTok's id of the buyer."),
    moment("first_order_at", "When the first known order was placed."),
    moment("last_order_at", "When the newest known order was placed."),
    number("order_count", "Known orders, cancelled ones included.", nullable=False),
    *loaded(),
    schema="tiktok",
    comment="One row per buyer and shop, counted from tiktok.orders.",
)
