"""Pages as they were kept, read back in the order of their commits."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import zstandard
from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_int, as_list, as_object, as_text
from tiktok_pipelines.api.endpoints.table import ORDER_DETAIL, ORDER_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage, read_order_page
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import decode, decompress
from tiktok_pipelines.transform.privacy import KEEP_ALL

PAGES_AT_ONCE = 20  # about a megabyte, compressed

_NEXT = text("""
    SELECT page_id, request, request_id, fetched_at, run_id, body
    FROM tiktok_raw.pages
    WHERE shop_id = :shop_id AND stream = :stream AND page_id > :after
      AND fetched_at >= coalesce(CAST(:since AS timestamptz), '-infinity')
    ORDER BY page_id LIMIT :count
""")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A row of ``tiktok_raw.pages``; it holds no buyer data."""

    page_id: int
    request: Mapping[str, object] = field(repr=False)
    request_id: str
    fetched_at: datetime
    run_id: str
    body: bytes = field(repr=False)

    def answer(self) -> bytes:
        """The answer's data as JSON.

        Raises:
            StorageError: the body is damaged.
        """
        try:
            return decompress(self.body)
        except zstandard.ZstdError:
            raise self._damaged() from None

    def page(self) -> Page:
        """The page as the client gave it, less buyer data.

        Raises:
            StorageError: the body is damaged.
        """
        data = self.data()
        is_detail = self.request.get("path") == ORDER_DETAIL.path
        return Page(
            records=as_list(data.get("orders")),
            total_count=as_int(data.get("total_count")),
            next_page_token=as_text(data.get("next_page_token")),
            endpoint=ORDER_DETAIL if is_detail else ORDER_SEARCH,
            request=self.request,
            body=self.answer(),
            fetched_at=self.fetched_at,
            request_id=self.request_id,
        )

    def data(self) -> Mapping[str, object]:
        """The answer's data.

        Raises:
            StorageError: the body is damaged.
        """
        body = self.answer()
        try:
            return as_object(decode(body))
        except ValueError:
            raise self._damaged() from None

    def _damaged(self) -> StorageError:
        return StorageError(
            f"page {self.page_id} of tiktok_raw.pages is damaged: restore a backup "
            "that holds it"
        )


def pages_of(
    database: Database,
    shop_id: str,
    *,
    stream: str = STREAM,
    after: int = 0,
    since: datetime | None = None,
) -> Iterator[KeptPage]:
    """A shop's pages beyond ``after``, a few at a time, oldest commit first.

    Pages committed meanwhile come too: ids are drawn under the shop's lock. ``since``
    leaves out pages asked for earlier.
    """
    while True:
        with database.begin() as connection:
            some = next_pages(
                connection, shop_id, stream=stream, after=after, since=since
            )
        if not some:
            return
        yield from some
        after = some[-1].page_id


def sights_of(
    database: Database, shop_id: str, order_id: str, *, since: datetime | None = None
) -> Iterator[tuple[KeptPage, Mapping[str, object]]]:
    """Every kept page that holds the order, oldest first, and what it says of it."""
    trace = order_id.encode()
    for kept in pages_of(database, shop_id, since=since):
        if trace not in kept.answer():  # decoding is what takes time
            continue
        for record in map(as_object, kept.page().records):
            if as_text(record.get("id")) == order_id:
                yield kept, record


def next_pages(
    connection: Connection,
    shop_id: str,
    *,
    after: int,
    stream: str = STREAM,
    since: datetime | None = None,
) -> Sequence[KeptPage]:
    """The next few pages of a shop's stream beyond ``after``; none at the end."""
    told = {
        "shop_id": shop_id,
        "stream": stream,
        "after": after,
        "since": since,
        "count": PAGES_AT_ONCE,
    }
    found = connection.execute(_NEXT, told).mappings()
    return [KeptPage(**row) for row in found]


def read_kept(kept: KeptPage, page: Page) -> OrderPage:
    """A kept page, or a part of it, mapped by today's code; it keeps its number.

    It gives no buyer data: what today's code counts as such and the page still holds,
    since older code did not, is left out as well.
    """
    mapped = read_order_page(page, KEEP_ALL)
    orders = [replace(rows, buyer=None) for rows in mapped.orders]
    return replace(mapped, orders=orders, page_id=kept.page_id)
