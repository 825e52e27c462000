"""Which faults are switched on, whom each call meets, and how often each struck.

Chance repeats itself: the same faults, added in the same order to a simulator of the
same seed, strike the same calls of the same sequence, and the same records whatever the
sequence.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from threading import RLock
from zlib import crc32

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.fault_list import Fault


@dataclass(frozen=True, slots=True)
class Target:
    """A call that may be struck; ``shop_ids`` are all shops it may count for."""

    path: str
    shop_ids: Collection[str] = ()
    has_page_token: bool = False


@dataclass(slots=True)
class ActiveFault:
    """A fault that is switched on; ``left`` is None without a limit.

    One that is used up (``left`` is 0) stays listed until it is cleared.
    """

    id: int
    fault: Fault
    hits: int = 0
    chances: int = 0

    @property
    def left(self) -> int | None:
        """How often it will strike yet."""
        count = self.fault.count
        return None if count is None else count - self.hits

    def is_after(self, target: Target) -> bool:
        """Whether a call is of the kind, path and shop that are meant."""
        fault = self.fault
        return (
            self.left != 0
            and fault.is_for(target.path)
            and (not fault.shop_id or fault.shop_id in target.shop_ids)
            and (target.has_page_token or not fault.about.on_later_pages)
        )


class Faults:
    """The faults of one simulator; any thread may add and clear them.

    Attributes:
        hits: how often each kind struck; clearing a fault leaves it.
    """

    def __init__(self, lock: RLock, *, seed: int, shop_ids: Collection[str]) -> None:
        self._lock = lock
        self._seed = seed
        self._shop_ids = shop_ids
        self._active: list[ActiveFault] = []
        self._added = 0
        self.hits: Counter[str] = Counter()

    def add(self, fault: Fault) -> int:
        """Switch a fault on; returns its id. Several of a kind may be on at once.

        Raises:
            ValueError: there is no such shop.
        """
        if fault.shop_id and fault.shop_id not in self._shop_ids:
            known = ", ".join(self._shop_ids)
            raise ValueError(f"no shop {fault.shop_id!r}: one of {known}")
        with self._lock:
            self._added += 1
            self._active.append(ActiveFault(self._added, fault))
            return self._added

    def remove(self, fault_id: int) -> bool:
        """Switch one fault off; False if there is none of that id."""
        return self._drop([one for one in self.active() if one.id == fault_id])

    def clear(self, kind: str = "") -> int:
        """Switch all faults off, or all of a kind; returns how many there were."""
        gone = [one for one in self.active() if kind in ("", one.fault.kind)]
        self._drop(gone)
        return len(gone)

    def active(self) -> list[ActiveFault]:
        """The faults that are on, in the order in which they were added."""
        with self._lock:
            return list(self._active)

    def skew_s(self, path: str, *, is_told: bool = False) -> float:
        """How far ahead the clock is that calls of a path meet; told, it is a hit."""
        ahead_s = 0.0
        for one in self.active():
            if one.fault.kind == "clock_skew" and one.fault.is_for(path):
                ahead_s += one.fault.seconds_or_default
                if is_told:
                    self.count(one)
        return ahead_s

    def striking(self, target: Target) -> "Struck":
        """The faults that a call meets, by place and by chance."""
        with self._lock:
            met = [one for one in self._active if one.is_after(target)]
            return Struck(self, [one for one in met if self._draws(one)])

    def count(self, struck: ActiveFault) -> None:
        """Note that a fault did what it does."""
        with self._lock:
            struck.hits += 1
            self.hits[struck.fault.kind] += 1

    def dice(self, kind: str, *parts: int) -> Dice:
        """Dice of a kind of fault, the same for the same parts."""
        return Dice(self._seed, crc32(kind.encode()), *parts)

    def _draws(self, one: ActiveFault) -> bool:
        one.chances += 1
        chance = self.dice(one.fault.kind, one.id, one.chances)
        return chance.random() < one.fault.rate

    def _drop(self, gone: Sequence[ActiveFault]) -> bool:
        with self._lock:
            self._active = [one for one in self._active if one not in gone]
        return bool(gone)


class Struck:
    """What is going to go wrong with one call."""

    def __init__(self, board: Faults, met: Sequence[ActiveFault]) -> None:
        self._board = board
        self._met = met

    def __bool__(self) -> bool:
        return bool(self._met)

    def meets(self, kinds: Collection[str]) -> bool:
        """Whether a fault of one of the kinds was met."""
        return any(one.fault.kind in kinds for one in self._met)

    def take(self, kind: str) -> Fault | None:
        """The call is struck by a fault of the kind, if one was met and is left."""
        for one in self._of(kind):
            self._board.count(one)
            return one.fault
        return None

    def hits(self, kind: str) -> int:
        """How often the kind has struck so far."""
        return self._board.hits[kind]

    def on_record(self, kind: str, record_id: int) -> ActiveFault | None:
        """The fault of a kind that means this record; ``count`` it once it is done."""
        chance = self._board.dice(kind, record_id).random()
        return next(
            (one for one in self._of(kind) if chance < one.fault.share_or_default), None
        )

    def count(self, struck: ActiveFault) -> None:
        """Note that a record was spoiled."""
        self._board.count(struck)

    def dice(self, kind: str, record_id: int) -> Dice:
        """How a record is spoiled: another draw than whether it is."""
        return self._board.dice(kind, record_id, 1)

    def _of(self, kind: str) -> Iterator[ActiveFault]:
        return (one for one in self._met if one.fault.kind == kind and one.left != 0)
