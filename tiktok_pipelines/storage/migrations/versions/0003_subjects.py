"""Tables of cancellations, returns and warehouses; how each stream is doing."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "aftersale_eligibilities",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="The order: tiktok.orders."
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
        sa.PrimaryKeyConstraint("shop_id", "order_id"),
        schema="tiktok",
        comment="Orders of which it was asked what the seller may still do about them, one row each; synced_at says when the answer was last found changed. What it says stands in tiktok.aftersale_eligibility_requests. Asked while an order is open, and again when it, a return or a cancellation of it changed. Source: Return and Refund API, Get Aftersale Eligibility.",
    )
    op.create_table(
        "aftersale_eligibility_skus",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="The order: tiktok.orders."
        ),
        sa.Column(
            "sku_number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place of the SKU in TikTok's list, from 1.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=True, comment="TikTok's id of the SKU."
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
        sa.PrimaryKeyConstraint("shop_id", "order_id", "sku_number"),
        schema="tiktok",
        comment="One row per SKU of such an order.",
    )
    op.create_table(
        "aftersale_eligibility_requests",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "order_id", sa.Text(), nullable=False, comment="The order: tiktok.orders."
        ),
        sa.Column(
            "sku_number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place of the SKU in TikTok's list, from 1.",
        ),
        sa.Column(
            "request_number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place in TikTok's list of the SKU's requests, from 1.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=True, comment="TikTok's id of the SKU."
        ),
        sa.Column(
            "request_type",
            sa.Text(),
            nullable=True,
            comment="CANCEL, REFUND, RETURN or RETURN_AND_REFUND.",
        ),
        sa.Column(
            "is_eligible",
            sa.Boolean(),
            nullable=True,
            comment="Whether the seller may make such a request now (eligible).",
        ),
        sa.Column(
            "ineligible_code",
            sa.Integer(),
            nullable=True,
            comment="Why not: TikTok's code.",
        ),
        sa.Column(
            "ineligible_reason", sa.Text(), nullable=True, comment="Why not, in words."
        ),
        sa.Column(
            "available_reasons",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="TikTok's codes of reasons that it may be made for, a list; at times a text.",
        ),
        sa.Column(
            "order_line_ids",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The units it is about: tiktok.order_lines.line_id, a list.",
        ),
        sa.Column(
            "order_lines",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="The same with what is in bundles, a list of {order_line_item_id, sub_order_line_item_id} as received.",
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
        sa.PrimaryKeyConstraint("shop_id", "order_id", "sku_number", "request_number"),
        schema="tiktok",
        comment="One row per order, SKU and type of request after the sale: whether the seller may make it as of the last answer, else why not.",
    )
    op.create_index(
        "aftersale_eligibility_requests_by_sku",
        "aftersale_eligibility_requests",
        ["shop_id", "sku_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "cancellation_lines",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "cancellation_line_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the cancellation's line.",
        ),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=True,
            comment="The order that the cancellation is about.",
        ),
        sa.Column(
            "order_line_id",
            sa.Text(),
            nullable=True,
            comment="The unit: tiktok.order_lines.line_id.",
        ),
        sa.Column(
            "line_number",
            sa.SmallInteger(),
            nullable=True,
            comment="Place in TikTok's list, from 1.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=True, comment="TikTok's id of the SKU."
        ),
        sa.Column(
            "seller_sku", sa.Text(), nullable=True, comment="The seller's own code."
        ),
        sa.Column(
            "product_name", sa.Text(), nullable=True, comment="As shown to the buyer."
        ),
        sa.Column(
            "sku_name",
            sa.Text(),
            nullable=True,
            comment="Variant, as shown to the buyer.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the refund amounts.",
        ),
        sa.Column(
            "refund_total",
            sa.Numeric(),
            nullable=True,
            comment="What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.",
        ),
        sa.Column(
            "refund_subtotal",
            sa.Numeric(),
            nullable=True,
            comment="Goods refunded, after discounts.",
        ),
        sa.Column(
            "refund_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping refunded.",
        ),
        sa.Column(
            "refund_tax",
            sa.Numeric(),
            nullable=True,
            comment="Tax refunded; 0 where prices include it.",
        ),
        sa.Column(
            "retail_delivery_fee",
            sa.Numeric(),
            nullable=True,
            comment="Retail delivery fee refunded (Colorado, US).",
        ),
        sa.Column(
            "buyer_service_fee",
            sa.Numeric(),
            nullable=True,
            comment="Service fee refunded (Indonesia).",
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
        sa.Column(
            "cancellation_id",
            sa.Text(),
            nullable=True,
            comment="The cancellation it belongs to.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "cancellation_line_id"),
        schema="tiktok",
        comment="One row per unit that a cancellation is about.",
    )
    op.create_index(
        "cancellation_lines_by_cancellation",
        "cancellation_lines",
        ["shop_id", "cancellation_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "cancellation_lines_by_order_line",
        "cancellation_lines",
        ["shop_id", "order_line_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "cancellations",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "cancellation_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the request (cancel_id).",
        ),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=True,
            comment="The order; an order may have several, each for some lines.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="CANCELLATION_REQUEST_PENDING: asked for; _SUCCESS: granted, money not back yet; _CANCEL: withdrawn; _COMPLETE: done.",
        ),
        sa.Column(
            "type",
            sa.Text(),
            nullable=True,
            comment="CANCEL: by seller or system; BUYER_CANCEL: by the buyer.",
        ),
        sa.Column(
            "initiator",
            sa.Text(),
            nullable=True,
            comment="BUYER, SELLER, SYSTEM or OPERATOR (role).",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="TikTok's code of the reason."
        ),
        sa.Column(
            "reason_text",
            sa.Text(),
            nullable=True,
            comment="The reason in words, English.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was asked for.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time: the last change of the status.",
        ),
        sa.Column(
            "should_replenish_stock",
            sa.Boolean(),
            nullable=True,
            comment="Whether the goods go back into stock.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the refund amounts.",
        ),
        sa.Column(
            "refund_total",
            sa.Numeric(),
            nullable=True,
            comment="What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.",
        ),
        sa.Column(
            "refund_subtotal",
            sa.Numeric(),
            nullable=True,
            comment="Goods refunded, after discounts.",
        ),
        sa.Column(
            "refund_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping refunded.",
        ),
        sa.Column(
            "refund_tax",
            sa.Numeric(),
            nullable=True,
            comment="Tax refunded; 0 where prices include it.",
        ),
        sa.Column(
            "retail_delivery_fee",
            sa.Numeric(),
            nullable=True,
            comment="Retail delivery fee refunded (Colorado, US).",
        ),
        sa.Column(
            "buyer_service_fee",
            sa.Numeric(),
            nullable=True,
            comment="Service fee refunded (Indonesia).",
        ),
        sa.Column(
            "next_action",
            sa.Text(),
            nullable=True,
            comment="What the seller has to do next, e.g. SELLER_RESPOND_CANCEL.",
        ),
        sa.Column(
            "next_action_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when; after that TikTok decides.",
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
        sa.PrimaryKeyConstraint("shop_id", "cancellation_id"),
        schema="tiktok",
        comment="One row per request to cancel an order or lines of it, in its newest known state.",
    )
    op.create_index(
        "cancellations_by_order",
        "cancellations",
        ["shop_id", "order_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "cancellations_by_update",
        "cancellations",
        ["shop_id", "updated_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "reject_reasons",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="TikTok's code of the reason (name).",
        ),
        sa.Column(
            "reason_text",
            sa.Text(),
            nullable=True,
            comment="The reason in words, English.",
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
        sa.PrimaryKeyConstraint("shop_id", "reason"),
        schema="tiktok",
        comment="One row per reason with which the seller may reject a request to cancel, refund or return. TikTok tells those that fit a request: a few requests of each type are asked about each day.",
    )
    op.create_table(
        "global_warehouses",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "global_warehouse_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the global warehouse.",
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=True,
            comment="The seller's name of it; not unique.",
        ),
        sa.Column(
            "ownership",
            sa.Text(),
            nullable=True,
            comment="SELLER: the seller's own; PLATFORM_COOPERATION: TikTok's.",
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
        sa.PrimaryKeyConstraint("shop_id", "global_warehouse_id"),
        schema="tiktok",
        comment="One row per warehouse of a seller who sells across borders, the same for all shops of the seller, above those of each shop (tiktok.warehouses); other sellers have none. Source: Logistics API, Get Global Seller Warehouse, each day.",
    )
    op.create_table(
        "return_histories",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column("return_id", sa.Text(), nullable=False, comment="The return."),
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
        sa.PrimaryKeyConstraint("shop_id", "return_id"),
        schema="tiktok",
        comment="Returns whose history was read, one row each; synced_at says when it was last found changed. What happened stands in tiktok.return_records.",
    )
    op.create_table(
        "return_lines",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "return_line_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the return's line.",
        ),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=True,
            comment="The order that the return is about.",
        ),
        sa.Column(
            "order_line_id",
            sa.Text(),
            nullable=True,
            comment="The unit: tiktok.order_lines.line_id.",
        ),
        sa.Column(
            "line_number",
            sa.SmallInteger(),
            nullable=True,
            comment="Place in TikTok's list, from 1.",
        ),
        sa.Column(
            "sku_id", sa.Text(), nullable=True, comment="TikTok's id of the SKU."
        ),
        sa.Column(
            "seller_sku", sa.Text(), nullable=True, comment="The seller's own code."
        ),
        sa.Column(
            "product_name", sa.Text(), nullable=True, comment="As shown to the buyer."
        ),
        sa.Column(
            "sku_name",
            sa.Text(),
            nullable=True,
            comment="Variant, as shown to the buyer.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the refund amounts.",
        ),
        sa.Column(
            "refund_total",
            sa.Numeric(),
            nullable=True,
            comment="What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.",
        ),
        sa.Column(
            "refund_subtotal",
            sa.Numeric(),
            nullable=True,
            comment="Goods refunded, after discounts.",
        ),
        sa.Column(
            "refund_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping refunded.",
        ),
        sa.Column(
            "refund_tax",
            sa.Numeric(),
            nullable=True,
            comment="Tax refunded; 0 where prices include it.",
        ),
        sa.Column(
            "retail_delivery_fee",
            sa.Numeric(),
            nullable=True,
            comment="Retail delivery fee refunded (Colorado, US).",
        ),
        sa.Column(
            "buyer_service_fee",
            sa.Numeric(),
            nullable=True,
            comment="Service fee refunded (Indonesia).",
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
        sa.Column(
            "return_id", sa.Text(), nullable=True, comment="The return it belongs to."
        ),
        sa.PrimaryKeyConstraint("shop_id", "return_line_id"),
        schema="tiktok",
        comment="One row per unit that a return is about.",
    )
    op.create_index(
        "return_lines_by_order_line",
        "return_lines",
        ["shop_id", "order_line_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "return_lines_by_return",
        "return_lines",
        ["shop_id", "return_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "return_records",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "return_id",
            sa.Text(),
            nullable=False,
            comment="The return that it happened to.",
        ),
        sa.Column(
            "record_number",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="Place in TikTok's list, from 1.",
        ),
        sa.Column(
            "happened_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it happened (create_time).",
        ),
        sa.Column(
            "event",
            sa.Text(),
            nullable=True,
            comment="What happened, e.g. ORDER_RETURN: the request was made.",
        ),
        sa.Column(
            "role",
            sa.Text(),
            nullable=True,
            comment="Who did it, e.g. Buyer, Seller, Operator, System.",
        ),
        sa.Column(
            "description",
            sa.Text(),
            nullable=True,
            comment="The same in words, by TikTok.",
        ),
        sa.Column(
            "reason_text",
            sa.Text(),
            nullable=True,
            comment="The reason that was given, in TikTok's words.",
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
        sa.PrimaryKeyConstraint("shop_id", "return_id", "record_number"),
        schema="tiktok",
        comment="What happened to a return, one row per step, by Get Return Records. The notes, images and videos of buyer and seller are kept nowhere.",
    )
    op.create_table(
        "returns",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "return_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the request.",
        ),
        sa.Column(
            "order_id",
            sa.Text(),
            nullable=True,
            comment="The order that goods of come back, or that is refunded.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="Newest known status, e.g. RETURN_OR_REFUND_REQUEST_PENDING, AWAITING_BUYER_SHIP; money is back with RETURN_OR_REFUND_REQUEST_COMPLETE or REPLACEMENT_REQUEST_REFUND_SUCCESS.",
        ),
        sa.Column(
            "type",
            sa.Text(),
            nullable=True,
            comment="REFUND: money alone; RETURN_AND_REFUND: goods come back; REPLACEMENT, EXCHANGE: goods are sent again.",
        ),
        sa.Column(
            "initiator",
            sa.Text(),
            nullable=True,
            comment="BUYER, SELLER, OPERATOR or SYSTEM (role).",
        ),
        sa.Column(
            "reason", sa.Text(), nullable=True, comment="TikTok's code of the reason."
        ),
        sa.Column(
            "reason_text",
            sa.Text(),
            nullable=True,
            comment="The reason in words, English.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When it was asked for.",
        ),
        sa.Column(
            "updated_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="TikTok's update time: the last change.",
        ),
        sa.Column(
            "arbitration_status",
            sa.Text(),
            nullable=True,
            comment="TikTok as judge: IN_PROGRESS, SUPPORT_BUYER, SUPPORT_SELLER or CLOSED.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the refund amounts.",
        ),
        sa.Column(
            "refund_total",
            sa.Numeric(),
            nullable=True,
            comment="What goes back to the buyer: refund_subtotal, refund_shipping_fee and refund_tax; null where no money goes back.",
        ),
        sa.Column(
            "refund_subtotal",
            sa.Numeric(),
            nullable=True,
            comment="Goods refunded, after discounts.",
        ),
        sa.Column(
            "refund_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Shipping refunded.",
        ),
        sa.Column(
            "refund_tax",
            sa.Numeric(),
            nullable=True,
            comment="Tax refunded; 0 where prices include it.",
        ),
        sa.Column(
            "retail_delivery_fee",
            sa.Numeric(),
            nullable=True,
            comment="Retail delivery fee refunded (Colorado, US).",
        ),
        sa.Column(
            "buyer_service_fee",
            sa.Numeric(),
            nullable=True,
            comment="Service fee refunded (Indonesia).",
        ),
        sa.Column(
            "partial_refund_currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of partial_refund_amount.",
        ),
        sa.Column(
            "partial_refund_amount",
            sa.Numeric(),
            nullable=True,
            comment="What the seller offers instead of all.",
        ),
        sa.Column(
            "is_partial_refund_rejected",
            sa.Boolean(),
            nullable=True,
            comment="Whether the buyer refused that offer.",
        ),
        sa.Column(
            "discount_currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the four discounts.",
        ),
        sa.Column(
            "product_seller_discount",
            sa.Numeric(),
            nullable=True,
            comment="Seller's discount on the goods that come back.",
        ),
        sa.Column(
            "product_platform_discount",
            sa.Numeric(),
            nullable=True,
            comment="TikTok's discount on them.",
        ),
        sa.Column(
            "shipping_fee_seller_discount",
            sa.Numeric(),
            nullable=True,
            comment="Seller's discount on their shipping.",
        ),
        sa.Column(
            "shipping_fee_platform_discount",
            sa.Numeric(),
            nullable=True,
            comment="TikTok's discount on their shipping.",
        ),
        sa.Column(
            "return_shipping_currency",
            sa.Text(),
            nullable=True,
            comment="ISO 4217 code of the three fees below.",
        ),
        sa.Column(
            "seller_paid_return_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Way back, paid by the seller.",
        ),
        sa.Column(
            "platform_paid_return_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Way back, paid by TikTok.",
        ),
        sa.Column(
            "buyer_paid_return_shipping_fee",
            sa.Numeric(),
            nullable=True,
            comment="Way back, paid by the buyer.",
        ),
        sa.Column(
            "shipment_type",
            sa.Text(),
            nullable=True,
            comment="PLATFORM: TikTok ships it back; BUYER_ARRANGE.",
        ),
        sa.Column(
            "handover_method", sa.Text(), nullable=True, comment="DROP_OFF or PICKUP."
        ),
        sa.Column(
            "return_method",
            sa.Text(),
            nullable=True,
            comment="How it comes back, e.g. PLATFORM_SHIPPED.",
        ),
        sa.Column(
            "shipping_provider_id",
            sa.Text(),
            nullable=True,
            comment="TikTok's id of the carrier of the way back.",
        ),
        sa.Column(
            "shipping_provider",
            sa.Text(),
            nullable=True,
            comment="Name of the carrier of the way back.",
        ),
        sa.Column(
            "tracking_number",
            sa.Text(),
            nullable=True,
            comment="The carrier's number of the way back.",
        ),
        sa.Column(
            "shipping_document_type",
            sa.Text(),
            nullable=True,
            comment="What the parcel needs, e.g. SHIPPING_LABEL.",
        ),
        sa.Column(
            "return_warehouse_address",
            sa.Text(),
            nullable=True,
            comment="Where it is sent: the seller's address.",
        ),
        sa.Column(
            "can_buyer_keep_item",
            sa.Boolean(),
            nullable=True,
            comment="Refunded without the goods coming back.",
        ),
        sa.Column(
            "is_quick_refund",
            sa.Boolean(),
            nullable=True,
            comment="Refunded before the goods are back.",
        ),
        sa.Column(
            "is_combined_return",
            sa.Boolean(),
            nullable=True,
            comment="One parcel with other returns.",
        ),
        sa.Column(
            "combined_return_id",
            sa.Text(),
            nullable=True,
            comment="What the returns of one parcel share; 0 for none.",
        ),
        sa.Column(
            "previous_return_id",
            sa.Text(),
            nullable=True,
            comment="The refused request that this one follows.",
        ),
        sa.Column(
            "next_return_id",
            sa.Text(),
            nullable=True,
            comment="The request that follows this refused one.",
        ),
        sa.Column(
            "seller_proposed_type",
            sa.Text(),
            nullable=True,
            comment="What the seller offers instead: PARTIAL_REFUND.",
        ),
        sa.Column(
            "next_action",
            sa.Text(),
            nullable=True,
            comment="What the seller has to do next, e.g. SELLER_RESPOND_REFUND.",
        ),
        sa.Column(
            "next_action_due_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="Until when; after that TikTok decides.",
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
        sa.PrimaryKeyConstraint("shop_id", "return_id"),
        schema="tiktok",
        comment="One row per request to return goods, or to refund or replace them, in its newest known state.",
    )
    op.create_index(
        "returns_by_order",
        "returns",
        ["shop_id", "order_id"],
        unique=False,
        schema="tiktok",
    )
    op.create_index(
        "returns_by_update",
        "returns",
        ["shop_id", "updated_at"],
        unique=False,
        schema="tiktok",
    )
    op.create_table(
        "delivery_option_lists",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "warehouse_id",
            sa.Text(),
            nullable=False,
            comment="The warehouse: tiktok.warehouses.",
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
        sa.PrimaryKeyConstraint("shop_id", "warehouse_id"),
        schema="tiktok",
        comment="Warehouses whose delivery options were read, one row each; synced_at says when they were last found changed. They stand in tiktok.delivery_options.",
    )
    op.create_table(
        "delivery_options",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "warehouse_id",
            sa.Text(),
            nullable=False,
            comment="The warehouse: tiktok.warehouses.",
        ),
        sa.Column(
            "delivery_option_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the way of delivery.",
        ),
        sa.Column(
            "option_number",
            sa.SmallInteger(),
            nullable=True,
            comment="Place in TikTok's list, from 1.",
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=True,
            comment="Its name, e.g. Standard shipping.",
        ),
        sa.Column(
            "type",
            sa.Text(),
            nullable=True,
            comment="STANDARD, EXPRESS, ECONOMY or SEND_BY_SELLER.",
        ),
        sa.Column(
            "description", sa.Text(), nullable=True, comment="The same in more words."
        ),
        sa.Column(
            "max_length",
            sa.Integer(),
            nullable=True,
            comment="Longest parcel, in dimension_unit.",
        ),
        sa.Column(
            "max_width",
            sa.Integer(),
            nullable=True,
            comment="Widest parcel, in dimension_unit.",
        ),
        sa.Column(
            "max_height",
            sa.Integer(),
            nullable=True,
            comment="Highest parcel, in dimension_unit.",
        ),
        sa.Column("dimension_unit", sa.Text(), nullable=True, comment="CM or INCH."),
        sa.Column(
            "min_weight",
            sa.Integer(),
            nullable=True,
            comment="Lightest parcel, in weight_unit.",
        ),
        sa.Column(
            "max_weight",
            sa.Integer(),
            nullable=True,
            comment="Heaviest parcel, in weight_unit.",
        ),
        sa.Column("weight_unit", sa.Text(), nullable=True, comment="GRAM or POUND."),
        sa.Column(
            "platforms",
            postgresql.JSONB(astext_type=sa.Text()),
            nullable=True,
            comment="Where it is offered, a list: TIKTOK_SHOP, TOKOPEDIA.",
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
        sa.PrimaryKeyConstraint("shop_id", "warehouse_id", "delivery_option_id"),
        schema="tiktok",
        comment="One row per warehouse and way of delivery that is on for it, with the limits of what it carries; orders name the one that was chosen. Source: Logistics API, Get Warehouse Delivery Options, each day.",
    )
    op.create_table(
        "warehouses",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "warehouse_id",
            sa.Text(),
            nullable=False,
            comment="TikTok's id of the warehouse.",
        ),
        sa.Column("name", sa.Text(), nullable=True, comment="The seller's name of it."),
        sa.Column(
            "type",
            sa.Text(),
            nullable=True,
            comment="SALES_WAREHOUSE or RETURN_WAREHOUSE.",
        ),
        sa.Column(
            "sub_type",
            sa.Text(),
            nullable=True,
            comment="DOMESTIC_WAREHOUSE, CB_OVERSEA_WAREHOUSE or CB_DIRECT_SHIPPING_WAREHOUSE.",
        ),
        sa.Column(
            "status",
            sa.Text(),
            nullable=True,
            comment="ENABLED; DISABLED: its stock is not sold; RESTRICTED: holiday or limit of orders (effect_status).",
        ),
        sa.Column(
            "is_default",
            sa.Boolean(),
            nullable=True,
            comment="The one that goods are taken from unless told otherwise.",
        ),
        sa.Column(
            "entity_id",
            sa.Text(),
            nullable=True,
            comment="The place on earth; several warehouses may share it.",
        ),
        sa.Column(
            "region_code",
            sa.Text(),
            nullable=True,
            comment="Country, ISO 3166-1 alpha-2.",
        ),
        sa.Column("region", sa.Text(), nullable=True, comment="Country in words."),
        sa.Column("state", sa.Text(), nullable=True, comment="State or province."),
        sa.Column("city", sa.Text(), nullable=True, comment="City."),
        sa.Column(
            "district",
            sa.Text(),
            nullable=True,
            comment="District (TikTok writes distict).",
        ),
        sa.Column("town", sa.Text(), nullable=True, comment="Town."),
        sa.Column("postal_code", sa.Text(), nullable=True, comment="Postal code."),
        sa.Column(
            "address",
            sa.Text(),
            nullable=True,
            comment="The whole address in one text (full_address).",
        ),
        sa.Column(
            "latitude",
            sa.Text(),
            nullable=True,
            comment="Degrees north, as TikTok writes them.",
        ),
        sa.Column(
            "longitude",
            sa.Text(),
            nullable=True,
            comment="Degrees east, as TikTok writes them.",
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
        sa.PrimaryKeyConstraint("shop_id", "warehouse_id"),
        schema="tiktok",
        comment="One row per warehouse, in its newest known state.",
    )
    op.create_table(
        "sync_states",
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
            comment="What is synced: orders, returns, …",
        ),
        sa.Column(
            "sync",
            sa.Text(),
            nullable=False,
            comment="The sync it is part of: sync_schedules.sync tells its rhythm.",
        ),
        sa.Column(
            "tried_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a sync last ended, well or not.",
        ),
        sa.Column(
            "succeeded_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a sync last ended well.",
        ),
        sa.Column(
            "failed_at",
            sa.DateTime(timezone=True),
            nullable=True,
            comment="When a sync last failed.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=True,
            comment="Why the last one failed: token (the seller or the key must act), limit (TikTok lets us wait), failed (anything else); null if it ended well.",
        ),
        sa.Column(
            "message",
            sa.Text(),
            nullable=True,
            comment="What failed and what to do; null if it ended well.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "stream"),
        schema="tiktok_ops",
        comment="How the last sync of each stream of each shop ended.",
    )
    op.alter_column(
        "rechecks",
        "stream",
        existing_type=sa.TEXT(),
        comment="orders, returns_open, …: records by id; order_windows, returns_windows, …: windows of a search; order_prices_refused, …: ids that TikTok refuses.",
        existing_comment="orders; or order_windows: searches whose answers held records without an id.",
        existing_nullable=False,
        schema="tiktok_ops",
    )
    op.alter_column(
        "rechecks",
        "record_key",
        existing_type=sa.TEXT(),
        comment="The record's id, or the window's bounds.",
        existing_comment="The record's id, or the search's body.",
        existing_nullable=False,
        schema="tiktok_ops",
    )
    op.alter_column(
        "sync_windows",
        "time_field",
        existing_type=sa.TEXT(),
        comment="What the window bounds: create_time, update_time, statement_time, …; listed: the time in which a whole list was read; asked: single records by id.",
        existing_comment="create_time or update_time: what the window bounds.",
        existing_nullable=False,
        schema="tiktok_ops",
    )
