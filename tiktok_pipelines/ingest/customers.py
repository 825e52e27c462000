"""Customers: how many orders each buyer of a shop placed, the first and the last.

Orders that are new are added to what is told of their buyers. Where an order that is
held gets another buyer or creation time, both buyers are counted again from their
orders. All of it under the shop's lock, so nobody else counts meanwhile.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from tiktok_pipelines.ingest.order_plan import Placed
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.upsert import Written

_ADD = """
    WITH added AS (
        INSERT INTO {schema}.customers AS kept (shop_id, buyer_id, first_order_at,
            last_order_at, order_count, raw_page_id, synced_at)
        SELECT :shop_id, buyer_id, first_at, last_at, order_count, page_id, fetched_at
        FROM (
            SELECT buyer_id, min(created_at) AS first_at, max(created_at) AS last_at,
                   count(*) AS order_count, max(page_id) AS page_id
            FROM (
                SELECT buyer_id, page_id,
                       timestamptz 'epoch' + created_us * interval '1 microsecond'
                FROM unnest(CAST(:buyer_ids AS text[]), CAST(:created AS bigint[]),
                    CAST(:placed_on AS bigint[])) AS new (buyer_id, created_us, page_id)
            ) AS placed (buyer_id, page_id, created_at)
            GROUP BY buyer_id
        ) AS of_buyer
        JOIN unnest(CAST(:page_ids AS bigint[]), CAST(:fetched AS timestamptz[]))
            AS page (page_id, fetched_at) USING (page_id)
        ORDER BY buyer_id
        ON CONFLICT (shop_id, buyer_id) DO UPDATE
        SET first_order_at = least(kept.first_order_at, excluded.first_order_at),
            last_order_at = greatest(kept.last_order_at, excluded.last_order_at),
            order_count = kept.order_count + excluded.order_count,
            raw_page_id = excluded.raw_page_id,
            synced_at = excluded.synced_at
        RETURNING kept.raw_page_id)
    SELECT raw_page_id, count(*) AS rows FROM added GROUP BY raw_page_id
"""
_COUNT_AGAIN = """
    WITH counted AS (
        INSERT INTO {schema}.customers AS kept (shop_id, buyer_id, first_order_at,
            last_order_at, order_count, raw_page_id, synced_at)
        SELECT :shop_id, asked.buyer_id, o.first_at, o.last_at, o.order_count,
               asked.page_id, asked.fetched_at
        FROM unnest(CAST(:ids AS text[]), CAST(:page_ids AS bigint[]),
                CAST(:fetched AS timestamptz[]))
            AS asked (buyer_id, page_id, fetched_at)
        CROSS JOIN LATERAL (
            SELECT min(created_at) AS first_at, max(created_at) AS last_at,
                   count(*) AS order_count
            FROM {schema}.orders
            WHERE shop_id = :shop_id AND buyer_id = asked.buyer_id) AS o
        WHERE o.order_count > 0
        ON CONFLICT (shop_id, buyer_id) DO UPDATE
        SET first_order_at = excluded.first_order_at,
            last_order_at = excluded.last_order_at,
            order_count = excluded.order_count,
            raw_page_id = excluded.raw_page_id,
            synced_at = excluded.synced_at
        WHERE (kept.first_order_at, kept.last_order_at, kept.order_count)
            IS DISTINCT FROM
            (excluded.first_order_at, excluded.last_order_at, excluded.order_count)
        RETURNING kept.raw_page_id)
    SELECT raw_page_id, count(*) AS rows FROM counted GROUP BY raw_page_id
"""
_DROP = """
    DELETE FROM {schema}.customers AS c
    WHERE c.shop_id = :shop_id AND c.buyer_id = ANY(:ids) AND NOT EXISTS (
        SELECT FROM {schema}.orders AS o
        WHERE o.shop_id = c.shop_id AND o.buyer_id = c.buyer_id)
    RETURNING c.buyer_id
"""


class Customers:
    """Writes the customers of some pages, which have these ids."""

    def __init__(
        self,
        connection: Connection,
        target: ShopRun,
        pages: Sequence[OrderPage],
        page_ids: Sequence[int],
    ) -> None:
        self._connection = connection
        self._target = target
        self._fetched = [page.fetched_at for page in pages]
        self._page_ids = page_ids

    def add(self, placed: Sequence[Placed]) -> Written:
        """Add orders that are new, each once."""
        if not placed:
            return Counter()
        return self._written(
            _ADD,
            buyer_ids=[each.buyer_id for each in placed],
            created=[each.created_us for each in placed],
            placed_on=[self._page_ids[each.page] for each in placed],
            page_ids=list(self._page_ids),
            fetched=self._fetched,
        )

    def count_again(self, buyers: Mapping[str, int]) -> Written:
        """Count all orders of some buyers, each with the page that asks for it."""
        if not buyers:
            return Counter()
        asked = sorted(buyers.items())
        return self._written(
            _COUNT_AGAIN,
            ids=[buyer_id for buyer_id, _ in asked],
            page_ids=[self._page_ids[page] for _, page in asked],
            fetched=[self._fetched[page] for _, page in asked],
        )

    def drop(self, buyers: Sequence[str]) -> Sequence[str]:
        """Delete those without an order; which they were."""
        if not buyers:
            return ()
        asked = {"shop_id": self._target.shop_id, "ids": list(buyers)}
        return self._connection.execute(self._target.sql(_DROP), asked).scalars().all()

    def _written(self, template: str, **asked: object) -> Written:
        asked["shop_id"] = self._target.shop_id
        found = self._connection.execute(self._target.sql(template), asked)
        return Counter({row.raw_page_id: row.rows for row in found})
