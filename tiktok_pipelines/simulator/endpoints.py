"""The API calls that exist here, and what each answers once the request is admitted.

Source: TikTok Shop API reference, "Get Authorized Shops" and "Orders". That unknown ids
are skipped by detail is assumed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import msgspec

from tiktok_pipelines.simulator.paths import DETAIL, OLD_DETAIL, SEARCH, SHOPS
from tiktok_pipelines.simulator.query import parse_query
from tiktok_pipelines.simulator.refusals import bad_request
from tiktok_pipelines.simulator.sellers import Grant
from tiktok_pipelines.simulator.shop import Shop

MAX_IDS = 50


@dataclass(frozen=True, slots=True)
class Call:
    """One request as it came in; header names are lower case."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    body: bytes

    @property
    def params(self) -> dict[str, str]:
        """The query; of a repeated key, the last value."""
        return dict(self.query)


@dataclass(frozen=True, slots=True)
class Admission:
    """Who is let in, when; ``shop`` is None where no shop is meant."""

    grant: Grant
    shop: Shop | None
    now: int


Answering = Callable[[Call, Admission], bytes]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the API; ``answer`` returns the JSON of ``data``."""

    method: str
    path: str
    scope: str
    takes_cipher: bool
    answer: Answering


def _authorized_shops(_call: Call, admission: Admission) -> bytes:
    shops = admission.grant.seller.shops
    kind = "CROSS_BORDER" if len(shops) > 1 else "LOCAL"
    rows = [
        {
            "id": shop.id,
            "name": shop.name,
            "region": shop.region,
            "seller_type": kind,
            "cipher": shop.cipher,
            "code": f"{shop.region}LC{shop.id[-8:]}",
        }
        for shop in shops
    ]
    return msgspec.json.encode({"shops": rows})


def _search_orders(call: Call, admission: Admission) -> bytes:
    query = parse_query(call.params, call.body)
    return _shop_of(admission).search(query, admission.now)


def _order_detail(call: Call, admission: Admission) -> bytes:
    """``ids`` separated by commas (documented), or one key for each (PyPI client)."""
    texts = [value for name, value in call.query if name == "ids"]
    ids = [part.strip() for text in texts for part in text.split(",")]
    ids = [part for part in ids if part]
    if not ids:
        raise bad_request("invalid param: ids is required")
    if len(ids) > MAX_IDS:
        raise bad_request(f"invalid param: ids may hold at most {MAX_IDS}")
    return _shop_of(admission).detail(ids, admission.now)


def _shop_of(admission: Admission) -> Shop:
    if admission.shop is None:
        raise AssertionError("the gate lets nobody in here without a shop")
    return admission.shop


_ORDERS = "seller.order.info"

ENDPOINTS = {
    (endpoint.method, endpoint.path): endpoint
    for endpoint in (
        Endpoint("GET", SHOPS, "seller.authorization.info", False, _authorized_shops),
        Endpoint("POST", SEARCH, _ORDERS, True, _search_orders),
        Endpoint("GET", DETAIL, _ORDERS, True, _order_detail),
        Endpoint("GET", OLD_DETAIL, _ORDERS, True, _order_detail),
    )
}
