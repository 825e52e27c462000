"""Which fields of statements, transactions, payouts and estimates have columns.

Source: docs/tiktok-shop-api.md, "Statements", "Statement transactions", "Payments".
"""

from tiktok_pipelines.transform.fields import amounts, moments, texts
from tiktok_pipelines.transform.layout import Layout

STATEMENT = Layout(
    "statement",
    (
        *texts("currency", "payment_status", "payment_id", statement_id="id"),
        *amounts("settlement_amount", "revenue_amount", "net_sales_amount"),
        *amounts("fee_amount", "shipping_cost_amount", "adjustment_amount"),
        *moments(statement_at="statement_time", paid_at="payment_time"),
    ),
    known=frozenset(
        """
        adjustment_amount currency fee_amount id net_sales_amount payment_id
        payment_status payment_time revenue_amount settlement_amount
        shipping_cost_amount statement_time
        """.split()
    ),
    expected=frozenset(
        "currency id payment_status settlement_amount statement_time".split()
    ),
)

STATEMENT_TOTALS = Layout(
    "statement_totals",
    (
        *texts("status", "currency", statement_id="id"),
        *moments(created_at="create_time"),
        *amounts(
            "payable_amount",
            reserve_amount="total_reserve_amount",
            settlement_amount="total_settlement_amount",
        ),
    ),
    known=frozenset(
        """
        create_time currency id next_page_token payable_amount status total_count
        total_reserve_amount total_settlement_amount total_settlement_breakdown
        transactions
        """.split()
    ),
    expected=frozenset("currency id total_settlement_amount".split()),
)
UNSETTLED_TOTALS = Layout(
    "unsettled_totals",
    amounts(
        est_settlement_amount="sum_est_settlement_amount",
        est_revenue_amount="sum_est_revenue_amount",
        est_adjustment_amount="sum_est_adjustment_amount",
        est_fee_amount="sum_est_fee_amount",
    ),
    known=frozenset(
        """
        sum_est_adjustment_amount sum_est_fee_amount sum_est_revenue_amount
        sum_est_settlement_amount total_count
        """.split()
    ),
    expected=frozenset({"sum_est_settlement_amount"}),
)
TOTALS_BREAKDOWN = Layout(
    "statement_totals",
    amounts(
        revenue_amount="total_revenue_amount",
        shipping_cost_amount="total_shipping_cost_amount",
        fee_tax_amount="total_fee_tax_amount",
        adjustment_amount="total_adjustment_amount",
    ),
    known=frozenset(
        """
        total_adjustment_amount total_fee_tax_amount total_revenue_amount
        total_shipping_cost_amount
        """.split()
    ),
    expected=frozenset(),
    prefix="total_settlement_breakdown.",
)

TRANSACTION = Layout(
    "statement_transaction",
    (
        *texts("type", "order_id", "adjustment_id", "adjustment_order_id"),
        *texts("associated_order_id", "reserve_id", "reserve_status"),
        *texts("estimated_release_time", transaction_id="id"),
        *moments(order_created_at="order_create_time"),
        *amounts("settlement_amount", "revenue_amount", "shipping_cost_amount"),
        *amounts("fee_tax_amount", "adjustment_amount", "reserve_amount"),
    ),
    known=frozenset(
        """
        adjustment_amount adjustment_id adjustment_order_id associated_order_id
        estimated_release_time fee_tax_amount fee_tax_breakdown id order_create_time
        order_id reserve_amount reserve_id reserve_status revenue_amount
        revenue_breakdown settlement_amount shipping_cost_amount
        shipping_cost_breakdown supplementary_component type
        """.split()
    ),
    expected=frozenset("id settlement_amount type".split()),
)

PAYMENT = Layout(
    "payment",
    (
        *texts("status", "bank_account", payment_id="id"),
        *moments(created_at="create_time", paid_at="paid_time"),
        *amounts("exchange_rate"),
    ),
    known=frozenset(
        """
        amount bank_account create_time exchange_rate id paid_time
        payment_amount_before_exchange reserve_amount settlement_amount status
        """.split()
    ),
    expected=frozenset("amount create_time id status".split()),
)


def money_block(path: str, amount: str, currency: str) -> Layout:
    """The layout of an object of a value and its currency."""
    return Layout(
        "payment",
        (*texts(**{currency: "currency"}), *amounts(**{amount: "value"})),
        known=frozenset({"currency", "value"}),
        expected=frozenset({"currency", "value"}),
        prefix=f"{path}.",
    )


WITHDRAWAL = Layout(
    "withdrawal",
    (
        *texts("type", "status", "currency", withdrawal_id="id"),
        *amounts("amount"),
        *moments(created_at="create_time"),
    ),
    known=frozenset("amount create_time currency id status type".split()),
    expected=frozenset("amount create_time currency id status type".split()),
)

ESTIMATE = Layout(
    "unsettled_transaction",
    (
        *texts("type", "status", "unsettled_reason", "order_id", "adjustment_id"),
        *texts("adjustment_order_id", "estimated_settlement", "currency"),
        *texts(transaction_id="id"),
        *moments(
            order_created_at="order_create_time",
            order_delivered_at="order_delivery_time",
        ),
        *amounts("est_settlement_amount", "est_revenue_amount"),
        *amounts("est_shipping_cost_amount", "est_fee_tax_amount"),
        *amounts("est_adjustment_amount"),
    ),
    known=frozenset(
        """
        adjustment_id adjustment_order_id currency est_adjustment_amount
        est_fee_tax_amount est_revenue_amount est_settlement_amount
        est_shipping_cost_amount estimated_settlement fee_tax_breakdown id
        order_create_time order_delivery_time order_id revenue_breakdown
        shipping_cost_breakdown status type unsettled_reason
        """.split()
    ),
    expected=frozenset("currency est_settlement_amount id type".split()),
)
