"""Orders that travel together: two neighbours of one buyer share a parcel.

Both keep their own payment; from the moment when both must be shipped, everything
happens to both at the same second.
"""

from collections.abc import Sequence
from dataclasses import replace

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

_SHARE = 0.3  # of the pairs that could travel together
_FARTHEST_S = 2 * DAY


def combine_parcels(front: Storefront, plans: Sequence[OrderPlan]) -> list[OrderPlan]:
    """The same orders, some of them in pairs; each pair is decided by itself alone."""
    combined = {plan.number: plan for plan in plans}
    for plan in plans:
        other = combined.get(plan.number + 1)
        if plan.number % 2 == 0 and other is not None and _fit(front, plan, other):
            combined[plan.number], combined[other.number] = _join(plan, other)
    return list(combined.values())


def _fit(front: Storefront, plan: OrderPlan, other: OrderPlan) -> bool:
    return (
        _is_plain(plan)
        and _is_plain(other)
        and abs(plan.create_time - other.create_time) < _FARTHEST_S
        and Dice(front.seed, front.index, plan.number, 0xC0).random() < _SHARE
    )


def _is_plain(plan: OrderPlan) -> bool:
    nature = plan.nature
    is_special = nature.is_cod or nature.is_split or nature.edits
    return plan.kind == "normal" and nature.fate == "complete" and not is_special


def _join(plan: OrderPlan, other: OrderPlan) -> tuple[OrderPlan, OrderPlan]:
    shipped = plan.at[timeline.AWAITING_COLLECTION]
    late_s = max(0, other.at[timeline.AWAITING_SHIPMENT] + HOUR - shipped)
    first = replace(plan, times=_shift(plan, late_s), is_combined=True)
    together = first.at
    others = other.at
    times: list[int] = []
    for change, at in zip(other.changes, other.times, strict=True):
        if at >= others[timeline.AWAITING_COLLECTION]:
            late_s = together[timeline.COMPLETED] - others[timeline.COMPLETED]
            is_fading = at > others[timeline.COMPLETED]
            times.append(at + late_s if is_fading else together[change])
        else:
            times.append(at)
    second = replace(
        other,
        buyer=plan.buyer,
        user_id=plan.user_id,
        warehouse_id=plan.warehouse_id,
        shipping_type=plan.shipping_type,
        times=tuple(times),
        parcel=plan.number,
        is_combined=True,
    )
    return first, second


def _shift(plan: OrderPlan, late_s: int) -> tuple[int, ...]:
    """The times of a plan, those from its shipment on later by some seconds."""
    shipped = plan.at[timeline.AWAITING_COLLECTION]
    return tuple(at + late_s if at >= shipped else at for at in plan.times)
