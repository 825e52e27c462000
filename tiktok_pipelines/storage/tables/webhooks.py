"""Schema ``tiktok_ops``: notifications as they came, and sellers on their way in."""

from sqlalchemy import (
    BigInteger,
    Column,
    Date,
    Identity,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    Table,
    Text,
)
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import ARRAY

from tiktok_pipelines.storage.columns import (
    document,
    key,
    measure,
    moment,
    needed,
    number,
    raw_bytes,
    text,
)
from tiktok_pipelines.storage.tables.base import SHOP_ID, metadata

webhook_events = Table(
    "webhook_events",
    metadata,
    Column(
        "event_id",
        BigInteger,
        Identity(),
        primary_key=True,
        comment="Our number; a lower one may become visible later than a higher one.",
    ),
    needed("app_key", "The app whose secret signed it: the dedupe key belongs to it."),
    needed(
        "dedupe_key",
        "tts_notification_id, or sha256: and the hash of the body where it has none.",
    ),
    number("event_type", "TikTok's number of the event; null if the body has none."),
    text("event_name", "Its name, such as ORDER_STATUS_CHANGE; null if unknown."),
    text("shop_id", "The shop, as the notification names it."),
    text("account", "seller_open_id or creator_open_id of what is about an account."),
    moment("pushed_at", "timestamp: when TikTok says that it was pushed."),
    moment("received_at", "When it reached the receiver.", nullable=False),
    raw_bytes("body", "The body as received, signed; conversations less their text."),
    document("headers", "Headers of interest, never the signature.", default="{}"),
    needed(
        "status",
        "pending, processing, processed, failed (will be tried again), dead (given "
        "up: webhooks replay), or ignored: nothing is to be read again.",
        default="pending",
    ),
    Column(
        "attempts",
        Integer,
        nullable=False,
        server_default=sql("0"),
        comment="How often it was taken up.",
    ),
    Column(
        "failures",
        Integer,
        nullable=False,
        server_default=sql("0"),
        comment="How often that failed; processes that died reading it alone count.",
    ),
    moment("next_attempt_at", "Not to be tried before; null: at once."),
    text(
        "error",
        "Why the last attempt failed, why it was ignored, or what reads it instead.",
    ),
    text("subject", "What was read again: orders, packages, …"),
    Column("object_ids", ARRAY(Text), comment="Ids of what was read again."),
    text("told_status", "The status that it announced."),
    moment("changed_at", "When it says that the change happened, else pushed_at."),
    needed("run_id", "The run that last took it up.", default=""),
    moment("claimed_at", "When that was."),
    moment("processed_at", "When what it announced was in the tables."),
    measure("delivery_seconds", "From pushed_at to received_at, seconds."),
    measure("processing_seconds", "From received_at to processed_at, seconds."),
    Index("webhook_events_once", "app_key", "dedupe_key", unique=True),
    Index(
        "webhook_events_waiting",
        "event_id",
        postgresql_where=sql("status IN ('pending', 'processing', 'failed')"),
    ),
    Index("webhook_events_by_time", "received_at"),
    schema="tiktok_ops",
    comment="Every genuine notification of TikTok, once: it stands here before it is "
    "acknowledged.",
)

