"""Promotions and coupons: all that are listed, in detail as far as they changed.

What was used of one that is on grows without moving its update time: those are read
again.

Source: docs/tiktok-shop-api.md, "Promotions".
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.api.endpoints.promotions import ActivitySearch, CouponSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.transform import promotions
from tiktok_pipelines.transform.parts import RecordMap

_HOURLY = timedelta(hours=1)


def _promotions(shop: ShopClient) -> Iterator[Page]:
    """The list calls ``id`` what the detail calls ``activity_id``: so do we here."""
    for page in shop.promotions.pages(ActivitySearch()):
        yield replace(page, records=[_as_detailed(one) for one in page.records])


def _as_detailed(record: object) -> object:
    named, fields = {"id": "activity_id"}, as_object(record)
    if not fields:
        return record
    return {named.get(name, name): value for name, value in fields.items()}


def _promotions_by_id(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.promotions.activity, ids)


def _coupons(shop: ShopClient) -> Iterator[Page]:
    return shop.promotions.pages(CouponSearch())


def _coupons_by_id(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    return map(shop.promotions.coupon, ids)


def _on_now(table: str, key: str) -> str:
    return f"""
        SELECT {key} FROM tiktok.{table}
        WHERE shop_id = :shop_id AND {key} > :after
          AND status = 'ONGOING' AND deleted_at IS NULL
        ORDER BY {key} LIMIT :count
    """


def _subject(
    mapping: RecordMap, pages: Callable[[ShopClient], Iterator[Page]], detail: Detail
) -> Subject:
    (key,) = mapping.root.keys
    return Subject(
        mapping,
        loads=(
            Listing(pages, is_counted=True, marks_deleted=True, detail=detail),
            ByIds(
                _on_now(mapping.root.table, key),
                detail,
                name=f"{mapping.stream}_on",
                every=_HOURLY,
                is_reread=True,
            ),
        ),
    )


PROMOTIONS = _subject(promotions.PROMOTIONS, _promotions, Detail(_promotions_by_id))
COUPONS = _subject(promotions.COUPONS, _coupons, Detail(_coupons_by_id))
