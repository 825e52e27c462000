"""Time that flows for the simulator and for every process alike, and jumps at will.

All processes read one pair of hands, so that the times at which they fetch are in the
order in which they fetch, as on machines whose clocks are right.
"""

import threading
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tiktok_pipelines.simulator import Simulator

SPEED = 20.0
"""Seconds that pass for the shops while one passes here."""
STILL = 0.001
"""Next to nothing: two fetches are never at one time, yet no order changes."""
_TICK_S = 0.02


@dataclass(frozen=True, slots=True)
class HandsClock:
    """A process's clock: it reads the hands from their file."""

    hands: Path

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.read()[0], UTC)

    def sleep(self, seconds: float) -> None:
        time.sleep(min(max(seconds / self.read()[1], 0.001), 1.0))

    def read(self) -> tuple[float, float, float]:
        """The time in Unix seconds, how fast it flows, and the machine's own."""
        at, since, speed = map(float, self.hands.read_text().split())
        machine = time.monotonic()
        return at + (machine - since) * speed, speed, machine


class Flow:
    """Moves the hands, and the simulator with them."""

    def __init__(self, simulator: Simulator, hands: Path) -> None:
        self.clock = HandsClock(hands)
        self._simulator = simulator
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._set(simulator.clock.now().timestamp(), time.monotonic(), SPEED)

    @contextmanager
    def running(self) -> Generator["Flow"]:
        """Let time flow for as long as the block takes."""
        thread = threading.Thread(target=self._run, name="flow", daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            thread.join()

    def jump(self, by: timedelta) -> None:
        """Let much happen at once, and only then tell the time.

        Or a process would take a day for over of which the shops still have some.
        """
        with self._lock:
            at, speed, machine = self.clock.read()
            self._simulator.clock.advance(by)
            self._set(at + by.total_seconds(), machine, speed)

    def stand_still(self) -> None:
        """Nothing happens any more."""
        with self._lock:
            self._stop.set()
            at, _, machine = self.clock.read()
            self._set(at, machine, STILL)
            self._follow()

    def _run(self) -> None:
        while not self._stop.wait(_TICK_S):
            with self._lock:
                self._follow()

    def _follow(self) -> None:
        behind = self.clock.now() - self._simulator.clock.now()
        if behind > timedelta(0):
            self._simulator.clock.advance(behind)

    def _set(self, at: float, machine: float, speed: float) -> None:
        """Written aside and put in place: nobody reads half of it."""
        aside = self.clock.hands.with_suffix(".new")
        aside.write_text(f"{at!r} {machine!r} {speed!r}")
        aside.replace(self.clock.hands)
