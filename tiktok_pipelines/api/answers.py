"""What became of one attempt: an answer, or a failure and what to do about it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

import httpx

from tiktok_pipelines.api.decoding import (
    Envelope,
    as_int,
    as_list,
    as_object,
    as_text,
    open_envelope,
)
from tiktok_pipelines.api.error_table import Action, Row, look_up, look_up_status
from tiktok_pipelines.api.retry import http_date, retry_after_s
from tiktok_pipelines.errors import (
    ApiError,
    AuthorizationError,
    NotServed,
    PageTokenRefused,
    RateLimitedError,
    RequestRefused,
    ServerError,
    TokenExpiredError,
    TransportError,
)

_ERRORS: Mapping[Action, type[ApiError]] = {
    Action.RETRY: ServerError,
    Action.RETRY_ONCE: ApiError,
    Action.RETRY_ONCE_THEN_ASK: AuthorizationError,
    Action.SLOW_DOWN: RateLimitedError,
    Action.WAIT_FOR_QUOTA: RateLimitedError,
    Action.REPLACE_TOKEN: TokenExpiredError,
    Action.ASK_CONSENT: AuthorizationError,
    Action.SIGN_AGAIN: RequestRefused,
    Action.RESTART_WINDOW: PageTokenRefused,
    Action.ASK_SELLER: AuthorizationError,
    Action.FIX_REQUEST: RequestRefused,
    Action.ASK_OLDER: NotServed,
}
# Refused at the door, before anything could be done: safe to repeat a write.
_NOT_ACTED = frozenset({Action.SLOW_DOWN, Action.SIGN_AGAIN})
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
_LONGEST_MESSAGE = 500
_CLOCK_NOISE_S = 10.0  # a header tells whole seconds, and an answer travels


@dataclass(frozen=True, slots=True)
class PartialFailure:
    """One entry of ``data.errors``: this part failed although the call succeeded."""

    code: int
    message: str
    detail: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Answer:
    """A success: ``code`` 0, on whatever HTTP status.

    Attributes:
        body: the answer's bytes as received, after decompression.
        sent_at: when the attempt was sent; the data is at least as new.
    """

    data: Mapping[str, object] = field(repr=False)
    body: bytes = field(repr=False)
    sent_at: datetime
    request_id: str
    http_status: int

    @property
    def errors(self) -> tuple[PartialFailure, ...]:
        """What failed within a call that succeeded: batches and writes."""
        return tuple(_partial_failures(as_list(self.data.get("errors"))))

    @property
    def warnings(self) -> tuple[object, ...]:
        """What TikTok remarks on a write that succeeded, as received."""
        return tuple(as_list(self.data.get("warnings")))


@dataclass(frozen=True, slots=True)
class Failure:
    """An attempt that failed.

    Attributes:
        reason: in our own words, safe to log: never what the server wrote.
        not_acted: TikTok certainly did nothing, so a write may be sent again.
        retry_after_s: how long TikTok asks to wait, None if it named no time.
    """

    error: ApiError
    action: Action
    reason: str
    not_acted: bool = False
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What an answer is read against: the path, the version, the time, the secrets.

    ``bulk`` names what of its data is decoded when needed.
    """

    path: str
    version: str
    at: datetime
    secrets: tuple[str, ...] = field(repr=False)
    bulk: str = ""


def read_answer(
    response: httpx.Response, sent: Sent, now: datetime
) -> Answer | Failure:
    """Judge an answer by its code, and by its status only if there is no code."""
    try:
        envelope = open_envelope(response.content, sent.bulk)
    except ValueError:
        envelope = None
    if envelope is None:
        return _without_envelope(response, sent, now)
    if envelope.code != 0:
        row = look_up(envelope.code, envelope.message, response.status_code)
        return _refused(response, row, sent, envelope=envelope, now=now)
    return Answer(
        data=envelope.data,
        body=response.content,
        sent_at=sent.at,
        request_id=envelope.request_id,
        http_status=response.status_code,
    )


def no_answer(error: httpx.RequestError, sent: Sent) -> Failure:
    """The failure of an attempt that got no whole answer.

    The error's text is left out: it may quote a header or an address.
    """
    reason = type(error).__name__
    remedy = "check network, proxy and the configured hosts if it lasts"
    return Failure(
        error=TransportError(f"no whole answer ({reason}): {remedy}", path=sent.path),
        action=Action.RETRY,
        reason=reason,
        not_acted=isinstance(error, _NOT_SENT),
    )


def _without_envelope(response: httpx.Response, sent: Sent, now: datetime) -> Failure:
    row = look_up_status(response.status_code)
    if row:
        return _refused(response, row, sent, envelope=None, now=now)
    reason = "the answer is cut or no envelope"
    return Failure(
        error=TransportError(
            f"{reason}: try again later, check proxies if it lasts",
            path=sent.path,
            http_status=response.status_code,
        ),
        action=Action.RETRY,
        reason=reason,
    )


def _refused(
    response: httpx.Response,
    row: Row,
    sent: Sent,
    *,
    envelope: Envelope | None,
    now: datetime,
) -> Failure:
    said = _redacted(envelope.message, sent.secrets) if envelope else "no envelope"
    remedy = row.remedy.format(version=sent.version)
    if row.action is Action.SIGN_AGAIN:
        remedy = _clock_told(response, now) + remedy
    wait_s = retry_after_s(response.headers.get("Retry-After", ""), now)
    error = _ERRORS[row.action](
        f"{said}: {remedy}{_asked_to_wait(wait_s)}",
        path=sent.path,
        code=envelope.code if envelope else 0,
        http_status=response.status_code,
        request_id=envelope.request_id if envelope else "",
    )
    if isinstance(error, RateLimitedError):
        error.retry_after_s = wait_s
        error.retryable = row.action is not Action.WAIT_FOR_QUOTA
    return Failure(
        error=error,
        action=row.action,
        reason=remedy,
        not_acted=row.action in _NOT_ACTED,
        retry_after_s=wait_s,
    )


def _clock_told(response: httpx.Response, now: datetime) -> str:
    """How far this machine's clock is from TikTok's, if the answer tells."""
    theirs = http_date(response.headers.get("Date", ""))
    ahead_s = (now - theirs).total_seconds() if theirs else 0.0
    if abs(ahead_s) < _CLOCK_NOISE_S:
        return ""
    where = "ahead of" if ahead_s > 0 else "behind"
    return f"this machine's clock is about {abs(ahead_s):.0f} s {where} TikTok's; "


def _asked_to_wait(wait_s: float | None) -> str:
    return "" if wait_s is None else f"; TikTok asks to wait {wait_s:.0f} s"


def _redacted(message: str, secrets: Iterable[str]) -> str:
    """The message without any of the request's secrets, and not without end."""
    for secret in secrets:
        if secret:
            message = message.replace(secret, "***")
    return message[:_LONGEST_MESSAGE] or "no message"


def _partial_failures(entries: Iterable[object]) -> Iterable[PartialFailure]:
    for entry in entries:
        told = as_object(entry)
        yield PartialFailure(
            code=as_int(told.get("code")) or 0,
            message=as_text(told.get("message")) or as_text(entry),
            detail=as_object(told.get("detail")),
        )
