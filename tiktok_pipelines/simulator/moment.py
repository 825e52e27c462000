"""An order between two events: its status and what has happened so far."""

from dataclasses import dataclass

from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.storefront import Storefront


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` holds every event that has happened, with its time."""

    front: Storefront
    plan: OrderPlan
    status: str
    update_time: int
    is_cancel_asked: bool
    at: dict[str, int]


def moment_of(front: Storefront, plan: OrderPlan, *, version: int) -> Moment:
    """The order after its first ``version`` events."""
    standing = plan.standing_at(plan.times[version - 1])
    return Moment(
        front=front,
        plan=plan,
        status=standing.status,
        update_time=standing.update_time,
        is_cancel_asked=standing.is_cancel_asked,
        at=dict(zip(plan.changes[:version], plan.times, strict=False)),
    )
