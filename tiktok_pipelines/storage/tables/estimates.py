"""Schema ``tiktok``: what is not settled yet, as TikTok estimates it."""

from typing import Any

from sqlalchemy import Column, Index, Table
from sqlalchemy import text as sql

from tiktok_pipelines.storage.columns import (
    flag,
    key,
    moment,
    money,
    number,
    text,
    versioned,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata
from tiktok_pipelines.storage.tables.finance import CURRENCY


def _estimate() -> tuple[Column[Any], ...]:
    """What TikTok tells of what is not settled, now and on a day."""
    return (
        text("type", "ORDER, or the kind of adjustment."),
        text("status", "UNSETTLED."),
        text("unsettled_reason", "Why it is not settled yet, in TikTok's words."),
        text("order_id", "The order, of type ORDER."),
        moment("order_created_at", "When that order was placed."),
        moment("order_delivered_at", "When it was delivered; null until then."),
        text(
            "estimated_settlement",
            "When TikTok expects to settle it, as received: Unix seconds, or words.",
        ),
        moment("settlement_expected_at", "The same as a moment, where it is one."),
        text("adjustment_id", "TikTok's id of the adjustment, where it is one."),
        text("adjustment_order_id", "The order that an adjustment is about, if any."),
        text("currency", CURRENCY),
        money("est_settlement_amount", "Estimate of what it brings the seller."),
        money("est_revenue_amount", "Estimate of goods less the seller's discounts."),
        money("est_shipping_cost_amount", "Estimate of the shipping borne, signed."),
        money("est_fee_tax_amount", "Estimate of fees and taxes, signed."),
        money("est_adjustment_amount", "Estimate of the adjustment, signed."),
    )


unsettled_transactions = Table(
    "unsettled_transactions",
    metadata,
    key("shop_id", SHOP_ID),
    key(
        "transaction_id",
        "TikTok's id of the estimate; the transaction that settles it has another one.",
    ),
    *_estimate(),
    *versioned(),
    *loaded(),
    Index("unsettled_transactions_by_order", "shop_id", "order_id"),
    Index(
        "unsettled_transactions_by_adjusted_order",
        "shop_id",
        "adjustment_order_id",
        postgresql_where=sql("adjustment_order_id IS NOT NULL"),
    ),
    schema="tiktok",
    comment="One row per transaction that is not settled yet, with TikTok's estimates: "
    "what is settled (or cancelled) leaves the table. How the estimates were: "
    "tiktok.unsettled_snapshots. Orders since 2025-01-01. Source: Finance API, Get "
    "Unsettled Transactions.",
)

unsettled_components = Table(
    "unsettled_components",
    metadata,
    key("shop_id", SHOP_ID),
    key("transaction_id", "The estimate (tiktok.unsettled_transactions)."),
    key(
        "component_group",
        "What it is part of: revenue, shipping, fee or tax; shipping_supplementary "
        "explains other figures and is part of none.",
    ),
    key("component", "TikTok's name of it, e.g. platform_commission_amount."),
    flag(
        "is_summed",
        "Whether it is added up in the estimate; false for what only explains another "
        "figure.",
        default=True,
    ),
    text("currency", "ISO 4217 code of the amount."),
    money("amount", "Estimate, signed as received: costs are negative."),
    *loaded(),
    schema="tiktok",
    comment="One row per estimate and component, zeros included: the fees, taxes and "
    "shipping that TikTok expects. Source: the breakdowns of Get Unsettled "
    "Transactions.",
)

unsettled_snapshots = Table(
    "unsettled_snapshots",
    metadata,
    key("shop_id", SHOP_ID),
    key("transaction_id", "TikTok's id of the estimate."),
    Column(
        "snapshot_at",
        moment("snapshot_at", "").type,
        primary_key=True,
        comment="The UTC day on which TikTok gave this estimate: its 00:00.",
    ),
    *_estimate(),
    moment("seen_at", "When it was first seen on that day.", nullable=False),
    *loaded(),
    Index("unsettled_snapshots_by_day", "shop_id", "snapshot_at"),
    Index("unsettled_snapshots_by_order", "shop_id", "order_id"),
    schema="tiktok",
    comment="The estimates day by day, each as it was first seen on that day (UTC); "
    "kept after the settlement, to see how good they were. Source: copies of "
    "tiktok.unsettled_transactions.",
)

unsettled_totals = Table(
    "unsettled_totals",
    metadata,
    key("shop_id", SHOP_ID),
    Column(
        "snapshot_at",
        moment("snapshot_at", "").type,
        primary_key=True,
        comment="The UTC day on which TikTok gave these sums: its 00:00.",
    ),
    money("est_settlement_amount", "Sum of the estimates' est_settlement_amount."),
    money("est_revenue_amount", "Sum of their est_revenue_amount."),
    money("est_adjustment_amount", "Sum of their est_adjustment_amount."),
    money("est_fee_amount", "Sum of their fees and taxes, by TikTok."),
    number("transaction_count", "Estimates that TikTok counted."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="The sums that head the list of what is not settled, one row per UTC day, "
    "the last of the day; in the currency of tiktok.unsettled_transactions. Source: "
    "Finance API, Get Unsettled Transactions.",
)
