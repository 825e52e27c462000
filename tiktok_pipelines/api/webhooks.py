"""Notifications of TikTok: whether they are genuine, and what the envelope says.

Total on any input: whatever bytes come, there is a verdict and an envelope.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

import msgspec
from pydantic import SecretStr

_EPOCH_SECONDS = range(1_000_000_000, 10_000_000_000)
_LARGEST_TYPE = 2**31 - 1
_LONGEST_ID = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What is the same in every notification; None where it is absent or odd.

    Attributes:
        type: the number of the event.
        notification_id: TikTok's id of the notification; older topics have none.
        shop_id: None for what is about a seller's or a creator's account.
        account: that account's open id.
        pushed_at: when TikTok says that it sent the notification first or now.
        error: why the body is no envelope; "" if it is one.
    """

    type: int | None = None
    notification_id: str | None = None
    shop_id: str | None = None
    account: str | None = None
    pushed_at: datetime | None = None
    error: str = ""


class WebhookVerifier:
    """Tells notifications of TikTok from others; current and former secrets are tried.

    TikTok signs with the app's own secret, and knows no overlap when it is reset.
    """

    def __init__(self, app_key: str, secrets: Sequence[SecretStr]) -> None:
        key = app_key.encode()
        self._started = tuple(
            hmac.new(secret.get_secret_value().encode(), key, hashlib.sha256)
            for secret in secrets
        )

    def is_genuine(self, body: bytes, signature: bytes) -> bool:
        """Whether the bare lower-case hex digest is that of the body, in constant time.

        Args:
            body: the raw bytes as they came.
            signature: the value of the header ``Authorization``.
        """
        matches = False
        for started in self._started:
            digest = started.copy()
            digest.update(body)
            expected = digest.hexdigest().encode()
            matches |= hmac.compare_digest(expected, signature)
        return matches

    def sign(self, body: bytes) -> str:
        """The signature that TikTok would send, with the first secret."""
        digest = self._started[0].copy()
        digest.update(body)
        return digest.hexdigest()


class _Wire(msgspec.Struct):
    """The fast way for what looks as documented."""

    type: int = -1
    tts_notification_id: str = ""
    shop_id: str = ""
    timestamp: int = 0
    seller_open_id: str = ""
    creator_open_id: str = ""


_decoder = msgspec.json.Decoder(_Wire)


def read_envelope(body: bytes) -> Envelope:
    """What a genuine notification says of itself; never fails."""
    try:
        wire = _decoder.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return _read_carefully(body)
    return Envelope(
        type=wire.type if 0 <= wire.type <= _LARGEST_TYPE else None,
        notification_id=_short(wire.tts_notification_id),
        shop_id=_short(wire.shop_id),
        account=_short(wire.seller_open_id or wire.creator_open_id),
        pushed_at=_moment(wire.timestamp),
    )


def decode_body(body: bytes) -> object:
    """A notification's JSON; integers stay exact.

    Raises:
        ValueError: it is none.
    """
    try:
        return cast("object", json.loads(body))
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def _read_carefully(body: bytes) -> Envelope:
    """Ids as numbers, lone surrogates, a byte order mark: all of it was seen."""
    try:
        decoded = decode_body(body)
    except ValueError as error:
        told = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        return Envelope(error=f"not JSON: {storable(told)[:200]}")
    if not isinstance(decoded, dict):
        return Envelope(error="not a JSON object")
    told = cast("dict[str, object]", decoded)
    number = _number(told.get("type"))
    return Envelope(
        type=number if 0 <= number <= _LARGEST_TYPE else None,
        notification_id=_short(told.get("tts_notification_id")),
        shop_id=_short(told.get("shop_id")),
        account=_short(told.get("seller_open_id") or told.get("creator_open_id")),
        pushed_at=_moment(_number(told.get("timestamp"))),
    )


def _number(value: object) -> int:
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value[:20])
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _moment(seconds: int) -> datetime | None:
    if seconds not in _EPOCH_SECONDS:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _short(value: object) -> str | None:
    """An id as text that PostgreSQL takes; None for what can be none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**_LONGEST_ID else ""
    if not isinstance(value, str) or not value or len(value) > _LONGEST_ID:
        return None
    return storable(value)


def storable(text: str) -> str:
    """Text less what PostgreSQL cannot hold: U+0000 and lone surrogates."""
    if text.isascii() and "\0" not in text:
        return text
    clean = text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    return clean.replace("\0", "\ufffd")
