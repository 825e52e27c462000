"""The API calls that exist here, and which of them a request means."""

import msgspec

from tiktok_pipelines.simulator.aftersale_calls import AFTERSALE_CALLS
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.event_calls import EVENT_CALLS
from tiktok_pipelines.simulator.fbt_calls import FBT_CALLS
from tiktok_pipelines.simulator.finance_calls import FINANCE_CALLS
from tiktok_pipelines.simulator.order_calls import ORDER_CALLS
from tiktok_pipelines.simulator.package_calls import PACKAGE_CALLS
from tiktok_pipelines.simulator.paths import SHOPS
from tiktok_pipelines.simulator.product_calls import PRODUCT_CALLS
from tiktok_pipelines.simulator.promotion_calls import PROMOTION_CALLS
from tiktok_pipelines.simulator.refusals import Refusal


def _authorized_shops(_call: Call, admission: Admission) -> bytes:
    """Source: TikTok Shop API reference, "Get Authorized Shops"."""
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


ENDPOINTS = (
    Endpoint(
        "GET",
        SHOPS,
        "seller.authorization.info",
        _authorized_shops,
        takes_cipher=False,
    ),
    *EVENT_CALLS,
    *ORDER_CALLS,
    *PRODUCT_CALLS,
    *FBT_CALLS,
    *PACKAGE_CALLS,
    *AFTERSALE_CALLS,
    *FINANCE_CALLS,
    *PROMOTION_CALLS,
)


def find_endpoint(method: str, path: str) -> Endpoint:
    """The endpoint of a path.

    Raises:
        Refusal: no such path, or the path takes another method.
    """
    there = [endpoint for endpoint in ENDPOINTS if endpoint.is_at(path)]
    there.sort(key=lambda endpoint: "{" in endpoint.path)  # a word before any id
    for endpoint in there:
        if endpoint.method == method:
            return endpoint
    if there:
        raise Refusal(
            36009010, f"Invalid method {method} for this path.", http_status=405
        )
    raise Refusal(36009009, "Invalid path.", http_status=404)
