"""An order's whole life, drawn before it starts: what happens, and when.

The state of an order is a pure function of its plan and the time. Statuses and time
fields follow TikTok Shop API reference, "Order status"; COD orders leave UNPAID after
120 s and are paid at delivery (observed in recorded orders). Events that are no status
(``SILENT``) change the order and leave ``update_time`` alone, which is documented as
the time of the last status change. That old orders return with a masked or empty
recipient was observed ("Response rules", "PII masking"); 30 days is the documented US
rule, assumed here for all.
"""

from dataclasses import dataclass
from functools import cache

from tiktok_pipelines.simulator.chance import Dice

HOUR, DAY = 3600, 86400

UNPAID, ON_HOLD, CANCELLED = "UNPAID", "ON_HOLD", "CANCELLED"
AWAITING_SHIPMENT, PARTIALLY = "AWAITING_SHIPMENT", "PARTIALLY_SHIPPING"
AWAITING_COLLECTION, IN_TRANSIT = "AWAITING_COLLECTION", "IN_TRANSIT"
DELIVERED, COMPLETED = "DELIVERED", "COMPLETED"

STATUSES = (
    UNPAID,
    ON_HOLD,
    AWAITING_SHIPMENT,
    PARTIALLY,
    AWAITING_COLLECTION,
    IN_TRANSIT,
    DELIVERED,
    COMPLETED,
    CANCELLED,
)
NOTE_SET, ADDRESS_UPDATED, TRACKING_CORRECTED = "note", "address", "tracking"
LINE_CANCELLED, CANCEL_ASKED = "line_cancelled", "cancel_asked"
CANCEL_WITHDRAWN = "cancel_withdrawn"
RECIPIENT_MASKED, RECIPIENT_EMPTIED = "masked", "emptied"
SILENT = frozenset(
    {
        NOTE_SET,
        ADDRESS_UPDATED,
        TRACKING_CORRECTED,
        LINE_CANCELLED,
        CANCEL_ASKED,
        CANCEL_WITHDRAWN,
        RECIPIENT_MASKED,
        RECIPIENT_EMPTIED,
    }
)

# How an order ends early: after which status, how soon (seconds), who ends it.
_CUTS = {
    "unpaid": (UNPAID, (12 * HOUR, 3 * DAY), "SYSTEM"),
    "hold": (ON_HOLD, (60, HOUR - 60), "BUYER"),
    "buyer": (AWAITING_SHIPMENT, (600, 12 * HOUR), "BUYER"),
    "seller": (AWAITING_SHIPMENT, (HOUR, 30 * HOUR), "SELLER"),
    "no_pickup": (AWAITING_COLLECTION, (2 * DAY, 2 * DAY + HOUR), "SYSTEM"),
    "failed": (IN_TRANSIT, (2 * DAY, 8 * DAY), "SYSTEM"),
}
_DELAYS = {
    UNPAID: (0, 0),
    PARTIALLY: (HOUR, 20 * HOUR),
    AWAITING_COLLECTION: (2 * HOUR, 30 * HOUR),
    IN_TRANSIT: (3 * HOUR, 26 * HOUR),
    DELIVERED: (DAY, 6 * DAY),
    COMPLETED: (3 * DAY, 7 * DAY),
    RECIPIENT_MASKED: (30 * DAY, 35 * DAY),
    RECIPIENT_EMPTIED: (30 * DAY, 35 * DAY),
}
# Changes between two statuses: not before the first, before one of the others.
_WITHIN = {
    NOTE_SET: (AWAITING_SHIPMENT, (DELIVERED, CANCELLED)),
    ADDRESS_UPDATED: (AWAITING_SHIPMENT, (PARTIALLY, AWAITING_COLLECTION, CANCELLED)),
    LINE_CANCELLED: (AWAITING_SHIPMENT, (PARTIALLY, AWAITING_COLLECTION, CANCELLED)),
    CANCEL_ASKED: (AWAITING_SHIPMENT, (CANCELLED, PARTIALLY, AWAITING_COLLECTION)),
    CANCEL_WITHDRAWN: (CANCEL_ASKED, (PARTIALLY, AWAITING_COLLECTION)),
    TRACKING_CORRECTED: (AWAITING_COLLECTION, (IN_TRANSIT, CANCELLED)),
}

Step = tuple[str, int, int]
Event = tuple[int, str]


@dataclass(frozen=True, slots=True)
class Nature:
    """What decides which way an order takes; drawn once per order.

    ``fate`` is "complete" or how it is cancelled; ``fading`` what becomes of the
    recipient in the end, if anything; ``edits`` the silent changes.
    """

    fate: str = "complete"
    is_cod: bool = False
    has_hold: bool = False
    is_split: bool = False
    fading: str = ""
    edits: tuple[str, ...] = ()


def initiator_of(fate: str) -> str:
    """Who cancels an order of this fate: BUYER, SELLER or SYSTEM."""
    return _CUTS[fate][2]


def draw_events(chance: Dice, nature: Nature, *, created: int) -> list[Event]:
    """Every event of an order, in order of time; the first is its creation."""
    events: list[Event] = []
    at = created
    for change, least, most in route_of(nature):
        at += chance.between(least, most)
        events.append((at, change))
    for edit in nature.edits:
        events.extend(_draw_edit(chance, edit, events=events))
    if nature.edits:
        events.sort(key=_time_of)
    return events


@cache
def route_of(nature: Nature) -> tuple[Step, ...]:
    """The statuses an order will pass and the seconds between them, least and most."""
    route: list[Step] = []
    last, soon, _ = _CUTS.get(nature.fate, ("", (0, 0), ""))
    for change in _full_route(nature):
        route.append((change, *_delay_of(change, nature)))
        if change == last:
            return (*route, (CANCELLED, *soon))
    return tuple(route)


def _full_route(nature: Nature) -> tuple[str, ...]:
    hold = (ON_HOLD,) if nature.has_hold else ()
    parts = (PARTIALLY,) if nature.is_split else ()
    fading = (nature.fading,) if nature.fading else ()
    shipped = (AWAITING_COLLECTION, IN_TRANSIT, DELIVERED, COMPLETED)
    return (UNPAID, *hold, AWAITING_SHIPMENT, *parts, *shipped, *fading)


def _delay_of(change: str, nature: Nature) -> tuple[int, int]:
    if change == AWAITING_SHIPMENT and nature.has_hold:
        return (HOUR, HOUR)
    if change == AWAITING_SHIPMENT and nature.is_cod:
        return (120, 120)
    return _DELAYS.get(change, (15, 1800))


def _draw_edit(chance: Dice, edit: str, *, events: list[Event]) -> list[Event]:
    start, ends = _WITHIN[edit]
    times = {change: at for at, change in events}
    end = next((times[change] for change in ends if change in times), None)
    if start not in times or end is None or end - times[start] < 2:
        return []
    return [(chance.between(times[start] + 1, end - 1), edit)]


def _time_of(event: Event) -> int:
    return event[0]
