"""What a seller may answer to a request, and may ask for an order.

Source: TikTok Shop API reference, "Returns and cancellations". That the reasons depend
on the kind of request alone is made up, and so is what may be asked when: to cancel
until the order is packed, to refund or take back once it is delivered, unless the buyer
was first.
"""

from typing import cast

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.register import Json

_OF_EACH = {
    "you_have_reached_an_agreement_with_the_buyer": (
        "You have reached an agreement with the buyer"
    ),
}
_OF_CANCELLATIONS = {
    "product_has_been_packed": "Product has been packed",
    "package_was_handed_over": "The package was handed over to the carrier",
}
_OF_RETURNS = {
    "buyer_did_not_provide_evidence": "The buyer did not provide evidence",
    "product_was_used": "The product was used or washed",
    "product_matches_its_description": "The product matches its description",
}


def reasons_for_cancellations() -> list[Json]:
    """What a seller may refuse a cancellation with."""
    return _reasons(_OF_EACH | _OF_CANCELLATIONS)


def reasons_for_returns() -> list[Json]:
    """What a seller may refuse a refund, a return or a replacement with."""
    return _reasons(_OF_EACH | _OF_RETURNS)


def _reasons(texts: dict[str, str]) -> list[Json]:
    return [
        {"name": f"seller_reject_apply_{name}", "text": text}
        for name, text in texts.items()
    ]


_WHEN = {
    "CANCEL": (timeline.ON_HOLD, timeline.AWAITING_SHIPMENT),
    "REFUND": (timeline.DELIVERED,),
    "RETURN_AND_REFUND": (timeline.DELIVERED,),
}
_WRONG_STATUS = (25011003, "invalid order status")
_ASKED_FOR = (25011017, "there is a request for it already")
_REASONS = {
    "CANCEL": ["seller_cancel_reason_out_of_stock", "seller_cancel_reason_wrong_price"],
    "REFUND": ["seller_refund_reason_parcel_lost"],
    "RETURN_AND_REFUND": ["seller_return_reason_wrong_product"],
}


def render_eligibility(order: Json, status: str, *, has_return: bool) -> list[Json]:
    """What the seller may ask for each SKU of an order, type by type."""
    lines: dict[str, list[str]] = {}
    for line in cast("list[Json]", order["line_items"]):
        lines.setdefault(str(line["sku_id"]), []).append(str(line["id"]))
    return [
        {
            "sku_id": sku_id,
            "line_item_eligibility": [
                {
                    "request_type": kind,
                    "order_line_items_ids": ids,
                    **_verdict(kind, status, has_return=has_return),
                    "order_line_list": [{"order_line_item_id": one} for one in ids],
                }
                for kind in _WHEN
            ],
        }
        for sku_id, ids in lines.items()
    ]


def _verdict(kind: str, status: str, *, has_return: bool) -> Json:
    if status in _WHEN[kind] and not (has_return and kind != "CANCEL"):
        return {"eligible": True, "available_reason_names": _REASONS[kind]}
    code, reason = _ASKED_FOR if status in _WHEN[kind] else _WRONG_STATUS
    return {"eligible": False, "ineligible_code": code, "ineligible_reason": reason}
