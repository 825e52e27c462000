"""Schema ``tiktok_ops``: what was odd in the answers."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
    PrimaryKeyConstraint,
    Table,
)

from tiktok_pipelines.storage.columns import (
    document,
    flag,
    key,
    moment,
    needed,
    number,
    text,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, metadata

quarantine_records = Table(
    "quarantine_records",
    metadata,
    Column(
        "quarantine_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    needed("shop_id", SHOP_ID),
    needed("stream", "Where it was met: orders, order_lines, …"),
    needed("record_key", "The record's id, or a hash of it when it has none."),
    needed("reason", "Why it cannot become a row."),
    flag("retryable", "Whether asking again may help.", default=True),
    document("content", "The record as received, less buyer data."),
    document("request", "The call that gave it, less every secret."),
    moment("first_seen_at", "When it was first met.", nullable=False),
    moment("last_seen_at", "When it was last met.", nullable=False),
    moment("resolved_at", "When a good record with this key arrived."),
    needed("run_id", "The run that first met it.", default=""),
    Index("quarantine_records_by_key", "shop_id", "stream", "record_key", unique=True),
    schema="tiktok_ops",
    comment="Records that could not become rows; their neighbours are in the tables.",
)

api_drift = Table(
    "api_drift",
    metadata,
    needed("shop_id", SHOP_ID),
    needed("object", "What was received: order, order_line, …"),
    needed(
        "kind",
        "unknown_field, lost_field, new_value, null_value, other_type, unreadable or "
        "replaced_characters.",
    ),
    needed("path", "Where in the object."),
    needed("value", "The new value, for kind new_value.", default=""),
    text("example", "Id of a record that shows it."),
    moment("first_seen_at", "When it was first met.", nullable=False),
    moment("last_seen_at", "When it was last met; moves once an hour.", nullable=False),
    PrimaryKeyConstraint("shop_id", "object", "kind", "path", "value"),
    schema="tiktok_ops",
    comment="Where the API's answers differ from what is documented.",
)


rechecks = Table(
    "rechecks",
    metadata,
    key("shop_id", SHOP_ID),
    key(
        "stream",
        "orders, returns_open, …: records by id; order_windows, returns_windows, …: "
        "windows of a search; order_prices_refused, …: ids that TikTok refuses.",
    ),
    key("record_key", "The record's id, or the window's bounds."),
    needed("reason", "What looked odd in its last answer: kinds and paths."),
    moment("noted_at", "When its answer first looked odd.", nullable=False),
    moment("asked_at", "When its newest odd answer was asked for.", nullable=False),
    number("asked_count", "Odd answers so far, odd in the same way.", nullable=False),
    schema="tiktok_ops",
    comment="What came in an odd answer: syncs ask for it again until the answer looks "
    "right.",
)
