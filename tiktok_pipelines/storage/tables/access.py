"""Schema ``tiktok_ops``: shops and the tokens that reach them."""

from sqlalchemy import (
    Column,
    Table,
    Text,
)
from sqlalchemy.dialects.postgresql import ARRAY

from tiktok_pipelines.storage.columns import (
    document,
    flag,
    key,
    moment,
    needed,
    text,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, metadata

shops = Table(
    "shops",
    metadata,
    key("shop_id", SHOP_ID),
    text("name", "The shop's name."),
    text("region", "Market, ISO 3166-1 alpha-2."),
    text("seller_type", "LOCAL or CROSS_BORDER."),
    text("code", "TikTok's code of the shop."),
    needed("cipher", "The shop's cipher, encrypted."),
    needed("seller", "The authorisation it is reached by: credentials.seller."),
    needed("api_version", "API version for calls without their own."),
    needed("sync_status", "idle, syncing or error.", default="idle"),
    moment("last_error_at", "When the last sync of the shop failed."),
    text("last_error_message", "What failed and what to do; null once it works."),
    flag("is_enabled", "Whether the shop is synced.", default=True),
    moment("connected_at", "When the seller's consent last named the shop."),
    moment(
        "consent_ends_at",
        "When the seller's authorisation ends, as TikTok warned; null if it did not.",
    ),
    schema="tiktok_ops",
    comment="Every shop that a seller let us read.",
)

credentials = Table(
    "credentials",
    metadata,
    key("seller", "TikTok's open_id of the consent."),
    text("seller_name", "The seller's name."),
    text("seller_region", "The seller's home market."),
    needed("app_key", "The app that the tokens belong to."),
    needed("access_token", "Encrypted."),
    needed("refresh_token", "Encrypted."),
    moment("access_expires_at", "End of the access token.", nullable=False),
    moment("refresh_expires_at", "End of the seller's consent.", nullable=False),
    moment("refreshed_at", "When both tokens were received.", nullable=False),
    Column("granted_scopes", ARRAY(Text), comment="What the seller allowed."),
    document("token_metadata", "The other fields of the token answer.", default="{}"),
    text("last_error_message", "Why the tokens no longer work; null if they do."),
    text(
        "refresh_error_message",
        "Why TikTok refuses to refresh; the access token works until it expires.",
    ),
    schema="tiktok_ops",
    comment="One row per seller; tokens are readable only with the key.",
)
