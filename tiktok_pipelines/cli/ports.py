"""A port that is free, near the one that was asked for."""

import socket

from tiktok_pipelines.cli.group import say
from tiktok_pipelines.errors import ConfigurationError

_TRIES = 100


def free_port(wanted: int, *, host: str = "127.0.0.1") -> int:
    """The port, or the next free one, which is said aloud.

    Raises:
        ConfigurationError: none of the next hundred is free.
    """
    for port in range(wanted, min(wanted + _TRIES, 65536)):
        if _is_free(host, port):
            if port != wanted:
                say(f"Port {wanted} is busy: using {port}.")
            return port
    raise ConfigurationError(
        f"no port from {wanted} on is free: expected one; pass another with --port"
    )


def _is_free(host: str, port: int) -> bool:
    with socket.socket() as probe:
        # As a server does it: a port in TIME_WAIT is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
