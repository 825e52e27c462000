"""Waiting for what others do: patient, as machines are busy."""

import time
from collections.abc import Callable

PATIENCE_S = 60.0


def until(is_so: Callable[[], bool], patience_s: float = PATIENCE_S) -> None:
    """Wait until it is so."""
    end = time.monotonic() + patience_s
    while not is_so():
        assert time.monotonic() < end, "it did not come to pass"
        time.sleep(0.02)
