"""Half-open windows of time, the unit in which everything is pulled."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True, order=True)
class TimeWindow:
    """``start`` included, ``end`` excluded; aware UTC datetimes, whole seconds.

    Raises:
        ValueError: a bound is naive, or the window is empty.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a window needs aware datetimes: add tzinfo=UTC")
        if self.start >= self.end:
            raise ValueError(f"empty window: {self.start} is not before {self.end}")

    @classmethod
    def of_day(cls, day: date) -> "TimeWindow":
        """The UTC day."""
        start = datetime(day.year, day.month, day.day, tzinfo=UTC)
        return cls(start, start + timedelta(days=1))

    @classmethod
    def of_epochs(cls, start: int, end: int) -> "TimeWindow":
        """From Unix seconds; the inverse of ``start_epoch`` and ``end_epoch``."""
        return cls(datetime.fromtimestamp(start, UTC), datetime.fromtimestamp(end, UTC))

    @property
    def start_epoch(self) -> int:
        """First second, as Unix seconds."""
        return int(self.start.timestamp())

    @property
    def end_epoch(self) -> int:
        """First second after the window, as Unix seconds."""
        return int(self.end.timestamp())

    def split(self, step: timedelta) -> Iterator["TimeWindow"]:
        """Cut the window into consecutive windows of at most ``step``.

        The pieces neither overlap nor leave a gap, so pulling each pulls the whole.

        Raises:
            ValueError: ``step`` is not positive.
        """
        if step <= timedelta(0):
            raise ValueError(f"step must be positive, not {step}")
        start = self.start
        while start < self.end:
            end = min(start + step, self.end)
            yield TimeWindow(start, end)
            start = end

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%dT%H:%M:%SZ}..{self.end:%Y-%m-%dT%H:%M:%SZ}"
