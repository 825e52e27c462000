"""How fast calls may follow each other, per app, shop and endpoint.

The limit counts per (app, shop) pair and API. Source: docs/tiktok-shop-api.md,
"Rate limits". ``ProcessRateLimiter`` knows its own process only; one that spans
processes takes its place by offering the same two methods.
"""

import threading
from collections import deque
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tiktok_pipelines.clock import Clock, SystemClock

DEFAULT_PER_SECOND = 10.0
DEFAULT_PATIENCE_S = 120.0
_SLOWEST_SHARE = 1 / 16  # of the ceiling: slow enough to calm down, not a stop
_RECOVERY_S = 60.0  # from nothing to the ceiling
_LATE_S = 0.05  # how late a thread may wake up without those behind it waiting longer
_LIMITLESS = 1000.0  # a second: nobody counts that exactly
_SHORTEST_SLEEP_S = 0.001  # rounding must not make a wait of nothing, for ever


class LimitKey(NamedTuple):
    """What TikTok counts by."""

    app_key: str
    shop_id: str
    endpoint: str


class PauseTooLongError(Exception):
    """TikTok asked for a pause that no call sits through; ``wait_s`` is left of it."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"a pause of {wait_s:.0f} s")
        self.wait_s = wait_s


class RateLimiter(Protocol):
    """Lets calls go one by one; safe to share between threads."""

    def acquire(self, key: LimitKey) -> float:
        """Wait until the call may go; the seconds waited.

        Raises:
            PauseTooLongError: the pause that TikTok asked for exceeds the patience.
        """
        ...

    def throttled(self, key: LimitKey, retry_after_s: float | None) -> None:
        """Take note of a 429: pause, lower the rate, recover slowly."""
        ...


@dataclass(slots=True)
class _Lane:
    """The calls of one key: when the next may go, and how fast they may follow.

    ``latest`` are as many calls as a second takes at most.
    """

    per_second: float
    next_at: float
    changed_at: float
    latest: deque[float]
    gap_s: float = 0.0  # a clock that was set back must not stretch the wait

    def full_for_s(self, now: float) -> float:
        """For how long no call fits into the second that ends now.

        Calls that seem to be yet to come were noted before a clock was set back.
        """
        while self.latest and self.latest[-1] > now:
            self.latest.pop()
        if not self.latest or len(self.latest) < (self.latest.maxlen or 0):
            return 0.0
        return self.latest[0] - now + 1.0


class ProcessRateLimiter:
    """A token bucket of depth one for each key: at most ``per_second``, evenly.

    Depth one because the ceiling has to hold in every second, the first included. A
    call that wakes up late does not hold up those behind it, unless they would make a
    second too full.

    Args:
        patience_s: the longest pause asked for by TikTok that a call waits out.
    """

    def __init__(
        self,
        per_second: float = DEFAULT_PER_SECOND,
        clock: Clock | None = None,
        *,
        patience_s: float = DEFAULT_PATIENCE_S,
    ) -> None:
        if per_second <= 0:
            raise ValueError(f"per_second must be positive, not {per_second}")
        self._ceiling = per_second
        self._clock = clock or SystemClock()
        self._patience_s = patience_s
        self._lanes: dict[LimitKey, _Lane] = {}
        self._lock = threading.Lock()

    def acquire(self, key: LimitKey) -> float:
        """Wait until the call may go; the seconds waited.

        Raises:
            PauseTooLongError: the pause that TikTok asked for exceeds the patience.
        """
        waited = 0.0
        while (wait := self._take_or_wait(key)) > 0:
            pause = max(wait, _SHORTEST_SLEEP_S)
            self._clock.sleep(pause)
            waited += pause
        return waited

    def throttled(self, key: LimitKey, retry_after_s: float | None) -> None:
        """Halve the rate and pause; what fails during the pause only prolongs it."""
        now = self._now()
        with self._lock:
            lane = self._lane(key, now)
            if now >= lane.changed_at:
                slowest = self._ceiling * _SLOWEST_SHARE
                lane.per_second = max(lane.per_second / 2, slowest)
            pause = max(retry_after_s or 0.0, 1 / lane.per_second)
            lane.next_at = max(lane.next_at, now + pause)
            lane.changed_at = lane.next_at
            lane.gap_s = lane.next_at - now

    def _take_or_wait(self, key: LimitKey) -> float:
        with self._lock:
            now = self._now()
            lane = self._lane(key, now)
            lane.next_at = min(lane.next_at, now + lane.gap_s)
            wait = max(lane.next_at - now, lane.full_for_s(now))
            if wait > 0:
                self._check_patience(lane, wait)
                return wait
            self._recover(lane, now)
            lane.gap_s = 1 / lane.per_second
            lane.latest.append(now)
            lane.next_at = max(lane.next_at, now - _LATE_S) + lane.gap_s
            return 0.0

    def _check_patience(self, lane: _Lane, wait: float) -> None:
        """Only a pause tries one's patience: a slow rate is what was configured."""
        is_paused = lane.changed_at >= lane.next_at
        if is_paused and wait > self._patience_s + _SHORTEST_SLEEP_S:
            raise PauseTooLongError(wait)

    def _lane(self, key: LimitKey, now: float) -> _Lane:
        most = int(self._ceiling) if self._ceiling < _LIMITLESS else 0
        fresh = _Lane(self._ceiling, now, now, deque(maxlen=most))
        return self._lanes.setdefault(key, fresh)

    def _recover(self, lane: _Lane, now: float) -> None:
        quiet_s = max(now - lane.changed_at, 0.0)
        gained = self._ceiling * quiet_s / _RECOVERY_S
        lane.per_second = min(lane.per_second + gained, self._ceiling)
        lane.changed_at = now

    def _now(self) -> float:
        return self._clock.now().timestamp()
