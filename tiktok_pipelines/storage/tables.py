"""The one description of every table: names, types, keys and comments.

Migrations create them, a test holds both together, ``docs/tables.md`` and Dagster's
column schemas are drawn from here. Views for people live in ``tiktok_mart``.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

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

SCHEMAS = {
    "tiktok": "TikTok Shop, one row per thing: for analysts.",
    "tiktok_mart": "Views for people.",
    "tiktok_raw": "Answers as received, less buyer data.",
    "tiktok_ops": "The pipeline's own: no buyer data, no readable secrets.",
}

metadata = MetaData()

SHOP_ID = "The shop, as TikTok's Get Authorized Shops names it."


def _loaded() -> tuple[Column[Any], ...]:
    """The columns that every table of ``tiktok`` has."""
    return (
        document(
            "extra",
            "Each field received that has no column of its own, nested as received.",
            default="{}",
        ),
        Column(
            "raw_page_id",
            BigInteger,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        moment(
            "synced_at",
            "When the answer that last changed the row was asked for.",
            nullable=False,
        ),
    )


orders = Table(
    "orders",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "TikTok's id of the order."),
    text("status", "Newest known order status, e.g. AWAITING_SHIPMENT."),
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
    text("fulfillment_type", "FULFILLMENT_BY_SELLER, FULFILLMENT_BY_TIKTOK, …"),
    text("shipping_type", "TIKTOK, SELLER, …"),
    text("delivery_option_name", "The delivery option the buyer chose."),
    text("shipping_provider", "The carrier's name."),
    text("tracking_number", "The carrier's number; per line where they differ."),
    text("payment_method_name", "How the buyer pays."),
    flag("is_cod", "Cash on delivery."),
    flag("is_sample_order", "A sample for a creator; exclude from sales."),
    flag("is_replacement_order", "Goods sent again; exclude from sales."),
    text("order_type", "NORMAL, ZERO_LOTTERY, PRE_ORDER, …"),
    text("commerce_platform", "TIKTOK_SHOP or TOKOPEDIA."),
    text("cancel_reason", "Why it was cancelled, in words."),
    text("cancellation_initiator", "SELLER, BUYER or SYSTEM."),
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
    *_loaded(),
    Index("orders_by_creation", "shop_id", "created_at"),
    Index("orders_by_update", "shop_id", "updated_at"),
    Index("orders_by_buyer", "shop_id", "buyer_id"),
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
    text("sku_type", "NORMAL, PRE_ORDER, …"),
    text("status", "Status of this unit (display_status)."),
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
    text("cancel_user", "BUYER, SELLER or SYSTEM."),
    *_loaded(),
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
    needed("source", "Where it was seen: api, webhook or csv.", default="api"),
    *_loaded(),
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
    *_loaded(),
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
    *_loaded(),
    schema="tiktok",
    comment="One row per buyer and shop, counted from tiktok.orders.",
)

pages = Table(
    "pages",
    metadata,
    Column("page_id", BigInteger, Identity(), primary_key=True, comment="Our number."),
    needed("shop_id", SHOP_ID),
    needed("stream", "What was asked for: orders, …"),
    document("request", "Method, path, query and body, less every secret."),
    needed("request_id", "TikTok's id of the call.", default=""),
    moment("fetched_at", "When the answer was asked for.", nullable=False),
    number("record_count", "Records in the answer.", nullable=False),
    raw_bytes(
        "body", "The answer's data, less buyer data: JSON, zstd.", nullable=False
    ),
    needed("run_id", "The run that asked.", default=""),
    Index("pages_by_fetch", "shop_id", "stream", "fetched_at"),
    schema="tiktok_raw",
    comment="One page of an answer, kept when it added or changed a row.",
)

shops = Table(
    "shops",
    metadata,
    key("shop_id", SHOP_ID),
    text("name", "The shop's name."),
    text("region", "Market, ISO 3166-1 alpha-2."),
    text("seller_type", "LOCAL or CROSS_BORDER."),
    text("code", "TikTok's code of the shop."),
    needed("cipher", "The shop's cipher, encrypted."),
    needed("seller", "The authorisation it is reached by: credentials.seller."),
    needed("api_version", "API version for calls without their own."),
    needed("sync_status", "idle, syncing or error.", default="idle"),
    moment("last_error_at", "When the last sync of the shop failed."),
    text("last_error_message", "What failed and what to do; null once it works."),
    flag("is_enabled", "Whether the shop is synced.", default=True),
    moment("connected_at", "When the seller's consent last named the shop."),
    schema="tiktok_ops",
    comment="Every shop that a seller let us read.",
)

credentials = Table(
    "credentials",
    metadata,
    key("seller", "TikTok's open_id of the consent."),
    text("seller_name", "The seller's name."),
    text("seller_region", "The seller's home market."),
    needed("app_key", "The app that the tokens belong to."),
    needed("access_token", "Encrypted."),
    needed("refresh_token", "Encrypted."),
    moment("access_expires_at", "End of the access token.", nullable=False),
    moment("refresh_expires_at", "End of the seller's consent.", nullable=False),
    moment("refreshed_at", "When both tokens were received.", nullable=False),
    Column("granted_scopes", ARRAY(Text), comment="What the seller allowed."),
    document("token_metadata", "The other fields of the token answer.", default="{}"),
    text("last_error_message", "Why the tokens no longer work; null if they do."),
    schema="tiktok_ops",
    comment="One row per seller; tokens are readable only with the key.",
)

sync_cursors = Table(
    "sync_cursors",
    metadata,
    key("shop_id", SHOP_ID),
    key("stream", "What is synced: orders, orders_open, …"),
    moment("watermark", "Everything changed before it is in the tables."),
    moment("moved_at", "When the watermark last moved."),
    needed("run_id", "The run that moved it.", default=""),
    schema="tiktok_ops",
    comment="How far each sync of each shop has come.",
)

sync_windows = Table(
    "sync_windows",
    metadata,
    Column(
        "window_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    needed("shop_id", SHOP_ID),
    needed("stream", "What was pulled: orders, …"),
    needed("time_field", "create_time or update_time: what the window bounds."),
    moment("window_start", "First moment, included.", nullable=False),
    moment("window_end", "Last moment, excluded.", nullable=False),
    number("api_total_count", "total_count of the last page; null if none came."),
    number("ids_fetched", "Distinct ids on the pages.", nullable=False),
    number("rows_in_table", "Rows in the table with those ids.", nullable=False),
    needed("verdict", "closed: the counts agree or the note explains; open: not."),
    text("note", "What explains a difference, or what is missing."),
    number("attempts", "How often the window was pulled.", nullable=False),
    number("pages", "Pages read in all attempts.", nullable=False),
    number("rows_written", "Rows added or changed in all tables.", nullable=False),
    moment("started_at", "When the pull began.", nullable=False),
    moment("finished_at", "When the verdict was given.", nullable=False),
    needed("run_id", "The run that pulled it.", default=""),
    Index("sync_windows_by_start", "shop_id", "stream", "time_field", "window_start"),
    schema="tiktok_ops",
    comment="The completeness ledger: one row per window pulled.",
)

sync_schedules = Table(
    "sync_schedules",
    metadata,
    key("shop_id", SHOP_ID),
    key("sync", "Which sync: orders, inventory, tokens, …"),
    number("interval_minutes", "Least minutes between two starts.", nullable=False),
    flag("is_active", "Whether the schedule starts it.", default=True),
    document("settings", "Settings of the sync for this shop.", default="{}"),
    moment("last_run_at", "When a schedule last started it."),
    schema="tiktok_ops",
    comment="When each sync of each shop is due; change a row to change the rhythm.",
)

tiktok_api_logs = Table(
    "tiktok_api_logs",
    metadata,
    Column("log_id", BigInteger, Identity(), primary_key=True, comment="Our number."),
    text("shop_id", SHOP_ID),
    moment("started_at", "When the attempt was sent.", nullable=False),
    needed("method", "HTTP method."),
    needed("path", "Path, without the query."),
    text("api_version", "Version in the path."),
    number("attempt", "1 for the first.", nullable=False),
    number("http_status", "0 when no answer came.", nullable=False),
    number("code", "TikTok's code: 0 is success; null without an envelope."),
    text("request_id", "TikTok's id of the call."),
    number("duration_ms", "From sending to the last byte.", nullable=False),
    number("waited_ms", "Waited before, to keep the limit.", nullable=False),
    text("error", "What went wrong, without secrets."),
    needed("run_id", "The run that called.", default=""),
    Index("tiktok_api_logs_by_time", "started_at"),
    schema="tiktok_ops",
    comment="Every attempt of every call, without secrets or buyer data.",
)

quarantine_records = Table(
    "quarantine_records",
    metadata,
    Column(
        "quarantine_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    needed("shop_id", SHOP_ID),
    needed("stream", "Where it was met: orders, order_lines, …"),
    needed("record_key", "The record's id, or a hash of it when it has none."),
    needed("reason", "Why it cannot become a row."),
    flag("retryable", "Whether asking again may help.", default=True),
    document("content", "The record as received, less buyer data."),
    document("request", "The call that gave it, less every secret."),
    moment("first_seen_at", "When it was first met.", nullable=False),
    moment("last_seen_at", "When it was last met.", nullable=False),
    moment("resolved_at", "When a good record with this key arrived."),
    needed("run_id", "The run that first met it.", default=""),
    Index("quarantine_records_by_key", "shop_id", "stream", "record_key", unique=True),
    schema="tiktok_ops",
    comment="Records that could not become rows; their neighbours are in the tables.",
)

api_drift = Table(
    "api_drift",
    metadata,
    needed("shop_id", SHOP_ID),
    needed("object", "What was received: order, order_line, …"),
    needed("kind", "unknown_field, new_value, unreadable or replaced_characters."),
    needed("path", "Where in the object."),
    needed("value", "The new value, for kind new_value.", default=""),
    text("example", "Id of a record that shows it."),
    moment("first_seen_at", "When it was first met.", nullable=False),
    moment("last_seen_at", "When it was last met; moves once an hour.", nullable=False),
    PrimaryKeyConstraint("shop_id", "object", "kind", "path", "value"),
    schema="tiktok_ops",
    comment="Where the API's answers differ from what is documented.",
)

ANALYST_TABLES = (
    orders,
    order_lines,
    order_status_history,
    order_recipients,
    customers,
)
