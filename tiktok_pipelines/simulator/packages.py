"""Packages: what of which orders travels in one, and how it looks.

Source: TikTok Shop API reference, "Packages". What it shows is taken from the orders
in it, so both always agree.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import cast

from tiktok_pipelines.simulator import parcels, timeline
from tiktok_pipelines.simulator.basket import Basket, fill_basket
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.moment import moment_of
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.render import line_id, render_order
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import HOUR
from tiktok_pipelines.simulator.warehouses import address_of

STATUSES = ("TO_FULFILL", "PROCESSING", "FULFILLING", "COMPLETED", "CANCELLED")
_BECOMES = {
    timeline.AWAITING_SHIPMENT: "TO_FULFILL",
    timeline.AWAITING_COLLECTION: "PROCESSING",
    timeline.IN_TRANSIT: "FULFILLING",
    timeline.DELIVERED: "COMPLETED",
    timeline.CANCELLED: "CANCELLED",
}
_TOUCHES = (timeline.TRACKING_CORRECTED, timeline.LINE_CANCELLED)
_ADDRESS = (
    "name",
    "phone_number",
    "full_address",
    "address_detail",
    "address_line1",
    "address_line2",
    "address_line3",
    "address_line4",
    "postal_code",
    "region_code",
)


@dataclass(frozen=True, slots=True)
class PackageLife(Course):
    """One package; ``place`` counts the packages of a split order."""

    plans: tuple[OrderPlan, ...] = ()
    place: int = 0


def pack(front: Storefront, plans: Iterable[OrderPlan]) -> list[PackageLife]:
    """Every package that orders travel or will travel in."""
    loads: dict[int, list[OrderPlan]] = {}
    for plan in plans:
        if timeline.AWAITING_SHIPMENT in plan.changes:
            loads.setdefault(plan.parcel, []).append(plan)
    return [
        _draw_life(front, tuple(load), place)
        for load in loads.values()
        for place in range(parcels.package_count(load[0]))
    ]


def _draw_life(
    front: Storefront, plans: tuple[OrderPlan, ...], place: int
) -> PackageLife:
    events = {(at, status) for plan in plans for at, status in _events_of(plan, place)}
    known = ""
    statuses: list[str] = []
    ordered = sorted(events, key=lambda event: event[0])
    for _, status in ordered:
        known = status or known
        statuses.append(known)
    return PackageLife(
        id=parcels.package_id(front, plans[0], place),
        times=tuple(at for at, _ in ordered),
        statuses=tuple(statuses),
        plans=plans,
        place=place,
    )


def _events_of(plan: OrderPlan, place: int) -> Iterator[tuple[int, str]]:
    """What happens to a package because of an order; "" leaves its status alone."""
    for at, change in zip(plan.times, plan.changes, strict=True):
        if change == timeline.PARTIALLY and place == 0:
            yield at, "PROCESSING"
        elif change == timeline.AWAITING_COLLECTION and place == 0:
            yield at, "" if plan.nature.is_split else "PROCESSING"
        elif change in _BECOMES:
            yield at, _BECOMES[change]
        elif change in _TOUCHES:
            yield at, ""


@dataclass(frozen=True, slots=True)
class _Content:
    """What one order has in a package; ``state`` is that of its lines there."""

    plan: OrderPlan
    basket: Basket
    places: list[int]
    state: Json


class PackageView:
    """How one shop's packages look."""

    def __init__(self, front: Storefront) -> None:
        self._front = front

    def in_search(self, life: PackageLife, now: int) -> Json:
        """A row of Search Package."""
        standing = life.standing_at(now)
        return {
            "id": life.id,
            "status": standing.status,
            "create_time": life.create_time,
            "update_time": standing.update_time,
            **self._content(life, now),
        }

    def in_detail(self, life: PackageLife, now: int) -> Json:
        """The answer of Get Package Detail."""
        row = self.in_search(life, now)
        row["package_id"], row["package_status"] = row.pop("id"), row.pop("status")
        plan = life.plans[0]
        chance = Dice(int(life.id), 0x9B)
        return row | {
            **_tag(plan),
            **_pick_up(plan, str(row["package_status"])),
            **self._addresses(plan, now),
            "has_multi_skus": _sku_count(row) > 1,
            "note_tag": "BUYER_UNNOTED",
            "shipping_type": plan.shipping_type,
            "delivery_option_id": self._front.make_id("705", 1),
            "delivery_option_name": "Standard Shipping",
            "warehouse_id": plan.warehouse_id,
            "weight": {"value": amount_text(chance.between(8, 900), 2), "unit": "KG"},
            "dimension": {
                "length": str(chance.between(5, 60)),
                "width": str(chance.between(5, 40)),
                "height": str(chance.between(1, 30)),
                "unit": "CM",
            },
        }

    def _content(self, life: PackageLife, now: int) -> Json:
        contents = list(self._contents(life, now))
        state = contents[0].state if contents else {}
        return {
            "orders": [self._order_row(content) for content in contents],
            "order_line_item_ids": [
                line_id(self._front, content.plan.number, place)
                for content in contents
                for place in content.places
            ],
            **{
                name: state[name]
                for name in (
                    "tracking_number",
                    "shipping_provider_id",
                    "shipping_provider_name",
                )
                if name in state
            },
        }

    def _contents(self, life: PackageLife, now: int) -> Iterator[_Content]:
        for plan in life.plans:
            version = plan.version_at(now)
            if timeline.AWAITING_SHIPMENT not in plan.changes[:version]:
                continue
            moment = moment_of(self._front, plan, version=version)
            basket = fill_basket(self._front, plan)
            states = parcels.line_states(moment, len(basket.units))
            places = [
                place
                for place, state in enumerate(states)
                if state.get("package_id") == life.id
                and not parcels.is_dropped(moment, place)
            ]
            if places:
                yield _Content(plan, basket, places, states[places[0]])

    def _order_row(self, content: _Content) -> Json:
        skus: dict[str, Json] = {}
        for place in content.places:
            sku = content.basket.units[place].sku
            known = skus.setdefault(
                sku.id,
                {
                    "id": sku.id,
                    "name": sku.fields["sku_name"],
                    "image_url": sku.fields["sku_image"],
                    "quantity": 0,
                },
            )
            known["quantity"] = int(str(known["quantity"])) + 1
        return {"id": content.plan.id, "skus": list(skus.values())}

    def _addresses(self, plan: OrderPlan, now: int) -> Json:
        order = render_order(self._front, plan, version=plan.version_at(now))
        block = order.get("recipient_address")
        sender = address_of(self._front, plan.warehouse_id)
        addresses: Json = {
            "sender_address": {
                "name": sender["contact_person"],
                "phone_number": sender["phone_number"],
                "full_address": sender["full_address"],
                "address_line1": sender["address_line1"],
                "postal_code": sender["postal_code"],
                "region_code": sender["region_code"],
            }
        }
        if isinstance(block, dict):
            addresses["recipient_address"] = {
                name: block[name] for name in _ADDRESS if name in block
            }
        return addresses


def _tag(plan: OrderPlan) -> Json:
    if plan.is_combined:
        return {"split_and_combine_tag": "COMBINED"}
    return {"split_and_combine_tag": "SPLIT" if plan.nature.is_split else "NONE"}


def _pick_up(plan: OrderPlan, status: str) -> Json:
    shipped = plan.at.get(timeline.AWAITING_COLLECTION)
    if status == "TO_FULFILL" or shipped is None or plan.shipping_type == "SELLER":
        return {}
    start = shipped - shipped % HOUR + HOUR
    slot = {"start_time": start, "end_time": start + 4 * HOUR}
    return {"handover_method": "PICKUP", "pickup_slot": slot}


def _sku_count(row: Json) -> int:
    orders = cast("list[dict[str, list[Json]]]", row["orders"])
    return sum(len(one["skus"]) for one in orders)
