"""Schema ``tiktok_raw``: answers as received, less buyer data."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    Table,
)

from tiktok_pipelines.storage.columns import (
    document,
    moment,
    needed,
    number,
    raw_bytes,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, metadata

pages = Table(
    "pages",
    metadata,
    Column("page_id", BigInteger, Identity(), primary_key=True, comment="Our number."),
    needed("shop_id", SHOP_ID),
    needed("stream", "What was asked for: orders, …"),
    document("request", "Method, path, query and body, less every secret."),
    needed("request_id", "TikTok's id of the call.", default=""),
    moment("fetched_at", "When the answer was asked for.", nullable=False),
    number("record_count", "Records in the answer.", nullable=False),
    raw_bytes(
        "body", "The answer's data, less buyer data: JSON, zstd.", nullable=False
    ),
    needed("run_id", "The run that asked.", default=""),
    Index("pages_by_fetch", "shop_id", "stream", "fetched_at"),
    schema="tiktok_raw",
    comment="One page of an answer, kept when it added or changed a row.",
)
