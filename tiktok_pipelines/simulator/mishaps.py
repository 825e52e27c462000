"""What goes wrong with webhooks on their way, each by a chance of its own."""

from dataclasses import dataclass, field
from threading import RLock

from tiktok_pipelines.simulator.chance import Dice

MISHAPS = {
    "lost": "the attempt never arrives; the next one is due by the schedule",
    "late": "it is sent some seconds later than it should be",
    "twice": "it is sent again right after it was taken",
    "shuffled": "it is held back until others have overtaken it",
    "unanswered": "its answer is ignored, as if it had come too late",
    "forged": "a copy of it is sent besides, signed with another secret",
    "huge": "an event of five megabytes is sent besides",
    "unparsable": "a signed body that is no JSON is sent besides",
}


@dataclass(slots=True)
class Mishaps:
    """How likely each is; chance repeats itself."""

    seed: int
    rates: dict[str, float] = field(default_factory=dict[str, float])
    hits: dict[str, int] = field(default_factory=dict[str, int])
    _drawn: int = 0
    _lock: RLock = field(default_factory=RLock)

    def set(self, rates: dict[str, float]) -> None:
        """Switch mishaps on; a rate of 0 is off, others stay as they are.

        Raises:
            ValueError: no such mishap, or a rate is no share.
        """
        for kind, rate in rates.items():
            if kind not in MISHAPS:
                raise ValueError(f"no mishap {kind!r}: one of {', '.join(MISHAPS)}")
            if not 0 <= rate <= 1:
                raise ValueError(f"the rate of {kind} must be from 0 to 1")
        with self._lock:
            self.rates.update(rates)

    def clear(self) -> None:
        """Switch all off."""
        with self._lock:
            self.rates.clear()

    def strikes(self, kind: str) -> bool:
        """Whether it happens now."""
        with self._lock:
            rate = self.rates.get(kind, 0.0)
            if not rate:
                return False
            self._drawn += 1
            is_struck = Dice(self.seed, self._drawn, 0x3A).random() < rate
            if is_struck:
                self.hits[kind] = self.hits.get(kind, 0) + 1
            return is_struck
