"""Calls per second, counted per (app, shop, endpoint).

Source: TikTok Shop API reference, "Rate limits": excess gets HTTP 429 with code
36009002; ``Retry-After`` is in whole seconds.
"""

from math import ceil

from tiktok_pipelines.simulator.clock import SimulatedClock
from tiktok_pipelines.simulator.refusals import Refusal

Bucket = tuple[float, float]


class RateLimiter:
    """Token buckets that hold one second's worth of calls."""

    def __init__(self, rate_per_second: float, clock: SimulatedClock) -> None:
        self._rate = rate_per_second
        self._size = max(1.0, rate_per_second)
        self._clock = clock
        self._buckets: dict[tuple[str, str, str], Bucket] = {}

    def take(self, app_key: str, shop_id: str, *, endpoint: str) -> None:
        """Count one call.

        Raises:
            Refusal: too many; it says after how many seconds to come back.
        """
        key = (app_key, shop_id, endpoint)
        now = self._clock.elapsed_s()
        left, since = self._buckets.get(key, (self._size, now))
        left = min(self._size, left + (now - since) * self._rate)
        if left < 1:
            self._buckets[key] = left, now
            wait_s = ceil((1 - left) / self._rate)
            raise Refusal(
                36009002, "Too many requests.", http_status=429, retry_after_s=wait_s
            )
        self._buckets[key] = left - 1, now
