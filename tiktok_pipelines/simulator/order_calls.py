"""Calls of the Order API.

Source: TikTok Shop API reference, "Get Order List". That unknown ids are skipped by
detail is assumed.
"""

from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.paths import DETAIL, OLD_DETAIL, SEARCH
from tiktok_pipelines.simulator.query import parse_query
from tiktok_pipelines.simulator.refusals import bad_request
from tiktok_pipelines.simulator.shop import Shop

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


def _former(shop: Shop, order_id: str, now: int) -> bytes:
    return shop.orders.detail([order_id], now)


ORDER_CALLS = (
    Endpoint("POST", SEARCH, _SCOPE, _search, former=_former),
    Endpoint("GET", DETAIL, _SCOPE, _detail),
    Endpoint("GET", OLD_DETAIL, _SCOPE, _detail),
)
