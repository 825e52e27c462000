"""A look at a table for people, never with buyer data."""

from sqlalchemy import Table, text

from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

_HIDDEN = {"extra", "content_hash", "raw_page_id", "field_versions"}
_COLUMNS, _ROWS = 8, 5


def preview(database: Database, table: Table, shop_id: str) -> str:
    """The newest rows of a shop as a Markdown table; none of the buyers' table."""
    if table is tables.order_recipients:
        return "_buyer data is not shown_"
    names = [column.name for column in table.columns if column.name not in _HIDDEN]
    shown = ", ".join(names[:_COLUMNS])
    statement = text(
        f"SELECT {shown} FROM {table.schema}.{table.name}"
        f" WHERE shop_id = :shop_id ORDER BY synced_at DESC LIMIT {_ROWS}"
    )
    with database.begin() as connection:
        rows = connection.execute(statement, {"shop_id": shop_id}).all()
    lines = [names[:_COLUMNS], ["---"] * min(len(names), _COLUMNS), *rows]
    return "\n".join("| " + " | ".join(map(_cell, line)) + " |" for line in lines)


def _cell(value: object) -> str:
    return "" if value is None else str(value).replace("|", "/").replace("\n", " ")
