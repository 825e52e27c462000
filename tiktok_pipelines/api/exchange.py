"""Attempts: wait for the limiter, send, judge the answer, tell the observer, repeat."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

import httpx
from pydantic import SecretStr

from tiktok_pipelines.api.answers import (
    Answer,
    Failure,
    Sent,
    no_answer,
    read_answer,
)
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.error_table import Action
from tiktok_pipelines.api.http_client import keep_queries_out_of_logs
from tiktok_pipelines.api.options import CallOptions, CallRecord
from tiktok_pipelines.api.rate_limit import LimitKey, PauseTooLongError
from tiktok_pipelines.api.retry import RetryPolicy
from tiktok_pipelines.errors import RateLimitedError

_ONCE = frozenset({Action.RETRY_ONCE, Action.RETRY_ONCE_THEN_ASK, Action.SIGN_AGAIN})
_BACK_OFF = frozenset({Action.RETRY, Action.SLOW_DOWN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """A call ready to be sent, any number of times.

    Attributes:
        path: as sent, without the query.
        build: makes the request anew for each attempt.
        auth: what signs it while it is sent; None for the auth host.
        secrets: what no message may repeat.
    """

    endpoint: Endpoint
    path: str
    limit: LimitKey
    build: Callable[[], httpx.Request] = field(repr=False)
    auth: httpx.Auth | None = field(repr=False)
    secrets: tuple[SecretStr, ...] = field(repr=False)


@dataclass(slots=True)
class Tries:
    """What one call has used up of the retry policy.

    Attributes:
        repeatable: sending it twice is as good as once: a read, or a write that
            carries an idempotency key.
    """

    policy: RetryPolicy
    repeatable: bool
    count: int = 0
    used: set[Action] = field(default_factory=set[Action])

    def may_repeat(self, failure: Failure) -> bool:
        """Whether another attempt is allowed after this failure."""
        if not (self.repeatable or failure.not_acted):
            return False
        if self.count >= self.policy.attempts:
            return False
        if failure.action in _ONCE:
            is_first = failure.action not in self.used
            self.used.add(failure.action)
            return is_first
        return failure.action in _BACK_OFF


class Exchange:
    """Sends calls through one HTTP client; threads may share it."""

    def __init__(self, http: httpx.Client, options: CallOptions) -> None:
        keep_queries_out_of_logs()
        self._http = http
        self._options = options

    def until_answered(self, outgoing: Outgoing, tries: Tries) -> Answer:
        """Send until there is an answer.

        Raises:
            ApiError: what the last attempt met, as the type that tells what to do.
        """
        outcome = self.outcome_of(outgoing, tries)
        if isinstance(outcome, Failure):
            raise outcome.error
        return outcome

    def outcome_of(self, outgoing: Outgoing, tries: Tries) -> Answer | Failure:
        """Send until there is an answer or no sense in going on.

        Raises:
            RateLimitedError: nothing was sent, TikTok asked for too long a pause.
        """
        while True:
            tries.count += 1
            outcome = self._attempt(outgoing, tries.count)
            if isinstance(outcome, Answer):
                return outcome
            wait_s = self._wait_after(outcome, tries)
            if wait_s is None:
                return outcome
            self._options.clock.sleep(wait_s)

    def _wait_after(self, failure: Failure, tries: Tries) -> float | None:
        """How long to wait before the next attempt; None if there is to be none."""
        if not tries.may_repeat(failure):
            return None
        asked_s = failure.retry_after_s or 0.0
        if asked_s > tries.policy.patience_s:
            return None
        return max(asked_s, tries.policy.backoff_s(tries.count, self._options.rng))

    def _attempt(self, outgoing: Outgoing, number: int) -> Answer | Failure:
        waited_s = self._wait_in_line(outgoing)
        sent_at = self._options.clock.now()
        outcome = self._send(outgoing, sent_at)
        if isinstance(outcome, Failure) and outcome.action is Action.SLOW_DOWN:
            self._options.limiter.throttled(outgoing.limit, outcome.retry_after_s)
        duration = self._options.clock.now() - sent_at
        self._options.observe(
            CallRecord(
                shop_id=outgoing.limit.shop_id,
                method=outgoing.endpoint.method,
                path=outgoing.endpoint.path,
                api_version=outgoing.endpoint.version,
                started_at=sent_at,
                duration_s=duration.total_seconds(),
                waited_s=waited_s,
                attempt=number,
                http_status=_status(outcome),
                code=_code(outcome),
                request_id=_request_id(outcome),
                error=_told(outcome),
            )
        )
        return outcome

    def _wait_in_line(self, outgoing: Outgoing) -> float:
        try:
            return self._options.limiter.acquire(outgoing.limit)
        except PauseTooLongError as pause:
            raise RateLimitedError(
                f"TikTok asked for a pause: run again in {pause.wait_s:.0f} s",
                path=outgoing.path,
                retry_after_s=pause.wait_s,
            ) from None

    def _send(self, outgoing: Outgoing, sent_at: datetime) -> Answer | Failure:
        sent = Sent(
            path=outgoing.path,
            version=outgoing.endpoint.version,
            at=sent_at,
            secrets=tuple(item.get_secret_value() for item in outgoing.secrets),
            bulk=outgoing.endpoint.records_key if outgoing.endpoint.is_bulk else "",
        )
        # Failures are made, not raised, here: an error raised while httpx's is being
        # handled would carry it along, and with it the address and the headers.
        try:
            response = self._http.send(outgoing.build(), auth=outgoing.auth)
        except httpx.RequestError as error:
            return no_answer(error, sent)
        # Its stream refers to the response: without this, each would stay in memory,
        # body and all, until Python looks for such circles.
        response.stream = httpx.ByteStream(b"")
        return read_answer(response, sent, self._options.clock.now())


def _status(outcome: Answer | Failure) -> int:
    if isinstance(outcome, Answer):
        return outcome.http_status
    return outcome.error.http_status


def _code(outcome: Answer | Failure) -> int | None:
    return 0 if isinstance(outcome, Answer) else outcome.error.code or None


def _request_id(outcome: Answer | Failure) -> str:
    if isinstance(outcome, Answer):
        return outcome.request_id
    return outcome.error.request_id


def _told(outcome: Answer | Failure) -> str:
    if isinstance(outcome, Answer):
        return ""
    return f"{type(outcome.error).__name__}: {outcome.reason}"
