"""Sends signed events over many connections, with as little work as can be.

Bytes lie ready and answers are only counted, so that the sender takes no part of the
machine that the receiver should have. One request at a time on each connection.
"""

import asyncio
import hashlib
import hmac
import itertools
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import cast

import uvloop

APP_KEY, APP_SECRET = "bench_key", "bench_secret"
_END = b"\r\n\r\n"


@dataclass(slots=True)
class Sent:
    """What was answered, and how long each answer took, in seconds."""

    taken: int = 0
    refused: int = 0
    times_s: list[float] = field(default_factory=list[float])
    wall_s: float = 0.0

    @property
    def per_second(self) -> float:
        return self.taken / self.wall_s

    def quantile_ms(self, share: float) -> float:
        ordered = sorted(self.times_s)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def requests(first: int) -> Iterator[bytes]:
    """Signed requests without end, each with an id of its own."""
    started = hmac.new(APP_SECRET.encode(), APP_KEY.encode(), hashlib.sha256)
    for number in itertools.count(first):
        body = (
            b'{"type":1,"tts_notification_id":"%019d","shop_id":"7494049642642441621",'
            b'"timestamp":1768046400,"data":{"order_id":"%018d","order_status":'
            b'"AWAITING_SHIPMENT","is_on_hold_order":false,"update_time":1768046400}}'
        ) % (number, 576486316948490001)
        digest = started.copy()
        digest.update(body)
        yield (
            b"POST /webhooks/tiktok HTTP/1.1\r\nHost: receiver\r\n"
            b"Content-Type: application/json\r\nAuthorization: %s\r\n"
            b"Content-Length: %d\r\n\r\n%s"
        ) % (digest.hexdigest().encode(), len(body), body)


class _Sender(asyncio.Protocol):
    def __init__(self, todo: Iterator[bytes], sent: Sent, end: float) -> None:
        self._todo, self._sent, self._end = todo, sent, end
        self._buffer = b""
        self._begun = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # uvloop's transports are none of asyncio's classes.
        self._transport = cast("asyncio.WriteTransport", transport)
        self._next()

    def _next(self) -> None:
        self._begun = time.perf_counter()
        if self._begun > self._end:
            self._transport.close()
            return
        self._transport.write(next(self._todo))

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if _END not in self._buffer:
            return
        is_taken = self._buffer.startswith(b"HTTP/1.1 200")
        self._buffer = b""
        self._sent.taken += is_taken
        self._sent.refused += not is_taken
        self._sent.times_s.append(time.perf_counter() - self._begun)
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        if not self.done.done():
            self.done.set_result(None)


async def _send(port: int, connections: int, seconds: float, first: int) -> Sent:
    loop, sent = asyncio.get_running_loop(), Sent()
    begun = time.perf_counter()
    todo = requests(first)
    protocols = [
        (
            await loop.create_connection(
                lambda: _Sender(todo, sent, begun + seconds), "127.0.0.1", port
            )
        )[1]
        for _ in range(connections)
    ]
    await asyncio.gather(*(protocol.done for protocol in protocols))
    sent.wall_s = time.perf_counter() - begun
    return sent


def send(port: int, *, connections: int, seconds: float, first: int) -> Sent:
    """Send for so long; events are numbered from ``first``."""
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_send(port, connections, seconds, first))
