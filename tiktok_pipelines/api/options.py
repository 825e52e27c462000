"""What every call is given besides its content: time, chance, limits, an observer."""

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from tiktok_pipelines.api.rate_limit import ProcessRateLimiter, RateLimiter
from tiktok_pipelines.api.retry import RetryPolicy
from tiktok_pipelines.clock import Clock, SystemClock


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    """One attempt, fit for a log: no secrets, no buyer data, no query.

    Attributes:
        shop_id: "" for calls that are about no single shop.
        waited_s: how long the limiter held the attempt back.
        attempt: 1 for the first of a call.
        http_status: 0 when no answer came.
        code: TikTok's; None when there was no envelope.
        error: the kind of error and its reason in our own words; "" on success.
    """

    shop_id: str
    method: str
    path: str
    api_version: str
    started_at: datetime
    duration_s: float
    waited_s: float
    attempt: int
    http_status: int
    code: int | None
    request_id: str
    error: str


def _ignore(record: CallRecord) -> None:
    """Take no note."""
    del record


@dataclass(frozen=True, slots=True, kw_only=True)
class CallOptions:
    """Shared by all calls of a client; everything in it is safe between threads."""

    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.SystemRandom)
    limiter: RateLimiter = field(default_factory=ProcessRateLimiter)
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    observe: Callable[[CallRecord], None] = _ignore
