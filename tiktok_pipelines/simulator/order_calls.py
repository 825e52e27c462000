"""Calls of the Order API.

Source: TikTok Shop API reference, "Get Order List" and "Order prices". That unknown ids
are skipped by detail is assumed.
"""

import msgspec

from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.paths import (
    DETAIL,
    EXTERNAL_ORDERS,
    OLD_DETAIL,
    PRICE_DETAIL,
    SEARCH,
)
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.prices import (
    PLATFORMS,
    render_external_orders,
    render_prices,
)
from tiktok_pipelines.simulator.query import parse_query
from tiktok_pipelines.simulator.refusals import Refusal, bad_request

MAX_IDS = 50
_SCOPE = "seller.order.info"


def _search(call: Call, admission: Admission) -> bytes:
    query = parse_query(call.params, call.body)
    return admission.shop.orders.search(query, admission.now)


def _detail(call: Call, admission: Admission) -> bytes:
    """``ids`` separated by commas (documented), or one key for each (PyPI client)."""
    texts = [value for name, value in call.query if name == "ids"]
    ids = [part.strip() for text in texts for part in text.split(",")]
    ids = [part for part in ids if part]
    if not ids:
        raise bad_request("invalid param: ids is required")
    if len(ids) > MAX_IDS:
        raise bad_request(f"invalid param: ids may hold at most {MAX_IDS}")
    return admission.shop.orders.detail(ids, admission.now)


def _prices(call: Call, admission: Admission) -> bytes:
    shop = admission.shop
    plan = _order_of(call, admission)
    return msgspec.json.encode(render_prices(shop.front, plan))


def _external(call: Call, admission: Admission) -> bytes:
    platform = call.asked.choice("platform", PLATFORMS)
    if platform is None:
        raise bad_request("invalid param: platform is required")
    plan = _order_of(call, admission)
    rows = render_external_orders(admission.shop.front, plan, platform)
    return msgspec.json.encode({"external_orders": rows} if rows else {})


def _order_of(call: Call, admission: Admission) -> OrderPlan:
    """The order of the path; the code is documented for orders of other sellers."""
    plan = admission.shop.orders.find(call.part(3), admission.now)
    if plan is None:
        raise Refusal(21008111, "The order does not exist.", http_status=200)
    return plan


ORDER_CALLS = (
    Endpoint("POST", SEARCH, _SCOPE, _search, records=lambda shop: shop.orders),
    Endpoint("GET", DETAIL, _SCOPE, _detail),
    Endpoint("GET", OLD_DETAIL, _SCOPE, _detail),
    Endpoint("GET", PRICE_DETAIL, _SCOPE, _prices),
    Endpoint("GET", EXTERNAL_ORDERS, "seller.order.ext_ref.read", _external),
)
