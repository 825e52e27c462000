"""Records of one kind, findable by id, by creation time and by update time.

Keys are (time, id). The two lists stay sorted while time passes: a new record and a
change of status land at the end, so that a page costs two bisections.
"""

import heapq
from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence
from typing import Generic, TypeVar

from tiktok_pipelines.simulator.life import OPEN, Life, Standing, Wanted, Window

Key = tuple[int, str]
LifeT = TypeVar("LifeT", bound=Life)

# Above this many due events a whole sort is cheaper than moving keys one by one.
_SORT_ANEW = 2_000
_REMEMBERED = 16


class LifeIndex(Generic[LifeT]):
    """The records that are visible at the time last given to ``advance``."""

    def __init__(self, lives: Sequence[LifeT]) -> None:
        self._lives = {life.id: life for life in lives}
        self._standings: dict[str, Standing] = {}
        self._created: list[Key] = []
        self._updated: list[Key] = []
        self._due = [(life.next_event_after(-1) or 0, life.id) for life in lives]
        heapq.heapify(self._due)
        self._matches: dict[tuple[Wanted, bool], list[Key]] = {}

    def __len__(self) -> int:
        return len(self._created)

    def advance(self, now: int) -> None:
        """Let happen what is due at ``now``; an earlier time changes nothing."""
        if not self._due or self._due[0][0] > now:
            return
        self._matches.clear()
        moved: list[str] = []
        while self._due and self._due[0][0] <= now:
            record_id = self._due[0][1]
            following = self._lives[record_id].next_event_after(now)
            if following is None:
                heapq.heappop(self._due)
            else:
                heapq.heapreplace(self._due, (following, record_id))
            moved.append(record_id)
        self._move(moved, now)

    def find(self, record_id: str) -> LifeT | None:
        """The visible record of that id."""
        return self._lives[record_id] if record_id in self._standings else None

    def visible(self) -> list[LifeT]:
        """All visible records, the oldest first."""
        return [self._lives[record_id] for _, record_id in self._created]

    def search(self, wanted: Wanted, *, by_update_time: bool) -> "Hits":
        """The keys of what is wanted, ascending."""
        keys, window, other = self._created, wanted.created, wanted.updated
        if by_update_time:
            keys, window, other = self._updated, wanted.updated, wanted.created
        if not wanted.among and other == OPEN:
            first, last = _range_of(keys, window)
            return Hits(keys, first=first, last=last)
        found = self._matching(wanted, by_update_time=by_update_time)
        return Hits(found, first=0, last=len(found))

    def _matching(self, wanted: Wanted, *, by_update_time: bool) -> list[Key]:
        """Matches are remembered until something happens, so paging stays cheap."""
        asked = (wanted, by_update_time)
        found = self._matches.get(asked)
        if found is None:
            found = self._scan(wanted, by_update_time=by_update_time)
            if len(self._matches) >= _REMEMBERED:
                self._matches.pop(next(iter(self._matches)))
            self._matches[asked] = found
        return found

    def _scan(self, wanted: Wanted, *, by_update_time: bool) -> list[Key]:
        first, last = _range_of(self._created, wanted.created)
        low, high = _range_of(self._updated, wanted.updated)
        is_created_shorter = last - first <= high - low
        keys = (
            self._created[first:last] if is_created_shorter else self._updated[low:high]
        )
        found = [
            self._key_of(record_id, by_update_time=by_update_time)
            for _, record_id in keys
            if wanted.lets_through(self._lives[record_id], self._standings[record_id])
        ]
        found.sort()
        return found

    def _key_of(self, record_id: str, *, by_update_time: bool) -> Key:
        if by_update_time:
            return self._standings[record_id].update_time, record_id
        return self._lives[record_id].create_time, record_id

    def _move(self, moved: list[str], now: int) -> None:
        # Moved records come in order of time, so nearly all belong at the end.
        is_many = len(moved) > _SORT_ANEW
        for record_id in moved:
            life, before = self._lives[record_id], self._standings.get(record_id)
            after = life.standing_at(now)
            self._standings[record_id] = after
            if before is None:
                insort(self._created, (life.create_time, record_id))
            if not is_many:
                self._move_key(record_id, before, after=after)
        if is_many:
            known = self._standings.items()
            self._updated = sorted((item.update_time, name) for name, item in known)

    def _move_key(
        self, record_id: str, before: Standing | None, *, after: Standing
    ) -> None:
        if before is not None and before.update_time == after.update_time:
            return
        if before is not None:
            place = bisect_left(self._updated, (before.update_time, record_id))
            del self._updated[place]
        insort(self._updated, (after.update_time, record_id))


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


def _range_of(keys: list[Key], window: Window) -> tuple[int, int]:
    least, below = window
    first = 0 if least is None else bisect_left(keys, (least, ""))
    last = len(keys) if below is None else bisect_left(keys, (below, ""))
    return first, max(first, last)
