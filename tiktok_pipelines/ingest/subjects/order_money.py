"""The money of single orders: asked for order by order, some in each sync.

A call tells of one order. So an order is asked for once, and again when there is a
reason: its settlement when a transaction of it is new, its prices when it is done.
"""

from collections.abc import Iterator, Sequence

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.optional import IfServed
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects.external_orders import (
    AGAIN,
    DONE,
    PROBE,
    ExternalOrders,
)
from tiktok_pipelines.transform.order_money import (
    EXTERNAL_LOOKUPS,
    ORDER_PRICES,
    ORDER_TRANSACTIONS,
)

MOST, FIRST = 5000, 50
"""Orders that one sync asks for, newest first, and the first sync; the rest follow."""

_SETTLED = """
    SELECT t.order_id FROM tiktok.statement_transactions t
    LEFT JOIN tiktok.order_transactions o USING (shop_id, order_id)
    WHERE t.shop_id = :shop_id AND t.order_id > ''
      AND (:after = '' OR t.order_id < :after) AND (
        o.order_id IS NULL
        OR o.synced_at < t.synced_at AND t.synced_at > :now - interval '10 days'
    )
    GROUP BY t.order_id ORDER BY t.order_id DESC LIMIT :count
"""
_UNPRICED = """
    SELECT o.order_id FROM tiktok.orders o
    LEFT JOIN tiktok.order_prices p USING (shop_id, order_id)
    WHERE o.shop_id = :shop_id AND (:after = '' OR o.order_id < :after)
      AND p.order_id IS NULL
    ORDER BY o.order_id DESC LIMIT :count
"""


def _transactions(shop: ShopClient, order_ids: Sequence[str]) -> Iterator[Page]:
    return (shop.finance.order_transactions(order_id) for order_id in order_ids)


def _prices(shop: ShopClient, order_ids: Sequence[str]) -> Iterator[Page]:
    return (shop.orders.price_detail(order_id) for order_id in order_ids)


ORDER_MONEY = (
    Subject(
        ORDER_TRANSACTIONS,
        loads=(
            ByIds(
                _SETTLED,
                Detail(_transactions),
                "order_transactions",
                most=MOST,
                first=FIRST,
            ),
        ),
    ),
    Subject(
        ORDER_PRICES,
        loads=(
            ByIds(_UNPRICED, Detail(_prices), "order_prices", most=MOST, first=FIRST),
            ByIds(DONE, Detail(_prices), "order_prices_done", is_reread=True),
        ),
    ),
    Subject(
        EXTERNAL_LOOKUPS,
        loads=(IfServed(ExternalOrders(MOST, FIRST), ledger=PROBE),),
        more_ledgers=(PROBE, AGAIN),
    ),
)
