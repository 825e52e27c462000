"""Marts: regional facts, and which form of each view the database has."""

from tiktok_pipelines.storage.migrate import run_beside

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(__file__)
