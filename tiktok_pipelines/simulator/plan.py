"""The plan of one order: everything about it that no clock can change."""

from bisect import bisect_right
from dataclasses import dataclass

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Standing
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import Nature

_ORDER_PREFIX = "58"
_UNITS = (1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 5)
_FATES = (
    ("unpaid", 0.06),
    ("hold", 0.02),
    ("buyer", 0.04),
    ("seller", 0.02),
    ("no_pickup", 0.02),
    ("failed", 0.02),
)


@dataclass(frozen=True, slots=True)
class OrderPlan:
    """One order's whole life.

    Attributes:
        number: place of the order in the shop's endless row of orders.
        kind: "normal", "sample", "replacement" or "gift" (one line is a gift).
        buyer: which of the shop's buyers; ``user_id`` is his id.
        shipping_type: TIKTOK, or SELLER when the seller ships it himself.
        times: when things happen, ascending; ``changes`` says what.
        parcel: number of the order whose parcel it travels in; nearly always its own.
    """

    id: str
    number: int
    kind: str
    units: int
    buyer: int
    user_id: str
    warehouse_id: str
    shipping_type: str
    nature: Nature
    times: tuple[int, ...]
    changes: tuple[str, ...]
    parcel: int
    is_combined: bool = False

    @property
    def create_time(self) -> int:
        """When the order was placed, Unix seconds."""
        return self.times[0]

    @property
    def at(self) -> dict[str, int]:
        """Every event of its whole life, with its time."""
        return dict(zip(self.changes, self.times, strict=True))

    @property
    def line_count(self) -> int:
        """How many lines it has: units, and a gift if there is one."""
        return self.units + (self.kind == "gift")

    def version_at(self, now: int) -> int:
        """How many events have happened; 0 before the order exists."""
        return bisect_right(self.times, now)

    def next_event_after(self, now: int) -> int | None:
        """When the order changes next, if ever."""
        version = bisect_right(self.times, now)
        return self.times[version] if version < len(self.times) else None

    def standing_at(self, now: int) -> Standing:
        """Status and update time once the order exists."""
        version = bisect_right(self.times, now)
        last = version - 1
        while self.changes[last] in timeline.SILENT:
            last -= 1
        status = self.changes[last]
        passed = self.changes[:version]
        is_asked = (
            status != timeline.CANCELLED
            and timeline.CANCEL_ASKED in passed
            and timeline.CANCEL_WITHDRAWN not in passed
        )
        return Standing(status, self.times[last], is_asked)

    def facts(self, name: str, standing: Standing) -> tuple[str]:
        """What a search for orders may ask."""
        if name == "order_status":
            return (standing.status,)
        if name == "is_buyer_request_cancel":
            return (str(standing.is_cancel_asked),)
        values = {
            "shipping_type": self.shipping_type,
            "buyer_user_id": self.user_id,
            "warehouse_ids": self.warehouse_id,
        }
        return (values[name],)


def order_id(front: Storefront, number: int) -> str:
    """The id of the order at that place, whether it is visible or not."""
    return front.make_id(_ORDER_PREFIX, number + front.seed * 7_919)


def user_id_of(front: Storefront, buyer: int) -> str:
    """The id of the shop's buyer of that number."""
    return front.make_id("751", buyer)


def draw_plan(front: Storefront, number: int, *, created: int) -> OrderPlan:
    """Draw an order's life; a pure function of (seed, shop, number, created)."""
    chance = Dice(front.seed, front.index, number)
    kind = _draw_kind(chance)
    units = chance.pick(_UNITS)
    is_own_fleet = chance.random() < 0.3
    nature = _draw_nature(chance, front, facts=(kind, units, is_own_fleet))
    events = timeline.draw_events(chance, nature, created=created)
    buyer = chance.between(0, front.buyer_count - 1)
    return OrderPlan(
        id=order_id(front, number),
        number=number,
        kind=kind,
        units=units,
        buyer=buyer,
        user_id=user_id_of(front, buyer),
        warehouse_id=front.warehouses[chance.random() < 0.25],
        shipping_type="SELLER" if is_own_fleet else "TIKTOK",
        nature=nature,
        times=tuple(at for at, _ in events),
        changes=tuple(change for _, change in events),
        parcel=number,
    )


def _draw_kind(chance: Dice) -> str:
    drawn = chance.random()
    if drawn < 0.02:
        return "sample"
    if drawn < 0.035:
        return "replacement"
    return "gift" if drawn < 0.085 else "normal"


def _draw_nature(
    chance: Dice, front: Storefront, *, facts: tuple[str, int, bool]
) -> Nature:
    kind, units, is_own_fleet = facts
    is_free = kind in ("sample", "replacement")
    is_cod = front.market.cod and not is_free and chance.random() < 0.35
    fate = "complete" if is_free else _draw_fate(chance, is_cod=is_cod)
    has_hold = not is_cod and (fate == "hold" or chance.random() < 0.2)
    is_split = units > 1 and fate != "no_pickup" and chance.random() < 0.2
    return Nature(
        fate=fate,
        is_cod=is_cod,
        has_hold=has_hold,
        is_split=is_split,
        fading=_draw_fading(chance, is_own_fleet=is_own_fleet),
        edits=_draw_edits(chance, fate, units=units),
    )


def _draw_fate(chance: Dice, *, is_cod: bool) -> str:
    drawn = chance.random()
    for fate, share in _FATES:
        drawn -= share
        if drawn < 0:
            is_possible = not (is_cod and fate in ("unpaid", "hold"))
            return fate if is_possible else "complete"
    return "complete"


def _draw_fading(chance: Dice, *, is_own_fleet: bool) -> str:
    """One order in ten; more of those whose recipient was clear before."""
    drawn = chance.random()
    if drawn > (0.2 if is_own_fleet else 0.06):
        return ""
    is_emptied = chance.random() < 0.5
    return timeline.RECIPIENT_EMPTIED if is_emptied else timeline.RECIPIENT_MASKED


def _draw_edits(chance: Dice, fate: str, *, units: int) -> tuple[str, ...]:
    edits = [timeline.CANCEL_ASKED] if fate == "buyer" else []
    drawn = chance.random()
    if drawn < 0.025:
        edits.append(timeline.NOTE_SET)
    elif drawn < 0.045:
        edits.append(timeline.ADDRESS_UPDATED)
    elif drawn < 0.06:
        edits.append(timeline.TRACKING_CORRECTED)
    elif drawn < 0.09 and units > 2:
        edits.append(timeline.LINE_CANCELLED)
    elif 0.09 <= drawn < 0.12 and fate == "complete":
        edits += [timeline.CANCEL_ASKED, timeline.CANCEL_WITHDRAWN]
    return tuple(edits)
