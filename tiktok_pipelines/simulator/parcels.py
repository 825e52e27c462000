"""How an order travels: its packages, carriers and the state of each line.

Lines have no ON_HOLD and no PARTIALLY_SHIPPING; a tracking number is empty until the
package is shipped. Source: TikTok Shop API reference, "Order-facing enums" and
"Tracking number". That a line of an order ON_HOLD shows AWAITING_SHIPMENT is assumed.
"""

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.basket import Unit
from tiktok_pipelines.simulator.markets import Carrier
from tiktok_pipelines.simulator.moment import Moment
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.storefront import Storefront

Json = dict[str, object]
LineKey = tuple[int, bool]

_PACKAGE_STATUS = {
    timeline.AWAITING_SHIPMENT: "TO_FULFILL",
    timeline.AWAITING_COLLECTION: "PROCESSING",
    timeline.IN_TRANSIT: "FULFILLING",
    timeline.DELIVERED: "COMPLETED",
    timeline.COMPLETED: "COMPLETED",
    timeline.CANCELLED: "CANCELLED",
}


def order_fields(moment: Moment) -> Json:
    """Packages, carrier and tracking number of the order as a whole."""
    if timeline.AWAITING_SHIPMENT not in moment.at:
        return {}
    plan = moment.plan
    count = package_count(plan)
    fields: Json = {
        "packages": [{"id": _package_id(moment, at)} for at in range(count)]
    }
    is_shipped = timeline.AWAITING_COLLECTION in moment.at
    if is_shipped or plan.shipping_type == "TIKTOK":
        carrier = _carrier(moment)
        fields["shipping_provider_id"] = carrier.id
        fields["shipping_provider"] = carrier.name
        fields["tracking_number"] = _tracking_number(moment, 0) if is_shipped else ""
    if count > 1:
        fields["split_or_combine_tag"] = "SPLIT"
    if plan.is_combined:
        fields["split_or_combine_tag"] = "COMBINED"
    return fields


def line_prices(unit: Unit, decimals: int) -> Json:
    """What the unit cost; a gift costs nothing and names its usual price."""
    return {
        "original_price": amount_text(unit.original, decimals),
        "sale_price": amount_text(unit.sale, decimals),
        "seller_discount": amount_text(unit.seller_discount, decimals),
        "platform_discount": amount_text(unit.platform_discount, decimals),
        "is_gift": unit.gift_retail > 0,
        "gift_retail_price": amount_text(unit.gift_retail, decimals),
        "is_dangerous_good": False,
        "needs_prescription": False,
    }


def line_states(moment: Moment, lines: int) -> list[Json]:
    """What is the same for all lines of a package, for each line in turn."""
    known: dict[LineKey, Json] = {}
    states: list[Json] = []
    for place in range(lines):
        key = _key_of(moment, place)
        if key not in known:
            known[key] = _line_state(moment, key)
        states.append(known[key])
    return states


def _key_of(moment: Moment, place: int) -> LineKey:
    """Which package a line is in, and whether that line alone was cancelled."""
    return place % package_count(moment.plan), is_dropped(moment, place)


def is_dropped(moment: Moment, place: int) -> bool:
    """Whether a line was cancelled while the others went on."""
    is_last_sold = place == moment.plan.units - 1
    return is_last_sold and timeline.LINE_CANCELLED in moment.at


def _line_state(moment: Moment, key: LineKey) -> Json:
    package, has_dropped = key
    status = timeline.CANCELLED if has_dropped else _display_status(moment, package)
    state: Json = {"display_status": status}
    if status == timeline.CANCELLED:
        fate = "seller" if has_dropped else moment.plan.nature.fate
        state["cancel_reason"] = moment.front.market.reasons[fate]
        state["cancel_user"] = timeline.initiator_of(fate)
    if timeline.AWAITING_SHIPMENT in moment.at:
        state["package_id"] = _package_id(moment, package)
        state["package_status"] = _PACKAGE_STATUS[status]
        shipped_at = None if has_dropped else _shipped_at(moment, package)
        state.update(_carriage(moment, package, shipped_at=shipped_at))
    return state


def _carriage(moment: Moment, package: int, *, shipped_at: int | None) -> Json:
    if shipped_at is None and moment.plan.shipping_type == "SELLER":
        return {}
    carrier = _carrier(moment)
    fields: Json = {
        "shipping_provider_id": carrier.id,
        "shipping_provider_name": carrier.name,
        "tracking_number": "",
    }
    if shipped_at is not None:
        fields["rts_time"] = shipped_at
        fields["tracking_number"] = _tracking_number(moment, package)
    return fields


def _display_status(moment: Moment, package: int) -> str:
    if moment.status == timeline.PARTIALLY:
        is_first = package == 0
        return timeline.AWAITING_COLLECTION if is_first else timeline.AWAITING_SHIPMENT
    is_held = moment.status == timeline.ON_HOLD
    return timeline.AWAITING_SHIPMENT if is_held else moment.status


def _shipped_at(moment: Moment, package: int) -> int | None:
    whole = moment.at.get(timeline.AWAITING_COLLECTION)
    return moment.at.get(timeline.PARTIALLY, whole) if package == 0 else whole


def package_count(plan: OrderPlan) -> int:
    """How many packages an order travels in."""
    if not plan.nature.is_split:
        return 1
    return 3 if plan.units > 3 else 2


def _package_id(moment: Moment, package: int) -> str:
    return package_id(moment.front, moment.plan, package)


def package_id(front: Storefront, plan: OrderPlan, package: int) -> str:
    """The id of an order's package, counted from 0."""
    return front.make_id("115", plan.parcel * 8 + package)


def _carrier(moment: Moment) -> Carrier:
    carriers = moment.front.market.carriers
    return carriers[moment.plan.parcel % len(carriers)]


def _tracking_number(moment: Moment, package: int) -> str:
    is_corrected = timeline.TRACKING_CORRECTED in moment.at
    serial = moment.plan.parcel * 8 + package + (4 if is_corrected else 0)
    return moment.front.make_id(_carrier(moment).prefix, serial)
