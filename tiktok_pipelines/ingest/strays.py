"""Buyer data whose order names no buyer: asked for when a buyer is to be erased.

A row of ``tiktok.order_recipients`` says which order it belongs to; the buyer stands in
``tiktok.orders``. Where that row is gone, the kept pages may still tell.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.ingest.archive import KeptPage, next_pages

_WITHOUT_ORDER = text("""
    SELECT r.shop_id, array_agg(r.order_id) FROM tiktok.order_recipients AS r
    WHERE r.shop_id = ANY(:shops) AND NOT EXISTS (
        SELECT FROM tiktok.orders AS o
        WHERE o.shop_id = r.shop_id AND o.order_id = r.order_id)
    GROUP BY r.shop_id ORDER BY r.shop_id
""")
_WITHOUT_BUYER = text("""
    SELECT count(*) FROM tiktok.order_recipients JOIN tiktok.orders AS o
        USING (shop_id, order_id)
    WHERE o.shop_id = ANY(:shops) AND o.buyer_id IS NULL
""")


@dataclass(frozen=True, slots=True)
class Strays:
    """Buyer data of orders that are no rows, or rows without a buyer's id.

    ``theirs`` are the (shop, order) that a kept page says to be the buyer's;
    ``nobodys`` counts those of which neither row nor page names a buyer.
    """

    theirs: Sequence[tuple[str, str]] = ()
    nobodys: int = 0


def find_strays(connection: Connection, shops: Sequence[str], buyer_id: str) -> Strays:
    """Look for a buyer's strays; the pages are read only where an order is missing."""
    asked = {"shops": list(shops)}
    nobodys = connection.execute(_WITHOUT_BUYER, asked).scalar_one()
    theirs: list[tuple[str, str]] = []
    for shop_id, order_ids in connection.execute(_WITHOUT_ORDER, asked).all():
        named = dict[str, set[str]]()
        for order_id, buyer in _named(connection, shop_id, frozenset(order_ids)):
            named.setdefault(order_id, set()).add(buyer)
        theirs += [(shop_id, one) for one in named if buyer_id in named[one]]
        nobodys += len(order_ids) - len(named)
    return Strays(theirs, nobodys)


def _named(
    connection: Connection, shop_id: str, order_ids: Collection[str]
) -> Iterator[tuple[str, str]]:
    """(order, buyer) as the kept pages of a shop name them."""
    after = 0
    while some := next_pages(connection, shop_id, after=after):
        after = some[-1].page_id
        for kept in some:
            for record in map(as_object, _records(kept)):
                order_id = as_text(record.get("id"))
                buyer_id = as_text(record.get("user_id"))
                if buyer_id and order_id in order_ids:
                    yield order_id, buyer_id


def _records(kept: KeptPage) -> Sequence[object]:
    """The records of a page; none of a damaged one, which must stop no erasure."""
    try:
        return kept.page().records
    except StorageError:
        return ()
