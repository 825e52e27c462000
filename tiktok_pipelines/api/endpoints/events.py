"""Where TikTok sends a shop's webhooks, topic by topic.

The address of the whole app is set in Partner Center; these are a shop's own.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

from collections.abc import Sequence
from dataclasses import dataclass

from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.table import (
    WEBHOOK_DELETE,
    WEBHOOK_LIST,
    WEBHOOK_SET,
)


@dataclass(frozen=True, slots=True)
class Subscription:
    """One topic of a shop, and where it is sent."""

    event_type: str
    address: str


class EventCalls:
    """A shop's own addresses; each call may be repeated."""

    def __init__(self, access: ShopAccess) -> None:
        self._access = access

    def subscriptions(self) -> Sequence[Subscription]:
        """Every topic that has an address."""
        told = map(as_object, self._access.read(WEBHOOK_LIST).records)
        return [
            Subscription(as_text(row.get("event_type")), as_text(row.get("address")))
            for row in told
        ]

    def subscribe(self, event_type: str, address: str) -> None:
        """Set the address of a topic, in place of the one it has."""
        self._access.read(WEBHOOK_SET, event_type=event_type, address=address)

    def unsubscribe(self, event_type: str) -> None:
        """Take the address of a topic away, if it has one."""
        self._access.read(WEBHOOK_DELETE, event_type=event_type)
