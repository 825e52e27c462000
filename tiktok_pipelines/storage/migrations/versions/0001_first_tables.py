"""first tables"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

SCHEMAS = {
    "tiktok": "TikTok Shop, one row per thing: for analysts.",
    "tiktok_mart": "Views for people.",
    "tiktok_raw": "Answers as received, less buyer data.",
    "tiktok_ops": "The pipeline''s own: no buyer data, no readable secrets.",
}

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for schema, comment in SCHEMAS.items():
        op.execute(f"CREATE SCHEMA IF NOT EXISTS {schema}")
        op.execute(f"COMMENT ON SCHEMA {schema} IS '{comment}'")
    op.create_table(
        "customers",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "buyer_id", sa.Text(), nullable=False, comment="TikTok's id of the buyer."
        ),
        sa.Column(
            "first_order_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the first known order was placed.",
        ),
        sa.Column(
            "last_order_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the newest known order was placed.",
        ),
        sa.Column(
            "order_count",
            sa.Integer(),
            nullable=False,
            comment="Known orders, cancelled ones included.",
        ),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each field received that has no column of its own, nested as received.",
        ),
        sa.Column(
            "raw_page_id",
            sa.BigInteger(),
            nullable=True,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        sa.Column(
            "synced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer that last changed the row was asked for.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "buyer_id"),
        schema="tiktok",
        comment="One row per buyer and shop, counted from tiktok.orders.",
    )
    op.create_table(
        "order_lines",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "line_id", sa.Text(), nullable=False, comment="TikTok's id of the line."
        ),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="The order it belongs to."
        ),
        sa.Column(
            "line_number",
            sa.SmallInteger(),
            nullable=True,
            comment="Place in the order's list, from 1.",
        ),
        sa.Column(
            "product_id",
            sa.Text(),
            nullable=True,
            comment="TikTok's id of the product.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=True, comment="TikTok's id of the SKU."
        ),
        sa.Column(
            "seller_sku", sa.Text(), nullable=True, comment="The seller's own code."
        ),
        sa.Column(
            "product_name",
            sa.Text(),
            nullable=True,
            comment="As shown to the buyer when the order was placed.",
        ),
        sa.Column(
            "sku_name",
            sa.Text(),
            nullable=True,
            comment="Variant, as shown to the buyer.",
        ),
        sa.Column(
            "sku_type",
            sa.Text(),
            nullable=True,
            comment="NORMAL, ZERO_LOTTERY, SHOP_PARTNER, PRE_ORDER or MADE_TO_ORDER; "
            "TikTok tells it by the order's order_type now.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Status of this unit: as the order's, without ON_HOLD and "
            "PARTIALLY_SHIPPING.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the line's amounts.",
        ),
        sa.Column(
            "sale_price",
            sa.Numeric(),
            nullable=True,
            comment="What the buyer pays for the unit.",
        ),
        sa.Column(
            "original_price",
            sa.Numeric(),
            nullable=True,
            comment="Price of the unit before discounts.",
        ),
        sa.Column(
            "seller_discount",
            sa.Numeric(),
            nullable=True,
            comment="Seller's discount on the unit.",
        ),
        sa.Column(
            "platform_discount",
            sa.Numeric(),
            nullable=True,
            comment="TikTok's discount on the unit.",
        ),
        sa.Column(
            "is_gift", sa.Boolean(), nullable=True, comment="A gift: sale_price is 0."
        ),
        sa.Column(
            "package_id",
            sa.Text(),
            nullable=True,
            comment="The package the unit travels in.",
        ),
        sa.Column(
            "package_status",
            sa.Text(),
            nullable=True,
            comment="Status of that package.",
        ),
        sa.Column(
            "tracking_number",
            sa.Text(),
            nullable=True,
            comment="The carrier's number of the unit.",
        ),
        sa.Column(
            "shipping_provider_name",
            sa.Text(),
            nullable=True,
            comment="The carrier's name.",
        ),
        sa.Column(
            "shipped_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the unit was ready to ship (rts_time).",
        ),
        sa.Column(
            "cancel_reason",
            sa.Text(),
            nullable=True,
            comment="Why the unit was cancelled, in words.",
        ),
        sa.Column(
            "cancel_user",
            sa.Text(),
            nullable=True,
            comment="Who cancelled the unit: BUYER, SELLER, OPERATOR or SYSTEM.",
        ),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each field received that has no column of its own, nested as received.",
        ),
        sa.Column(
            "raw_page_id",
            sa.BigInteger(),
            nullable=True,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        sa.Column(
            "synced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer that last changed the row was asked for.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "line_id"),
        schema="tiktok",
        comment="One row per unit sold: two pieces of one SKU are two rows.",
    )
    op.create_index(
        "order_lines_by_order",
        "order_lines",
        ["shop_id", "order_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "order_lines_by_sku",
        "order_lines",
        ["shop_id", "sku_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "order_recipients",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("order_id", sa.Text(), nullable=False, comment="The order."),
        sa.Column(
            "name",
            sa.Text(),
            nullable=True,
            comment="Recipient's full name; TikTok masks it in many states.",
        ),
        sa.Column(
            "phone", sa.Text(), nullable=True, comment="Recipient's phone number."
        ),
        sa.Column(
            "full_address",
            sa.Text(),
            nullable=True,
            comment="The whole address in one text.",
        ),
        sa.Column("postal_code", sa.Text(), nullable=True, comment="Postal code."),
        sa.Column(
            "region_code",
            sa.Text(),
            nullable=True,
            comment="Country, ISO 3166-1 alpha-2.",
        ),
        sa.Column("first_name", sa.Text(), nullable=True, comment="First name."),
        sa.Column("last_name", sa.Text(), nullable=True, comment="Last name."),
        sa.Column(
            "address_detail", sa.Text(), nullable=True, comment="Street and house."
        ),
        sa.Column(
            "address_line1",
            sa.Text(),
            nullable=True,
            comment="First line of the address.",
        ),
        sa.Column(
            "address_line2",
            sa.Text(),
            nullable=True,
            comment="Second line of the address.",
        ),
        sa.Column(
            "buyer_email",
            sa.Text(),
            nullable=True,
            comment="TikTok's relay address of the buyer.",
        ),
        sa.Column(
            "buyer_nickname", sa.Text(), nullable=True, comment="The buyer's nickname."
        ),
        sa.Column(
            "buyer_avatar",
            sa.Text(),
            nullable=True,
            comment="Address of the buyer's picture.",
        ),
        sa.Column(
            "buyer_message",
            sa.Text(),
            nullable=True,
            comment="The buyer's note to the seller.",
        ),
        sa.Column("cpf", sa.Text(), nullable=True, comment="Brazilian tax number."),
        sa.Column(
            "cpf_name",
            sa.Text(),
            nullable=True,
            comment="Name that belongs to the tax number.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time of the order at the last change.",
        ),
        sa.Column(
            "field_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Fields that an older answer gave clear and a newer one did not: name to [update time, fetch time], microseconds since 1970.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the buyer data that the row equals, if one answer.",
        ),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each field received that has no column of its own, nested as received.",
        ),
        sa.Column(
            "raw_page_id",
            sa.BigInteger(),
            nullable=True,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        sa.Column(
            "synced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer that last changed the row was asked for.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "order_id"),
        schema="tiktok",
        comment="Buyer data: the only table that holds any.",
    )
    op.create_table(
        "order_status_history",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("order_id", sa.Text(), nullable=False, comment="The order."),
        sa.Column(
            "status",
            sa.Text(),
            nullable=False,
            comment="The status the order was seen in.",
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="TikTok's update time of the order in that status.",
        ),
        sa.Column(
            "seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was first seen so.",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'api'"),
            nullable=False,
            comment="api: an answer of TikTok, also where a webhook had it read (pages do "
            "not tell why they were read: see tiktok_ops.webhook_events); or csv.",
        ),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each field received that has no column of its own, nested as received.",
        ),
        sa.Column(
            "raw_page_id",
            sa.BigInteger(),
            nullable=True,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        sa.Column(
            "synced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer that last changed the row was asked for.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "order_id", "status", "changed_at"),
        schema="tiktok",
        comment="The statuses in which orders were seen; polling may miss short ones.",
    )
    op.create_table(
        "orders",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="TikTok's id of the order."
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Newest known status: UNPAID, ON_HOLD (paid, the buyer may still "
            "cancel freely), AWAITING_SHIPMENT (the seller must act), "
            "PARTIALLY_SHIPPING, AWAITING_COLLECTION (ready for the carrier), "
            "IN_TRANSIT, DELIVERED, COMPLETED (the time for returns is over) or "
            "CANCELLED.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the order was placed.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time: the last change of the status.",
        ),
        sa.Column(
            "paid_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was paid; cash on delivery: when delivered.",
        ),
        sa.Column(
            "shipped_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the seller had it ready to ship (rts_time).",
        ),
        sa.Column(
            "collected_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the carrier took it.",
        ),
        sa.Column(
            "delivered_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was delivered.",
        ),
        sa.Column(
            "cancelled_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was cancelled.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of every amount of the order.",
        ),
        sa.Column(
            "sub_total",
            sa.Numeric(),
            nullable=True,
            comment="Goods after seller and platform discounts.",
        ),
        sa.Column(
            "shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping paid by the buyer, after discounts.",
        ),
        sa.Column(
            "seller_discount",
            sa.Numeric(),
            nullable=True,
            comment="Discount on goods that the seller bears.",
        ),
        sa.Column(
            "platform_discount",
            sa.Numeric(),
            nullable=True,
            comment="Discount on goods that TikTok bears.",
        ),
        sa.Column(
            "tax",
            sa.Numeric(),
            nullable=True,
            comment="Tax as TikTok states it; included in prices in most markets.",
        ),
        sa.Column(
            "total_amount", sa.Numeric(), nullable=True, comment="What the buyer pays."
        ),
        sa.Column(
            "original_total_product_price",
            sa.Numeric(),
            nullable=True,
            comment="Goods before every discount.",
        ),
        sa.Column(
            "original_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping before every discount.",
        ),
        sa.Column(
            "buyer_id",
            sa.Text(),
            nullable=True,
            comment="TikTok's id of the buyer (user_id): a number, no personal data.",
        ),
        sa.Column(
            "warehouse_id",
            sa.Text(),
            nullable=True,
            comment="The warehouse that ships it.",
        ),
        sa.Column(
            "fulfillment_type",
            sa.Text(),
            nullable=True,
            comment="Whose warehouse sends it: FULFILLMENT_BY_SELLER, "
            "FULFILLMENT_BY_TIKTOK or FULFILLMENT_BY_DILAYANI_TOKOPEDIA.",
        ),
        sa.Column(
            "shipping_type",
            sa.Text(),
            nullable=True,
            comment="Who arranges the carrier: TIKTOK or SELLER; TIKTOK_DIGITAL and "
            "IN-STORE PICKUP: nobody.",
        ),
        sa.Column(
            "delivery_option_name",
            sa.Text(),
            nullable=True,
            comment="The delivery option the buyer chose.",
        ),
        sa.Column(
            "shipping_provider", sa.Text(), nullable=True, comment="The carrier's name."
        ),
        sa.Column(
            "tracking_number",
            sa.Text(),
            nullable=True,
            comment="The carrier's number; per line where they differ.",
        ),
        sa.Column(
            "payment_method_name",
            sa.Text(),
            nullable=True,
            comment="How the buyer pays.",
        ),
        sa.Column("is_cod", sa.Boolean(), nullable=True, comment="Cash on delivery."),
        sa.Column(
            "is_sample_order",
            sa.Boolean(),
            nullable=True,
            comment="A sample for a creator; exclude from sales.",
        ),
        sa.Column(
            "is_replacement_order",
            sa.Boolean(),
            nullable=True,
            comment="Goods sent again; exclude from sales.",
        ),
        sa.Column(
            "order_type",
            sa.Text(),
            nullable=True,
            comment="NORMAL, ZERO_LOTTERY (a prize, amounts may be 0), PRE_ORDER, "
            "MADE_TO_ORDER, BACK_ORDER or VIRTUAL_ORDER; may be empty.",
        ),
        sa.Column(
            "commerce_platform",
            sa.Text(),
            nullable=True,
            comment="TIKTOK_SHOP or TOKOPEDIA.",
        ),
        sa.Column(
            "cancel_reason",
            sa.Text(),
            nullable=True,
            comment="Why it was cancelled, in words.",
        ),
        sa.Column(
            "cancellation_initiator",
            sa.Text(),
            nullable=True,
            comment="Who asked for the cancellation: SELLER, BUYER or SYSTEM.",
        ),
        sa.Column(
            "source",
            sa.Text(),
            server_default=sa.text("'api'"),
            nullable=False,
            comment="Where the row comes from: api or csv.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the order as received, less buyer data.",
        ),
        sa.Column(
            "lines_updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Update time of the answer the lines come from, if not the row's.",
        ),
        sa.Column(
            "lines_synced_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Fetch time of the answer the lines come from, if not the row's.",
        ),
        sa.Column(
            "extra",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Each field received that has no column of its own, nested as received.",
        ),
        sa.Column(
            "raw_page_id",
            sa.BigInteger(),
            nullable=True,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        sa.Column(
            "synced_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer that last changed the row was asked for.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "order_id"),
        schema="tiktok",
        comment="One row per order, in its newest known state.",
    )
    op.create_index(
        "orders_by_buyer",
        "orders",
        ["shop_id", "buyer_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "orders_by_creation",
        "orders",
        ["shop_id", "created_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "orders_by_update",
        "orders",
        ["shop_id", "updated_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "api_drift",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "object",
            sa.Text(),
            nullable=False,
            comment="What was received: order, order_line, …",
        ),
        sa.Column(
            "kind",
            sa.Text(),
            nullable=False,
            comment="unknown_field, new_value, unreadable or replaced_characters.",
        ),
        sa.Column("path", sa.Text(), nullable=False, comment="Where in the object."),
        sa.Column(
            "value",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The new value, for kind new_value.",
        ),
        sa.Column(
            "example", sa.Text(), nullable=True, comment="Id of a record that shows it."
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was first met.",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was last met; moves once an hour.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "object", "kind", "path", "value"),
        schema="tiktok_ops",
        comment="Where the API's answers differ from what is documented.",
    )
    op.create_table(
        "credentials",
        sa.Column(
            "seller",
            sa.Text(),
            nullable=False,
            comment="TikTok's open_id of the consent.",
        ),
        sa.Column(
            "seller_name", sa.Text(), nullable=True, comment="The seller's name."
        ),
        sa.Column(
            "seller_region",
            sa.Text(),
            nullable=True,
            comment="The seller's home market.",
        ),
        sa.Column(
            "app_key",
            sa.Text(),
            nullable=False,
            comment="The app that the tokens belong to.",
        ),
        sa.Column("access_token", sa.Text(), nullable=False, comment="Encrypted."),
        sa.Column("refresh_token", sa.Text(), nullable=False, comment="Encrypted."),
        sa.Column(
            "access_expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="End of the access token.",
        ),
        sa.Column(
            "refresh_expires_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="End of the seller's consent.",
        ),
        sa.Column(
            "refreshed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When both tokens were received.",
        ),
        sa.Column(
            "granted_scopes",
            postgresql.ARRAY(sa.Text()),
            nullable=True,
            comment="What the seller allowed.",
        ),
        sa.Column(
            "token_metadata",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="The other fields of the token answer.",
        ),
        sa.Column(
            "last_error_message",
            sa.Text(),
            nullable=True,
            comment="Why the tokens no longer work; null if they do.",
        ),
        sa.PrimaryKeyConstraint("seller"),
        schema="tiktok_ops",
        comment="One row per seller; tokens are readable only with the key.",
    )
    op.create_table(
        "quarantine_records",
        sa.Column(
            "quarantine_id",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Our number.",
        ),
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "stream",
            sa.Text(),
            nullable=False,
            comment="Where it was met: orders, order_lines, …",
        ),
        sa.Column(
            "record_key",
            sa.Text(),
            nullable=False,
            comment="The record's id, or a hash of it when it has none.",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=False, comment="Why it cannot become a row."
        ),
        sa.Column(
            "retryable",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether asking again may help.",
        ),
        sa.Column(
            "content",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The record as received, less buyer data.",
        ),
        sa.Column(
            "request",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The call that gave it, less every secret.",
        ),
        sa.Column(
            "first_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was first met.",
        ),
        sa.Column(
            "last_seen_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was last met.",
        ),
        sa.Column(
            "resolved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a good record with this key arrived.",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The run that first met it.",
        ),
        sa.PrimaryKeyConstraint("quarantine_id"),
        schema="tiktok_ops",
        comment="Records that could not become rows; their neighbours are in the tables.",
    )
    op.create_index(
        "quarantine_records_by_key",
        "quarantine_records",
        ["shop_id", "stream", "record_key"],
        unique=True,
        schema="tiktok_ops",
    )
    op.create_table(
        "shops",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("name", sa.Text(), nullable=True, comment="The shop's name."),
        sa.Column(
            "region", sa.Text(), nullable=True, comment="Market, ISO 3166-1 alpha-2."
        ),
        sa.Column(
            "seller_type", sa.Text(), nullable=True, comment="LOCAL or CROSS_BORDER."
        ),
        sa.Column(
            "code", sa.Text(), nullable=True, comment="TikTok's code of the shop."
        ),
        sa.Column(
            "cipher", sa.Text(), nullable=False, comment="The shop's cipher, encrypted."
        ),
        sa.Column(
            "seller",
            sa.Text(),
            nullable=False,
            comment="The authorisation it is reached by: credentials.seller.",
        ),
        sa.Column(
            "api_version",
            sa.Text(),
            nullable=False,
            comment="API version for calls without their own.",
        ),
        sa.Column(
            "sync_status",
            sa.Text(),
            server_default=sa.text("'idle'"),
            nullable=False,
            comment="idle, syncing or error.",
        ),
        sa.Column(
            "last_error_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the last sync of the shop failed.",
        ),
        sa.Column(
            "last_error_message",
            sa.Text(),
            nullable=True,
            comment="What failed and what to do; null once it works.",
        ),
        sa.Column(
            "is_enabled",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether the shop is synced.",
        ),
        sa.Column(
            "connected_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the seller's consent last named the shop.",
        ),
        sa.PrimaryKeyConstraint("shop_id"),
        schema="tiktok_ops",
        comment="Every shop that a seller let us read.",
    )
    op.create_table(
        "sync_cursors",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "stream",
            sa.Text(),
            nullable=False,
            comment="What is synced: orders, orders_open, …",
        ),
        sa.Column(
            "watermark",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Everything changed before it is in the tables.",
        ),
        sa.Column(
            "moved_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the watermark last moved.",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The run that moved it.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "stream"),
        schema="tiktok_ops",
        comment="How far each sync of each shop has come.",
    )
    op.create_table(
        "sync_schedules",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "sync",
            sa.Text(),
            nullable=False,
            comment="Which sync: orders, inventory, tokens, …",
        ),
        sa.Column(
            "interval_minutes",
            sa.Integer(),
            nullable=False,
            comment="Least minutes between two starts.",
        ),
        sa.Column(
            "is_active",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether the schedule starts it.",
        ),
        sa.Column(
            "settings",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Settings of the sync for this shop.",
        ),
        sa.Column(
            "last_run_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a schedule last started it.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "sync"),
        schema="tiktok_ops",
        comment="When each sync of each shop is due; change a row to change the rhythm.",
    )
    op.create_table(
        "sync_windows",
        sa.Column(
            "window_id",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Our number.",
        ),
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "stream", sa.Text(), nullable=False, comment="What was pulled: orders, …"
        ),
        sa.Column(
            "time_field",
            sa.Text(),
            nullable=False,
            comment="create_time or update_time: what the window bounds.",
        ),
        sa.Column(
            "window_start",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="First moment, included.",
        ),
        sa.Column(
            "window_end",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="Last moment, excluded.",
        ),
        sa.Column(
            "api_total_count",
            sa.Integer(),
            nullable=True,
            comment="total_count of the last page; null if none came.",
        ),
        sa.Column(
            "ids_fetched",
            sa.Integer(),
            nullable=False,
            comment="Distinct ids on the pages.",
        ),
        sa.Column(
            "rows_in_table",
            sa.Integer(),
            nullable=False,
            comment="Rows in the table with those ids.",
        ),
        sa.Column(
            "verdict",
            sa.Text(),
            nullable=False,
            comment="closed: the counts agree or the note explains; open: not.",
        ),
        sa.Column(
            "note",
            sa.Text(),
            nullable=True,
            comment="What explains a difference, or what is missing.",
        ),
        sa.Column(
            "attempts",
            sa.Integer(),
            nullable=False,
            comment="How often the window was pulled.",
        ),
        sa.Column(
            "pages", sa.Integer(), nullable=False, comment="Pages read in all attempts."
        ),
        sa.Column(
            "rows_written",
            sa.Integer(),
            nullable=False,
            comment="Rows added or changed in all tables.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the pull began.",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the verdict was given.",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The run that pulled it.",
        ),
        sa.PrimaryKeyConstraint("window_id"),
        schema="tiktok_ops",
        comment="The completeness ledger: one row per window pulled.",
    )
    op.create_index(
        "sync_windows_by_start",
        "sync_windows",
        ["shop_id", "stream", "time_field", "window_start"],
        unique=False,
        schema="tiktok_ops",
    )
    op.create_table(
        "tiktok_api_logs",
        sa.Column(
            "log_id",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Our number.",
        ),
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=True,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the attempt was sent.",
        ),
        sa.Column("method", sa.Text(), nullable=False, comment="HTTP method."),
        sa.Column(
            "path", sa.Text(), nullable=False, comment="Path, without the query."
        ),
        sa.Column(
            "api_version", sa.Text(), nullable=True, comment="Version in the path."
        ),
        sa.Column("attempt", sa.Integer(), nullable=False, comment="1 for the first."),
        sa.Column(
            "http_status",
            sa.Integer(),
            nullable=False,
            comment="0 when no answer came.",
        ),
        sa.Column(
            "code",
            sa.Integer(),
            nullable=True,
            comment="TikTok's code: 0 is success; null without an envelope.",
        ),
        sa.Column(
            "request_id", sa.Text(), nullable=True, comment="TikTok's id of the call."
        ),
        sa.Column(
            "duration_ms",
            sa.Integer(),
            nullable=False,
            comment="From sending to the last byte.",
        ),
        sa.Column(
            "waited_ms",
            sa.Integer(),
            nullable=False,
            comment="Waited before, to keep the limit.",
        ),
        sa.Column(
            "error",
            sa.Text(),
            nullable=True,
            comment="What went wrong, without secrets.",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The run that called.",
        ),
        sa.PrimaryKeyConstraint("log_id"),
        schema="tiktok_ops",
        comment="Every attempt of every call, without secrets or buyer data.",
    )
    op.create_index(
        "tiktok_api_logs_by_time",
        "tiktok_api_logs",
        ["started_at"],
        unique=False,
        schema="tiktok_ops",
    )
    op.create_table(
        "pages",
        sa.Column(
            "page_id",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Our number.",
        ),
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "stream", sa.Text(), nullable=False, comment="What was asked for: orders, …"
        ),
        sa.Column(
            "request",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Method, path, query and body, less every secret.",
        ),
        sa.Column(
            "request_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="TikTok's id of the call.",
        ),
        sa.Column(
            "fetched_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the answer was asked for.",
        ),
        sa.Column(
            "record_count",
            sa.Integer(),
            nullable=False,
            comment="Records in the answer.",
        ),
        sa.Column(
            "body",
            sa.LargeBinary(),
            nullable=False,
            comment="The answer's data, less buyer data: JSON, zstd.",
        ),
        sa.Column(
            "run_id",
            sa.Text(),
            server_default=sa.text("''"),
            nullable=False,
            comment="The run that asked.",
        ),
        sa.PrimaryKeyConstraint("page_id"),
        schema="tiktok_raw",
        comment="One page of an answer, kept when it added or changed a row.",
    )
    op.create_index(
        "pages_by_fetch",
        "pages",
        ["shop_id", "stream", "fetched_at"],
        unique=False,
        schema="tiktok_raw",
    )
    # zstd frames gain nothing from a second compression
    op.execute("ALTER TABLE tiktok_raw.pages ALTER body SET STORAGE EXTERNAL")
