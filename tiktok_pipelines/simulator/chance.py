"""Chance that repeats itself, and identifiers that look like TikTok's."""

from collections.abc import Sequence
from random import Random
from typing import TypeVar

Item = TypeVar("Item")

_GOLDEN = 0x9E3779B97F4A7C15  # spreads neighbouring numbers, as in splitmix64
_MASK = (1 << 64) - 1
_SERIAL_SPACE = 10**13
_STRIDE = 7_243_519_687_211  # odd and not divisible by 5: visits every serial once


def dice(*parts: int) -> Random:
    """Dice that fall the same way for the same numbers."""
    key = 0
    for part in parts:
        key = ((key ^ (part & _MASK)) * _GOLDEN + 1) & _MASK
        key ^= key >> 29
    return Random(key)  # noqa: S311 - chance must repeat here, not be secret


def pick(chance: Random, items: Sequence[Item]) -> Item:
    """One of the items, each as likely."""
    return items[int(chance.random() * len(items))]


def between(chance: Random, least: int, most: int) -> int:
    """A whole number from ``least`` to ``most``, both possible."""
    return least + int(chance.random() * (most - least + 1))


def make_id(prefix: str, shop_index: int, serial: int) -> str:
    """An id of ``len(prefix) + 16`` digits; unique per prefix, shop and serial.

    Neighbouring serials give ids far apart, so that nobody takes the order of ids
    for the order of time. Source: TikTok Shop API reference, "Identifiers": text of
    17 to 19 digits, larger than a float can hold.
    """
    return f"{prefix}{shop_index:03d}{serial * _STRIDE % _SERIAL_SPACE:013d}"
