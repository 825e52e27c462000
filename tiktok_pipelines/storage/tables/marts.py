"""Schema ``tiktok_mart``: what the views for people look up and do not compute."""

from sqlalchemy import Column, SmallInteger, Table

from tiktok_pipelines.storage.columns import flag, key, needed
from tiktok_pipelines.storage.tables.base import metadata


def _small(name: str, comment: str) -> Column[int]:
    return Column(name, SmallInteger, nullable=False, comment=comment)


regions = Table(
    "regions",
    metadata,
    key("region", "The market, as tiktok_ops.shops.region names it: ISO 3166-1."),
    needed("name", "The market's name in English."),
    needed("currency", "ISO 4217 code of the currency its shops sell in."),
    _small(
        "currency_decimals",
        "Decimal places of its amounts: a rounding unit is 10 to minus this.",
    ),
    needed(
        "timezone",
        "IANA name of the zone that a shop's local day goes by, as Seller Center's "
        "does; with daylight saving where the market has it.",
    ),
    flag("is_sea", "Whether it belongs to South East Asia.", default=False),
    flag(
        "is_tax_included",
        "Whether prices of local shops contain the tax; else it is added on top.",
        default=True,
    ),
    flag(
        "has_payments",
        "Whether the Finance API tells payments; not in South East Asia.",
        default=True,
    ),
    _small(
        "ready_within_hours",
        "Hours from payment to ready to ship that count as in time, where the order "
        "itself names no deadline (rts_sla_time).",
    ),
    _small(
        "handed_over_within_hours",
        "Hours from payment to the carrier that count as in time, where the order "
        "itself names no deadline (tts_sla_time).",
    ),
    _small(
        "delivered_within_hours",
        "Hours from payment to delivery that count as in time, where the order itself "
        "names no deadline (delivery_sla_time).",
    ),
    _small(
        "low_cover_days",
        "Stock that lasts fewer days than this at the present rate of sale is low.",
    ),
    needed("basis", "Which facts of the row are assumed; the others are documented."),
    schema="tiktok_mart",
    comment="One row per market: facts that no answer of the API tells. Comes with the "
    "program (storage/seeds/regions.csv); an upgrade of the database writes it anew.",
)
