"""What was refused: counted, sampled, and an alarm when nothing else comes any more.

A wrong secret is silent loss: TikTok takes 401 for an answer and does not try again.
Source: docs/tiktok-shop-api.md, "Webhooks".
"""

import asyncio
import hashlib
import logging
from collections.abc import Callable, Sequence
from typing import NamedTuple

from tiktok_pipelines.api.webhooks import storable
from tiktok_pipelines.receiver.limits import Seldom

RUN_OF = 10
"""So many refusals with nothing genuine between them are an alarm."""
_MOST_KINDS = 50
_MOST_NAMES = 30
_log = logging.getLogger(__name__)


class Refused(NamedTuple):
    """A request that was not let in."""

    source: str
    reason: str
    body: bytes
    header_names: Sequence[bytes]
    received_at: float


class Reject(NamedTuple):
    """A row of ``webhook_rejects``, in the order of its statement."""

    received_at: float
    source: str
    reason: str
    reject_count: int
    body_bytes: int
    body_sha256: bytes
    header_names: list[str]


class Rejects:
    """Counts refusals; those alike, from one source and of one reason, are one row."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._alarms = Seldom(monotonic)
        self._in_a_row = 0
        self._counts: dict[tuple[str, str], int] = {}
        self._last: dict[tuple[str, str], Reject] = {}
        self._something: asyncio.Event = asyncio.Event()

    @property
    def is_alarming(self) -> bool:
        """Whether the last requests were all refused."""
        return self._in_a_row >= RUN_OF

    def note_genuine(self) -> None:
        """Something was let in: whatever was refused, the secret is right."""
        self._in_a_row = 0

    def note(self, refused: Refused) -> None:
        """Something was refused."""
        self._in_a_row += 1
        kind = (refused.source, refused.reason)
        if kind not in self._counts and len(self._counts) >= _MOST_KINDS:
            kind = ("others", refused.reason)
        self._counts[kind] = self._counts.get(kind, 0) + 1
        self._last[kind] = _row(refused, *kind)
        self._something.set()
        if self.is_alarming:
            self._alarm(refused)

    async def next_sample(self) -> Sequence[Reject]:
        """Wait for refusals; what came since the last time, one row of each kind."""
        await self._something.wait()
        self._something.clear()
        counts, self._counts = self._counts, {}
        last, self._last = self._last, {}
        return [
            last[kind]._replace(reject_count=count) for kind, count in counts.items()
        ]

    def _alarm(self, refused: Refused) -> None:
        if not self._alarms.is_due():
            return
        _log.error(
            "%d webhooks in a row were refused (%s): if they are TikTok's, the app's "
            "secret here is not the one in Partner Center: set TIKTOK_APP_SECRET, and "
            "the one before in TIKTOK_FORMER_APP_SECRETS; see "
            "tiktok_ops.webhook_rejects",
            self._in_a_row,
            refused.reason,
        )


def _row(refused: Refused, source: str, reason: str) -> Reject:
    """What is kept of it: of the body, which may be large, only length and hash."""
    names = [
        storable(name[:100].decode("latin-1"))
        for name in refused.header_names[:_MOST_NAMES]
    ]
    return Reject(
        refused.received_at,
        source,
        reason,
        1,
        len(refused.body),
        hashlib.sha256(refused.body).digest(),
        names,
    )


def reason_of(signatures: Sequence[bytes]) -> str:
    """What is wrong with a signature, without telling it: it may be somebody's secret.

    Args:
        signatures: the values of every header ``Authorization``.
    """
    if not signatures or not signatures[0]:
        return "no header Authorization"
    if len(signatures) > 1:
        return "several headers Authorization"
    signature = signatures[0]
    if b" " in signature or b"=" in signature:
        return "the header Authorization is of another scheme than TikTok Shop's"
    if len(signature) != 64 or signature.strip(b"0123456789abcdef"):
        return "the header Authorization is no lower-case hex digest"
    return "the signature is not that of the body, with any secret that is set"
