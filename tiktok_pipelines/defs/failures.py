"""Our errors as Dagster's: the message for people, the flag for retries."""

from collections.abc import Generator
from contextlib import contextmanager

import dagster as dg

from tiktok_pipelines.errors import PipelineError

RETRIES = dg.RetryPolicy(
    max_retries=3,
    delay=60,
    backoff=dg.Backoff.EXPONENTIAL,
    jitter=dg.Jitter.PLUS_MINUS,
)
"""Minutes, for what may work later; seconds are the transport's, crashes the runs'."""


@contextmanager
def dagster_failures() -> Generator[None]:
    """Turn a PipelineError into a Failure that is retried only if that may help."""
    try:
        yield
    except PipelineError as error:
        raise dg.Failure(
            description=str(error),
            metadata={"error": type(error).__name__},
            allow_retries=error.retryable,
        ) from None
