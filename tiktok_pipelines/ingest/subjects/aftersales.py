"""Cancellations and returns: by update time, and read again while they are open.

What happened to a return is read when it changed, return by return. What a seller may
reject a request with is the same for requests of a type: each day a few are asked for.
What may be asked for an order is read while it is open, and whenever it changed.

Source: docs/tiktok-shop-api.md, "Cancellations" and "Returns".
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.returns import CancellationSearch, ReturnSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.optional import IfServed
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform import aftersale_options, cancellations, returns

AFTERSALE_STATES = range(25_000_000, 25_030_000)
"""Codes of states that a question or an act does not fit."""
_AT_ONCE = 50
_DAILY = timedelta(days=1)


def _open(table: str, key: str, final: frozenset[str]) -> str:
    """The ids of what may still change, whatever its update time says."""
    listed = ", ".join(f"'{status}'" for status in sorted(final))
    return f"""
        SELECT {key} FROM tiktok.{table}
        WHERE shop_id = :shop_id AND coalesce(status, '') NOT IN ({listed})
          AND {key} > :after
        ORDER BY {key} LIMIT :count
    """


def _cancellations(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    query = CancellationSearch(updated=window, sort_field="update_time")
    return shop.returns.pages(query)


def _cancellations_by_id(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return shop.returns.pages(CancellationSearch(cancel_ids=ids))


def _returns(shop: ShopClient, window: TimeWindow) -> Iterator[Page]:
    query = ReturnSearch(updated=window, sort_field="update_time")
    return shop.returns.pages(query)


def _returns_by_id(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return shop.returns.pages(ReturnSearch(return_ids=ids))


_CHANGED_RETURNS = """
    SELECT r.return_id
    FROM tiktok.returns AS r
    LEFT JOIN tiktok.return_histories AS h USING (shop_id, return_id)
    WHERE r.shop_id = :shop_id AND r.return_id > :after
      AND (h.return_id IS NULL OR h.synced_at < r.synced_at AND r.synced_at >= coalesce(
          CAST(:last AS timestamptz) - interval '1 hour', '-infinity'))
    ORDER BY r.return_id LIMIT :count
"""
# Rows that another run wrote meanwhile may be a little older than the last pass.


def _records(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.returns.records, ids)


CANCELLATIONS = Subject(
    cancellations.CANCELLATIONS,
    loads=(
        Windows(_cancellations),
        ByIds(
            _open("cancellations", "cancellation_id", cancellations.FINAL_STATUSES),
            Detail(_cancellations_by_id, _AT_ONCE),
            name="cancellations_open",
            every=_DAILY,
            is_reread=True,
        ),
    ),
)
RETURNS = Subject(
    returns.RETURNS,
    loads=(
        Windows(_returns),
        ByIds(
            _open("returns", "return_id", returns.FINAL_STATUSES),
            Detail(_returns_by_id, _AT_ONCE),
            name="returns_open",
            every=_DAILY,
            is_reread=True,
        ),
    ),
)
RETURN_RECORDS = Subject(
    returns.RETURN_RECORDS,
    loads=(ByIds(_CHANGED_RETURNS, Detail(_records), name="return_histories"),),
)


_PROBED = 3
"""Requests of each type that are asked for, those that wait for an answer first."""
_OF_EACH_TYPE = f"""
    SELECT request_id FROM (
        SELECT request_id, row_number() OVER (
            PARTITION BY is_return, type
            ORDER BY is_waiting DESC, created_at DESC NULLS LAST, request_id
        ) AS place
        FROM (
            SELECT return_id AS request_id, TRUE AS is_return, type, created_at,
                   coalesce(status ~ 'REQUEST_PENDING$', FALSE) AS is_waiting
            FROM tiktok.returns WHERE shop_id = :shop_id
            UNION ALL
            SELECT cancellation_id, FALSE, type, created_at,
                   coalesce(status ~ 'REQUEST_PENDING$', FALSE)
            FROM tiktok.cancellations WHERE shop_id = :shop_id
        ) AS requests
    ) AS ranked
    WHERE place <= {_PROBED} AND request_id > :after
    ORDER BY request_id LIMIT :count
"""


def _reject_reasons(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.returns.reject_reasons, ids)


REJECT_REASONS = Subject(
    aftersale_options.REJECT_REASONS,
    loads=(
        ByIds(
            _OF_EACH_TYPE,
            Detail(_reject_reasons, by_state=AFTERSALE_STATES),
            name="reject_reasons",
            every=_DAILY,
        ),
    ),
)

_MOST, _FIRST = 1000, 50
"""Orders that one sync asks about for the first time, and a shop's first sync."""
_UNASKED = """
    SELECT o.order_id FROM tiktok.orders AS o
    LEFT JOIN tiktok.aftersale_eligibilities AS e USING (shop_id, order_id)
    WHERE o.shop_id = :shop_id AND (:after = '' OR o.order_id < :after)
      AND e.order_id IS NULL AND o.status IN (
          'ON_HOLD', 'AWAITING_SHIPMENT', 'PARTIALLY_SHIPPING', 'AWAITING_COLLECTION',
          'IN_TRANSIT', 'DELIVERED')
    ORDER BY o.order_id DESC LIMIT :count
"""
_CHANGED_SINCE = """
    WITH changed AS (
        SELECT order_id, max(synced_at) AS changed_at FROM (
            SELECT order_id, synced_at FROM tiktok.orders WHERE shop_id = :shop_id
            UNION ALL
            SELECT order_id, synced_at FROM tiktok.returns WHERE shop_id = :shop_id
            UNION ALL
            SELECT order_id, synced_at FROM tiktok.cancellations
            WHERE shop_id = :shop_id
        ) AS told
        WHERE synced_at >= :last - interval '1 hour'
        GROUP BY order_id
    )
    SELECT e.order_id FROM tiktok.aftersale_eligibilities AS e
    JOIN changed ON changed.order_id = e.order_id AND changed.changed_at > e.synced_at
    WHERE e.shop_id = :shop_id AND e.order_id > :after
    ORDER BY e.order_id LIMIT :count
"""


def _eligibilities(shop: ShopClient, order_ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.returns.eligibility, order_ids)


_ELIGIBILITY = Detail(_eligibilities, by_state=AFTERSALE_STATES)
ELIGIBILITIES = Subject(
    aftersale_options.ELIGIBILITIES,
    loads=(
        IfServed(
            ByIds(
                _UNASKED,
                _ELIGIBILITY,
                "aftersale_eligibilities",
                most=_MOST,
                first=_FIRST,
            )
        ),
        ByIds(
            _CHANGED_SINCE,
            _ELIGIBILITY,
            "aftersale_eligibilities_changed",
            is_reread=True,
        ),
    ),
)
