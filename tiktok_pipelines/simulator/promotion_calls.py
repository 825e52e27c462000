"""Calls of the Promotion API, which only reads here.

Source: TikTok Shop API reference, "Promotions".
"""

import msgspec

from tiktok_pipelines.simulator.asking import Asked, Paging, Query, among, read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.paths import ACTIVITIES, ACTIVITY, COUPON, COUPONS
from tiktok_pipelines.simulator.promotions import DISPLAYS, STATUSES, TYPES
from tiktok_pipelines.simulator.refusals import bad_request

_PAGING = Paging(100, usual=10)
_SCOPE = "seller.promotion.info"


def _search_activities(call: Call, admission: Admission) -> bytes:
    """The one search here whose paging is in the body."""
    body = read_body(call.body, has_paging=True)
    wanted = Wanted(
        among=among(
            status=body.choice("status", STATUSES),
            activity_type=body.choice("activity_type", TYPES),
            activity_title=body.text("activity_title"),
        )
    )
    query = _page_in(body, wanted)
    return admission.shop.activities.search(query, admission.now)


def _page_in(body: Asked, wanted: Wanted) -> Query:
    size, token = body.number("page_size"), body.text("page_token")
    params = {"page_size": str(size)} if size else {}
    return _PAGING.read(params | {"page_token": token or ""}, wanted)


def _activity(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    life = shop.activities.find(call.part(3), now)
    if life is None:
        raise bad_request("invalid param: activity_id")
    return msgspec.json.encode(shop.promotion_view.activity_detail(life, now))


def _search_coupons(call: Call, admission: Admission) -> bytes:
    body = read_body(call.body)
    wanted = Wanted(
        among=among(
            status=body.choices("status", STATUSES),
            display_type=body.choices("display_type", DISPLAYS),
        )
    )
    query = _PAGING.read(call.params, wanted)
    return admission.shop.coupons.search(query, admission.now)


def _coupon(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    life = shop.coupons.find(call.part(3), now)
    if life is None:
        raise bad_request("invalid param: coupon_id")
    return msgspec.json.encode({"coupon": shop.promotion_view.coupon_detail(life, now)})


PROMOTION_CALLS = (
    Endpoint("POST", ACTIVITIES, _SCOPE, _search_activities),
    Endpoint("GET", ACTIVITY, _SCOPE, _activity),
    Endpoint(
        "POST", COUPONS, _SCOPE, _search_coupons, records=lambda shop: shop.coupons
    ),
    Endpoint("GET", COUPON, _SCOPE, _coupon),
)
