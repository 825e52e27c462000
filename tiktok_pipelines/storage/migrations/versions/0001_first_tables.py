"""First tables."""

from tiktok_pipelines.storage.migrate import run_beside

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(__file__)
