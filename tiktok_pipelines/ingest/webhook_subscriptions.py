"""What shops are subscribed to, and how that differs from what is wanted."""

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.endpoints.events import EventCalls
from tiktok_pipelines.tokens.shops import ConnectedShops


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of a shop, and where it is sent."""

    event_type: str
    address: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One topic of one shop; ``wanted`` or ``found`` is "" where there is none."""

    shop_id: str
    event_type: str
    wanted: str
    found: str

    @property
    def what(self) -> str:
        """In a word."""
        if not self.found:
            return "missing"
        return "different" if self.wanted else "unwanted"


def differences(
    shop_id: str, found: Sequence[Subscription], wanted: Sequence[str], address: str
) -> Sequence[Difference]:
    """How a shop's subscriptions differ from the wanted topics at the address."""
    present = {each.event_type: each.address for each in found}
    aims = dict.fromkeys(wanted, address)
    return [
        Difference(shop_id, name, aims.get(name, ""), present.get(name, ""))
        for name in sorted(aims.keys() | present.keys())
        if aims.get(name, "") != present.get(name, "")
    ]


def subscriptions_of(shops: ConnectedShops, shop_id: str) -> Sequence[Subscription]:
    """What a shop is subscribed to now.

    Raises:
        ApiError: TikTok does not say.
    """
    return _present(shops.client_of(shop_id).events)


def _present(events: EventCalls) -> Sequence[Subscription]:
    told = map(as_object, events.webhooks().records)
    return [
        Subscription(as_text(row.get("event_type")), as_text(row.get("address")))
        for row in told
    ]


def subscribe(
    shops: ConnectedShops, shop_id: str, wanted: Sequence[str], address: str
) -> Sequence[Difference]:
    """Bring topics of a shop to the address; what was changed. Others stay as they are.

    Raises:
        ApiError: some topics may be changed, not all.
    """
    events = shops.client_of(shop_id).events
    found = differences(shop_id, _present(events), wanted, address)
    changes = [each for each in found if each.wanted]
    for change in changes:
        events.subscribe(change.event_type, change.wanted)
    return changes


def unsubscribe(
    shops: ConnectedShops, shop_id: str, topics: Sequence[str]
) -> Sequence[Subscription]:
    """Take the addresses of topics away, of all if none is named; what was there.

    Raises:
        ApiError: some topics may be changed, not all.
    """
    events = shops.client_of(shop_id).events
    gone = [
        each for each in _present(events) if not topics or each.event_type in topics
    ]
    for each in gone:
        events.unsubscribe(each.event_type)
    return gone
