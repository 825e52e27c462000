"""Schema ``tiktok_ops``: how far the syncs are, when they are due, what they called."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    Index,
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

sync_cursors = Table(
    "sync_cursors",
    metadata,
    key("shop_id", SHOP_ID),
    key("stream", "What is synced: orders, orders_open, …"),
    moment("watermark", "Everything changed before it is in the tables."),
    moment("moved_at", "When the watermark last moved."),
    needed("run_id", "The run that moved it.", default=""),
    schema="tiktok_ops",
    comment="How far each sync of each shop has come.",
)

sync_states = Table(
    "sync_states",
    metadata,
    key("shop_id", SHOP_ID),
    key("stream", "What is synced: orders, returns, …"),
    needed("sync", "The sync it is part of: sync_schedules.sync tells its rhythm."),
    moment("tried_at", "When a sync last ended, well or not."),
    moment("succeeded_at", "When a sync last ended well."),
    moment("failed_at", "When a sync last failed."),
    text(
        "reason",
        "Why the last one failed: token (the seller or the key must act), limit"
        " (TikTok lets us wait), failed (anything else); null if it ended well.",
    ),
    text("message", "What failed and what to do; null if it ended well."),
    schema="tiktok_ops",
    comment="How the last sync of each stream of each shop ended.",
)

sync_windows = Table(
    "sync_windows",
    metadata,
    Column(
        "window_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    needed("shop_id", SHOP_ID),
    needed("stream", "What was pulled: orders, …"),
    needed(
        "time_field",
        "What the window bounds: create_time, update_time, statement_time, …; listed: "
        "the time in which a whole list was read; asked: single records by id.",
    ),
    moment("window_start", "First moment, included.", nullable=False),
    moment("window_end", "Last moment, excluded.", nullable=False),
    number("api_total_count", "total_count of the last page; null if none came."),
    number("ids_fetched", "Distinct ids on the pages.", nullable=False),
    number("rows_in_table", "Rows in the table with those ids.", nullable=False),
    needed("verdict", "closed: the counts agree or the note explains; open: not."),
    text("note", "What explains a difference, or what is missing."),
    number("attempts", "How often the window was pulled.", nullable=False),
    number("pages", "Pages read in all attempts.", nullable=False),
    number("rows_written", "Rows added or changed in all tables.", nullable=False),
    moment("started_at", "When the pull began.", nullable=False),
    moment("finished_at", "When the verdict was given.", nullable=False),
    needed("run_id", "The run that pulled it.", default=""),
    Index("sync_windows_by_start", "shop_id", "stream", "time_field", "window_start"),
    schema="tiktok_ops",
    comment="The completeness ledger: one row per window pulled.",
)

sync_schedules = Table(
    "sync_schedules",
    metadata,
    key("shop_id", SHOP_ID),
    key("sync", "Which sync: orders, inventory, tokens, …"),
    number("interval_minutes", "Least minutes between two starts.", nullable=False),
    flag("is_active", "Whether the schedule starts it.", default=True),
    document("settings", "Settings of the sync for this shop.", default="{}"),
    moment("last_run_at", "When a schedule last started it."),
    schema="tiktok_ops",
    comment="When each sync of each shop is due; change a row to change the rhythm.",
)

tiktok_api_logs = Table(
    "tiktok_api_logs",
    metadata,
    Column("log_id", BigInteger, Identity(), primary_key=True, comment="Our number."),
    text("shop_id", SHOP_ID),
    moment("started_at", "When the attempt was sent.", nullable=False),
    needed("method", "HTTP method."),
    needed("path", "Path, without the query."),
    text("api_version", "Version in the path."),
    number("attempt", "1 for the first.", nullable=False),
    number("http_status", "0 when no answer came.", nullable=False),
    number("code", "TikTok's code: 0 is success; null without an envelope."),
    text("request_id", "TikTok's id of the call."),
    number("duration_ms", "From sending to the last byte.", nullable=False),
    number("waited_ms", "Waited before, to keep the limit.", nullable=False),
    text("error", "What went wrong, without secrets."),
    needed("run_id", "The run that called.", default=""),
    Index("tiktok_api_logs_by_time", "started_at"),
    schema="tiktok_ops",
    comment="Every attempt of every call, without secrets or buyer data.",
)
