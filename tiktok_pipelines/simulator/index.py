"""A shop's orders, findable by id, by creation time and by update time.

Keys are (time, order id). The two lists stay sorted while time passes: a new order and
a change of status land at the end, so that a page costs two bisections.
"""

import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Sequence

from tiktok_pipelines.simulator.plan import OrderPlan, Standing
from tiktok_pipelines.simulator.query import OrderFilter

Key = tuple[int, str]
Window = tuple[int | None, int | None]
Test = Callable[[OrderPlan, Standing], bool]

_OPEN: Window = (None, None)

# Above this many due events a whole sort is cheaper than moving keys one by one.
_SORT_ANEW = 2_000
_REMEMBERED = 16


class OrderIndex:
    """The orders that are visible at the time last given to ``advance``."""

    def __init__(self, plans: Sequence[OrderPlan]) -> None:
        self._plans = {plan.id: plan for plan in plans}
        self._standings: dict[str, Standing] = {}
        self._created: list[Key] = []
        self._updated: list[Key] = []
        self._due = [(plan.create_time, plan.id) for plan in plans]
        heapq.heapify(self._due)
        self._matches: dict[tuple[OrderFilter, bool], list[Key]] = {}

    def __len__(self) -> int:
        return len(self._created)

    def advance(self, now: int) -> None:
        """Let happen what is due at ``now``; an earlier time changes nothing."""
        if not self._due or self._due[0][0] > now:
            return
        self._matches.clear()
        moved: list[str] = []
        while self._due and self._due[0][0] <= now:
            order_id = self._due[0][1]
            following = self._plans[order_id].next_event_after(now)
            if following is None:
                heapq.heappop(self._due)
            else:
                heapq.heapreplace(self._due, (following, order_id))
            moved.append(order_id)
        self._move(moved, now)

    def find(self, order_id: str) -> OrderPlan | None:
        """The visible order of that id."""
        return self._plans[order_id] if order_id in self._standings else None

    def visible(self) -> list[OrderPlan]:
        """All visible orders, the oldest first."""
        return [self._plans[order_id] for _, order_id in self._created]

    def search(self, wanted: OrderFilter, *, by_update_time: bool) -> "Hits":
        """The keys that the filter lets through, ascending."""
        keys = self._updated if by_update_time else self._created
        window, other = _windows(wanted)
        if by_update_time:
            window, other = other, window
        if wanted.is_by_time_only and other == _OPEN:
            first, last = _range_of(keys, window)
            return Hits(keys, first=first, last=last)
        found = self._matching(wanted, by_update_time=by_update_time)
        return Hits(found, first=0, last=len(found))

    def _matching(self, wanted: OrderFilter, *, by_update_time: bool) -> list[Key]:
        """Matches are remembered until something happens, so paging stays cheap."""
        asked = (wanted, by_update_time)
        found = self._matches.get(asked)
        if found is None:
            found = self._scan(wanted, by_update_time=by_update_time)
            if len(self._matches) >= _REMEMBERED:
                self._matches.pop(next(iter(self._matches)))
            self._matches[asked] = found
        return found

    def _scan(self, wanted: OrderFilter, *, by_update_time: bool) -> list[Key]:
        created, updated = _windows(wanted)
        first, last = _range_of(self._created, created)
        low, high = _range_of(self._updated, updated)
        is_created_shorter = last - first <= high - low
        keys = (
            self._created[first:last] if is_created_shorter else self._updated[low:high]
        )
        tests = _tests_of(wanted)
        found = [
            self._key_of(order_id, by_update_time=by_update_time)
            for _, order_id in keys
            if self._passes(order_id, tests)
        ]
        found.sort()
        return found

    def _passes(self, order_id: str, tests: Sequence[Test]) -> bool:
        plan, standing = self._plans[order_id], self._standings[order_id]
        return all(test(plan, standing) for test in tests)

    def _key_of(self, order_id: str, *, by_update_time: bool) -> Key:
        if by_update_time:
            return self._standings[order_id].update_time, order_id
        return self._plans[order_id].create_time, order_id

    def _move(self, moved: list[str], now: int) -> None:
        # Moved orders come in order of time, so new ones belong at the end.
        is_many = len(moved) > _SORT_ANEW
        for order_id in moved:
            plan, before = self._plans[order_id], self._standings.get(order_id)
            after = plan.standing_at(now)
            self._standings[order_id] = after
            if before is None:
                self._created.append((plan.create_time, order_id))
            if not is_many:
                self._move_key(order_id, before, after=after)
        if is_many:
            known = self._standings.items()
            self._updated = sorted((item.update_time, name) for name, item in known)

    def _move_key(
        self, order_id: str, before: Standing | None, *, after: Standing
    ) -> None:
        if before is not None and before.update_time == after.update_time:
            return
        if before is not None:
            place = bisect_left(self._updated, (before.update_time, order_id))
            del self._updated[place]
        insort(self._updated, (after.update_time, order_id))


class Hits:
    """A stretch of a sorted list of keys, without copying it."""

    def __init__(self, keys: list[Key], *, first: int, last: int) -> None:
        self._keys, self._first, self._last = keys, first, max(first, last)

    def __len__(self) -> int:
        return self._last - self._first

    def page(self, after: Key | None, *, size: int, descending: bool) -> list[Key]:
        """Up to ``size`` keys that follow ``after`` in the direction of the sort."""
        if descending:
            end = self._last if after is None else bisect_left(self._keys, after)
            end = max(self._first, min(end, self._last))
            return self._keys[max(self._first, end - size) : end][::-1]
        start = self._first
        if after is not None:
            start = max(start, bisect_right(self._keys, after))
        return self._keys[start : min(start + size, self._last)]


def _windows(wanted: OrderFilter) -> tuple[Window, Window]:
    created = (wanted.create_ge, wanted.create_lt)
    return created, (wanted.update_ge, wanted.update_lt)


def _range_of(keys: list[Key], window: Window) -> tuple[int, int]:
    least, below = window
    first = 0 if least is None else bisect_left(keys, (least, ""))
    last = len(keys) if below is None else bisect_left(keys, (below, ""))
    return first, max(first, last)


def _tests_of(wanted: OrderFilter) -> list[Test]:
    """One test for each thing that the filter asks, none for what it leaves open."""
    created, updated = _windows(wanted)
    tests: list[tuple[bool, Test]] = [
        (wanted.order_status is not None, lambda _, s: s.status == wanted.order_status),
        (
            wanted.shipping_type is not None,
            lambda plan, _: plan.shipping_type == wanted.shipping_type,
        ),
        (
            wanted.buyer_user_id is not None,
            lambda plan, _: plan.user_id == wanted.buyer_user_id,
        ),
        (
            wanted.is_cancel_asked is not None,
            lambda _, s: s.is_cancel_asked == wanted.is_cancel_asked,
        ),
        (
            bool(wanted.warehouse_ids),
            lambda plan, _: plan.warehouse_id in wanted.warehouse_ids,
        ),
        (created != _OPEN, lambda plan, _: _is_within(plan.create_time, created)),
        (updated != _OPEN, lambda _, s: _is_within(s.update_time, updated)),
    ]
    return [test for is_asked, test in tests if is_asked]


def _is_within(time: int, window: Window) -> bool:
    least, below = window
    return (least is None or time >= least) and (below is None or time < below)
