"""What happens in a shop that TikTok announces, in the order of time.

Source: TikTok Shop API reference, "Webhooks". Which changes of products are announced
as which event, and that packages are only announced when they are combined or split, is
read from the names of the events alone.
"""

import hashlib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.cancellations import WITHDRAWN, role_of
from tiktok_pipelines.simulator.packages import PackageLife
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.products import ProductLife
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shop import Shop

SELLER_DEAUTHORIZATION = 6
NAMES = {
    1: "ORDER_STATUS_CHANGE",
    2: "REVERSE_STATUS_UPDATE",
    3: "RECIPIENT_ADDRESS_UPDATE",
    4: "PACKAGE_UPDATE",
    5: "PRODUCT_STATUS_CHANGE",
    6: "SELLER_DEAUTHORIZATION",
    7: "UPCOMING_AUTHORIZATION_EXPIRATION",
    11: "CANCELLATION_STATUS_CHANGE",
    12: "RETURN_STATUS_CHANGE",
    13: "NEW_CONVERSATION",
    14: "NEW_MESSAGE",
    15: "PRODUCT_INFORMATION_CHANGE",
    16: "PRODUCT_CREATION",
    18: "PRODUCT_CATEGORY_CHANGE",
    33: "NEW_MESSAGE_LISTENER",
    36: "INVOICE_STATUS_CHANGE",
    37: "PRODUCT_AUDIT_STATUS_CHANGE",
}
"""The events that a shop can be subscribed to."""


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that is announced; ``at`` in Unix seconds."""

    at: int
    type: int
    shop_id: str
    data: Json

    @property
    def notification_id(self) -> str:
        """Always the same for the same happening."""
        told = f"{self.shop_id}|{self.type}|{self.at}|{self.data}"
        number = int.from_bytes(hashlib.blake2b(told.encode(), digest_size=8).digest())
        return f"7{number % 10**18:018d}"

    def envelope(self, now: int) -> Json:
        """What is sent, as of the first time; older topics have no id of their own."""
        names: Json = {"tts_notification_id": self.notification_id}
        return {
            "type": self.type,
            **({} if self.type == 3 else names),
            "shop_id": self.shop_id,
            "timestamp": now,
            "data": self.data,
        }


class Chronicle:
    """Everything that a shop will announce; drawn when it is first asked for."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop

    def between(self, after: int, until: int) -> list[Happening]:
        """What happens after a moment and not after another one."""
        first = bisect_right(self._planned, after, key=_time_of)
        last = bisect_right(self._planned, until, key=_time_of)
        found = [*self._planned[first:last], *self._edited(after, until)]
        return sorted(found, key=_time_of)

    @cached_property
    def _planned(self) -> list[Happening]:
        shop = self._shop
        found = [
            each
            for told in (
                *(_of_order(shop, plan) for plan in shop.orders.lives),
                *(_of_package(shop, life) for life in shop.packages.lives),
                *(_of_product(shop, life) for life in shop.products.lives),
                _of_cancellations(shop),
                _of_returns(shop),
            )
            for each in told
        ]
        found.sort(key=_time_of)
        return found

    def _edited(self, after: int, until: int) -> Iterator[Happening]:
        """Products that are on sale for ever are edited now and then."""
        for life in self._shop.products.lives:
            at = None if life.course else life.next_event_after(after)
            while at is not None and at <= until:
                data: Json = {
                    "product_id": life.id,
                    "change_source": "SELLER",
                    "changed_fields": ["title", "skus"],
                    "update_time": at,
                }
                yield Happening(at, 15, self._shop.id, data)
                at = life.next_event_after(at)


def _time_of(happening: Happening) -> int:
    return happening.at


def _of_order(shop: Shop, plan: OrderPlan) -> Iterator[Happening]:
    for at, change in zip(plan.times, plan.changes, strict=True):
        told: Json = {"order_id": plan.id, "update_time": at}
        if change == timeline.ADDRESS_UPDATED:
            yield Happening(at, 3, shop.id, told)
        elif change not in timeline.SILENT:
            is_cancelled = change == timeline.CANCELLED
            status: Json = {
                "order_status": "CANCEL" if is_cancelled else change,
                "is_on_hold_order": change == timeline.ON_HOLD,
            }
            yield Happening(at, 1, shop.id, {**told, **status})


def _of_package(shop: Shop, life: PackageLife) -> Iterator[Happening]:
    is_combined = len(life.plans) > 1
    if not (is_combined or life.plans[0].nature.is_split):
        return
    orders = [plan.id for plan in life.plans]
    data: Json = {
        "sc_type": "COMBINE" if is_combined else "SPLIT",
        "role_type": "ROLE_SYSTEM",
        "package_list": [{"package_id": life.id, "order_id_list": orders}],
        "update_time": life.create_time,
    }
    yield Happening(life.create_time, 4, shop.id, data)


def _of_product(shop: Shop, life: ProductLife) -> Iterator[Happening]:
    """Its id is a number there, as in TikTok's own samples."""
    if life.course is None:
        return
    events = zip(life.course.times, life.course.statuses, strict=True)
    for place, (at, status) in enumerate(events):
        told: Json = {"product_id": int(life.id), "update_time": at}
        if place == 0:
            yield Happening(at, 16, shop.id, {**told, "product_types": []})
        else:
            change: Json = {"status": "PRODUCT_STATUS_CHANGED", "now": status}
            yield Happening(at, 5, shop.id, {**told, **change})


def _of_cancellations(shop: Shop) -> Iterator[Happening]:
    for life in shop.cancellations.lives:
        for at, status in zip(life.times, life.statuses, strict=True):
            # The event's word ends otherwise than the API's.
            ended = f"{status}LED" if status == WITHDRAWN else status
            data: Json = {
                "order_id": life.named["order_ids"][0],
                "cancellations_role": role_of(life.fate),
                "cancel_status": ended,
                "cancel_id": life.id,
                "create_time": life.create_time,
                "update_time": at,
            }
            yield Happening(at, 11, shop.id, data)


def _of_returns(shop: Shop) -> Iterator[Happening]:
    for life in shop.returns.lives:
        for at, status in zip(life.times, life.statuses, strict=True):
            data: Json = {
                "order_id": life.named["order_ids"][0],
                "return_role": "BUYER",
                "return_type": life.kind,
                "return_status": status,
                "return_id": life.id,
                "create_time": life.create_time,
                "update_time": at,
            }
            yield Happening(at, 12, shop.id, data)
