"""An order as the API returns it, at one moment of its life.

Keys without a value are left out, lists that would be empty too. Source: TikTok Shop
API reference, "Optional fields", "Line items", "Tracking number", "district_info", and
"Response rules" (milliseconds in ``recommended_shipping_time``, seen in Vietnam).
"""

from tiktok_pipelines.simulator import parcels, timeline
from tiktok_pipelines.simulator.basket import Basket, fill_basket, payment_of
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.moment import Moment, moment_of
from tiktok_pipelines.simulator.plan import OrderPlan, draw_plan, order_id
from tiktok_pipelines.simulator.recipient import (
    CLEAR,
    EMPTIED,
    MASKED,
    PARTLY_MASKED,
    Buyer,
    find_buyer,
    recipient_block,
)
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY

Json = dict[str, object]

# Deadlines: days after the seller may act, to the end of the shop's day.
_DEADLINES = {
    "rts_sla_time": 1,
    "tts_sla_time": 2,
    "pick_up_cut_off_time": 2,
    "cancel_order_sla_time": 4,
    "shipping_due_time": 4,
    "collection_due_time": 5,
    "delivery_sla_time": 8,
    "delivery_due_time": 20,
}


def render_order(front: Storefront, plan: OrderPlan, *, version: int) -> Json:
    """The order after its first ``version`` events; ``version`` is at least 1."""
    moment = moment_of(front, plan, version=version)
    basket = fill_basket(front, plan)
    has_moved = timeline.ADDRESS_UPDATED in moment.at
    buyer = find_buyer(front, plan.buyer, has_moved=has_moved)
    return {
        **_head(moment),
        **_flags(moment),
        **_words(moment, buyer),
        **_times(moment),
        **_deadlines(moment),
        **_cancellation(moment),
        **parcels.order_fields(moment),
        **_recipient(moment, buyer),
        "payment": payment_of(basket, front),
        "line_items": _lines(moment, basket),
    }


def _head(moment: Moment) -> Json:
    front, plan = moment.front, moment.plan
    is_theirs = plan.warehouse_id == front.warehouses[1]
    # Reference: Indonesia alone has a platform; recorded VN and MY orders have one too.
    is_tokopedia = front.market.region == "ID" and plan.number % 5 < 2
    return {
        "id": plan.id,
        "status": moment.status,
        "create_time": plan.create_time,
        "update_time": moment.update_time,
        "order_type": "NORMAL",
        "commerce_platform": "TOKOPEDIA" if is_tokopedia else "TIKTOK_SHOP",
        "fulfillment_type": (
            "FULFILLMENT_BY_TIKTOK" if is_theirs else "FULFILLMENT_BY_SELLER"
        ),
        "fulfillment_priority_level": 600,
        "delivery_type": "HOME_DELIVERY",
        "delivery_option_id": front.make_id("705", 1),
        "delivery_option_name": "Standard Shipping",
        "shipping_type": plan.shipping_type,
        "warehouse_id": plan.warehouse_id,
    }


def _flags(moment: Moment) -> Json:
    plan = moment.plan
    flags: Json = {
        "is_cod": plan.nature.is_cod,
        "is_sample_order": plan.kind == "sample",
        "is_on_hold_order": plan.nature.has_hold,
        "is_replacement_order": plan.kind == "replacement",
        "is_buyer_request_cancel": moment.is_cancel_asked,
        "has_updated_recipient_address": timeline.ADDRESS_UPDATED in moment.at,
    }
    if plan.kind == "replacement":
        flags["replaced_order_id"] = _replaced_order(moment.front, plan)
    return flags


def _replaced_order(front: Storefront, plan: OrderPlan) -> str:
    """An earlier order of the shop that was delivered; how it ends needs no times."""
    back = range(plan.number - 12, plan.number - 40, -1)
    for number in back:
        earlier = draw_plan(front, number, created=0)
        if earlier.nature.fate == "complete" and earlier.kind == "normal":
            return earlier.id
    return order_id(front, plan.number - 12)


def _words(moment: Moment, buyer: Buyer) -> Json:
    front, plan = moment.front, moment.plan
    market = front.market
    chance = Dice(front.seed, front.index, plan.number, 0x3A)
    has_message = chance.random() < 0.15
    online = chance.pick(market.payment_methods)
    words: Json = {
        "user_id": plan.user_id,
        "buyer_email": buyer.email,
        "buyer_message": chance.pick(market.messages) if has_message else "",
        "payment_method_name": "Cash on delivery" if plan.nature.is_cod else online,
    }
    if plan.buyer % 3:
        words["buyer_nickname"] = buyer.nickname
        words["buyer_avatar"] = buyer.avatar
    if timeline.NOTE_SET in moment.at:
        words["seller_note"] = chance.pick(market.notes)
    return words


def _times(moment: Moment) -> Json:
    at = moment.at
    on_order = at.get(timeline.ON_HOLD, at.get(timeline.AWAITING_SHIPMENT))
    paid = at.get(timeline.DELIVERED) if moment.plan.nature.is_cod else on_order
    times = {
        "paid_time": paid,
        "rts_time": at.get(timeline.AWAITING_COLLECTION),
        "collection_time": at.get(timeline.IN_TRANSIT),
        "delivery_time": at.get(timeline.DELIVERED),
        "cancel_time": at.get(timeline.CANCELLED),
        "request_cancel_time": at.get(timeline.CANCEL_ASKED),
    }
    return {name: time for name, time in times.items() if time is not None}


def _deadlines(moment: Moment) -> Json:
    front = moment.front
    start = moment.at.get(timeline.AWAITING_SHIPMENT)
    if start is None:
        return {}
    local = start + front.offset_s
    midnight = local - local % DAY - front.offset_s
    due: Json = {
        name: midnight + (days + 1) * DAY - 1 for name, days in _DEADLINES.items()
    }
    scale = 1000 if front.market.region == "VN" else 1
    due["recommended_shipping_time"] = (midnight + 2 * DAY - 1) * scale
    return due


def _cancellation(moment: Moment) -> Json:
    if moment.status != timeline.CANCELLED:
        return {}
    return {
        "cancel_reason": moment.front.market.reasons[moment.plan.nature.fate],
        "cancellation_initiator": timeline.initiator_of(moment.plan.nature.fate),
    }


def _recipient(moment: Moment, buyer: Buyer) -> Json:
    """Absent until the order has left UNPAID and ON_HOLD; it stays when cancelled."""
    if timeline.AWAITING_SHIPMENT not in moment.at:
        return {}
    shown = CLEAR if moment.plan.shipping_type == "SELLER" else PARTLY_MASKED
    if timeline.RECIPIENT_EMPTIED in moment.at:
        shown = EMPTIED
    if timeline.RECIPIENT_MASKED in moment.at:
        shown = MASKED
    market = moment.front.market
    block = recipient_block(market, buyer.address, shown=shown)
    return {"recipient_address": block}


def line_id(front: Storefront, number: int, place: int) -> str:
    """The id of a line of the order of that number."""
    return front.make_id("57", number * 16 + place)


def _lines(moment: Moment, basket: Basket) -> list[Json]:
    states = parcels.line_states(moment, len(basket.units))
    front, number = moment.front, moment.plan.number
    decimals = front.market.decimals
    distinct = {id(unit): unit for unit in basket.units}
    prices = {
        key: parcels.line_prices(unit, decimals) for key, unit in distinct.items()
    }
    return [
        {
            "id": line_id(front, number, place),
            **unit.sku.fields,
            **prices[id(unit)],
            **state,
        }
        for place, (unit, state) in enumerate(zip(basket.units, states, strict=True))
    ]
