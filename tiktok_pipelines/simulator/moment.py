"""An order between two events: its status and what has happened so far."""

from dataclasses import dataclass

from tiktok_pipelines.simulator.plan import OrderPlan


@dataclass(frozen=True, slots=True)
class Moment:
    """``at`` holds every event that has happened, with its time."""

    status: str
    update_time: int
    is_cancel_asked: bool
    at: dict[str, int]


def moment_of(plan: OrderPlan, version: int) -> Moment:
    """The order after its first ``version`` events."""
    standing = plan.standing_at(plan.times[version - 1])
    at = dict(zip(plan.changes[:version], plan.times, strict=False))
    return Moment(standing.status, standing.update_time, standing.is_cancel_asked, at)
