"""Chance that repeats itself, and identifiers that look like TikTok's."""

from collections.abc import Sequence
from typing import TypeVar

Item = TypeVar("Item")

_STEP = 0x9E3779B97F4A7C15
_MIX_1, _MIX_2 = 0xBF58476D1CE4E5B9, 0x94D049BB133111EB
_UNIT = 2.0**-53
_MASK = (1 << 64) - 1
_SERIAL_SPACE = 10**13
_STRIDE = 7_243_519_687_211  # odd and not divisible by 5: visits every serial once


class Dice:
    """The splitmix64 generator: seeded in no time, the same on every Python.

    A hundred thousand orders each have dice of their own, and ``random.Random`` takes
    longer to seed than an order takes to draw.
    """

    __slots__ = ("_state",)

    def __init__(self, *parts: int) -> None:
        state = 0
        for part in parts:
            state = _mix((state ^ (part & _MASK)) + _STEP & _MASK)
        self._state = state

    def random(self) -> float:
        """A number from 0 to below 1."""
        self._state = state = (self._state + _STEP) & _MASK
        state = (state ^ (state >> 30)) * _MIX_1 & _MASK  # _mix, without a call
        state = (state ^ (state >> 27)) * _MIX_2 & _MASK
        return ((state ^ (state >> 31)) >> 11) * _UNIT

    def between(self, least: int, most: int) -> int:
        """A whole number from ``least`` to ``most``, both possible."""
        return least + int(self.random() * (most - least + 1))

    def pick(self, items: Sequence[Item]) -> Item:
        """One of the items, each as likely."""
        return items[int(self.random() * len(items))]


def _mix(state: int) -> int:
    state = (state ^ (state >> 30)) * _MIX_1 & _MASK
    state = (state ^ (state >> 27)) * _MIX_2 & _MASK
    return state ^ (state >> 31)


def make_id(prefix: str, shop_index: int, *, serial: int) -> str:
    """An id of ``len(prefix) + 16`` digits; unique per prefix, shop and serial.

    Neighbouring serials give ids far apart, so that nobody takes the order of ids
    for the order of time. Source: TikTok Shop API reference, "Identifiers": text of
    17 to 19 digits, larger than a float can hold.
    """
    return f"{prefix}{shop_index:03d}{serial * _STRIDE % _SERIAL_SPACE:013d}"
