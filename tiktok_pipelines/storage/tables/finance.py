"""Schema ``tiktok``: what TikTok settled with the seller, and what it paid out.

Amounts are signed as received: what the seller gets is positive, what is taken from
him negative, so that everything adds up.
"""

from sqlalchemy import Index, Table
from sqlalchemy import text as sql

from tiktok_pipelines.storage.columns import (
    flag,
    key,
    moment,
    money,
    needed,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

CURRENCY = "ISO 4217 code of every amount of the row."
statements = Table(
    "statements",
    metadata,
    key("shop_id", SHOP_ID),
    key("statement_id", "TikTok's id of the statement."),
    moment("statement_at", "When it was made: 00:00 UTC after the day it covers."),
    text("currency", CURRENCY),
    money(
        "settlement_amount",
        "What the day brings the seller: revenue, fees, shipping and adjustments.",
    ),
    money("revenue_amount", "Goods sold less the seller's discounts and refunds."),
    money("net_sales_amount", "The same as TikTok names it for local sellers."),
    money(
        "fee_amount",
        "Fees and taxes taken, negative; in South East Asia with the shipping in it.",
    ),
    money(
        "shipping_cost_amount",
        "Shipping, mostly negative; in South East Asia contained in fee_amount.",
    ),
    money("adjustment_amount", "Penalties, compensations and the like."),
    text("payment_status", "PROCESSING, PAID or FAILED: how far the payout is."),
    text(
        "payment_id",
        "The payout that contains it (tiktok.payments); empty until there is one.",
    ),
    moment("paid_at", "When it was paid out; null until then."),
    *versioned(),
    *loaded(),
    Index("statements_by_time", "shop_id", "statement_at"),
    Index("statements_by_payment", "shop_id", "payment_id"),
    schema="tiktok",
    comment="One row per statement: what one UTC day brought a shop. TikTok makes it "
    "at 00:00 UTC, shows it hours or days later, and pays it out days after that. "
    "Source: Finance API, Get Statements.",
)

statement_totals = Table(
    "statement_totals",
    metadata,
    key("shop_id", SHOP_ID),
    key("statement_id", "The statement."),
    moment("created_at", "When the statement was made."),
    text("status", "SETTLED."),
    text("currency", CURRENCY),
    money("payable_amount", "What is to be paid: settlement_amount + reserve_amount."),
    money("reserve_amount", "What TikTok holds back (negative) or gives back."),
    money("settlement_amount", "Sum of its transactions' settlement_amount."),
    money("revenue_amount", "Sum of their revenue_amount."),
    money("shipping_cost_amount", "Sum of their shipping_cost_amount."),
    money("fee_tax_amount", "Sum of their fee_tax_amount."),
    money("adjustment_amount", "Sum of their adjustment_amount."),
    number(
        "transaction_count",
        "Transactions that TikTok counted in it when last asked; some appear late.",
    ),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="The sums that head the transactions of a statement: one row per statement "
    "whose transactions were read. Source: Finance API, Get Transactions by Statement "
    "(202501).",
)

statement_transactions = Table(
    "statement_transactions",
    metadata,
    key("shop_id", SHOP_ID),
    key("transaction_id", "TikTok's id of the transaction."),
    needed("statement_id", "The statement that it is part of."),
    text(
        "type",
        "ORDER for a sale or its refund; RESERVE; else the kind of adjustment, e.g. "
        "LOGISTICS_REIMBURSEMENT.",
    ),
    text("order_id", "The order, of type ORDER: several rows where it was refunded."),
    moment("order_created_at", "When that order was placed."),
    text("adjustment_id", "TikTok's id of the adjustment, where it is one."),
    text("adjustment_order_id", "The order that an adjustment is about, if any."),
    text("associated_order_id", "The order that a reserve is about, if any."),
    text("reserve_id", "TikTok's id of the reserve, where it is one."),
    text("reserve_status", "Collected, Released, …: of a reserve."),
    text(
        "estimated_release_time",
        "When a reserve is expected to be given back, as received: Unix seconds; empty "
        "once it was.",
    ),
    moment("reserve_release_at", "The same as a moment."),
    text("currency", CURRENCY),
    money(
        "settlement_amount",
        "What it brings the seller: revenue, shipping, fees and taxes, and adjustment.",
    ),
    money("revenue_amount", "Goods less the seller's discounts; negative for refunds."),
    money("shipping_cost_amount", "Shipping, mostly negative: what the seller bears."),
    money("fee_tax_amount", "Fees and taxes, mostly negative."),
    money("adjustment_amount", "Of an adjustment: what is added or taken."),
    money("reserve_amount", "Of a reserve: held back (negative) or given back."),
    *versioned(),
    *loaded(),
    Index("statement_transactions_by_statement", "shop_id", "statement_id"),
    Index("statement_transactions_by_order", "shop_id", "order_id"),
    Index(
        "statement_transactions_by_adjusted_order",
        "shop_id",
        "adjustment_order_id",
        postgresql_where=sql("adjustment_order_id IS NOT NULL"),
    ),
    schema="tiktok",
    comment="One row per transaction of a statement: a sale, a refund, an adjustment "
    "or a reserve. What it is made of: tiktok.transaction_components. Source: Finance "
    "API, Get Transactions by Statement (202501).",
)

transaction_components = Table(
    "transaction_components",
    metadata,
    key("shop_id", SHOP_ID),
    key("transaction_id", "The transaction (tiktok.statement_transactions)."),
    key(
        "component_group",
        "What it is part of: revenue, shipping, fee or tax; supplementary and "
        "shipping_supplementary explain other figures and are part of none.",
    ),
    key(
        "component",
        "TikTok's name of it, e.g. platform_commission_amount or vat_amount.",
    ),
    needed("statement_id", "The statement of the transaction."),
    flag(
        "is_summed",
        "Whether it is added up in the transaction: the sum of these rows is revenue + "
        "shipping + fees and taxes. False for what only explains another figure.",
        default=True,
    ),
    text("currency", "ISO 4217 code of the amount."),
    money(
        "amount",
        "Signed as received: what the seller gets is positive, costs are negative.",
    ),
    *loaded(),
    Index("transaction_components_by_statement", "shop_id", "statement_id"),
    schema="tiktok",
    comment="One row per transaction and component, zeros included: the fees, taxes, "
    "shipping and revenue that a transaction is made of. Source: the breakdowns of Get "
    "Transactions by Statement (202501).",
)

payments = Table(
    "payments",
    metadata,
    key("shop_id", SHOP_ID),
    key("payment_id", "TikTok's id of the payout."),
    text("status", "PROCESSING, PAID or FAILED."),
    moment("created_at", "When the payout was begun."),
    moment("paid_at", "When the money was sent; null until then."),
    text("currency", "ISO 4217 code of amount."),
    money("amount", "What is transferred to the bank, after any exchange."),
    text("settlement_currency", "ISO 4217 code of settlement_amount."),
    money("settlement_amount", "Sum of the statements that it pays."),
    text("reserve_currency", "ISO 4217 code of reserve_amount."),
    money("reserve_amount", "What TikTok holds back (negative) or gives back."),
    text("before_exchange_currency", "ISO 4217 code of amount_before_exchange."),
    money("amount_before_exchange", "What is paid, before it is exchanged."),
    money("exchange_rate", "amount / amount_before_exchange; no currency."),
    text("bank_account", "The seller's account: TikTok tells its last four digits."),
    *versioned(),
    *loaded(),
    Index("payments_by_creation", "shop_id", "created_at"),
    schema="tiktok",
    comment="One row per payout to the seller's bank; TikTok tells of none in South "
    "East Asia. Source: Finance API, Get Payments.",
)

withdrawals = Table(
    "withdrawals",
    metadata,
    key("shop_id", SHOP_ID),
    key("withdrawal_id", "TikTok's id of the movement."),
    text(
        "type",
        "WITHDRAW (to the bank), SETTLE (into the balance), TRANSFER, REVERSE (a "
        "withdrawal that failed comes back), PAYMENT, REFUND.",
    ),
    text("status", "PROCESSING, SUCCESS or FAILED."),
    moment("created_at", "When it was begun."),
    text("currency", CURRENCY),
    money("amount", "As received: without a sign, the type tells the direction."),
    *versioned(),
    *loaded(),
    Index("withdrawals_by_creation", "shop_id", "created_at"),
    schema="tiktok",
    comment="One row per movement of the seller's balance at TikTok. Source: Finance "
    "API, Get Withdrawals.",
)
