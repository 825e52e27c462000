"""Transactions of a day make a statement, statements of a week a payment.

Source: TikTok Shop API reference, "Statements" and "Payments": one statement a UTC day,
made at 00:00 UTC for the day before, nothing before 2023-07-01. That statements appear
hours or days late, and some of their transactions later still, is assumed.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator import timeline
from tiktok_pipelines.simulator.cancellations import places_sold
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.earnings import (
    Earning,
    SkuEarning,
    add_up,
    earn_by_refund,
    earn_by_sale,
)
from tiktok_pipelines.simulator.life import Course, Standing
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.returns import MONEY_BACK, ReturnLife
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

FIRST_STATEMENT = 1_688_169_600  # 2023-07-01
WEEK = 7 * DAY
_ADJUSTMENTS = (
    ("LOGISTICS_REIMBURSEMENT", 1),
    ("PLATFORM_PENALTY", -1),
    ("SHIPPING_FEE_REBATE", 1),
    ("GMV_PAYMENT_FOR_ADS", -1),
)


@dataclass(frozen=True, eq=False)
class Transaction:
    """One line of a statement: a sale, a refund or an adjustment.

    Attributes:
        create_time: when the order was placed; searches go by it.
        settled_at: decides on the statement.
        appears_at: when the API begins to show it.
    """

    front: Storefront
    id: str
    kind: str
    create_time: int
    settled_at: int
    appears_at: int
    plan: OrderPlan | None = None
    places: tuple[int, ...] = ()
    is_refund: bool = False
    adjustment: int = 0

    @property
    def statement_time(self) -> int:
        """The midnight on which its statement is made."""
        return (self.settled_at // DAY + 1) * DAY

    @cached_property
    def skus(self) -> list[SkuEarning]:
        """What it brings, SKU by SKU; nothing for an adjustment."""
        if self.plan is None:
            return []
        earn = earn_by_refund if self.is_refund else earn_by_sale
        return earn(self.front, self.plan, self.places)

    @cached_property
    def earning(self) -> Earning:
        """What it brings altogether, less the adjustment."""
        return add_up(part.earning for part in self.skus)

    @property
    def settlement(self) -> int:
        """What the seller gets."""
        return self.earning.settlement + self.adjustment

    def next_event_after(self, now: int) -> int | None:
        """It appears, and never changes."""
        return self.appears_at if now < self.appears_at else None

    def standing_at(self, _now: int) -> Standing:
        """Settled, for ever."""
        return Standing("SETTLED", self.appears_at)

    def facts(self, _name: str, _standing: Standing) -> tuple[str, ...]:
        """Nothing can be asked but times."""
        return ()


@dataclass(frozen=True, slots=True)
class PaymentLife(Course):
    """A payout of all statements of one week."""

    statements: tuple["StatementLife", ...] = ()

    @property
    def settlement(self) -> int:
        """What is paid out."""
        return sum(statement.settlement for statement in self.statements)


@dataclass(frozen=True, slots=True)
class StatementLife(Course):
    """A day of one shop; ``times`` are its appearance and those of its payment."""

    statement_time: int = 0
    payment_id: str = ""
    transactions: tuple[Transaction, ...] = ()

    @property
    def create_time(self) -> int:
        """The midnight on which it was made; searches go by it."""
        return self.statement_time

    @property
    def settlement(self) -> int:
        """What the seller gets, of transactions that do not appear yet too."""
        return sum(one.settlement for one in self.transactions)


def draw_transactions(
    front: Storefront, plans: Iterable[OrderPlan], returns: Iterable[ReturnLife]
) -> list[Transaction]:
    """Everything that is or will be settled, in order of the settlement."""
    sales = [one for plan in plans for one in _sale_of(front, plan)]
    refunds = [one for life in returns for one in _refund_of(front, life)]
    found = sales + refunds
    days = sorted({one.statement_time for one in found})
    found += [one for day in days for one in _adjustments_on(front, day)]
    found.sort(key=lambda one: (one.settled_at, one.id))
    return [one for one in found if one.statement_time >= FIRST_STATEMENT]


def make_payments(
    front: Storefront, transactions: Iterable[Transaction]
) -> list[PaymentLife]:
    """The payouts, each with its statements."""
    days: dict[int, list[Transaction]] = {}
    for one in transactions:
        days.setdefault(one.statement_time, []).append(one)
    weeks: dict[int, list[int]] = {}
    for day in sorted(days):
        weeks.setdefault((day - 1) // WEEK, []).append(day)
    payments: list[PaymentLife] = []
    for week, mornings in weeks.items():
        shell = _draw_payment(front, week)
        statements = tuple(
            _make_statement(front, day, days[day], payment=shell) for day in mornings
        )
        payments.append(
            PaymentLife(shell.id, shell.times, shell.statuses, {}, statements)
        )
    return payments


def statement_appears_at(front: Storefront, day: int) -> int:
    """Mostly in the same night, at times days later."""
    chance = Dice(front.seed, front.index, day, 0x57)
    drawn = chance.random()
    if drawn < 0.7:
        return day + chance.between(600, 6 * HOUR)
    return day + chance.between(6 * HOUR, 30 * HOUR if drawn < 0.95 else 3 * DAY)


def _sale_of(front: Storefront, plan: OrderPlan) -> Iterator[Transaction]:
    delivered = plan.at.get(timeline.DELIVERED)
    if delivered is None or plan.kind not in ("normal", "gift"):
        return
    chance = Dice(front.seed, front.index, plan.number, 0x5A)
    latest = 21 * DAY if chance.random() < 0.1 else 8 * DAY
    yield _settle(
        front,
        plan,
        chance,
        settled_at=delivered + chance.between(2 * DAY, latest),
        places=tuple(place for place in places_sold(plan) if place < plan.units),
    )


def _refund_of(front: Storefront, life: ReturnLife) -> Iterator[Transaction]:
    if life.plan is None or life.statuses[-1] not in MONEY_BACK:
        return
    chance = Dice(front.seed, front.index, life.plan.number, 0x5B)
    yield _settle(
        front,
        life.plan,
        chance,
        settled_at=life.times[-1] + chance.between(HOUR, 3 * DAY),
        places=life.places,
        is_refund=True,
    )


def _settle(
    front: Storefront,
    plan: OrderPlan,
    chance: Dice,
    *,
    settled_at: int,
    places: tuple[int, ...],
    is_refund: bool = False,
) -> Transaction:
    appears_at = statement_appears_at(front, (settled_at // DAY + 1) * DAY)
    if chance.random() < 0.08:
        appears_at += chance.between(HOUR, 2 * DAY)
    return Transaction(
        front=front,
        id=front.make_id("163", plan.number * 2 + is_refund),
        kind="ORDER",
        create_time=plan.create_time,
        settled_at=settled_at,
        appears_at=appears_at,
        plan=plan,
        places=places,
        is_refund=is_refund,
    )


def _adjustments_on(front: Storefront, day: int) -> Iterator[Transaction]:
    chance = Dice(front.seed, front.index, day, 0xAD)
    if chance.random() >= 0.1:
        return
    kind, sign = chance.pick(_ADJUSTMENTS)
    step = 5 if front.market.decimals else 500
    settled_at = day - chance.between(1, DAY)
    yield Transaction(
        front=front,
        id=front.make_id("164", day // DAY),
        kind=kind,
        create_time=settled_at,
        settled_at=settled_at,
        appears_at=statement_appears_at(front, day),
        adjustment=sign * step * chance.between(20, 400),
    )


def _draw_payment(front: Storefront, week: int) -> Course:
    chance = Dice(front.seed, front.index, week, 0x9A)
    created = (week + 1) * WEEK + 4 * DAY + chance.between(0, 6 * HOUR)
    paid = created + chance.between(DAY, 3 * DAY)
    payment_id = front.make_id("345", week)
    if chance.random() < 0.06:
        times = (created, paid, paid + 2 * DAY)
        return Course(payment_id, times, ("PROCESSING", "FAILED", "PAID"))
    return Course(payment_id, (created, paid), ("PROCESSING", "PAID"))


def _make_statement(
    front: Storefront, day: int, transactions: list[Transaction], *, payment: Course
) -> StatementLife:
    return StatementLife(
        id=front.make_id("767", day // DAY),
        times=(statement_appears_at(front, day), *payment.times),
        statuses=("PROCESSING", *payment.statuses),
        statement_time=day,
        payment_id=payment.id,
        transactions=tuple(transactions),
    )
