"""The simulator's own time: frozen or running, and only ever forwards."""

import time
from datetime import UTC, datetime, timedelta


class SimulatedClock:
    """Time that tests can move.

    With a start it stands still until it is advanced; with None it runs with real
    time, plus what it was advanced. Setting the machine's clock does not move it.
    """

    def __init__(self, start: datetime | None = None) -> None:
        self._runs = start is None
        self._start = (start or datetime.now(UTC)).astimezone(UTC)
        self._started_s = time.monotonic()
        self._advanced = timedelta(0)

    def now(self) -> datetime:
        """The simulated present, aware UTC."""
        ran_s = time.monotonic() - self._started_s if self._runs else 0.0
        return self._start + self._advanced + timedelta(seconds=ran_s)

    def epoch(self) -> int:
        """The simulated present in Unix seconds."""
        return int(self.now().timestamp())

    def elapsed_s(self) -> float:
        """Seconds that real time and advances gave; what rate limits count by.

        It runs while the simulated time is frozen, or limits would never refill.
        """
        return time.monotonic() - self._started_s + self._advanced.total_seconds()

    def advance(self, by: timedelta) -> None:
        """Move the present forwards.

        Raises:
            ValueError: ``by`` is negative; what has happened stays.
        """
        if by < timedelta(0):
            raise ValueError(f"time only moves forwards, not by {by}")
        self._advanced += by
