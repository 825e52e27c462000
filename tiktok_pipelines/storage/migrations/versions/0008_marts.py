"""Marts: regional facts, and which form of each view the database has.

Revision ID: 0008
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="Market, ISO 3166-1 alpha-2, as tiktok_ops.shops.region names it.",
        ),
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="The market's name in English.",
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=False,
            comment="ISO 4217 code of the market's prices.",
        ),
        sa.Column(
            "decimals",
            sa.Integer(),
            nullable=False,
            comment="Decimal places of its amounts as TikTok tells them; sums may differ by a unit of the last place.",
        ),
        sa.Column(
            "time_zone",
            sa.Text(),
            nullable=False,
            comment="IANA time zone in which Seller Center counts the market's days.",
        ),
        sa.Column(
            "is_south_east_asia",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it is one of the six markets of South-East Asia.",
        ),
        sa.Column(
            "has_tax_in_prices",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether prices include the tax; else it is added.",
        ),
        sa.Column(
            "has_payments",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether TikTok's API tells payments of the market: not in South-East Asia.",
        ),
        sa.Column(
            "ready_within_hours",
            sa.Integer(),
            nullable=False,
            comment="Threshold, hours from payment (cash on delivery: from creation) until the seller has it ready, where an order names no deadline (rts_sla_time).",
        ),
        sa.Column(
            "hand_over_within_hours",
            sa.Integer(),
            nullable=False,
            comment="Threshold, hours from payment (cash on delivery: from creation) until the carrier has it, where an order names no deadline (tts_sla_time).",
        ),
        sa.Column(
            "deliver_within_hours",
            sa.Integer(),
            nullable=False,
            comment="Threshold, hours from payment (cash on delivery: from creation) to delivery, where an order names no deadline (delivery_sla_time).",
        ),
        sa.Column(
            "settle_within_days",
            sa.Integer(),
            nullable=False,
            comment="Threshold, days from delivery after which an order without a statement is overdue.",
        ),
        sa.Column(
            "pay_within_days",
            sa.Integer(),
            nullable=False,
            comment="Threshold, days from a statement after which a missing payment is overdue.",
        ),
        sa.Column(
            "low_cover_days",
            sa.Integer(),
            nullable=False,
            comment="Threshold, days that stock should last; below it stock is low.",
        ),
        sa.Column(
            "confidence",
            sa.Text(),
            nullable=False,
            comment="Of currency, decimals, time zone and the two has_ columns: high (documented or seen in recorded answers), medium (follows from the market), low (assumed).",
        ),
        sa.Column(
            "source",
            sa.Text(),
            nullable=False,
            comment="Where these facts come from.",
        ),
        sa.Column(
            "threshold_source",
            sa.Text(),
            nullable=False,
            comment="Where the thresholds come from, and how sure they are.",
        ),
        sa.PrimaryKeyConstraint("region"),
        schema="tiktok_mart",
        comment="One row per market: time zone, currency and thresholds that the views use. Written with each upgrade from a file of the project: changes by hand do not last.",
    )
    op.create_table(
        "streams",
        sa.Column(
            "table_name",
            sa.Text(),
            nullable=False,
            comment="The table, with its schema.",
        ),
        sa.Column(
            "stream",
            sa.Text(),
            nullable=False,
            comment="The stream that fills it, as tiktok_ops.sync_cursors calls it.",
        ),
        sa.Column(
            "sync",
            sa.Text(),
            nullable=False,
            comment="The sync the stream is part of: tiktok_ops.sync_schedules.sync.",
        ),
        sa.PrimaryKeyConstraint("table_name", "stream"),
        schema="tiktok_mart",
        comment="Which sync fills which table. Written with each upgrade from the project's list of subjects.",
    )
    op.create_table(
        "dates",
        sa.Column(
            "day",
            sa.Date(),
            nullable=False,
            comment="The day, in whatever time zone.",
        ),
        sa.Column(
            "year",
            sa.Integer(),
            nullable=False,
            comment="Year.",
        ),
        sa.Column(
            "quarter",
            sa.Integer(),
            nullable=False,
            comment="1 to 4.",
        ),
        sa.Column(
            "month",
            sa.Integer(),
            nullable=False,
            comment="1 to 12.",
        ),
        sa.Column(
            "month_start",
            sa.Date(),
            nullable=False,
            comment="First day of its month.",
        ),
        sa.Column(
            "week_start",
            sa.Date(),
            nullable=False,
            comment="Monday of its week.",
        ),
        sa.Column(
            "weekday",
            sa.Integer(),
            nullable=False,
            comment="1 for Monday to 7 for Sunday.",
        ),
        sa.Column(
            "starts_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it begins anywhere on earth: UTC+14.",
        ),
        sa.Column(
            "ends_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it is over everywhere on earth: UTC-12.",
        ),
        sa.PrimaryKeyConstraint("day"),
        schema="tiktok_mart",
        comment="One row per calendar day from 2016 to 2049. The views find the local day of a moment by it, and the moments of a day: a span of days is read by index.",
    )
    op.create_table(
        "mart_versions",
        sa.Column(
            "name",
            sa.Text(),
            nullable=False,
            comment="The view, or the table written from a file, with its schema.",
        ),
        sa.Column(
            "content_hash",
            sa.Text(),
            nullable=False,
            comment="Of the file it was made from.",
        ),
        sa.Column(
            "applied_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was made.",
        ),
        sa.PrimaryKeyConstraint("name"),
        schema="tiktok_ops",
        comment="Which form of each view of tiktok_mart the database has; an upgrade makes anew what differs from its file.",
    )
    # indexes, and the days
    op.create_index(
        "orders_by_payment",
        "orders",
        ["shop_id", "paid_at"],
        schema="tiktok",
        postgresql_where=sa.text("paid_at IS NOT NULL"),
    )
    op.create_index(
        "orders_by_cancellation",
        "orders",
        ["shop_id", "cancelled_at"],
        schema="tiktok",
        postgresql_where=sa.text("cancelled_at IS NOT NULL"),
    )
    op.create_index(
        "statement_transactions_by_adjusted_order",
        "statement_transactions",
        ["shop_id", "adjustment_order_id"],
        schema="tiktok",
        postgresql_where=sa.text("adjustment_order_id IS NOT NULL"),
    )
    op.create_index(
        "unsettled_transactions_by_adjusted_order",
        "unsettled_transactions",
        ["shop_id", "adjustment_order_id"],
        schema="tiktok",
        postgresql_where=sa.text("adjustment_order_id IS NOT NULL"),
    )
    op.create_index(
        "tiktok_api_logs_by_shop",
        "tiktok_api_logs",
        ["shop_id", "started_at"],
        schema="tiktok_ops",
    )
    op.execute(
        """
        INSERT INTO tiktok_mart.dates (day, year, quarter, month, month_start,
            week_start, weekday, starts_at, ends_at)
        SELECT d::date, extract(year FROM d), extract(quarter FROM d),
            extract(month FROM d), date_trunc('month', d)::date,
            date_trunc('week', d)::date, extract(isodow FROM d),
            d AT TIME ZONE 'UTC' - interval '14 hours',
            d AT TIME ZONE 'UTC' + interval '36 hours'
        FROM generate_series(
            timestamp '2016-01-01', timestamp '2049-12-31', interval '1 day') AS d
        """
    )
    op.execute("ANALYZE tiktok_mart.dates")
