"""Money that leaves the platform: settlements into the balance, and withdrawals of it.

Source: TikTok Shop API reference, "Payments". Every payout is a SETTLE when it is paid;
every second one is followed by a WITHDRAW of what has come since the last; a few of
those fail and are reversed. That rhythm is made up.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.settlements import PaymentLife
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY

TYPES = ("WITHDRAW", "SETTLE", "TRANSFER", "REVERSE", "PAYMENT", "REFUND")


@dataclass(frozen=True, slots=True)
class WithdrawalLife(Course):
    """One movement of the balance."""

    amount: int = 0


def list_withdrawals(
    front: Storefront, payouts: Sequence[PaymentLife]
) -> list[WithdrawalLife]:
    """Every movement that is or will be."""
    found: list[WithdrawalLife] = []
    balance = 0
    for payout in payouts:
        paid_at = payout.times[-1]
        found.append(
            _move(front, 3 * _week_of(payout), "SETTLE", payout.settlement, at=paid_at)
        )
        balance += payout.settlement
        if _week_of(payout) % 2 and balance > 0:
            found.extend(_withdraw(front, payout, balance))
            balance = 0
    return found


def render_withdrawal(life: WithdrawalLife, now: int, *, front: Storefront) -> Json:
    """A movement as the API returns it."""
    return {
        "id": life.id,
        "type": life.named["types"][0],
        "amount": amount_text(life.amount, front.market.decimals),
        "currency": front.market.currency,
        "status": life.standing_at(now).status,
        "create_time": life.create_time,
    }


def _withdraw(
    front: Storefront, payout: PaymentLife, amount: int
) -> Iterator[WithdrawalLife]:
    serial = 3 * _week_of(payout)
    at = payout.times[-1] + DAY
    is_failing = Dice(front.seed, front.index, serial, 0x3D).random() < 0.1
    end = "FAILED" if is_failing else "SUCCESS"
    statuses = ("PROCESSING", end)
    yield _move(front, serial + 1, "WITHDRAW", amount, at=at, statuses=statuses)
    if is_failing:
        yield _move(front, serial + 2, "REVERSE", amount, at=at + 2 * DAY)


def _move(
    front: Storefront,
    serial: int,
    kind: str,
    amount: int,
    *,
    at: int,
    statuses: tuple[str, ...] = ("SUCCESS",),
) -> WithdrawalLife:
    times = (at, at + 2 * DAY)[: len(statuses)]
    named = {"types": (kind,)}
    return WithdrawalLife(front.make_id("349", serial), times, statuses, named, amount)


def _week_of(payout: PaymentLife) -> int:
    return payout.create_time // (7 * DAY)
