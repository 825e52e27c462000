"""Cancellations: of whole orders, and of single lines by the seller.

Source: TikTok Shop API reference, "Cancellations". That a paid order's money is back
some days after the cancellation, and the record complete only then, is assumed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.basket import fill_basket
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.refunds import (
    line_facts,
    refund_block,
    sold_for,
    spread,
)
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.render import line_id
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

PENDING, SUCCESS = "CANCELLATION_REQUEST_PENDING", "CANCELLATION_REQUEST_SUCCESS"
COMPLETE = "CANCELLATION_REQUEST_COMPLETE"
WITHDRAWN = "CANCELLATION_REQUEST_CANCEL"
STATUSES = (PENDING, SUCCESS, WITHDRAWN, COMPLETE)
TYPES = ("CANCEL", "BUYER_CANCEL")
_REFUNDED_AFTER = (HOUR, 3 * DAY)
_REASONS = {
    "unpaid": "ecom_order_unpaid_canceled_reason_overdue",
    "hold": "ecom_order_to_ship_canceled_reason_no_longer_needed",
    "buyer": "ecom_order_to_ship_canceled_reason_change_color_or_size",
    "seller": "seller_cancel_paid_reason_out_of_stock",
    "no_pickup": "system_cancel_reason_collection_overdue",
    "failed": "system_cancel_reason_package_delivery_failed",
}


@dataclass(frozen=True, slots=True)
class CancellationLife(Course):
    """One cancellation; ``places`` are the lines of the order that it is about."""

    plan: OrderPlan | None = None
    fate: str = ""
    places: tuple[int, ...] = ()
    is_paid: bool = False


def list_cancellations(
    front: Storefront, plans: Iterable[OrderPlan]
) -> list[CancellationLife]:
    """Every cancellation that is or will be."""
    return [life for plan in plans for life in _cancellations_of(front, plan)]


def places_sold(plan: OrderPlan) -> tuple[int, ...]:
    """The lines that were not cancelled alone."""
    is_short = timeline.LINE_CANCELLED in plan.changes
    dropped = plan.units - 1 if is_short else -1
    return tuple(place for place in range(plan.line_count) if place != dropped)


def _cancellations_of(front: Storefront, plan: OrderPlan) -> Iterator[CancellationLife]:
    dropped_at = plan.at.get(timeline.LINE_CANCELLED)
    if dropped_at is not None:
        place = plan.units - 1
        events = [(dropped_at, SUCCESS)]
        yield _draw_life(front, plan, "seller", events=events, places=(place,))
    events = list(_requested(plan))
    if events:
        fate = plan.nature.fate if timeline.CANCELLED in plan.changes else "buyer"
        yield _draw_life(front, plan, fate, events=events, places=places_sold(plan))


def _requested(plan: OrderPlan) -> Iterator[tuple[int, str]]:
    """What becomes of the wish to cancel the whole order, if anybody has it."""
    asked_at = plan.at.get(timeline.CANCEL_ASKED)
    if asked_at is not None:
        yield asked_at, PENDING
    if timeline.CANCEL_WITHDRAWN in plan.changes:
        yield plan.at[timeline.CANCEL_WITHDRAWN], WITHDRAWN
    if timeline.CANCELLED in plan.changes:
        yield plan.at[timeline.CANCELLED], SUCCESS


def _draw_life(
    front: Storefront,
    plan: OrderPlan,
    fate: str,
    *,
    events: list[tuple[int, str]],
    places: tuple[int, ...],
) -> CancellationLife:
    serial = plan.number * 2 + (len(places) < plan.line_count and fate == "seller")
    is_paid = not plan.nature.is_cod and fate != "unpaid"
    at, last = events[-1]
    if last == SUCCESS and is_paid:
        chance = Dice(front.seed, front.index, serial, 0xCA)
        events.append((at + chance.between(*_REFUNDED_AFTER), COMPLETE))
    elif last == SUCCESS:
        events[-1] = (at, COMPLETE)
    cancel_id = front.make_id("403", serial)
    cancel_type = "BUYER_CANCEL" if role_of(fate) == "BUYER" else "CANCEL"
    return CancellationLife(
        id=cancel_id,
        times=tuple(at for at, _ in events),
        statuses=tuple(status for _, status in events),
        named={
            "cancel_ids": (cancel_id,),
            "order_ids": (plan.id,),
            "buyer_user_ids": (plan.user_id,),
            "cancel_types": (cancel_type,),
        },
        plan=plan,
        fate=fate,
        places=places,
        is_paid=is_paid,
    )


def role_of(fate: str) -> str:
    """Who cancels: BUYER, SELLER or SYSTEM."""
    return timeline.initiator_of(fate)


class CancellationView:
    """How one shop's cancellations look."""

    def __init__(self, front: Storefront) -> None:
        self._front = front

    def render(self, life: CancellationLife, now: int) -> Json:
        """The cancellation as both versions of the call return it."""
        plan = plan_of(life)
        standing = life.standing_at(now)
        row: Json = {
            "cancel_id": life.id,
            "order_id": plan.id,
            "cancel_type": life.named["cancel_types"][0],
            "cancel_status": standing.status,
            "role": role_of(life.fate),
            "cancel_reason": _REASONS[life.fate],
            "cancel_reason_text": self._front.market.reasons[life.fate],
            "create_time": life.create_time,
            "update_time": standing.update_time,
            "should_replenish_stock": life.fate != "seller",
            **self._lines(life, plan),
        }
        if standing.status == PENDING:
            deadline = life.create_time + 2 * DAY
            action: Json = {"action": "SELLER_RESPOND_CANCEL", "deadline": deadline}
            row["seller_next_action_response"] = [action]
        return row

    def _lines(self, life: CancellationLife, plan: OrderPlan) -> Json:
        front = self._front
        basket = fill_basket(front, plan)
        is_whole = len(life.places) == len(places_sold(plan)) and life.fate == (
            plan.nature.fate
        )
        shipping = basket.shipping.fee if is_whole else 0
        shares = spread(shipping, len(life.places))
        lines: list[Json] = []
        for place, share in zip(life.places, shares, strict=True):
            line: Json = {
                "cancel_line_item_id": front.make_id("405", plan.number * 16 + place),
                "order_line_item_id": line_id(front, plan.number, place),
                **line_facts(basket, place),
            }
            if life.is_paid:
                paid = basket.units[place].sale
                line["refund_amount"] = refund_block(front, paid, share)
            lines.append(line)
        block: Json = {"cancel_line_items": lines}
        if life.is_paid:
            paid = sold_for(basket, life.places)
            block["refund_amount"] = refund_block(front, paid, shipping)
        return block


def plan_of(life: CancellationLife) -> OrderPlan:
    """The order that is cancelled."""
    if life.plan is None:
        raise AssertionError("every cancellation has an order")
    return life.plan
