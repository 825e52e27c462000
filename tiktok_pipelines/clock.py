"""Time as an argument: the one module that asks the machine what time it is."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """What the project needs of time."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        ...

    def sleep(self, seconds: float) -> None:
        """Wait; a clock of a test may only move its hands."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present as an aware UTC datetime."""
        return datetime.now(UTC)

    def sleep(self, seconds: float) -> None:
        """Wait in real time; nothing for zero or less."""
        if seconds > 0:
            time.sleep(seconds)


def from_epoch(seconds: int) -> datetime:
    """Unix seconds as an aware UTC datetime."""
    return datetime.fromtimestamp(seconds, UTC)
