"""Our errors as Dagster's: the message for people, the flag for retries."""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

from tiktok_pipelines.errors import PipelineError

RETRIES = dg.RetryPolicy(
    max_retries=3,
    delay=15,
    backoff=dg.Backoff.EXPONENTIAL,
    jitter=dg.Jitter.FULL,
)
"""Up to minutes, for what may work later; seconds are the transport's, crashes the
runs'."""
_LONGEST_WAIT_S = 600


@contextmanager
def dagster_failures() -> Generator[None]:
    """Turn a PipelineError into a Failure that is retried only if that may help.

    A wait that TikTok asked for is kept; a long one is left to the next tick.
    """
    try:
        yield
    except PipelineError as error:
        wait_s = error.retry_after_s
        if error.retryable and wait_s and wait_s <= _LONGEST_WAIT_S:
            raise dg.RetryRequested(
                max_retries=RETRIES.max_retries, seconds_to_wait=wait_s
            ) from error
        raise dg.Failure(
            description=str(error),
            metadata={"error": type(error).__name__},
            allow_retries=error.retryable and not wait_s,
        ) from None