webhook_rejects = Table(
    "webhook_rejects",
    metadata,
    Column(
        "reject_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    moment("received_at", "When the last of them came.", nullable=False),
    needed("source", "The address that it came from."),
    needed("reason", "Why it was refused, in words."),
    number("reject_count", "How many like it this row stands for.", nullable=False),
    number("body_bytes", "Length of the last one's body.", nullable=False),
    raw_bytes("body_sha256", "SHA-256 of the last one's body."),
    Column(
        "header_names",
        ARRAY(Text),
        comment="Names of the last one's headers: where the signature may be instead.",
    ),
    Index("webhook_rejects_by_time", "received_at"),
    schema="tiktok_ops",
    comment="A bounded sample of what was refused with 401: no content, no secret.",
)

connect_states = Table(
    "connect_states",
    metadata,
    Column(
        "state_hash",
        LargeBinary,
        primary_key=True,
        comment="SHA-256 of the state that was sent to the consent page.",
    ),
    raw_bytes(
        "browser_hash",
        "SHA-256 of the cookie of the browser that began.",
        nullable=False,
    ),
    moment("created_at", "When a seller was sent to the consent page.", nullable=False),
    moment("expires_at", "After that it is worth nothing.", nullable=False),
    moment("used_at", "When it came back; it is good once."),
    schema="tiktok_ops",
    comment="Consents under way, from /tiktok/connect to /tiktok/callback.",
)

parked_callbacks = Table(
    "parked_callbacks",
    metadata,
    Column(
        "callback_id", BigInteger, Identity(), primary_key=True, comment="Our number."
    ),
    moment("received_at", "When it came.", nullable=False),
    moment("expires_at", "After that its code is worth nothing.", nullable=False),
    needed("source", "The address of the browser that brought it."),
    text("region", "shop_region, as the callback names it."),
    needed("code", "The consent's code, encrypted."),
    raw_bytes("code_hash", "SHA-256 of the code: twice is once.", nullable=False),
    moment("confirmed_at", "When a person let it in: shops confirm."),
    text("outcome", "The seller whose shops it let in, or why it did not."),
    Index("parked_callbacks_once", "code_hash", unique=True),
    schema="tiktok_ops",
    comment="Consents that began in Seller Center and so carry no state: nobody is let "
    "in before a person says so.",
)

stock_changes = Table(
    "stock_changes",
    metadata,
    key("shop_id", SHOP_ID),
    key("change_key", "TikTok's idempotency_key of the change, or our own of a hint."),
    number(
        "event_type", "27: stock is low or gone; 71: stock changed.", nullable=False
    ),
    text("product_id", "The product."),
    text("sku_id", "The SKU."),
    text("trigger", "What changed it (71), or the kind of alert (27)."),
    text("stock_status", "The stock's state as an alert (27) names it."),
    moment("occurred_at", "When it happened."),
    number("total_delta", "Change of all units."),
    number("available_delta", "Change of the units that can be bought."),
    number("committed_delta", "Change of the units that orders hold."),
    number("total_after", "All units afterwards."),
    number("available_after", "Units that could be bought afterwards."),
    number("committed_after", "Units that orders held afterwards."),
    document("details", "The change as received.", default="{}"),
    moment("received_at", "When the notification came.", nullable=False),
    Index("stock_changes_by_sku", "shop_id", "sku_id", "occurred_at"),
    schema="tiktok_ops",
    comment="The stock ledger: each change of stock that TikTok announced. No call "
    "lists them; the present stock is read again by id.",
)

webhook_comparison = Table(
    "webhook_comparison",
    metadata,
    Column("day", Date, comment="Day of the changes, UTC.", nullable=False),
    needed("shop_id", SHOP_ID),
    needed("subject", "orders, …"),
    number("changes", "Changes of that day in the tables.", nullable=False),
    number("announced", "Those that an event announced.", nullable=False),
    number("unannounced", "Those found by polling alone.", nullable=False),
    number("events", "Events about that day.", nullable=False),
    number("for_nothing", "Events with no change in the tables.", nullable=False),
    measure("delay_p50_s", "Half of the events came within, in seconds."),
    measure("delay_p95_s", "95 of 100 events came within, in seconds."),
    measure("delay_max_s", "The latest event, in seconds."),
    measure(
        "processing_p50_s",
        "Half of the events were in the tables within, in seconds.",
    ),
    document(
        "examples", "Ids of some that were not announced or for nothing.", default="{}"
    ),
    moment("compared_at", "When it was counted.", nullable=False),
    PrimaryKeyConstraint("day", "shop_id", "subject"),
    schema="tiktok_ops",
    comment="Polling and webhooks compared, by day and shop: what each missed.",
)
