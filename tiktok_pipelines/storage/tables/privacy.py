"""Schema ``tiktok_ops``: the privacy policy, and proof of what was erased."""

from sqlalchemy import (
    BigInteger,
    Column,
    Identity,
    LargeBinary,
    Table,
)

from tiktok_pipelines.storage.columns import (
    document,
    key,
    moment,
    needed,
    raw_bytes,
    text,
)
from tiktok_pipelines.storage.tables.base import metadata

privacy_rules = Table(
    "privacy_rules",
    metadata,
    key("region", "Market, ISO 3166-1 alpha-2; * for every one without its own rule."),
    key(
        "field",
        "Buyer field by path, e.g. recipient_address.name; recipient_address for all "
        "in it; * for every one without its own rule.",
    ),
    needed("action", "keep, mask, hash or drop."),
    moment("changed_at", "When the rule was set.", nullable=False),
    schema="tiktok_ops",
    comment="What becomes of buyer data before it is first written; without a rule it "
    "is kept.",
)

privacy_keys = Table(
    "privacy_keys",
    metadata,
    key("name", "What it is for: hash."),
    needed("secret", "Random, encrypted: without it hashes could be guessed."),
    moment("created_at", "When it was made.", nullable=False),
    schema="tiktok_ops",
    comment="Secrets of the privacy policy; readable only with the encryption key.",
)

erased_subjects = Table(
    "erased_subjects",
    metadata,
    key("shop_id", "The shop; * for every one, later ones too."),
    key("kind", "buyer or order."),
    Column(
        "subject",
        LargeBinary,
        primary_key=True,
        comment="Keyed hash of the buyer's or the order's id.",
    ),
    moment("erased_at", "When it was erased.", nullable=False),
    schema="tiktok_ops",
    comment="Whose buyer data was erased: no later answer brings it back.",
)

privacy_audit = Table(
    "privacy_audit",
    metadata,
    Column("audit_id", BigInteger, Identity(), primary_key=True, comment="Our number."),
    needed("act", "erase, purge_shop, set_rule or apply_rules."),
    text("shop_id", "The shop; null for all."),
    text("subject_kind", "buyer or order, for an erasure."),
    raw_bytes("subject", "Keyed hash of the subject's id, for an erasure."),
    document("details", "The rule set, or what else was asked.", default="{}"),
    document("rows_before", "Rows found by table, before.", default="{}"),
    document("rows_after", "Rows found by table, after: the proof.", default="{}"),
    moment("started_at", "When it was asked for.", nullable=False),
    moment("finished_at", "When it was done and counted again.", nullable=False),
    schema="tiktok_ops",
    comment="Every privacy act with its proof; holds no buyer data.",
)
