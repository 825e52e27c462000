"""How much a source may ask for that is not signed, and how often a log line comes.

Signed notifications are bounded by the inbox alone: they may all come from one address,
and whoever fakes others from there must not keep them out.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

_MOST_SOURCES = 10_000


@dataclass(slots=True)
class _Bucket:
    left: float
    filled_at: float


class SourceLimit:
    """A bucket for each source, which fills as time passes.

    Args:
        monotonic: seconds that only grow.
        per_second: how fast a bucket fills.
        burst: what it holds.
    """

    def __init__(
        self,
        monotonic: Callable[[], float],
        *,
        per_second: float = 100.0,
        burst: float = 1000.0,
    ) -> None:
        self._monotonic = monotonic
        self._per_second = per_second
        self._burst = burst
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def allows(self, source: str) -> bool:
        """Take one from the source's bucket; False if it is empty.

        Of many sources the one that was silent for longest is forgotten.
        """
        now = self._monotonic()
        bucket = self._buckets.setdefault(source, _Bucket(self._burst, now))
        self._buckets.move_to_end(source)
        if len(self._buckets) > _MOST_SOURCES:
            self._buckets.popitem(last=False)
        grown = bucket.left + (now - bucket.filled_at) * self._per_second
        bucket.left, bucket.filled_at = min(self._burst, grown), now
        if bucket.left < 1:
            return False
        bucket.left -= 1
        return True


class Seldom:
    """Whether it is time to say something again that may be true very often."""

    def __init__(
        self, monotonic: Callable[[], float], *, every_s: float = 600.0
    ) -> None:
        self._monotonic = monotonic
        self._every_s = every_s
        self._last: float | None = None

    def is_due(self) -> bool:
        """True at first, and then at most once in the time."""
        now = self._monotonic()
        if self._last is not None and now - self._last < self._every_s:
            return False
        self._last = now
        return True
