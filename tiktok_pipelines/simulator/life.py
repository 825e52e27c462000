"""Records that live: what a search must know of them, and what it may ask.

Everything a record is and becomes is a pure function of the seed and the time.
"""

from bisect import bisect_right
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

Window = tuple[int | None, int | None]
Among = tuple[tuple[str, frozenset[str]], ...]
Named = Mapping[str, tuple[str, ...]]

OPEN: Window = (None, None)


@dataclass(frozen=True, slots=True)
class Standing:
    """A record at one moment, as far as searching is concerned."""

    status: str
    update_time: int
    is_cancel_asked: bool = False


class Life(Protocol):
    """The life of one record; times are Unix seconds."""

    @property
    def id(self) -> str:
        """Digits, unique in its register."""
        ...

    @property
    def create_time(self) -> int:
        """The time that searches by creation go by; it may appear later."""
        ...

    def next_event_after(self, now: int, /) -> int | None:
        """When its standing changes next, if ever."""
        ...

    def standing_at(self, now: int, /) -> Standing:
        """Status and update time once it exists."""
        ...

    def facts(self, name: str, standing: Standing, /) -> Collection[str]:
        """What filters of that name compare with; nearly always one value."""
        ...


@dataclass(frozen=True, slots=True)
class Course:
    """A life from status to status.

    Attributes:
        id: digits, unique in its register.
        times: when it changes, ascending.
        statuses: what it becomes at each of the times.
        named: what filters compare with, besides ``status``.
    """

    id: str
    times: tuple[int, ...]
    statuses: tuple[str, ...]
    named: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict[str, tuple[str, ...]]
    )

    @property
    def create_time(self) -> int:
        """When it begins to exist."""
        return self.times[0]

    def next_event_after(self, now: int) -> int | None:
        """When it changes next, if ever."""
        version = bisect_right(self.times, now)
        return self.times[version] if version < len(self.times) else None

    def standing_at(self, now: int) -> Standing:
        """Status and time of the last change."""
        last = bisect_right(self.times, now) - 1
        return Standing(self.statuses[last], self.times[last])

    def at(self, now: int) -> dict[str, int]:
        """Each status that was reached, with the time of it."""
        pairs = zip(self.statuses, self.times, strict=True)
        return {status: time for status, time in pairs if time <= now}

    def facts(self, name: str, standing: Standing) -> tuple[str, ...]:
        """What filters of that name compare with."""
        return (standing.status,) if name == "status" else self.named.get(name, ())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which records; lower bounds are included, upper bounds excluded.

    ``among`` holds names of facts with the values of which one must be met.
    """

    created: Window = OPEN
    updated: Window = OPEN
    among: Among = ()

    def lets_through(self, life: Life, standing: Standing) -> bool:
        """Whether the record is wanted, at the moment of that standing."""
        return (
            (self.created == OPEN or is_within(life.create_time, self.created))
            and (self.updated == OPEN or is_within(standing.update_time, self.updated))
            and not any(
                values.isdisjoint(life.facts(name, standing))
                for name, values in self.among
            )
        )


def is_within(time: int, window: Window) -> bool:
    """Whether a time is in the window."""
    least, below = window
    return (least is None or time >= least) and (below is None or time < below)
