"""Ports that are busy, and whose neighbours stay free until somebody takes them."""

import random
import socket
from collections.abc import Generator
from contextlib import contextmanager

_NOT_FOR_CALLERS = range(20_000, 32_000)
"""Outgoing connections get numbers above, and might take the next one meanwhile."""


@contextmanager
def busy_port() -> Generator[int]:
    """A port that someone else listens on."""
    with _listener() as listener:
        yield listener.getsockname()[1]


def _listener() -> socket.socket:
    for port in random.Random().sample(_NOT_FOR_CALLERS, 100):
        try:
            return socket.create_server(("127.0.0.1", port))
        except OSError:
            continue
    raise AssertionError("a hundred ports are busy")
