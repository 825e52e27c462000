"""Alembic's entry: runs inside the connection that ``migrate.upgrade`` hands over."""

from alembic import context

from tiktok_pipelines.storage.migrate import VERSION_TABLE
from tiktok_pipelines.storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_schemas=True,
    version_table=VERSION_TABLE,
    version_table_schema="tiktok_ops",
)
context.run_migrations()
