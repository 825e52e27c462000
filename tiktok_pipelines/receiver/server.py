"""Serving the receiver: one uvicorn worker, no log of addresses."""

import asyncio
import socket

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tiktok_pipelines.receiver.app import ReceiverApp

MOST_CONNECTIONS = 800
"""Beyond it 503: below the 1024 files that a process may commonly open."""
_ASKS_WITHIN_S = 10.0


def run(app: ReceiverApp, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; call it from the main thread.

    Addresses of callbacks hold codes, so no request is logged. A proxy on this machine
    is believed about where a request came from.

    Raises:
        OSError: the port is taken.
    """
    listener = socket.create_server((host, port), backlog=2048)
    server = uvicorn.Server(config_of(app))
    with listener:
        server.run([listener])


def config_of(app: ReceiverApp) -> uvicorn.Config:
    """How it is served."""
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType] - uvicorn types scopes more narrowly
        http=_Protocol,
        ws="none",
        lifespan="on",
        access_log=False,
        log_level="warning",
        server_header=False,
        timeout_graceful_shutdown=5,
        limit_concurrency=MOST_CONNECTIONS,
    )


class _Protocol(HttpToolsProtocol):
    """Closes a connection on which nothing is asked for; uvicorn holds it for ever.

    It looks now and then, so that a request costs nothing.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride] - as uvicorn's own
        super().connection_made(transport)
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        self._looks.cancel()
        super().connection_lost(exc)

    def _look_later(self) -> None:
        self._looks = self.loop.call_later(_ASKS_WITHIN_S, self._look, self.cycle)

    def _look(self, before: object) -> None:
        """Close if since the last time there was no request, and there is none now."""
        is_idle = not self.cycle or self.cycle.response_complete
        if is_idle and self.cycle is before:
            self.transport.close()
        else:
            self._look_later()
