"""Serving the receiver: one uvicorn worker, no log of addresses."""

import socket

import uvicorn

from tiktok_pipelines.receiver.app import ReceiverApp


def run(app: ReceiverApp, host: str, port: int) -> None:
    """Serve until SIGINT or SIGTERM; call it from the main thread.

    Addresses of callbacks hold codes, so no request is logged. A proxy on this machine
    is believed about where a request came from.

    Raises:
        OSError: the port is taken.
    """
    listener = socket.create_server((host, port), backlog=2048)
    server = uvicorn.Server(
        uvicorn.Config(
            app,  # pyright: ignore[reportArgumentType] - uvicorn types scopes more narrowly
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    )
    with listener:
        server.run([listener])
