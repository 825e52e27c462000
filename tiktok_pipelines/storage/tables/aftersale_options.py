"""Schema ``tiktok``: what may be answered and asked after a sale, for analysts."""

from sqlalchemy import Table

from tiktok_pipelines.storage.columns import key, text, versioned
from tiktok_pipelines.storage.tables.base import SHOP_ID, loaded, metadata

reject_reasons = Table(
    "reject_reasons",
    metadata,
    key("shop_id", SHOP_ID),
    key("reason", "TikTok's code of the reason (name)."),
    text("reason_text", "The reason in words, English."),
    *versioned(),
    *loaded(),
    schema="tiktok",
    comment="One row per reason with which the seller may reject a request to cancel, "
    "refund or return. TikTok tells those that fit a request: a few requests of each "
    "type are asked about each day.",
)
