"""Calls of the Return and Refund API, in both versions.

Source: TikTok Shop API reference, "Cancellations" and "Returns". The code for a version
that a shop does not know is documented for versions that nobody knows.
"""

from collections.abc import Callable

import msgspec

from tiktok_pipelines.simulator import cancellations, returns
from tiktok_pipelines.simulator.aftersale_options import (
    reasons_for_cancellations,
    reasons_for_returns,
)
from tiktok_pipelines.simulator.asking import Asked, Paging, among, read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Among, Wanted
from tiktok_pipelines.simulator.paths import (
    CANCELLATIONS,
    ELIGIBILITY,
    OLD_CANCELLATIONS,
    OLD_ELIGIBILITY,
    OLD_RETURNS,
    REJECT_REASONS,
    RETURN_RECORDS,
    RETURNS,
)
from tiktok_pipelines.simulator.refusals import Refusal, bad_request

_SORTS = ("create_time", "update_time")
_CANCEL_PAGING = Paging(50, usual=10, sorts=_SORTS)
_RETURN_PAGING = Paging(50, least=10, usual=10, sorts=_SORTS)
_SCOPE = "seller.return_refund.basic"


def _search_cancellations(call: Call, admission: Admission) -> bytes:
    wanted = _wanted(
        call,
        lambda body: among(
            cancel_ids=body.texts("cancel_ids"),
            order_ids=body.texts("order_ids"),
            buyer_user_ids=body.texts("buyer_user_ids"),
            cancel_types=body.choices("cancel_types", cancellations.TYPES),
            status=body.choices("cancel_status", cancellations.STATUSES),
        ),
    )
    query = _CANCEL_PAGING.read(call.params, wanted)
    return admission.shop.cancellations.search(query, admission.now)


def _search_returns(call: Call, admission: Admission) -> bytes:
    wanted = _wanted(
        call,
        lambda body: among(
            return_ids=body.texts("return_ids"),
            order_ids=body.texts("order_ids"),
            buyer_user_ids=body.texts("buyer_user_ids"),
            return_types=body.choices("return_types", returns.TYPES),
            status=body.choices("return_status", returns.STATUSES),
            arbitration_status=body.choices("arbitration_status", returns.ARBITRATIONS),
        ),
    )
    query = _RETURN_PAGING.read(call.params, wanted)
    return admission.shop.returns.search(query, admission.now)


def _wanted(call: Call, read_among: Callable[[Asked], Among]) -> Wanted:
    body = read_body(call.body)
    return Wanted(
        created=body.window("create_time"),
        updated=body.window("update_time"),
        among=read_among(body),
    )


def _records(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    life = shop.returns.find(call.part(3), now)
    if life is None:
        raise Refusal(25001001, "The return does not exist.", http_status=200)
    return msgspec.json.encode({"records": shop.return_view.records(life, now)})


def _reject_reasons(call: Call, admission: Admission) -> bytes:
    request_id = call.asked.text("return_or_cancel_id")
    if not request_id:
        raise bad_request("invalid param: return_or_cancel_id is required")
    shop, now = admission.shop, admission.now
    if shop.returns.find(request_id, now):
        return msgspec.json.encode({"reasons": reasons_for_returns()})
    if shop.cancellations.find(request_id, now):
        return msgspec.json.encode({"reasons": reasons_for_cancellations()})
    raise Refusal(25001001, "The request does not exist.", http_status=200)


def _eligibility(call: Call, admission: Admission) -> bytes:
    call.asked.choice("initiate_aftersale_user", ("SELLER", "BUYER"))
    shop, now = admission.shop, admission.now
    plan = shop.orders.find(call.part(3), now)
    if plan is None:
        raise Refusal(25001001, "The order does not exist.", http_status=200)
    return msgspec.json.encode({"sku_eligibility": shop.eligibility(plan, now)})


def _newest(
    answer: Callable[[Call, Admission], bytes],
) -> Callable[[Call, Admission], bytes]:
    """The call of 202602, which not every shop knows."""

    def answer_if_known(call: Call, admission: Admission) -> bytes:
        if admission.shop.is_without_202602:
            raise Refusal(36009014, "Invalid API version.")
        return answer(call, admission)

    return answer_if_known


AFTERSALE_CALLS = (
    *(
        Endpoint("POST", path, _SCOPE, answer, records=lambda shop: shop.cancellations)
        for path, answer in (
            (CANCELLATIONS, _newest(_search_cancellations)),
            (OLD_CANCELLATIONS, _search_cancellations),
        )
    ),
    *(
        Endpoint("POST", path, _SCOPE, answer, records=lambda shop: shop.returns)
        for path, answer in (
            (RETURNS, _newest(_search_returns)),
            (OLD_RETURNS, _search_returns),
        )
    ),
    Endpoint("GET", RETURN_RECORDS, _SCOPE, _records),
    Endpoint("GET", REJECT_REASONS, _SCOPE, _reject_reasons),
    Endpoint("GET", ELIGIBILITY, _SCOPE, _newest(_eligibility)),
    Endpoint("GET", OLD_ELIGIBILITY, _SCOPE, _eligibility),
)
