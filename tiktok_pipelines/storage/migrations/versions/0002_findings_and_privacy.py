"""findings_and_privacy"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "erased_subjects",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop; * for every one, later ones too.",
        ),
        sa.Column("kind", sa.Text(), nullable=False, comment="buyer or order."),
        sa.Column(
            "subject",
            sa.LargeBinary(),
            nullable=False,
            comment="Keyed hash of the buyer's or the order's id.",
        ),
        sa.Column(
            "erased_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was erased.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "kind", "subject"),
        schema="tiktok_ops",
        comment="Whose buyer data was erased: no later answer brings it back.",
    )
    op.create_table(
        "privacy_audit",
        sa.Column(
            "audit_id",
            sa.BigInteger(),
            sa.Identity(always=False),
            nullable=False,
            comment="Our number.",
        ),
        sa.Column(
            "act",
            sa.Text(),
            nullable=False,
            comment="erase, purge_shop, set_rule or apply_rules.",
        ),
        sa.Column(
            "shop_id", sa.Text(), nullable=True, comment="The shop; null for all."
        ),
        sa.Column(
            "subject_kind",
            sa.Text(),
            nullable=True,
            comment="buyer or order, for an erasure.",
        ),
        sa.Column(
            "subject",
            sa.LargeBinary(),
            nullable=True,
            comment="Keyed hash of the subject's id, for an erasure.",
        ),
        sa.Column(
            "details",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="The rule set, or what else was asked.",
        ),
        sa.Column(
            "rows_before",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Rows found by table, before.",
        ),
        sa.Column(
            "rows_after",
            postgresql.JSONB(astext_type=sa.Text()),
            server_default=sa.text("'{}'"),
            nullable=False,
            comment="Rows found by table, after: the proof.",
        ),
        sa.Column(
            "started_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was asked for.",
        ),
        sa.Column(
            "finished_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was done and counted again.",
        ),
        sa.PrimaryKeyConstraint("audit_id"),
        schema="tiktok_ops",
        comment="Every privacy act with its proof; holds no buyer data.",
    )
    op.create_table(
        "privacy_keys",
        sa.Column("name", sa.Text(), nullable=False, comment="What it is for: hash."),
        sa.Column(
            "secret",
            sa.Text(),
            nullable=False,
            comment="Random, encrypted: without it hashes could be guessed.",
        ),
        sa.Column(
            "created_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When it was made.",
        ),
        sa.PrimaryKeyConstraint("name"),
        schema="tiktok_ops",
        comment="Secrets of the privacy policy; readable only with the encryption key.",
    )
    op.create_table(
        "privacy_rules",
        sa.Column(
            "region",
            sa.Text(),
            nullable=False,
            comment="Market, ISO 3166-1 alpha-2; * for every one without its own rule.",
        ),
        sa.Column(
            "field",
            sa.Text(),
            nullable=False,
            comment="Buyer field by path, e.g. recipient_address.name; recipient_address for all in it; * for every one without its own rule.",
        ),
        sa.Column(
            "action", sa.Text(), nullable=False, comment="keep, mask, hash or drop."
        ),
        sa.Column(
            "changed_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When the rule was set.",
        ),
        sa.PrimaryKeyConstraint("region", "field"),
        schema="tiktok_ops",
        comment="What becomes of buyer data before it is first written; without a rule it is kept.",
    )
    op.create_table(
        "rechecks",
        sa.Column(
            "shop_id",
            sa.Text(),
            nullable=False,
            comment="The shop, as TikTok's Get Authorized Shops names it.",
        ),
        sa.Column(
            "stream",
            sa.Text(),
            nullable=False,
            comment="orders; or order_windows: searches whose answers held records without an id.",
        ),
        sa.Column(
            "record_key",
            sa.Text(),
            nullable=False,
            comment="The record's id, or the search's body.",
        ),
        sa.Column(
            "reason",
            sa.Text(),
            nullable=False,
            comment="What looked odd in its last answer: kinds and paths.",
        ),
        sa.Column(
            "noted_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its answer first looked odd.",
        ),
        sa.Column(
            "asked_at",
            sa.DateTime(timezone=True),
            nullable=False,
            comment="When its newest odd answer was asked for.",
        ),
        sa.Column(
            "asked_count",
            sa.Integer(),
            nullable=False,
            comment="Odd answers so far, odd in the same way.",
        ),
        sa.PrimaryKeyConstraint("shop_id", "stream", "record_key"),
        schema="tiktok_ops",
        comment="What came in an odd answer: syncs ask for it again until the answer looks right.",
    )
    op.alter_column(
        "api_drift",
        "kind",
        existing_type=sa.TEXT(),
        comment="unknown_field, lost_field, new_value, null_value, other_type, unreadable or replaced_characters.",
        existing_comment="unknown_field, new_value, unreadable or replaced_characters.",
        existing_nullable=False,
        schema="tiktok_ops",
    )
    op.add_column(
        "credentials",
        sa.Column(
            "refresh_error_message",
            sa.Text(),
            nullable=True,
            comment="Why TikTok refuses to refresh; the access token works until it expires.",
        ),
        schema="tiktok_ops",
    )
    # what stood in quarantine without an id is asked for again, by its window
    op.execute(
        """
        UPDATE tiktok_ops.quarantine_records SET record_key = 'hash:' || record_key
        WHERE stream = 'orders' AND record_key ~ '^[0-9a-f]{32}$'
        """
    )
    op.execute(
        """
        INSERT INTO tiktok_ops.rechecks
            (shop_id, stream, record_key, reason, noted_at, asked_at, asked_count)
        SELECT shop_id, 'order_windows', CAST(request -> 'body' AS text),
            'records without an id', min(first_seen_at), max(last_seen_at), 1
        FROM tiktok_ops.quarantine_records
        WHERE stream = 'orders' AND record_key LIKE 'hash:%' AND resolved_at IS NULL
          AND request -> 'body' <> '{}'
        GROUP BY shop_id, request -> 'body'
        """
    )
