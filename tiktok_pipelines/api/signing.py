"""The signature of a request (API 202309 and later), and the httpx auth that adds it.

Source: docs/tiktok-shop-api.md, "Signature".
"""

import hashlib
import hmac
from collections.abc import Generator, Iterable

import httpx

from tiktok_pipelines.api.app import App
from tiktok_pipelines.clock import Clock

_NOT_SIGNED = frozenset({"sign", "access_token"})


def sign(
    path: str,
    query: Iterable[tuple[str, str]],
    *,
    body: bytes,
    content_type: str,
    secret: str,
) -> str:
    """The value of ``sign``: lower-case hex HMAC-SHA256.

    Args:
        path: as sent, ids filled in, without host and query.
        query: decoded pairs in any order; ``sign`` and ``access_token`` are ignored.
        body: the very bytes that are sent; left out for multipart content.
        content_type: of the body, with or without parameters.
        secret: the app's.
    """
    signed = (pair for pair in query if pair[0] not in _NOT_SIGNED)
    pairs = sorted(signed, key=lambda pair: pair[0])
    text = path + "".join(name + value for name, value in pairs)
    is_multipart = content_type.strip().lower().startswith("multipart/form-data")
    signed_body = b"" if is_multipart else body
    key = secret.encode()
    message = key + text.encode() + signed_body + key
    return hmac.new(key, message, hashlib.sha256).hexdigest()


class RequestSigner(httpx.Auth):
    """Adds ``app_key``, ``timestamp`` and ``sign`` at the moment of sending.

    A request that passes through again gets a new timestamp and signature.
    """

    requires_request_body = True

    def __init__(self, app: App, clock: Clock) -> None:
        self._app = app
        self._clock = clock

    def auth_flow(
        self, request: httpx.Request
    ) -> Generator[httpx.Request, httpx.Response, None]:
        """Sign what is about to be sent."""
        query = request.url.params
        query = query.set("app_key", self._app.key).remove("sign")
        query = query.set("timestamp", str(int(self._clock.now().timestamp())))
        signature = sign(
            request.url.path,
            query.multi_items(),
            body=request.content,
            content_type=request.headers.get("Content-Type", ""),
            secret=self._app.secret.get_secret_value(),
        )
        request.url = request.url.copy_with(params=query.set("sign", signature))
        yield request
