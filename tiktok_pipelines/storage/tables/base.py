"""What every table shares: the schemas, the shop, where a row comes from."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    MetaData,
)

from tiktok_pipelines.storage.columns import (
    document,
    moment,
)

SCHEMAS = {
    "tiktok": "TikTok Shop, one row per thing: for analysts.",
    "tiktok_mart": "Views for people.",
    "tiktok_raw": "Answers as received, less buyer data.",
    "tiktok_ops": "The pipeline's own: no buyer data, no readable secrets.",
}

metadata = MetaData()

SHOP_ID = "The shop, as TikTok's Get Authorized Shops names it."


def loaded() -> tuple[Column[Any], ...]:
    """The columns that every table of ``tiktok`` has."""
    return (
        document(
            "extra",
            "Each field received that has no column of its own, nested as received.",
            default="{}",
        ),
        Column(
            "raw_page_id",
            BigInteger,
            comment="The page in tiktok_raw.pages that last changed the row.",
        ),
        moment(
            "synced_at",
            "When the answer that last changed the row was asked for.",
            nullable=False,
        ),
    )
