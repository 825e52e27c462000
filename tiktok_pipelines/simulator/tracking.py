"""What the carrier tells of an order, the newest first.

Source: TikTok Shop API reference, "Packages": times are milliseconds.
"""

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.register import Json

_EVENTS = {
    timeline.UNPAID: (10101, "Order placed."),
    timeline.PARTIALLY: (20101, "Part of your order was packed by the seller."),
    timeline.AWAITING_COLLECTION: (
        20102,
        "Your order was packed by the seller and is awaiting carrier pickup.",
    ),
    timeline.IN_TRANSIT: (30101, "Your package was picked up by the carrier."),
    timeline.DELIVERED: (50101, "Your package was delivered."),
    timeline.CANCELLED: (90101, "Your order was cancelled."),
}


def render_tracking(plan: OrderPlan, now: int) -> list[Json]:
    """The events until now, as the API returns them."""
    seen = zip(plan.times, plan.changes, strict=True)
    return [
        {
            "action_code": _EVENTS[change][0],
            "description": _EVENTS[change][1],
            "update_time_millis": at * 1000 + plan.number % 1000,
        }
        for at, change in reversed(list(seen))
        if at <= now and change in _EVENTS
    ]
