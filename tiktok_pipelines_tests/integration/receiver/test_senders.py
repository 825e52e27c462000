"""Senders that are slow, silent, many or long: each is answered, none is held."""

import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from cryptography.fernet import Fernet

from tiktok_pipelines.receiver.body import LARGEST_BODY, MOST_UNVERIFIED
from tiktok_pipelines.receiver.server import MOST_CONNECTIONS
from tiktok_pipelines_tests.integration.receiver.lives import Process, free_port
from tiktok_pipelines_tests.integration.receiver.processes import serve_honestly
from tiktok_pipelines_tests.integration.receiver.served import Receiver
from tiktok_pipelines_tests.waiting import until

_PATIENCE_S = 25
_HEAD = b"POST /webhooks/tiktok HTTP/1.1\r\nhost: x\r\n"
Connect = Callable[[bytes], socket.socket]


@pytest.fixture
def connect(receiver: Receiver) -> Iterator[Connect]:
    """Open a connection and send the bytes."""
    address = urlsplit(receiver.url)
    with ExitStack() as opened:

        def send(told: bytes) -> socket.socket:
            where = (address.hostname or "", address.port or 0)
            connection = socket.create_connection(where, timeout=_PATIENCE_S)
            opened.enter_context(connection)
            connection.sendall(told)
            return connection

        yield send


def answer_of(connection: socket.socket) -> bytes:
    """All that comes until the other side closes."""
    return b"".join(iter(lambda: connection.recv(65536), b""))


def declared(size: int) -> bytes:
    return _HEAD + b"content-length: %d\r\n\r\n" % size


def test_who_is_too_slow_is_told_so_and_who_asks_nothing_is_let_go(
    connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    slow = [connect(declared(9) + sent) for sent in (b"", b"{")]
    silent = [connect(sent) for sent in (b"", b"P", _HEAD)]
    asked = b"GET /webhooks/tiktok HTTP/1.1\r\nhost: x\r\n\r\n"
    kept, idle = connect(asked + b"GET"), connect(asked)

    answers = [answer_of(connection) for connection in slow]

    assert all(answer.startswith(b"HTTP/1.1 408") for answer in answers)
    assert all(b"connection: close" in answer.lower() for answer in answers)
    assert [answer_of(connection) for connection in silent] == [b""] * 3
    assert answer_of(kept).startswith(b"HTTP/1.1 405")
    assert answer_of(idle).startswith(b"HTTP/1.1 405")
    assert not [r for r in caplog.records if r.levelname == "ERROR"]


def test_a_length_that_is_too_large_is_answered_before_the_body_comes(
    connect: Connect,
) -> None:
    connection = connect(declared(LARGEST_BODY + 1))
    begun = time.monotonic()

    assert connection.recv(65536).startswith(b"HTTP/1.1 413")
    assert time.monotonic() - begun < 5


def test_a_body_of_unknown_length_that_is_too_large_is_answered_413(
    receiver: Receiver,
) -> None:
    pieces = (b"x" * 65536 for _ in range(LARGEST_BODY // 65536 + 1))

    answer = receiver.http.post("/webhooks/tiktok", content=pieces)

    assert answer.status_code == 413


def test_bodies_that_do_not_end_are_bounded_together_and_events_land(
    connect: Connect, receiver: Receiver
) -> None:
    part = LARGEST_BODY - 1000
    count = MOST_UNVERIFIED // part + 1
    many = [connect(declared(LARGEST_BODY) + b"x" * part) for _ in range(count)]

    def refused() -> Sequence[bytes]:
        return [told for told in map(_told_so_far, many) if told]

    until(lambda: bool(refused()), patience_s=8)
    receiver.send(1)


def _told_so_far(connection: socket.socket) -> bytes:
    connection.setblocking(False)
    try:
        told = connection.recv(65536, socket.MSG_PEEK)
    except BlockingIOError:
        return b""
    assert told.startswith(b"HTTP/1.1 503")
    return told


def test_connections_beyond_what_a_process_may_hold_are_answered_503(
    database_url: str, tmp_path: Path
) -> None:
    environment = {
        "TIKTOK_APP_KEY": "key",
        "TIKTOK_APP_SECRET": "secret",
        "TIKTOK_DATABASE_URL": database_url,
        "TIKTOK_HOME": str(tmp_path),
        "TIKTOK_ENCRYPTION_KEYS": Fernet.generate_key().decode(),
    }
    process = Process(serve_honestly, environment, free_port())
    process.start()
    try:
        url = f"http://127.0.0.1:{process.port}/healthz"
        with ExitStack() as opened:
            for _ in range(MOST_CONNECTIONS):
                where = ("127.0.0.1", process.port)
                opened.enter_context(socket.create_connection(where))
            until(lambda: httpx.get(url).status_code == 503, patience_s=5)
        until(lambda: httpx.get(url).status_code == 200, patience_s=5)
    finally:
        process.kill()
