"""Cancellations and returns: by update time, and read again while they are open.

What happened to a return is read when it changed, return by return.

Source: docs/tiktok-shop-api.md, "Cancellations" and "Returns".
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.endpoints.returns import CancellationSearch, ReturnSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform import cancellations, returns

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
