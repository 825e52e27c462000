"""The products of a shop: those that orders are for, and those that come and go.

Source: TikTok Shop API reference, "Products": statuses, audit states, deleted products
stay findable. That each edit, of a price too, moves ``update_time`` is assumed.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from math import ceil

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.life import Course, Standing
from tiktok_pipelines.simulator.shelf import Goods, Rhythm
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

DRAFT, PENDING, FAILED, ACTIVATE = "DRAFT", "PENDING", "FAILED", "ACTIVATE"
SELLER_OFF, PLATFORM_OFF = "SELLER_DEACTIVATED", "PLATFORM_DEACTIVATED"
FREEZE, DELETED = "FREEZE", "DELETED"
STATUSES = (
    DRAFT,
    PENDING,
    FAILED,
    ACTIVATE,
    SELLER_OFF,
    PLATFORM_OFF,
    FREEZE,
    DELETED,
)
AUDITS = {DRAFT: "NONE", PENDING: "AUDITING", FAILED: "FAILED"}

_FIRST_PASSING = 1_000  # numbers of products that come and go; those that stay are less
_LINE_DAYS = 365  # over which the shop's products were listed
# What becomes of a product, how likely that is, and what it passes.
_FATES = (
    (0.3, (PENDING, ACTIVATE)),
    (0.12, (PENDING, ACTIVATE, SELLER_OFF, ACTIVATE)),
    (0.08, (PENDING, FAILED)),
    (0.08, (PENDING, FAILED, PENDING, ACTIVATE)),
    (0.08, (DRAFT, PENDING, ACTIVATE, PLATFORM_OFF)),
    (0.05, (DRAFT,)),
    (0.05, (PENDING, ACTIVATE, FREEZE)),
    (0.06, (DRAFT, DELETED)),
    (1.0, (PENDING, ACTIVATE, SELLER_OFF, DELETED)),
)
_STAYS = {DRAFT: (DAY, 20 * DAY), PENDING: (2 * HOUR, 5 * DAY)}
_STAYS_LONG = (5 * DAY, 120 * DAY)


@dataclass(frozen=True, eq=False)
class ProductLife:
    """One product; ``course`` is None for goods that are on sale for ever."""

    goods: Goods
    course: Course | None = None

    @property
    def id(self) -> str:
        """The id of the product."""
        return self.goods.id

    @cached_property
    def rhythm(self) -> Rhythm:
        """When it is edited."""
        return self.goods.rhythm

    @property
    def create_time(self) -> int:
        """When it was listed."""
        return self.course.create_time if self.course else self.rhythm.first

    def edition_at(self, now: int) -> int:
        """Which edition it is in; what comes and goes is never edited."""
        return 0 if self.course else self.rhythm.edition_at(now)

    def next_event_after(self, now: int) -> int | None:
        """When its status or edition changes next."""
        if self.course:
            return self.course.next_event_after(now)
        if now < self.rhythm.first:
            return self.rhythm.first
        return self.rhythm.start_of(self.rhythm.edition_at(now) + 1)

    def standing_at(self, now: int) -> Standing:
        """Status and time of the last change."""
        if self.course:
            return self.course.standing_at(now)
        return Standing(ACTIVATE, self.rhythm.start_of(self.rhythm.edition_at(now)))

    def facts(self, name: str, standing: Standing) -> Collection[str]:
        """What a search for products may ask."""
        if name == "status":
            return (standing.status,)
        if name == "audit_status":
            return (AUDITS.get(standing.status, "APPROVED"),)
        key = "sku_id" if name == "sku_ids" else "seller_sku"
        return [str(sku.fields[key]) for sku in self.goods.skus(0)]

    @property
    def is_passing(self) -> bool:
        """Whether it comes and goes, and is never ordered."""
        return self.course is not None


def list_products(
    config: SimulatorConfig, front: Storefront, *, start: int
) -> list[ProductLife]:
    """Every product that is or will be.

    Those that come and go have numbered places on an endless time line, as orders do.
    """
    staying = [ProductLife(goods) for goods in front.goods]
    if not config.products:
        return staying
    step_s = _LINE_DAYS * DAY / config.products
    last = ceil((start + config.future_days * DAY) / step_s)
    first = int(start / step_s) - config.products + 1
    return staying + [
        _draw_passing(front, number, listed=int(number * step_s))
        for number in range(first, last)
    ]


def _draw_passing(front: Storefront, number: int, *, listed: int) -> ProductLife:
    chance = Dice(front.seed, front.index, number, 0xFA)
    offers = front.market.products
    goods = Goods(
        front.seed,
        front.index,
        _FIRST_PASSING + number,
        front.market,
        offers[number % len(offers)],
        series=f" No. {chance.between(2, 99)}",
    )
    times, statuses = [listed], _draw_fate(chance)
    for status in statuses[:-1]:
        times.append(times[-1] + chance.between(*_STAYS.get(status, _STAYS_LONG)))
    return ProductLife(goods, Course(goods.id, tuple(times), statuses))


def _draw_fate(chance: Dice) -> tuple[str, ...]:
    drawn = chance.random()
    for share, fate in _FATES:
        drawn -= share
        if drawn < 0:
            return fate
    raise AssertionError("the last fate takes the rest")
