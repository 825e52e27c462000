"""Pages that nothing rests on any more: removed when they are old, if so set.

A row names the page that last changed it. A page that no row names says only what was
before: the tables can be made anew without it, ``raw show`` then tells less. Two kinds
stay all the same: orders read by id, as fields that only those answers tell are merged
into later rows, and what whole lists did not hold, as it undoes what other pages tell.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, TextClause, text

from tiktok_pipelines.api.endpoints.table import ORDER_DETAIL
from tiktok_pipelines.ingest.records.deletions import NOT_LISTED
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

_BATCH = 1000
_SHOPS = text("""
    SELECT DISTINCT shop_id FROM tiktok_raw.pages WHERE fetched_at < :before ORDER BY 1
""")
_DELETE = text("DELETE FROM tiktok_raw.pages WHERE page_id = ANY(:ids)")


def remove_superseded(database: Database, before: datetime) -> Iterator[int]:
    """Remove old pages that no row names, shop by shop; how many each time.

    In batches, each a transaction of its own. What is superseded once stays so: later
    answers are kept in pages of their own.
    """
    for shop_id in database.transact(partial(_shops, before)):
        told = {
            "shop_id": shop_id,
            "before": before,
            "kept_paths": [ORDER_DETAIL.path, NOT_LISTED],
        }
        with database.begin() as connection:
            ids = connection.execute(_superseded(), told).scalars().all()
        for first in range(0, len(ids), _BATCH):
            yield database.transact(partial(_remove, ids[first : first + _BATCH]))


def _shops(before: datetime, connection: Connection) -> Sequence[str]:
    return connection.execute(_SHOPS, {"before": before}).scalars().all()


def _remove(ids: Sequence[int], connection: Connection) -> int:
    return connection.execute(_DELETE, {"ids": list(ids)}).rowcount


def _superseded() -> TextClause:
    """Pages of a shop that no row of any table of ``tiktok`` names."""
    named = " UNION ALL ".join(
        f"SELECT raw_page_id FROM {table.fullname} WHERE shop_id = :shop_id"
        for table in tables.metadata.sorted_tables
        if table.schema == "tiktok"
    )
    return text(f"""
        SELECT p.page_id FROM tiktok_raw.pages AS p
        WHERE p.shop_id = :shop_id AND p.fetched_at < :before
          AND coalesce(p.request ->> 'path', '') <> ALL(:kept_paths)
          AND NOT EXISTS (
              SELECT FROM ({named}) AS named WHERE named.raw_page_id = p.page_id)
        ORDER BY p.page_id
    """)
