"""When to try again, and after how long: within seconds, in this one place.

Retrying after minutes is the matter of whoever runs the pipeline.
"""

import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,9})?")
_LONGEST_S = 86400.0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently.

    Attributes:
        attempts: of one call, the first included.
        base_s: the first wait, doubled each time.
        cap_s: the longest wait of our own choosing.
        patience_s: the longest wait that TikTok may ask for within a call; above it
            the error is raised and tells how long to wait.
    """

    attempts: int = 6
    base_s: float = 0.5
    cap_s: float = 30.0
    patience_s: float = 120.0

    def backoff_s(self, failures: int, rng: random.Random) -> float:
        """The wait after so many failures: doubling, with jitter, capped."""
        step = self.base_s * 2 ** (failures - 1)
        return min(step + rng.uniform(0, step), self.cap_s)


def retry_after_s(header: str, now: datetime) -> float | None:
    """Seconds to wait by a ``Retry-After`` header: a number or an HTTP date.

    None without a header, or with one that is neither; never more than a day.
    """
    text = header.strip()
    if _SECONDS.fullmatch(text):
        return min(float(text), _LONGEST_S)
    moment = http_date(text)
    if moment is None:
        return None
    return min(max((moment - now).total_seconds(), 0.0), _LONGEST_S)


def http_date(header: str) -> datetime | None:
    """A moment as HTTP writes it, aware; None for anything else."""
    try:
        moment = parsedate_to_datetime(header)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
