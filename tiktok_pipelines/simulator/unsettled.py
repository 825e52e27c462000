"""What orders will bring, as long as they are not settled: estimates.

Source: TikTok Shop API reference, "Statement transactions": orders since 2025-01-01,
and a row is gone once it is settled. That estimates leave out income tax and guess the
freight is made up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.cancellations import places_sold
from tiktok_pipelines.simulator.earnings import (
    TAXES,
    Earning,
    add_up,
    breakdowns,
    earn_by_sale,
)
from tiktok_pipelines.simulator.life import Standing
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.settlements import Transaction
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY

FIRST_ORDER = 1_735_689_600  # 2025-01-01
UNSETTLED, GONE = "UNSETTLED", "GONE"


@dataclass(frozen=True, eq=False)
class Estimate:
    """One order between its payment and its settlement, or its cancellation."""

    front: Storefront
    plan: OrderPlan
    appears_at: int
    gone_at: int

    @property
    def id(self) -> str:
        """The id of the row, not of the later transaction."""
        return self.front.make_id("165", self.plan.number)

    @property
    def create_time(self) -> int:
        """When the order was placed; searches go by it."""
        return self.plan.create_time

    def next_event_after(self, now: int) -> int | None:
        """It appears, is delivered, and goes."""
        delivered = self.plan.at.get(timeline.DELIVERED, self.gone_at)
        events = sorted({self.appears_at, delivered, self.gone_at})
        return next((at for at in events if at > now), None)

    def standing_at(self, now: int) -> Standing:
        """Whether it is there."""
        status = GONE if now >= self.gone_at else UNSETTLED
        return Standing(status, self.appears_at)

    def facts(self, _name: str, standing: Standing) -> tuple[str, ...]:
        """Its status alone."""
        return (standing.status,)

    @cached_property
    def earning(self) -> Earning:
        """What it is expected to bring."""
        places = [place for place in places_sold(self.plan) if place < self.plan.units]
        parts = earn_by_sale(self.front, self.plan, places)
        total = add_up(part.earning for part in parts)
        shipping = dict(total.shipping)
        freight = shipping["actual_shipping_fee_amount"]
        shipping["actual_shipping_fee_amount"] = -(-freight * 19 // 20)
        taxes = {name: total.taxes.get(name, 0) for name in TAXES[:3]}
        return Earning(total.revenue, shipping, total.fees, taxes)


def list_estimates(
    front: Storefront, plans: Iterable[OrderPlan], settled: Iterable[Transaction]
) -> list[Estimate]:
    """Every order that is or will be unsettled for a while."""
    gone = {
        one.plan.id: one.appears_at
        for one in settled
        if one.plan is not None and not one.is_refund
    }
    found: list[Estimate] = []
    for plan in plans:
        appears_at = plan.at.get(timeline.AWAITING_SHIPMENT)
        gone_at = gone.get(plan.id, plan.at.get(timeline.CANCELLED))
        if appears_at is None or gone_at is None or gone_at <= appears_at:
            continue
        if plan.create_time >= FIRST_ORDER and plan.kind in ("normal", "gift"):
            found.append(Estimate(front, plan, appears_at, gone_at))
    return found


def render_estimate(life: Estimate, now: int) -> Json:
    """An estimate as the API returns it."""
    delivered = life.plan.at.get(timeline.DELIVERED)
    is_delivered = delivered is not None and delivered <= now
    row: Json = {
        "type": "ORDER",
        "id": life.id,
        "status": UNSETTLED,
        "currency": life.front.market.currency,
        "order_id": life.plan.id,
        "order_create_time": life.create_time,
        "unsettled_reason": (
            "Waiting for settlement" if is_delivered else "Waiting for delivery"
        ),
        "estimated_settlement": str(life.create_time + 14 * DAY),
        "est_adjustment_amount": "0",
        **breakdowns(life.front, life.earning, prefix="est_"),
    }
    if is_delivered:
        row["order_delivery_time"] = delivered
    return row


def sum_estimates(front: Storefront, hits: Iterator[Estimate]) -> Json:
    """The sums over all hits that each page tells."""
    earnings = [life.earning for life in hits]
    amounts = {
        "settlement": sum(one.settlement for one in earnings),
        "revenue": sum(one.revenue_total for one in earnings),
        "adjustment": 0,
        "fee": sum(one.fee_tax_total for one in earnings),
    }
    return {
        f"sum_est_{name}_amount": amount_text(amount, front.market.decimals)
        for name, amount in amounts.items()
    }
