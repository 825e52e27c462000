"""fulfilment"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "coupon_products",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("coupon_id", sa.Text(), nullable=False, comment="The coupon."),
        sa.Column(
            "product_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of a product that it is for.",
        ),
        sa.Column(
            "product_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the coupon's list of products, from 1.",
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
        sa.PrimaryKeyConstraint("shop_id", "coupon_id", "product_id"),
        schema="tiktok",
        comment="The products that a coupon is for, where it is not for the whole shop.",
    )
    op.create_index(
        "coupon_products_by_product",
        "coupon_products",
        ["shop_id", "product_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "coupons",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "coupon_id", sa.Text(), nullable=False, comment="TikTok's id of the coupon."
        ),
        sa.Column(
            "title", sa.Text(), nullable=True, comment="The seller's name for it."
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Newest known status: NOT_START, ONGOING, EXPIRED or DEACTIVATED.",
        ),
        sa.Column(
            "display_type",
            sa.Text(),
            nullable=True,
            comment="Where buyers meet it: REGULAR, LIVE, CREATOR_EXCLUSIVE, CHAT or PROMO_CODE.",
        ),
        sa.Column(
            "promo_code",
            sa.Text(),
            nullable=True,
            comment="The code that buyers type in, for a PROMO_CODE.",
        ),
        sa.Column(
            "target_buyer_segment",
            sa.Text(),
            nullable=True,
            comment="For whom: ALL, or a group by TikTok's word.",
        ),
        sa.Column(
            "product_scope",
            sa.Text(),
            nullable=True,
            comment="For what: FULL_SHOP, or the products in coupon_products.",
        ),
        sa.Column(
            "creation_source",
            sa.Text(),
            nullable=True,
            comment="Where it was set up, e.g. SELLER_CENTER.",
        ),
        sa.Column(
            "claim_from_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="From when buyers can claim it.",
        ),
        sa.Column(
            "claim_until_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when buyers can claim it.",
        ),
        sa.Column(
            "redemption_type",
            sa.Text(),
            nullable=True,
            comment="ABSOLUTE: between the two moments; RELATIVE: a while.",
        ),
        sa.Column(
            "redeem_from_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="From when it can be redeemed.",
        ),
        sa.Column(
            "redeem_until_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when it can be redeemed.",
        ),
        sa.Column(
            "redeem_within",
            sa.Integer(),
            nullable=True,
            comment="How long it can be redeemed once claimed, for RELATIVE; the unit is TikTok's and undocumented.",
        ),
        sa.Column(
            "discount_type",
            sa.Text(),
            nullable=True,
            comment="How it reduces the price: PERCENT_OFF, or an amount.",
        ),
        sa.Column(
            "discount_pct",
            sa.Numeric(),
            nullable=True,
            comment="What is taken off, in percent, for PERCENT_OFF.",
        ),
        sa.Column(
            "reduction_amount",
            sa.Numeric(),
            nullable=True,
            comment="What is taken off, in reduction_currency.",
        ),
        sa.Column(
            "max_discount_amount",
            sa.Numeric(),
            nullable=True,
            comment="Most that is taken off, in max_discount_currency.",
        ),
        sa.Column(
            "threshold_type",
            sa.Text(),
            nullable=True,
            comment="What the buyer must reach, e.g. MIN_SPEND.",
        ),
        sa.Column(
            "min_spend_amount",
            sa.Numeric(),
            nullable=True,
            comment="Least that the buyer must spend, in currency.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of min_spend_amount.",
        ),
        sa.Column(
            "reduction_currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of reduction_amount.",
        ),
        sa.Column(
            "max_discount_currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of max_discount_amount.",
        ),
        sa.Column(
            "claim_limit_per_buyer",
            sa.Integer(),
            nullable=True,
            comment="How often one buyer can claim it.",
        ),
        sa.Column(
            "claim_limit",
            sa.Integer(),
            nullable=True,
            comment="How often it can be claimed in all.",
        ),
        sa.Column(
            "redemption_limit",
            sa.Integer(),
            nullable=True,
            comment="How often it can be redeemed.",
        ),
        sa.Column(
            "claimed_count",
            sa.Integer(),
            nullable=True,
            comment="How often it was claimed so far.",
        ),
        sa.Column(
            "redeemed_count",
            sa.Integer(),
            nullable=True,
            comment="How often it was redeemed so far.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the seller set it up, to the millisecond.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time of it, to the millisecond.",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When TikTok was first seen not to list it; null: listed.",
        ),
        sa.Column(
            "deleted_reason",
            sa.Text(),
            nullable=True,
            comment="Why deleted_at is set: not_listed.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the record as received, less buyer data.",
        ),
        sa.Column(
            "part_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.",
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
        sa.PrimaryKeyConstraint("shop_id", "coupon_id"),
        schema="tiktok",
        comment="One row per coupon of the shop, by Get Coupon.",
    )
    op.create_table(
        "order_tracking",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("order_id", sa.Text(), nullable=False, comment="The order."),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the record as received, less buyer data.",
        ),
        sa.Column(
            "part_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.",
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
        comment="Orders whose tracking was read, one row each; synced_at says when it was last found changed. The events stand in tiktok.tracking_events.",
    )
    op.create_table(
        "package_details",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "package_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the package.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Update time of the package when its details were read.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Its status then; the newest one is in tiktok.packages.",
        ),
        sa.Column(
            "sub_status",
            sa.Text(),
            nullable=True,
            comment="Finer status, in TikTok's mixed spelling: RTS_success, Delivery, … (package_sub_status).",
        ),
        sa.Column(
            "ship_exception_reason",
            sa.Text(),
            nullable=True,
            comment="Why the delivery failed: PACKAGE_LOST, RETURNED_TO_SHIPPER, …",
        ),
        sa.Column(
            "split_and_combine_tag",
            sa.Text(),
            nullable=True,
            comment="Whether its order was split (SPLIT), or it holds several orders (COMBINE, COMBINED); else DEFAULT or NONE.",
        ),
        sa.Column(
            "has_multi_skus",
            sa.Boolean(),
            nullable=True,
            comment="Whether it holds more than one SKU.",
        ),
        sa.Column(
            "note_tag",
            sa.Text(),
            nullable=True,
            comment="BUYER_NOTED or BUYER_UNNOTED: whether the buyer left a note.",
        ),
        sa.Column(
            "shipping_type",
            sa.Text(),
            nullable=True,
            comment="Who ships: TIKTOK or SELLER.",
        ),
        sa.Column(
            "handover_method",
            sa.Text(),
            nullable=True,
            comment="How the carrier gets it: PICKUP or DROP_OFF.",
        ),
        sa.Column(
            "pickup_from_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Start of the slot in which the carrier picks it up.",
        ),
        sa.Column(
            "pickup_until_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="End of that slot.",
        ),
        sa.Column(
            "delivery_option_id",
            sa.Text(),
            nullable=True,
            comment="TikTok's id of the delivery option.",
        ),
        sa.Column(
            "delivery_option_name",
            sa.Text(),
            nullable=True,
            comment="The delivery option, as shown to the buyer.",
        ),
        sa.Column(
            "warehouse_id",
            sa.Text(),
            nullable=True,
            comment="The warehouse that ships it: tiktok.warehouses.",
        ),
        sa.Column(
            "last_mile_tracking_number",
            sa.Text(),
            nullable=True,
            comment="Number of the carrier of the last mile, for parcels across borders.",
        ),
        sa.Column(
            "weight", sa.Numeric(), nullable=True, comment="Weight, in weight_unit."
        ),
        sa.Column(
            "weight_unit",
            sa.Text(),
            nullable=True,
            comment="Unit of the weight, e.g. GRAM, KG or POUND.",
        ),
        sa.Column(
            "length",
            sa.Numeric(),
            nullable=True,
            comment="Longest side, in dimension_unit.",
        ),
        sa.Column(
            "width", sa.Numeric(), nullable=True, comment="Width, in dimension_unit."
        ),
        sa.Column(
            "height", sa.Numeric(), nullable=True, comment="Height, in dimension_unit."
        ),
        sa.Column(
            "dimension_unit",
            sa.Text(),
            nullable=True,
            comment="Unit of length, width and height: CM or INCH.",
        ),
        sa.Column(
            "is_insured",
            sa.Boolean(),
            nullable=True,
            comment="Whether the seller bought insurance (US).",
        ),
        sa.Column(
            "insured_amount",
            sa.Numeric(),
            nullable=True,
            comment="Amount that is insured, in USD.",
        ),
        sa.Column(
            "is_claim_eligible",
            sa.Boolean(),
            nullable=True,
            comment="Whether a claim on the insurance may be filed.",
        ),
        sa.Column(
            "claim_status",
            sa.Text(),
            nullable=True,
            comment="State of that claim: NOT_STARTED, CLAIM_PENDING, …",
        ),
        sa.Column(
            "sender_address",
            sa.Text(),
            nullable=True,
            comment="Whence it is sent: the seller's address in one text.",
        ),
        sa.Column(
            "sender_postal_code",
            sa.Text(),
            nullable=True,
            comment="The sender's postal code.",
        ),
        sa.Column(
            "sender_region_code",
            sa.Text(),
            nullable=True,
            comment="The sender's country, ISO 3166-1 alpha-2.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the record as received, less buyer data.",
        ),
        sa.Column(
            "part_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.",
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
        sa.PrimaryKeyConstraint("shop_id", "package_id"),
        schema="tiktok",
        comment="What Get Package Detail tells beyond tiktok.packages, one row per package; what it repeats (orders, units, carrier) stands in extra. The recipient is the one of its orders: tiktok.order_recipients.",
    )
    op.create_table(
        "package_lines",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("package_id", sa.Text(), nullable=False, comment="The package."),
        sa.Column(
            "line_id",
            sa.Text(),
            nullable=False,
            comment="The order line (one unit) in it: tiktok.order_lines.line_id.",
        ),
        sa.Column(
            "line_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the package's list of units, from 1.",
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
        sa.PrimaryKeyConstraint("shop_id", "package_id", "line_id"),
        schema="tiktok",
        comment="Which units travel in which package, by TikTok's order_line_item_ids; the order of a unit stands in tiktok.order_lines.",
    )
    op.create_index(
        "package_lines_by_line",
        "package_lines",
        ["shop_id", "line_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "package_orders",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("package_id", sa.Text(), nullable=False, comment="The package."),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=False,
            comment="An order of which something travels in the package.",
        ),
        sa.Column(
            "order_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the package's list of orders, from 1.",
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
        sa.PrimaryKeyConstraint("shop_id", "package_id", "order_id"),
        schema="tiktok",
        comment="Which orders travel in which package, many to many: a split order has several packages, a combined package several orders.",
    )
    op.create_index(
        "package_orders_by_order",
        "package_orders",
        ["shop_id", "order_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "package_skus",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("package_id", sa.Text(), nullable=False, comment="The package."),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=False,
            comment="The order that the units belong to.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=False, comment="TikTok's id of the SKU."
        ),
        sa.Column(
            "sku_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the list of that order's SKUs, from 1.",
        ),
        sa.Column(
            "sku_name",
            sa.Text(),
            nullable=True,
            comment="The variant, as shown to the buyer.",
        ),
        sa.Column(
            "image_url",
            sa.Text(),
            nullable=True,
            comment="Address of the SKU's picture.",
        ),
        sa.Column(
            "quantity",
            sa.Integer(),
            nullable=True,
            comment="Units of the SKU of that order in the package.",
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
        sa.PrimaryKeyConstraint("shop_id", "package_id", "order_id", "sku_id"),
        schema="tiktok",
        comment="What a package holds, counted by order and SKU. TikTok calls this list deprecated: tiktok.package_lines says the same unit by unit.",
    )
    op.create_index(
        "package_skus_by_sku",
        "package_skus",
        ["shop_id", "sku_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "packages",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "package_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the package.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Newest known status: TO_FULFILL (to be shipped by the seller), PROCESSING (ready, awaiting the carrier), FULFILLING (on its way), COMPLETED (delivered) or CANCELLED.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the package came to be: when its order had to be sent.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time: the last change of the package.",
        ),
        sa.Column(
            "tracking_number",
            sa.Text(),
            nullable=True,
            comment="The carrier's number; empty until it is shipped.",
        ),
        sa.Column(
            "shipping_provider",
            sa.Text(),
            nullable=True,
            comment="The carrier's name (shipping_provider_name).",
        ),
        sa.Column(
            "shipping_provider_id",
            sa.Text(),
            nullable=True,
            comment="TikTok's id of the carrier.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the record as received, less buyer data.",
        ),
        sa.Column(
            "part_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.",
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
        sa.PrimaryKeyConstraint("shop_id", "package_id"),
        schema="tiktok",
        comment="One row per package, in its newest known state, by Search Package. An order may have several packages, and a package several orders: see tiktok.package_orders. Weight, size, pick-up and sender: tiktok.package_details.",
    )
    op.create_index(
        "packages_by_creation",
        "packages",
        ["shop_id", "created_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "packages_by_tracking_number",
        "packages",
        ["shop_id", "tracking_number"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "packages_by_update",
        "packages",
        ["shop_id", "updated_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "promotion_products",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("promotion_id", sa.Text(), nullable=False, comment="The promotion."),
        sa.Column(
            "product_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of a product in it.",
        ),
        sa.Column(
            "product_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the promotion's list of products, from 1.",
        ),
        sa.Column(
            "discount_pct",
            sa.Numeric(),
            nullable=True,
            comment="What is taken off, in percent of the price, as TikTok says it.",
        ),
        sa.Column(
            "price",
            sa.Numeric(),
            nullable=True,
            comment="What the product costs in the promotion, where it is fixed.",
        ),
        sa.Column(
            "currency", sa.Text(), nullable=True, comment="ISO 4217 code of the price."
        ),
        sa.Column(
            "quantity_limit",
            sa.Integer(),
            nullable=True,
            comment="Most units sold at this price; -1: no limit.",
        ),
        sa.Column(
            "quantity_per_user",
            sa.Integer(),
            nullable=True,
            comment="Most units one buyer gets at this price; -1: no limit.",
        ),
        sa.Column(
            "used_quantity",
            sa.Integer(),
            nullable=True,
            comment="Units sold at this price so far.",
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
        sa.PrimaryKeyConstraint("shop_id", "promotion_id", "product_id"),
        schema="tiktok",
        comment="Which products are in a promotion, and on what terms if these are set for the product; else see tiktok.promotion_skus.",
    )
    op.create_index(
        "promotion_products_by_product",
        "promotion_products",
        ["shop_id", "product_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "promotion_skus",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("promotion_id", sa.Text(), nullable=False, comment="The promotion."),
        sa.Column(
            "product_id",
            sa.Text(),
            nullable=False,
            comment="The product that the SKU belongs to.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=False, comment="TikTok's id of a SKU in it."
        ),
        sa.Column(
            "sku_number",
            sa.Integer(),
            nullable=True,
            comment="Place in the list of that product's SKUs, from 1.",
        ),
        sa.Column(
            "discount_pct",
            sa.Numeric(),
            nullable=True,
            comment="What is taken off, in percent of the price, as TikTok says it.",
        ),
        sa.Column(
            "price",
            sa.Numeric(),
            nullable=True,
            comment="What the SKU costs in the promotion, where it is fixed.",
        ),
        sa.Column(
            "currency", sa.Text(), nullable=True, comment="ISO 4217 code of the price."
        ),
        sa.Column(
            "quantity_limit",
            sa.Integer(),
            nullable=True,
            comment="Most units sold at this price; -1: no limit.",
        ),
        sa.Column(
            "quantity_per_user",
            sa.Integer(),
            nullable=True,
            comment="Most units one buyer gets at this price; -1: no limit.",
        ),
        sa.Column(
            "used_quantity",
            sa.Integer(),
            nullable=True,
            comment="Units sold at this price so far.",
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
        sa.PrimaryKeyConstraint("shop_id", "promotion_id", "product_id", "sku_id"),
        schema="tiktok",
        comment="Which SKUs are in a promotion, and on what terms.",
    )
    op.create_index(
        "promotion_skus_by_sku",
        "promotion_skus",
        ["shop_id", "sku_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "promotions",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "promotion_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the promotion (activity_id).",
        ),
        sa.Column(
            "title", sa.Text(), nullable=True, comment="The seller's name for it."
        ),
        sa.Column(
            "promotion_type",
            sa.Text(),
            nullable=True,
            comment="DIRECT_DISCOUNT, FLASHSALE, FIXED_PRICE, SHIPPING_DISCOUNT, BUY_MORE_SAVE_MORE, GIFT_WITH_PURCHASE or BUY_X_GET_Y (activity_type).",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Newest known status: NOT_START, ONGOING, EXPIRED or DEACTIVATED.",
        ),
        sa.Column(
            "product_level",
            sa.Text(),
            nullable=True,
            comment="What it is set for: PRODUCT, VARIATION (SKU) or SHOP.",
        ),
        sa.Column(
            "duration_type",
            sa.Text(),
            nullable=True,
            comment="Whether it ends: NORMAL, or a longer one by TikTok's word.",
        ),
        sa.Column(
            "begins_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it begins (begin_time).",
        ),
        sa.Column(
            "ends_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it ends (end_time).",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When the seller set it up, to the millisecond.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time of it, to the millisecond.",
        ),
        sa.Column(
            "target_user_type",
            sa.Text(),
            nullable=True,
            comment="For whom: ALL_USER, SHOP_NEW_CUSTOMER, …",
        ),
        sa.Column(
            "deleted_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When TikTok was first seen not to list it; null: listed.",
        ),
        sa.Column(
            "deleted_reason",
            sa.Text(),
            nullable=True,
            comment="Why deleted_at is set: not_listed.",
        ),
        sa.Column(
            "content_hash",
            sa.LargeBinary(),
            nullable=True,
            comment="Of the record as received, less buyer data.",
        ),
        sa.Column(
            "part_versions",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Tables whose rows come from another answer than this row: table to [update time, fetch time], microseconds since 1970.",
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
        sa.PrimaryKeyConstraint("shop_id", "promotion_id"),
        schema="tiktok",
        comment="One row per promotion of the shop, by Get Activity. Discounts by quantity, for shipping or with gifts stand in extra, under discount.",
    )
    op.create_table(
        "tracking_events",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=False,
            comment="The order whose parcel it is.",
        ),
        sa.Column(
            "event_number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place in time among the order's events, oldest is 1.",
        ),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it happened, to the millisecond (update_time_millis).",
        ),
        sa.Column(
            "action_code",
            sa.Integer(),
            nullable=True,
            comment="TikTok's number for the kind of event, e.g. 20101.",
        ),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="What happened, in words."
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
        sa.PrimaryKeyConstraint("shop_id", "order_id", "event_number"),
        schema="tiktok",
        comment="What the carrier and TikTok told of an order's parcels, one row per event, by Get Tracking.",
    )
