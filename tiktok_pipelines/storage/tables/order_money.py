"""Schema ``tiktok``: the money of single orders, and their numbers elsewhere."""

from typing import Any

from sqlalchemy import Column, Index, Numeric, SmallInteger, Table

from tiktok_pipelines.storage.columns import (
    key,
    moment,
    money,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata
from tiktok_pipelines.storage.tables.finance import CURRENCY

order_transactions = Table(
    "order_transactions",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    moment("order_created_at", "When the order was placed."),
    text("currency", CURRENCY),
    money("settlement_amount", "What the order brought the seller so far."),
    money("revenue_amount", "Goods less the seller's discounts and refunds."),
    money("shipping_cost_amount", "Shipping that the seller bears, mostly negative."),
    money("fee_tax_amount", "Fees and taxes, mostly negative (fee_and_tax_amount)."),
    number("sku_transaction_count", "Rows of tiktok.order_sku_transactions."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per settled order: all that its transactions brought, over all "
    "statements. Source: Finance API, Get Transactions by Order (202501).",
)

order_sku_transactions = Table(
    "order_sku_transactions",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    Column(
        "row_number",
        SmallInteger,
        primary_key=True,
        autoincrement=False,
        comment="Place in TikTok's list, from 1: the rows have no id of their own.",
    ),
    text("statement_id", "The statement that settled it."),
    text("sku_id", "TikTok's id of the SKU."),
    text("sku_name", "Variant, as shown to the buyer."),
    text("product_name", "As shown to the buyer."),
    Column("quantity", Numeric, comment="Units of the SKU."),
    text("currency", CURRENCY),
    money("settlement_amount", "What the SKU brought in that statement."),
    money("revenue_amount", "Goods less the seller's discounts; negative: a refund."),
    money("shipping_cost_amount", "Its share of the shipping, mostly negative."),
    money("fee_tax_amount", "Its fees and taxes, mostly negative."),
    *loaded(),
    Index("order_sku_transactions_by_sku", "shop_id", "sku_id"),
    Index("order_sku_transactions_by_statement", "shop_id", "statement_id"),
    schema="tiktok",
    comment="One row per order, SKU and statement: the settlement split by SKU; the "
    "components stand in extra, nested as received. Source: Finance API, Get "
    "Transactions by Order (202501).",
)


def _prices() -> tuple[Column[Any], ...]:
    """What the buyer pays for what: of an order, and of each of its lines."""
    return (
        text("currency", CURRENCY),
        money("total", "What it costs before the platform's discounts."),
        money("payment", "What the buyer pays."),
        money("sku_list_price", "Goods before every discount."),
        money("sku_sale_price", "Goods after discounts on the product."),
        money("subtotal", "Goods after all discounts, tax included."),
        money("subtotal_deduction_seller", "Discount on goods that the seller bears."),
        money("subtotal_deduction_platform", "Discount on goods that TikTok bears."),
        money("subtotal_tax_amount", "Tax on the goods."),
        text("voucher_deduction_seller", "TikTok's class of the seller's voucher."),
        text("voucher_deduction_platform", "TikTok's class of its own voucher."),
        money("shipping_list_price", "Shipping before discounts."),
        money("shipping_sale_price", "Shipping that the buyer pays."),
        money("shipping_fee_deduction_seller", "Shipping that the seller bears."),
        money("shipping_fee_deduction_platform", "Shipping that TikTok bears."),
        text(
            "shipping_fee_deduction_platform_voucher",
            "TikTok's class of its voucher for shipping.",
        ),
        money("tax_amount", "All taxes."),
        money("tax_rate", "Share of the price, e.g. 0.021; no currency."),
        money("net_price_amount", "The price less tax."),
        money("cod_fee", "Fee for cash on delivery (Saudi Arabia)."),
        money("sku_gift_original_price", "List price of gifts."),
        money("sku_gift_net_price", "List price of gifts, tax included."),
        money("distance_shipping_fee", "Shipping for distance (Indonesia)."),
        money("distance_fee", "All that is charged for distance (Indonesia)."),
    )


order_prices = Table(
    "order_prices",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    *_prices(),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per order: how TikTok worked out what the buyer pays, with who "
    "bears which discount. Source: Order API, Get Price Detail.",
)

order_price_lines = Table(
    "order_price_lines",
    metadata,
    key("shop_id", SHOP_ID),
    key("line_id", "The line (tiktok.order_lines): one unit."),
    text("order_id", "The order."),
    *_prices(),
    *loaded(),
    Index("order_price_lines_by_order", "shop_id", "order_id"),
    schema="tiktok",
    comment="One row per unit sold: the same for each line; lines sum to the order. "
    "Source: Order API, Get Price Detail.",
)

external_orders = Table(
    "external_orders",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    key("platform", "The other system, e.g. SHOPIFY or ERP_SYSTEM."),
    key("external_order_id", "The order's id there."),
    *versioned(),
    *loaded(),
    Index("external_orders_by_id", "shop_id", "external_order_id"),
    schema="tiktok",
    comment="One row per order and other system that knows it by an id of its own. "
    "Source: Order API, Get External Order References.",
)

external_order_lines = Table(
    "external_order_lines",
    metadata,
    key("shop_id", SHOP_ID),
    key("order_id", "The order."),
    key("platform", "The other system."),
    key("external_order_id", "The order's id there."),
    key("external_line_id", "The line's id there."),
    text("line_id", "The line (tiktok.order_lines)."),
    *loaded(),
    Index("external_order_lines_by_line", "shop_id", "line_id"),
    schema="tiktok",
    comment="One row per line of such an order. Source: Order API, Get External Order "
    "References.",
)
