"""Serving a simulator over real HTTP: in a thread for tests, or as a process."""

import asyncio
import signal
import socket
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from tiktok_pipelines.simulator.app import build_app
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.simulator import Simulator

_START_TIMEOUT_S = 30
_STOP_TIMEOUT_S = 10


class _Protocol(HttpToolsProtocol):
    """HTTP that the app can end: ``hang_up`` in the scope's state."""

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(transport)
        # What was written is sent first.
        self.app_state = {**self.app_state, "hang_up": transport.close}


class _Server(uvicorn.Server):
    """Tells when it is ready, and leaves signals to its caller."""

    def __init__(self, sim: Simulator) -> None:
        super().__init__(
            uvicorn.Config(
                build_app(sim, is_stopping=lambda: self.should_exit),
                http=_Protocol,
                lifespan="off",
                ws="none",
                log_config=None,
                access_log=False,
                date_header=False,  # the app tells its own time
                timeout_graceful_shutdown=2,
            )
        )
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Generator[None]:
        yield


@contextmanager
def serve(sim: Simulator, port: int = 0, *, host: str = "127.0.0.1") -> Generator[str]:
    """Serve in a thread; gives the base URL, and stops when the block ends.

    Port 0 takes any free port.

    Raises:
        OSError: the port is taken.
    """
    with _listen(host, port) as listener:
        server = _Server(sim)
        thread = threading.Thread(
            target=server.run, args=([listener],), name="simulator", daemon=True
        )
        thread.start()
        sim.postman.start()
        try:
            if not server.ready.wait(_START_TIMEOUT_S):
                raise OSError("the simulator did not start in time")
            yield _url_of(listener)
        finally:
            sim.postman.stop()
            server.should_exit = True
            thread.join(_STOP_TIMEOUT_S)


def run(
    config: SimulatorConfig,
    host: str = "127.0.0.1",
    port: int = 8900,
    *,
    on_ready: Callable[[str, Simulator], None] | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM; call it from the main thread.

    Args:
        config: what to serve.
        host: the address to listen at.
        port: 0 takes any free port.
        on_ready: told the base URL once requests can be sent.

    Raises:
        OSError: the port is taken.
    """
    with _listen(host, port) as listener:
        sim = Simulator(config)
        server = _Server(sim)
        with _stopped_by_signals(server):
            if on_ready is not None:
                on_ready(_url_of(listener), sim)  # the socket queues requests already
            sim.postman.start()
            server.run([listener])
            sim.postman.stop()


@contextmanager
def _stopped_by_signals(server: _Server) -> Generator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _listen(host: str, port: int) -> socket.socket:
    return socket.create_server((host, port), backlog=1024)


def _url_of(listener: socket.socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"
