"""``POST /webhooks/tiktok``: verify, land, answer; bare ASGI, as every event pays it.

Answers have no body: 200 it is on disk, 401 it is not TikTok's, 413 too large, 429 too
many that are not TikTok's, 503 not on disk: send it again.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

import asyncio
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.receiver.inbox import Inbox
from tiktok_pipelines.receiver.limits import SourceLimit
from tiktok_pipelines.receiver.rejects import Refused, reason_of
from tiktok_pipelines.receiver.rows import RawHeaders, row_of

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LARGEST_BODY = 2 * 1024 * 1024
_DRAINED = 8 * LARGEST_BODY
"""So much of a body that is too large is read and forgotten, to answer politely."""
_BODY_WITHIN_S = 10.0


class _GoneError(Exception):
    """The client left, or never sent all of the body."""


class _TooLargeError(Exception):
    """Of the body only this much was read."""


class WebhookEndpoint:
    """Lands what is genuine."""

    def __init__(
        self,
        verifier: WebhookVerifier,
        inbox: Inbox,
        limit: SourceLimit,
        *,
        now: Callable[[], float],
    ) -> None:
        self._verifier = verifier
        self._inbox = inbox
        self._limit = limit
        self._now = now

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await answer(send, 405, (b"allow", b"POST"))
            return
        try:
            body = await _whole_body(receive)
        except _TooLargeError:
            await answer(send, 413, (b"connection", b"close"))
            return
        except _GoneError:
            return
        await answer(send, await self._judge(scope, body))

    async def _judge(self, scope: Scope, body: bytes) -> int:
        headers: RawHeaders = scope["headers"]
        signatures = [value for name, value in headers if name == b"authorization"]
        is_one = len(signatures) == 1
        if is_one and self._verifier.is_genuine(body, signatures[0]):
            self._inbox.rejects.note_genuine()
            landed = await self._inbox.land(row_of(body, headers, self._now()))
            return 200 if landed else 503
        return self._refuse(scope, body, reason_of(signatures))

    def _refuse(self, scope: Scope, body: bytes, reason: str) -> int:
        source = source_of(scope)
        names = [name for name, _ in scope["headers"]]
        self._inbox.rejects.note(Refused(source, reason, body, names, self._now()))
        return 401 if self._limit.allows(source) else 429


def source_of(scope: Scope) -> str:
    """The address that a request came from; a proxy on this machine is asked."""
    client = cast("tuple[str, int] | None", scope.get("client"))
    return client[0] if client else "unknown"


async def answer(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    """An answer without a body."""
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-length", b"0"), *headers],
        }
    )
    await send({"type": "http.response.body"})


async def _whole_body(receive: Receive) -> bytes:
    """The body; most come in one piece, and that way costs nothing."""
    message = await receive()
    if message["type"] == "http.request" and not message.get("more_body"):
        body: bytes = message.get("body", b"")
        if len(body) > LARGEST_BODY:
            raise _TooLargeError
        return body
    try:
        async with asyncio.timeout(_BODY_WITHIN_S):
            return await _pieces(message, receive)
    except TimeoutError:
        raise _GoneError from None


async def _pieces(message: MutableMapping[str, Any], receive: Receive) -> bytes:
    pieces: list[bytes] = []
    size = 0
    while True:
        if message["type"] != "http.request":
            raise _GoneError
        piece: bytes = message.get("body", b"")
        size += len(piece)
        if size <= LARGEST_BODY:
            pieces.append(piece)
        if size > _DRAINED or (size > LARGEST_BODY and not message.get("more_body")):
            raise _TooLargeError
        if not message.get("more_body"):
            return b"".join(pieces)
        message = await receive()
