"""Calls of the Fulfillment API. Source: TikTok Shop API reference, "Packages"."""

import msgspec

from tiktok_pipelines.simulator.asking import Paging, among, read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.packages import STATUSES
from tiktok_pipelines.simulator.paths import PACKAGE, PACKAGE_SEARCH, TRACKING
from tiktok_pipelines.simulator.refusals import Refusal
from tiktok_pipelines.simulator.tracking import render_tracking

# ``order_pay_time`` sorts as ``create_time`` here: packages begin with the payment.
_PAGING = Paging(
    50, sorts=("create_time", "update_time", "order_pay_time"), descending=True
)
_SCOPE = "seller.fulfillment.basic"


def _search(call: Call, admission: Admission) -> bytes:
    body = read_body(call.body)
    wanted = Wanted(
        created=body.window("create_time"),
        updated=body.window("update_time"),
        among=among(status=body.choice("package_status", STATUSES)),
    )
    query = _PAGING.read(call.params, wanted)
    return admission.shop.packages.search(query, admission.now)


def _detail(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    life = shop.packages.find(call.part(3), now)
    if life is None:
        raise _unknown()
    return msgspec.json.encode(shop.package_view.in_detail(life, now))


def _tracking(call: Call, admission: Admission) -> bytes:
    plan = admission.shop.orders.find(call.part(3), admission.now)
    if plan is None:
        raise _unknown()
    return msgspec.json.encode({"tracking": render_tracking(plan, admission.now)})


def _unknown() -> Refusal:
    """Documented for the order or package of another seller."""
    return Refusal(21008111, "The order or package does not exist.", http_status=200)


PACKAGE_CALLS = (
    Endpoint(
        "POST", PACKAGE_SEARCH, _SCOPE, _search, records=lambda shop: shop.packages
    ),
    Endpoint("GET", PACKAGE, _SCOPE, _detail),
    Endpoint("GET", TRACKING, "seller.logistics", _tracking),
)
