"""HTTP/1.1 as far as a load needs it, and as cheap as Python allows.

Answers are bytes that lie ready; a late one is sent by the loop's timer, so that
waiting costs nothing.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from urllib.parse import parse_qsl

Buffers = Sequence[bytes | memoryview]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; header names are lower case."""

    method: str
    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent, after so many seconds."""

    body: Buffers
    status: int = HTTPStatus.OK
    headers: dict[str, str] = field(default_factory=dict[str, str])
    delay_s: float = 0.0


Answering = Callable[[Request], Reply]


class Connection(asyncio.Protocol):
    """One client's connection, kept open; requests come one after the other."""

    def __init__(self, answer: Answering) -> None:
        self._answer = answer
        self._received = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._transport = None

    def data_received(self, data: bytes) -> None:
        self._received += data
        request = self._take()
        if request is None:
            return
        reply = self._answer(request)
        if reply.delay_s:
            asyncio.get_running_loop().call_later(reply.delay_s, self._send, reply)
        else:
            self._send(reply)

    def _take(self) -> Request | None:
        """The request, once it is whole."""
        head, found, rest = self._received.partition(b"\r\n\r\n")
        if not found:
            return None
        first, *lines = head.decode("latin-1").split("\r\n")
        pairs = (line.partition(":") for line in lines)
        headers = {name.lower(): value.strip() for name, _, value in pairs}
        length = int(headers.get("content-length", "0"))
        if len(rest) < length:
            return None
        self._received = rest[length:]
        method, address, _ = first.split(" ")
        path, _, query = address.partition("?")
        return Request(method, path, dict(parse_qsl(query)), headers, rest[:length])

    def _send(self, reply: Reply) -> None:
        if self._transport is None:
            return
        headers = {
            "Content-Type": "application/json",
            "Content-Length": str(sum(map(len, reply.body))),
            **reply.headers,
        }
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        head = (
            f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}\r\n{lines}\r\n"
        )
        self._transport.write(head.encode("latin-1"))
        for part in reply.body:
            self._transport.write(part)


async def serve(answer: Answering, on_ready: Callable[[str], None]) -> None:
    """Serve at a free port of this machine until the process is ended."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(answer), "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()[:2]
    on_ready(f"http://{host}:{port}")
    async with server:
        await server.serve_forever()
