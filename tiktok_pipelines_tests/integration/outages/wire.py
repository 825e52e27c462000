"""A wire to the server on which answers get lost."""

import socket
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field


@dataclass(slots=True)
class LossyWire:
    """Passes bytes between clients and the server, but for the answer to a COMMIT.

    The server commits then, while the client's connection is cut; ``to_lose`` times.
    """

    socket_file: str
    to_lose: int = 0
    lost: int = 0
    _threads: list[threading.Thread] = field(
        default_factory=list[threading.Thread], init=False
    )

    @contextmanager
    def open(self) -> Generator[int]:
        """The port to connect to."""
        with socket.create_server(("127.0.0.1", 0)) as listener:
            accepting = threading.Thread(target=self._accept, args=(listener,))
            accepting.start()
            try:
                yield listener.getsockname()[1]
            finally:
                listener.shutdown(socket.SHUT_RDWR)
                accepting.join(timeout=60)
        for thread in self._threads:
            thread.join(timeout=60)

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):  # the end of the listener
            while True:
                client, _ = listener.accept()
                thread = threading.Thread(target=self._serve, args=(client,))
                self._threads.append(thread)
                thread.start()

    def _serve(self, client: socket.socket) -> None:
        """Both directions of one connection, until either end is gone."""
        with client, socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
            server.connect(self.socket_file)
            back = threading.Thread(target=self._answer, args=(server, client))
            back.start()
            with suppress(OSError):
                while (data := client.recv(65536)) and not self._is_to_lose(data):
                    server.sendall(data)
                if data:
                    _cut(client)  # first, so that nothing of the answer reaches it
                    server.sendall(data)
                    time.sleep(0.05)
            _cut(server)
            back.join(timeout=60)

    def _is_to_lose(self, data: bytes) -> bool:
        if not (self.to_lose and data.endswith(b"COMMIT\0")):
            return False
        self.to_lose -= 1
        self.lost += 1
        return True

    def _answer(self, server: socket.socket, client: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                client.sendall(data)
        _cut(client)


def _cut(end: socket.socket) -> None:
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
