"""Schema ``tiktok_mart``: what its views rest on. The views: ``marts/sql/``."""

from sqlalchemy import Column, Date, Table

from tiktok_pipelines.storage.columns import flag, key, moment, needed, number
from tiktok_pipelines.storage.tables.base import metadata

regions = Table(
    "regions",
    metadata,
    key("region", "Market, ISO 3166-1 alpha-2, as tiktok_ops.shops.region names it."),
    needed("name", "The market's name in English."),
    needed("currency", "ISO 4217 code of the market's prices."),
    number(
        "decimals",
        "Decimal places of its amounts as TikTok tells them; sums may differ by a unit"
        " of the last place.",
        nullable=False,
    ),
    needed(
        "time_zone",
        "IANA time zone in which Seller Center counts the market's days.",
    ),
    flag(
        "is_south_east_asia",
        "Whether it is one of the six markets of South-East Asia.",
        default=False,
    ),
    flag(
        "has_tax_in_prices",
        "Whether prices include the tax; else it is added.",
        default=True,
    ),
    flag(
        "has_payments",
        "Whether TikTok's API tells payments of the market: not in South-East Asia.",
        default=True,
    ),
    number(
        "ready_within_hours",
        "Threshold, hours from payment (cash on delivery: from creation) until the"
        " seller has it ready, where an order names no deadline (rts_sla_time).",
        nullable=False,
    ),
    number(
        "hand_over_within_hours",
        "Threshold, hours from payment (cash on delivery: from creation) until the"
        " carrier has it, where an order names no deadline (tts_sla_time).",
        nullable=False,
    ),
    number(
        "deliver_within_hours",
        "Threshold, hours from payment (cash on delivery: from creation) to delivery,"
        " where an order names no deadline (delivery_sla_time).",
        nullable=False,
    ),
    number(
        "settle_within_days",
        "Threshold, days from delivery after which an order without a statement is"
        " overdue.",
        nullable=False,
    ),
    number(
        "pay_within_days",
        "Threshold, days from a statement after which a missing payment is overdue.",
        nullable=False,
    ),
    number(
        "low_cover_days",
        "Threshold, days that stock should last; below it stock is low.",
        nullable=False,
    ),
    needed(
        "confidence",
        "Of currency, decimals, time zone and the two has_ columns: high"
        " (documented or seen in recorded answers), medium (follows from the market),"
        " low (assumed).",
    ),
    needed("source", "Where these facts come from."),
    needed(
        "threshold_source", "Where the thresholds come from, and how sure they are."
    ),
    schema="tiktok_mart",
    comment="One row per market: time zone, currency and thresholds that the views use."
    " Written with each upgrade from a file of the project: changes by hand do not"
    " last.",
)

streams = Table(
    "streams",
    metadata,
    key("table_name", "The table, with its schema."),
    key("stream", "The stream that fills it, as tiktok_ops.sync_cursors calls it."),
    needed("sync", "The sync the stream is part of: tiktok_ops.sync_schedules.sync."),
    schema="tiktok_mart",
    comment="Which sync fills which table. Written with each upgrade from the project's"
    " list of subjects.",
)

dates = Table(
    "dates",
    metadata,
    Column("day", Date, primary_key=True, comment="The day, in whatever time zone."),
    number("year", "Year.", nullable=False),
    number("quarter", "1 to 4.", nullable=False),
    number("month", "1 to 12.", nullable=False),
    Column("month_start", Date, nullable=False, comment="First day of its month."),
    Column("week_start", Date, nullable=False, comment="Monday of its week."),
    number("weekday", "1 for Monday to 7 for Sunday.", nullable=False),
    moment("starts_at", "When it begins anywhere on earth: UTC+14.", nullable=False),
    moment("ends_at", "When it is over everywhere on earth: UTC-12.", nullable=False),
    schema="tiktok_mart",
    comment="One row per calendar day from 2016 to 2049. The views find the local day"
    " of a moment by it, and the moments of a day: a span of days is read by index.",
)

mart_versions = Table(
    "mart_versions",
    metadata,
    key("name", "The view, or the table written from a file, with its schema."),
    needed("content_hash", "Of the file it was made from."),
    moment("applied_at", "When it was made.", nullable=False),
    schema="tiktok_ops",
    comment="Which form of each view of tiktok_mart the database has; an upgrade makes"
    " anew what differs from its file.",
)
