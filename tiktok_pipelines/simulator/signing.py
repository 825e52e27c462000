"""The simulator's own recipe for request signatures.

Doubled on purpose: a client that is tested against its own recipe is always right.
The golden vectors judge between the two. Source: TikTok Shop API reference, "Request
signing".
"""

import hashlib
import hmac
from collections.abc import Iterable

UNSIGNED = frozenset({"sign", "access_token"})


def sign(
    secret: str,
    path: str,
    *,
    query: Iterable[tuple[str, str]],
    body: bytes = b"",
    content_type: str = "",
) -> str:
    """Lower-case hex digest over the path, the decoded query and the exact body.

    A repeated key is signed once per value, in the order sent; nobody public knows
    what TikTok does there, and the comma form avoids the question.
    """
    signed = sorted((pair for pair in query if pair[0] not in UNSIGNED), key=_name)
    text = path + "".join(name + value for name, value in signed)
    message = text.encode("utf-8", "surrogateescape")
    if not _is_multipart(content_type):
        message += body
    key = secret.encode()
    return hmac.new(key, key + message + key, hashlib.sha256).hexdigest()


def sign_webhook(app_key: str, secret: str, body: bytes) -> str:
    """The header ``Authorization`` of a webhook: over the app's key and the exact body.

    Source: TikTok Shop API reference, "Webhooks".
    """
    message = app_key.encode() + body
    return hmac.new(secret.encode(), message, hashlib.sha256).hexdigest()


def matches(expected: str, given: str) -> bool:
    """Whether a signature is the expected one; takes any text, in constant time."""
    return hmac.compare_digest(
        expected.encode(), given.encode("utf-8", "surrogatepass")
    )


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def _is_multipart(content_type: str) -> bool:
    media_type = content_type.partition(";")[0].strip().lower()
    return media_type == "multipart/form-data"
