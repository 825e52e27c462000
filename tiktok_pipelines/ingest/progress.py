"""How far a long load has come: the day, done of total, rows, rate, time left."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.ledger import WindowResult

_QUIET = timedelta(seconds=5)


@dataclass(slots=True)
class Progress:
    """Tells at most every five seconds, and at the end; ``total`` 0 is unknown."""

    what: str
    total: int
    clock: Clock
    log: Callable[[str], None]
    done: int = 0
    orders: int = 0
    rows: int = 0
    _started_at: datetime = field(init=False)
    _told_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._started_at = self._told_at = self.clock.now()

    def take(self, result: WindowResult) -> None:
        """Count a window that is done."""
        self.done += 1
        self.orders += result.counts.ids
        self.rows += result.rows_written
        now = self.clock.now()
        if self.done == self.total or now - self._told_at >= _QUIET:
            self._told_at = now
            self.log(f"{self.told(now)}; the last was {result.window.start:%Y-%m-%d}")

    def told(self, now: datetime) -> str:
        """One line of progress."""
        passed_s = max((now - self._started_at).total_seconds(), 0.001)
        line = f"{self.what} {self.done}"
        if self.total:
            left = timedelta(
                seconds=round(passed_s / max(self.done, 1) * (self.total - self.done))
            )
            line += f" of {self.total} ({100 * self.done // self.total} %), {left} left"
        return (
            f"{line}, {self.orders:,} orders, {self.rows:,} rows written,"
            f" {self.orders / passed_s:,.0f} orders/s"
        )
