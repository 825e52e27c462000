"""A notification as the inbox stores it."""

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import msgspec

from tiktok_pipelines.api.webhook_types import NAMES
from tiktok_pipelines.api.webhooks import Envelope, read_envelope, storable

HEADERS_OF_INTEREST = (b"content-type", b"user-agent", b"x-forwarded-for")
_LONGEST_HEADER = 200

RawHeaders = Sequence[tuple[bytes, bytes]]


class Row(NamedTuple):
    """The columns of one event, in the order of the statement that inserts it."""

    dedupe_key: str
    event_type: int | None
    event_name: str | None
    shop_id: str | None
    account: str | None
    pushed_at: float | None
    received_at: float
    body: bytes
    headers: str
    status: str
    error: str | None


def row_of(body: bytes, headers: RawHeaders, received_at: float) -> Row:
    """The row of a genuine notification; a body that is no envelope has a row too.

    Args:
        body: as it came.
        headers: all of the request, names in lower case.
        received_at: Unix seconds.
    """
    envelope = read_envelope(body)
    pushed_at = envelope.pushed_at
    return Row(
        dedupe_key=_dedupe_key(envelope, body),
        event_type=envelope.type,
        event_name=None if envelope.type is None else NAMES.get(envelope.type),
        shop_id=envelope.shop_id,
        account=envelope.account,
        pushed_at=None if pushed_at is None else pushed_at.timestamp(),
        received_at=received_at,
        body=body,
        headers=_of_interest(tuple(pair for pair in headers if _is_kept(pair[0]))),
        status="dead" if envelope.error else "pending",
        error=envelope.error or None,
    )


def bare(row: Row, error: str) -> Row:
    """The same event with nothing but its bytes: they fit whatever was refused."""
    return Row(
        dedupe_key=_hash_key(row.body),
        event_type=None,
        event_name=None,
        shop_id=None,
        account=None,
        pushed_at=None,
        received_at=row.received_at,
        body=row.body,
        headers="{}",
        status="dead",
        error=error,
    )


def _dedupe_key(envelope: Envelope, body: bytes) -> str:
    """What repeated pushes have in common.

    Source: docs/tiktok-shop-api.md, "Webhooks".
    """
    return envelope.notification_id or _hash_key(body)


def _hash_key(body: bytes) -> str:
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def _is_kept(name: bytes) -> bool:
    return name in HEADERS_OF_INTEREST


@lru_cache(maxsize=256)
def _of_interest(pairs: tuple[tuple[bytes, bytes], ...]) -> str:
    """The headers that are kept, as JSON; most requests have the same."""
    told = {
        name.decode(): storable(value[:_LONGEST_HEADER].decode("latin-1"))
        for name, value in pairs
    }
    return msgspec.json.encode(told).decode()
