"""Finance and order money."""

from tiktok_pipelines.storage.migrate import run_beside

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(__file__)
