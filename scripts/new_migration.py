"""Draft a migration: what storage/tables/ has and an up-to-date database has not.

usage: python -m scripts.new_migration DATABASE_URL NUMBER "what it does"
"""

import io
import re
import sys
from pathlib import Path

from alembic.autogenerate import produce_migrations
from alembic.operations import Operations
from alembic.operations.ops import OpContainer
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.dialects import postgresql

from tiktok_pipelines.storage import migrate
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables import metadata

_SCRIPTS = Path("tiktok_pipelines/storage/migrations")
_SCRIPT = '''"""{message}."""

from tiktok_pipelines.storage.migrate import run_beside

revision = "{number}"
down_revision = "{head}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    run_beside(__file__)
'''


def main(url: str, number: str, message: str) -> None:
    """Write the draft; read it before you commit it."""
    migrate.upgrade(url)
    head = ScriptDirectory(str(_SCRIPTS)).get_current_head()
    name = "_".join([number, *re.findall(r"\w+", message.lower())])
    script = _SCRIPTS / "versions" / f"{name}.py"
    script.write_text(_SCRIPT.format(message=message, number=number, head=head))
    script.with_suffix(".sql").write_text(_as_sql(_missing(url)))


def _missing(url: str) -> OpContainer:
    """What brings an up-to-date database to the tables as they are declared."""
    with Database(url).begin() as connection:
        options = {
            "include_schemas": True,
            "version_table": migrate.VERSION_TABLE,
            "version_table_schema": "tiktok_ops",
        }
        context = MigrationContext.configure(connection, opts=options)
        return produce_migrations(context, metadata).upgrade_ops or OpContainer(())


def _as_sql(found: OpContainer) -> str:
    text = io.StringIO()
    context = MigrationContext.configure(
        dialect=postgresql.dialect(paramstyle="named"),
        opts={"as_sql": True, "output_buffer": text},
    )
    with Operations.context(context) as operations:
        _run(operations, found)
    lines = (line.rstrip() for line in text.getvalue().splitlines())
    return "\n".join(line for line in lines if line) + "\n"


def _run(operations: Operations, found: OpContainer) -> None:
    for each in found.ops:
        if isinstance(each, OpContainer):
            _run(operations, each)
        else:
            operations.invoke(each)


if __name__ == "__main__":
    main(*sys.argv[1:])
