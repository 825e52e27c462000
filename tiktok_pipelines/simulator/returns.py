"""Returns, refunds and replacements of delivered orders, drawn before they happen.

Source: TikTok Shop API reference, "Returns": types and statuses. How often each way is
taken, and how long it takes, is made up.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.cancellations import places_sold
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Course, Standing
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

REFUND, RETURN, REPLACEMENT = "REFUND", "RETURN_AND_REFUND", "REPLACEMENT"
TYPES = (REFUND, RETURN, REPLACEMENT, "EXCHANGE")
PENDING = "RETURN_OR_REFUND_REQUEST_PENDING"
SHIP, SHIPPED = "AWAITING_BUYER_SHIP", "BUYER_SHIPPED_ITEM"
SUCCESS = "RETURN_OR_REFUND_REQUEST_SUCCESS"
COMPLETE = "RETURN_OR_REFUND_REQUEST_COMPLETE"
REJECTED = "REFUND_OR_RETURN_REQUEST_REJECT"
GIVEN_UP = "RETURN_OR_REFUND_REQUEST_CANCEL"
NOT_TAKEN = "REJECT_RECEIVE_PACKAGE"
NEW_ONE, NEW_ONE_SENT = "REPLACEMENT_REQUEST_PENDING", "REPLACEMENT_REQUEST_COMPLETE"
NEW_ONE_REFUNDED = "REPLACEMENT_REQUEST_REFUND_SUCCESS"
STATUSES = (
    PENDING,
    SHIP,
    SHIPPED,
    SUCCESS,
    COMPLETE,
    REJECTED,
    GIVEN_UP,
    NOT_TAKEN,
    "AWAITING_BUYER_RESPONSE",
    NEW_ONE,
    "REPLACEMENT_REQUEST_REJECT",
    NEW_ONE_REFUNDED,
    "REPLACEMENT_REQUEST_CANCEL",
    NEW_ONE_SENT,
)
MONEY_BACK = frozenset({COMPLETE, NEW_ONE_REFUNDED})
ARBITRATIONS = ("IN_PROGRESS", "SUPPORT_BUYER", "SUPPORT_SELLER", "CLOSED")

_SHARE = 0.11  # of delivered orders
_ASKED_AFTER = (HOUR, 3 * DAY)
_STEP = (3 * HOUR, 4 * DAY)
_WAYS = (
    (0.3, REFUND, (PENDING, SUCCESS, COMPLETE)),
    (0.13, REFUND, (PENDING, REJECTED)),
    (0.3, RETURN, (PENDING, SHIP, SHIPPED, SUCCESS, COMPLETE)),
    (0.05, RETURN, (PENDING, SHIP, GIVEN_UP)),
    (0.05, RETURN, (PENDING, SHIP, SHIPPED, NOT_TAKEN)),
    (0.1, REPLACEMENT, (NEW_ONE, NEW_ONE_SENT)),
    (1.0, REPLACEMENT, (NEW_ONE, NEW_ONE_REFUNDED)),
)


@dataclass(frozen=True, slots=True)
class ReturnLife(Course):
    """One request; ``places`` are the lines of the order that it is about.

    ``rulings`` are the states of an arbitration with their times; ``before`` and
    ``after`` are other requests for the same lines, ``after`` from ``renewed_at`` on.
    """

    plan: OrderPlan | None = None
    kind: str = ""
    places: tuple[int, ...] = ()
    rulings: tuple[tuple[int, str], ...] = ()
    before: str = ""
    after: str = ""
    renewed_at: int = 0

    def ruling_at(self, now: int) -> str:
        """The state of the arbitration, or nothing."""
        return next((state for at, state in reversed(self.rulings) if at <= now), "")

    def facts(self, name: str, standing: Standing) -> tuple[str, ...]:
        """What filters of that name compare with."""
        if name == "arbitration_status":
            return (self.ruling_at(standing.update_time),)
        # ``super()`` without arguments does not work in a class with slots.
        return Course.facts(self, name, standing)


def list_returns(front: Storefront, plans: Iterable[OrderPlan]) -> list[ReturnLife]:
    """Every request that is or will be."""
    return [life for plan in plans for life in _returns_of(front, plan)]


def _returns_of(front: Storefront, plan: OrderPlan) -> Iterator[ReturnLife]:
    delivered = plan.at.get(timeline.DELIVERED)
    if delivered is None or plan.kind not in ("normal", "gift"):
        return
    chance = Dice(front.seed, front.index, plan.number, 0x8E)
    if chance.random() >= _SHARE:
        return
    kind, way = _draw_way(chance)
    sold = [place for place in places_sold(plan) if place < plan.units]
    places = tuple(sold[: chance.between(1, len(sold))])
    events = _draw_events(chance, way, start=delivered + chance.between(*_ASKED_AFTER))
    if way[-1] == REJECTED and chance.random() < 0.7:
        yield from _draw_two(front, plan, places, events=events)
        return
    rulings = _draw_rulings(chance, events) if way[-1] == NOT_TAKEN else ()
    yield _make(front, plan, 0, kind=kind, places=places, events=events + rulings)


def _draw_two(
    front: Storefront,
    plan: OrderPlan,
    places: tuple[int, ...],
    *,
    events: tuple[tuple[int, str], ...],
) -> Iterator[ReturnLife]:
    """A refused request, and the buyer's next one for the same lines."""
    again = events[-1][0] + 6 * HOUR
    ids = [front.make_id("404", plan.number * 2 + which) for which in range(2)]
    chance = Dice(front.seed, front.index, plan.number, 0x8F)
    later = _draw_events(chance, (PENDING, SUCCESS, COMPLETE), start=again)
    first = _make(
        front, plan, 0, kind=REFUND, places=places, events=(*events, (again, REJECTED))
    )
    second = _make(front, plan, 1, kind=REFUND, places=places, events=later)
    yield replace(first, after=ids[1], renewed_at=again)
    yield replace(second, before=ids[0])


