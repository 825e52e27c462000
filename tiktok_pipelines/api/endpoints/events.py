"""Where TikTok sends a shop's webhooks, topic by topic.

The address of the whole app is set in Partner Center; these are a shop's own.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.table import (
    WEBHOOK_DELETE,
    WEBHOOK_LIST,
    WEBHOOK_SET,
)
from tiktok_pipelines.api.pages import Page


class EventCalls:
    """A shop's own addresses; each call may be repeated."""

    def __init__(self, access: ShopAccess) -> None:
        self._access = access

    def webhooks(self) -> Page:
        """Every topic that has an address, in one page."""
        return self._access.read(WEBHOOK_LIST)

    def subscribe(self, event_type: str, address: str) -> Page:
        """Set the address of a topic, in place of the one it has."""
        return self._access.read(WEBHOOK_SET, event_type=event_type, address=address)

    def unsubscribe(self, event_type: str) -> Page:
        """Take the address of a topic away, if it has one."""
        return self._access.read(WEBHOOK_DELETE, event_type=event_type)
