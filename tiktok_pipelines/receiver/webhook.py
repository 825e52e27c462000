"""``POST /webhooks/tiktok``: verify, land, answer; bare ASGI, as every event pays it.

Answers have no body: 200 it is on disk, 401 it is not TikTok's, 408 too slow, 413 too
large, 429 too many that are not TikTok's, 503 not on disk: send it again.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.receiver.body import (
    Bodies,
    Receive,
    Scope,
    UnreadError,
    forget_rest,
)
from tiktok_pipelines.receiver.inbox import Inbox
from tiktok_pipelines.receiver.limits import SourceLimit
from tiktok_pipelines.receiver.rejects import Refused, reason_of
from tiktok_pipelines.receiver.rows import RawHeaders, row_of

Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]


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
        self._bodies = Bodies()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] != "POST":
            await answer(send, 405, (b"allow", b"POST"))
            return
        try:
            body = await self._bodies.read(scope, receive)
        except UnreadError as unread:
            await _turn_away(unread, receive, send)
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


async def _turn_away(unread: UnreadError, receive: Receive, send: Send) -> None:
    """Answer at once; then let the client end what it sends, and close."""
    if unread.status is None:
        return
    await _begin(send, unread.status, (b"connection", b"close"))
    if unread.has_more:
        await forget_rest(receive)
    await send({"type": "http.response.body"})


async def answer(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    """An answer without a body."""
    await _begin(send, status, *headers)
    await send({"type": "http.response.body"})


async def _begin(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    await send(
        {
            "type": "http.response.start",
            "status": status,
            "headers": [(b"content-length", b"0"), *headers],
        }
    )
