"""fulfilment"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "regions",
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="The market, as tiktok_ops.shops.region names it: ISO 3166-1.",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="The market's name in English."
        ),
        sa.Column(
            "currency",
            sa.Text(),
            nullable=False,
            comment="ISO 4217 code of the currency its shops sell in.",
        ),
        sa.Column(
            "currency_decimals",
            sa.SmallInteger(),
            nullable=False,
            comment="Decimal places of its amounts: a rounding unit is 10 to minus this.",
        ),
        sa.Column(
            "timezone",
            sa.Text(),
            nullable=False,
            comment="IANA name of the zone that a shop's local day goes by, as Seller Center's does; with daylight saving where the market has it.",
        ),
        sa.Column(
            "is_sea",
            sa.Boolean(),
            server_default=sa.text("false"),
            nullable=False,
            comment="Whether it belongs to South East Asia.",
        ),
        sa.Column(
            "is_tax_included",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether prices of local shops contain the tax; else it is added on top.",
        ),
        sa.Column(
            "has_payments",
            sa.Boolean(),
            server_default=sa.text("true"),
            nullable=False,
            comment="Whether the Finance API tells payments; not in South East Asia.",
        ),
        sa.Column(
            "ready_within_hours",
            sa.SmallInteger(),
            nullable=False,
            comment="Hours from payment to ready to ship that count as in time, where the order itself names no deadline (rts_sla_time).",
        ),
        sa.Column(
            "handed_over_within_hours",
            sa.SmallInteger(),
            nullable=False,
            comment="Hours from payment to the carrier that count as in time, where the order itself names no deadline (tts_sla_time).",
        ),
        sa.Column(
            "delivered_within_hours",
            sa.SmallInteger(),
            nullable=False,
            comment="Hours from payment to delivery that count as in time, where the order itself names no deadline (delivery_sla_time).",
        ),
        sa.Column(
            "low_cover_days",
            sa.SmallInteger(),
            nullable=False,
            comment="Stock that lasts fewer days than this at the present rate of sale is low.",
        ),
        sa.Column(
            "basis",
            sa.Text(),
            nullable=False,
            comment="Which facts of the row are assumed; the others are documented.",
        ),
        sa.PrimaryKeyConstraint("region"),
        schema="tiktok_mart",
        comment="One row per market: facts that no answer of the API tells. Comes with the program (storage/seeds/regions.csv); an upgrade of the database writes it anew.",
    )