def _make(
    front: Storefront,
    plan: OrderPlan,
    which: int,
    *,
    kind: str,
    places: tuple[int, ...],
    events: tuple[tuple[int, str], ...],
) -> ReturnLife:
    return_id = front.make_id("404", plan.number * 2 + which)
    rulings = tuple(event for event in events if event[1] in ARBITRATIONS)
    statuses: list[str] = []
    for _, status in events:
        statuses.append(statuses[-1] if status in ARBITRATIONS else status)
    return ReturnLife(
        id=return_id,
        times=tuple(at for at, _ in events),
        statuses=tuple(statuses),
        named={
            "return_ids": (return_id,),
            "order_ids": (plan.id,),
            "buyer_user_ids": (plan.user_id,),
            "return_types": (kind,),
        },
        plan=plan,
        kind=kind,
        places=places,
        rulings=rulings,
    )


def _draw_way(chance: Dice) -> tuple[str, tuple[str, ...]]:
    drawn = chance.random()
    for share, kind, way in _WAYS:
        drawn -= share
        if drawn < 0:
            return kind, way
    raise AssertionError("the last way takes the rest")


def _draw_events(
    chance: Dice, way: tuple[str, ...], *, start: int
) -> tuple[tuple[int, str], ...]:
    events = [(start, way[0])]
    for status in way[1:]:
        events.append((events[-1][0] + chance.between(*_STEP), status))
    return tuple(events)


def _draw_rulings(
    chance: Dice, events: tuple[tuple[int, str], ...]
) -> tuple[tuple[int, str], ...]:
    opened = events[-1][0] + chance.between(HOUR, DAY)
    ruled = opened + chance.between(DAY, 5 * DAY)
    winner = "SUPPORT_BUYER" if chance.random() < 0.5 else "SUPPORT_SELLER"
    return (opened, "IN_PROGRESS"), (ruled, winner), (ruled + DAY, "CLOSED")
