"""What is kept of the refused: little, however large it was."""

import asyncio
import hashlib
import sys
import time
from collections.abc import Sequence

from tiktok_pipelines.receiver.rejects import Refused, Reject, Rejects


def test_of_a_refused_body_only_length_and_hash_are_kept() -> None:
    rejects, body = Rejects(time.monotonic), b"x" * 1_000_000
    before = sys.getrefcount(body)

    for number in range(3):
        rejects.note(Refused(f"source {number % 2}", "reason", body, [b"a"], 1.0))

    assert sys.getrefcount(body) == before
    one, other = asyncio.run(_sample(rejects))
    assert (one.reject_count, other.reject_count) == (2, 1)
    assert (one.body_bytes, one.source) == (1_000_000, "source 0")
    assert one.body_sha256 == hashlib.sha256(body).digest()


async def _sample(rejects: Rejects) -> Sequence[Reject]:
    return await rejects.next_sample()
