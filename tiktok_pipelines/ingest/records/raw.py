"""Pages into ``tiktok_raw.pages``."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.copy import copy_rows
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.storage.upsert import qualified

_NEXT_PAGE_IDS = text("""
    SELECT nextval(pg_get_serial_sequence('tiktok_raw.pages', 'page_id'))
    FROM generate_series(1, :count)
""")


class AnyPage(Protocol):
    """What ``tiktok_raw.pages`` holds of a page."""

    @property
    def request(self) -> Mapping[str, object]:
        """The call, less every secret."""
        ...

    @property
    def request_id(self) -> str:
        """TikTok's id of the call."""
        ...

    @property
    def fetched_at(self) -> datetime:
        """When it was asked for."""
        ...

    @property
    def kept(self) -> Sequence[object]:
        """What is kept of each record."""
        ...

    @property
    def body(self) -> bytes:
        """The answer, compressed."""
        ...


def next_page_ids(connection: Connection, count: int) -> Sequence[int]:
    """New numbers of pages, drawn under the stream's lock."""
    return connection.execute(_NEXT_PAGE_IDS, {"count": count}).scalars().all()


def keep_pages(
    connection: Connection,
    target: ShopRun,
    stream: str,
    numbered: Sequence[tuple[int, AnyPage]],
) -> None:
    """Put pages into ``tiktok_raw.pages``."""
    rows = [
        {
            "page_id": page_id,
            "shop_id": target.shop_id,
            "stream": stream,
            "request": dumps(page.request),
            "request_id": page.request_id,
            "fetched_at": microseconds(page.fetched_at),
            "record_count": len(page.kept),
            "body": page.body,
            "run_id": target.run_id,
        }
        for page_id, page in numbered
    ]
    if rows:
        columns = [tables.pages.columns[name] for name in rows[0]]
        copy_rows(connection, qualified(tables.pages), columns, rows)
