"""Orders laid out so that any page of any window is a slice, encoded before."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Literal

from bench.orders import BenchShop, Encoded

PAGE_SIZE = 100
TimeField = Literal["create_time", "update_time"]

_EVER = 2**40


class Shelf:
    """Orders in the order of one of their times, as one long text."""

    def __init__(
        self, orders: Sequence[Encoded], time_of: Callable[[Encoded], int]
    ) -> None:
        ordered = sorted(orders, key=lambda order: (time_of(order), order.id))
        self._times = [time_of(order) for order in ordered]
        self._text = memoryview(b",".join(order.body for order in ordered))
        lengths = (len(order.body) + 1 for order in ordered)
        self._starts = [0, *accumulate(lengths)]

    def find(self, since: int | None, until: int | None) -> tuple[int, int]:
        """The first place in a window, and the first behind it."""
        first = bisect_left(self._times, since or 0)
        return first, max(first, bisect_left(self._times, until or _EVER))

    def page(self, first: int, last: int) -> memoryview:
        """The orders of these places, with commas between."""
        return self._text[self._starts[first] : self._starts[last] - (last > first)]


class ShopShelves:
    """A shop's orders at one moment, by creation and by update, and by id."""

    def __init__(self, orders: Sequence[Encoded]) -> None:
        self._orders = orders
        self._by_id: dict[str, bytes] = {}
        self._shelves: dict[str, Shelf] = {}

    def by(self, field: TimeField) -> Shelf:
        """The shelf of one time; laid out when asked for first."""
        if field not in self._shelves:
            self._shelves[field] = Shelf(self._orders, lambda one: getattr(one, field))
        return self._shelves[field]

    def of_ids(self, ids: Sequence[str]) -> bytes:
        """The orders of these ids, with commas between; unknown ones are left out."""
        if not self._by_id:
            self._by_id = {order.id: order.body for order in self._orders}
        return b",".join(self._by_id[name] for name in ids if name in self._by_id)


def shelves_of(shop: BenchShop) -> tuple[ShopShelves, ShopShelves]:
    """Before and after the change; the same when nothing changes."""
    before = ShopShelves(shop.before)
    if all(old is new for old, new in zip(shop.before, shop.after, strict=True)):
        return before, before
    return before, ShopShelves(shop.after)
