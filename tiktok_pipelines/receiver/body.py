"""Reading a body of whoever sends it: bounded in size, in time, and over all at once.

Nothing is known of the sender before the body is there: the signature is of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from contextlib import suppress
from typing import Any

Message = MutableMapping[str, Any]
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]

LARGEST_BODY = 2 * 1024 * 1024
MOST_UNVERIFIED = 16 * LARGEST_BODY
"""Of all bodies that are not whole yet."""
_WITHIN_S = 10.0
_DRAINED = 8 * LARGEST_BODY
"""So much of a body that is not wanted is read and forgotten, to answer politely."""


class UnreadError(Exception):
    """The body is not to be had.

    Attributes:
        status: the answer; None if the client left, and nobody waits for one.
        has_more: whether the client is still sending.
    """

    def __init__(self, status: int | None, *, has_more: bool = False) -> None:
        super().__init__(status)
        self.status = status
        self.has_more = has_more


class Bodies:
    """Reads bodies; most come in one piece, and that way costs next to nothing."""

    def __init__(self) -> None:
        self._bytes = 0

    async def read(self, scope: Scope, receive: Receive) -> bytes:
        """The whole body.

        Raises:
            UnreadError: it is too large, too slow, one of too many, or its sender left.
        """
        if _declared(scope["headers"]) > LARGEST_BODY:
            raise UnreadError(413, has_more=True)
        try:
            async with asyncio.timeout(_WITHIN_S):
                message = await receive()
                if message.get("more_body") or message["type"] != "http.request":
                    return await self._pieces(message, receive)
        except TimeoutError:
            raise UnreadError(408) from None
        body: bytes = message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise UnreadError(413)
        return body

    async def _pieces(self, message: Message, receive: Receive) -> bytes:
        pieces: list[bytes] = []
        size = 0
        try:
            while message["type"] == "http.request":
                piece: bytes = message.get("body", b"")
                pieces.append(piece)
                size += len(piece)
                self._bytes += len(piece)
                has_more = bool(message.get("more_body"))
                self._bound(size, has_more=has_more)
                if not has_more:
                    return b"".join(pieces)
                message = await receive()
        finally:
            self._bytes -= size
        raise UnreadError(None)

    def _bound(self, size: int, *, has_more: bool) -> None:
        if size > LARGEST_BODY:
            raise UnreadError(413, has_more=has_more)
        if self._bytes > MOST_UNVERIFIED:
            raise UnreadError(503, has_more=has_more)


def _declared(headers: Sequence[tuple[bytes, bytes]]) -> int:
    """The length that the request tells; 0 if it tells none."""
    for name, value in headers:
        if name == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def forget_rest(receive: Receive) -> None:
    """Take what still comes: who is not listened to does not read the answer."""
    left = _DRAINED
    with suppress(TimeoutError):
        async with asyncio.timeout(_WITHIN_S):
            while left > 0:
                message = await receive()
                if not message.get("more_body"):
                    return
                left -= len(message.get("body", b""))
