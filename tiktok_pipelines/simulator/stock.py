"""How much of each SKU lies in each warehouse: orders take, deliveries bring.

Every week, at a second of its own, a SKU is filled up to its level. Until then each
order takes its units away, and an order that is cancelled gives them back. Units of
orders that nobody has collected yet are committed. Nothing is stored: the quantities
follow from the orders and the time. Source: TikTok Shop API reference, "Inventory";
that available stock excludes what is committed is documented.
"""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.basket import fill_basket
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.products import ProductLife
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY
from tiktok_pipelines.simulator.warehouses import Warehouse, warehouses_of

_WEEK = 7 * DAY
_LONGEST_OPEN_S = 15 * DAY  # no order waits longer for its carrier
_OPEN = frozenset(
    {
        timeline.UNPAID,
        timeline.ON_HOLD,
        timeline.AWAITING_SHIPMENT,
        timeline.PARTIALLY,
        timeline.AWAITING_COLLECTION,
    }
)
_UNITS_PER_ORDER = 2.1
_COVER_WEEKS = (0.7, 1.3, 2.0, 4.0)  # of the mean demand: the first ones run out

Place = tuple[str, str]  # of a SKU and a warehouse


@dataclass(frozen=True, slots=True)
class Level:
    """What lies in one warehouse."""

    warehouse: Warehouse
    available: int
    committed: int


@dataclass(frozen=True, slots=True)
class _Demand:
    """Who ordered a SKU from a warehouse, in order of time."""

    times: list[int]
    orders: list[tuple[OrderPlan, int]]

    def since(self, start: int, now: int) -> list[tuple[OrderPlan, int]]:
        """The orders placed after ``start`` and until ``now``, with their units."""
        first, last = bisect_right(self.times, start), bisect_right(self.times, now)
        return self.orders[first:last]


class Stock:
    """The stock of one shop."""

    def __init__(
        self, front: Storefront, plans: Iterable[OrderPlan], *, orders_per_day: float
    ) -> None:
        self._front = front
        self._weekly_units = (
            orders_per_day * 7 * _UNITS_PER_ORDER / len(front.shelf_at(0))
        )
        self._plans = plans
        self._selling = [one for one in warehouses_of(front) if not one.is_for_returns]

    def levels(self, life: ProductLife, sku_id: str, *, now: int) -> list[Level]:
        """What lies in each warehouse where the SKU is sold from."""
        if life.is_passing:
            return [self._idle_level(one, sku_id, now=now) for one in self._selling]
        return [self._level(one, sku_id, now=now) for one in self._selling]

    def _level(self, warehouse: Warehouse, sku_id: str, *, now: int) -> Level:
        chance = Dice(self._front.seed, int(sku_id), int(warehouse.id), 0x10)
        filled = now - (now - chance.between(0, _WEEK)) % _WEEK
        demand = self._demand.get((sku_id, warehouse.id), _Demand([], []))
        taken = committed = 0
        for plan, units in demand.since(min(filled, now - _LONGEST_OPEN_S), now):
            status = plan.standing_at(now).status
            if plan.create_time > filled and status != timeline.CANCELLED:
                taken += units
            if status in _OPEN:
                committed += units
        full = self._full_level(chance, warehouse)
        return Level(warehouse, max(0, full - taken), committed)

    def _full_level(self, chance: Dice, warehouse: Warehouse) -> int:
        weekly = self._weekly_units * warehouse.share_pct / 100
        return max(3, int(weekly * chance.pick(_COVER_WEEKS)))

    def _idle_level(self, warehouse: Warehouse, sku_id: str, *, now: int) -> Level:
        """Of goods that nobody orders: now and then somebody counts them."""
        counted = Dice(int(sku_id), int(warehouse.id), now // (5 * DAY), 0x1D)
        return Level(warehouse, counted.between(0, 400) * warehouse.share_pct // 100, 0)

    @cached_property
    def _demand(self) -> dict[Place, _Demand]:
        demand: dict[Place, _Demand] = {}
        for plan in sorted(self._plans, key=lambda one: one.create_time):
            for sku_id, units in _units_of(self._front, plan).items():
                place = sku_id, plan.warehouse_id
                ordered = demand.setdefault(place, _Demand([], []))
                ordered.times.append(plan.create_time)
                ordered.orders.append((plan, units))
        return demand


def _units_of(front: Storefront, plan: OrderPlan) -> dict[str, int]:
    units: dict[str, int] = {}
    for unit in fill_basket(front, plan).units:
        units[unit.sku.id] = units.get(unit.sku.id, 0) + 1
    return units
