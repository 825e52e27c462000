"""Returns as the API returns them, and the record of one.

Source: TikTok Shop API reference, "Returns"; field by field after recorded answers.
"""

from tiktok_pipelines.simulator.basket import Basket, fill_basket
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.refunds import line_facts, refund_block, sold_for
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.render import line_id
from tiktok_pipelines.simulator.returns import (
    NEW_ONE,
    NEW_ONE_REFUNDED,
    PENDING,
    REFUND,
    REPLACEMENT,
    RETURN,
    SHIPPED,
    ReturnLife,
)
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY
from tiktok_pipelines.simulator.warehouses import address_of, warehouses_of

_REASONS = (
    (
        "ecom_order_delivered_refund_and_return_reason_damaged",
        "Package or product is damaged",
    ),
    (
        "ecom_order_delivered_refund_and_return_reason_wrong_product",
        "Wrong product was sent",
    ),
    (
        "ecom_order_delivered_refund_and_return_reason_no_longer_needed",
        "No longer needed",
    ),
)
_ACTIONS = {
    REFUND: "SELLER_RESPOND_REFUND",
    RETURN: "SELLER_RESPOND_RETURN",
    REPLACEMENT: "SELLER_RESPOND_REPLACEMENT",
}


class ReturnView:
    """How one shop's returns look."""

    def __init__(self, front: Storefront) -> None:
        self._front = front

    def render(self, life: ReturnLife, now: int) -> Json:
        """The request as both versions of the call return it."""
        plan = order_of(life)
        standing = life.standing_at(now)
        reason, reason_text = _REASONS[plan.number % len(_REASONS)]
        return {
            "return_id": life.id,
            "order_id": plan.id,
            "return_type": life.kind,
            "return_status": standing.status,
            "role": "BUYER",
            "return_reason": reason,
            "return_reason_text": reason_text,
            "create_time": life.create_time,
            "update_time": standing.update_time,
            "is_combined_return": False,
            "combined_return_id": "0",
            "can_buyer_keep_item": life.kind == REFUND,
            **_links(life, now),
            **_next_action(life, standing.status),
            **self._amounts(life, plan, has_money=_pays(life, now)),
            **self._way_back(life, plan, now=now),
        }

    def records(self, life: ReturnLife, now: int) -> list[Json]:
        """What happened to the request, the oldest first."""
        plan = order_of(life)
        passed = zip(life.times, life.statuses, strict=True)
        rows: list[Json] = [
            {
                "event": "ORDER_RETURN" if place == 0 else status,
                "role": "Buyer" if place == 0 else "Operator",
                "description": status.replace("_", " ").capitalize(),
                "create_time": at,
            }
            for place, (at, status) in enumerate(passed)
            if at <= now
        ]
        rows[0]["reason_text"] = _REASONS[plan.number % len(_REASONS)][1]
        rows[0]["note"] = f"Please call me about parcel {plan.id}"
        rows[0]["images"] = [
            {"url": f"https://img.example/{life.id}.jpeg", "width": 200, "height": 200}
        ]
        return rows

    def _amounts(self, life: ReturnLife, plan: OrderPlan, *, has_money: bool) -> Json:
        front, basket = self._front, fill_basket(self._front, plan)
        amounts: Json = {
            "return_line_items": [
                self._line(life, basket, place, has_money=has_money)
                for place in life.places
            ],
        }
        if has_money:
            paid = sold_for(basket, life.places)
            amounts["refund_amount"] = refund_block(front, paid)
            amounts["discount_amount"] = [self._discounts(basket, life.places)]
        return amounts

    def _line(
        self, life: ReturnLife, basket: Basket, place: int, *, has_money: bool
    ) -> Json:
        number = order_of(life).number
        which = int(bool(life.before)) * 8
        line: Json = {
            "return_line_item_id": self._front.make_id(
                "406", number * 16 + place + which
            ),
            "order_line_item_id": line_id(self._front, number, place),
            **line_facts(basket, place),
        }
        if has_money:
            paid = basket.units[place].sale
            line["refund_amount"] = refund_block(self._front, paid)
        return line

    def _discounts(self, basket: Basket, places: tuple[int, ...]) -> Json:
        units = [basket.units[place] for place in places]
        return {
            "currency": self._front.market.currency,
            "product_seller_discount": self._text(
                sum(unit.seller_discount for unit in units)
            ),
            "product_platform_discount": self._text(
                sum(unit.platform_discount for unit in units)
            ),
            "shipping_fee_seller_discount": "0",
            "shipping_fee_platform_discount": "0",
        }

    def _way_back(self, life: ReturnLife, plan: OrderPlan, *, now: int) -> Json:
        if life.kind != RETURN:
            return {}
        front = self._front
        back = next(one for one in warehouses_of(front) if one.is_for_returns)
        fee = plan.number % 3 * (100 if front.market.decimals else 15_000)
        way: Json = {
            "shipment_type": "PLATFORM",
            "handover_method": "DROP_OFF",
            "return_method": "PLATFORM_SHIPPED",
            "return_warehouse_address": {
                "full_address": address_of(front, back.id)["full_address"]
            },
            "shipping_fee_amount": [
                {
                    "currency": front.market.currency,
                    "seller_paid_return_shipping_fee": self._text(fee),
                    "platform_paid_return_shipping_fee": "0",
                    "buyer_paid_return_shipping_fee": "0",
                }
            ],
        }
        if SHIPPED in life.at(now):
            carrier = front.market.carriers[plan.number % len(front.market.carriers)]
            way["return_provider_id"] = carrier.id
            way["return_provider_name"] = carrier.name
            number = front.make_id(f"{carrier.prefix}R", plan.number)
            way["return_tracking_number"] = number
        return way

    def _text(self, amount: int) -> str:
        return amount_text(amount, self._front.market.decimals)


def order_of(life: ReturnLife) -> OrderPlan:
    """The order that is returned."""
    if life.plan is None:
        raise AssertionError("every return has an order")
    return life.plan


def _pays(life: ReturnLife, now: int) -> bool:
    """Whether it is about money; of replacements only those that became refunds."""
    return life.kind != REPLACEMENT or NEW_ONE_REFUNDED in life.at(now)


def _links(life: ReturnLife, now: int) -> Json:
    links: Json = {}
    if ruling := life.ruling_at(now):
        links["arbitration_status"] = ruling
    if life.before:
        links["pre_return_id"] = life.before
    if life.after and now >= life.renewed_at:
        links["next_return_id"] = life.after
    return links


def _next_action(life: ReturnLife, status: str) -> Json:
    if status not in (PENDING, NEW_ONE):
        return {}
    deadline = life.create_time + 2 * DAY
    action: Json = {"action": _ACTIONS[life.kind], "deadline": deadline}
    return {"seller_next_action_response": [action]}
