"""A TikTok that answers from a script, a clock moved by sleeping, tokens in a list."""

import json
import random
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import httpx
from pydantic import SecretStr

from tiktok_pipelines.api.app import App
from tiktok_pipelines.api.endpoints.table import ORDER_SEARCH
from tiktok_pipelines.api.http_client import build_http_client
from tiktok_pipelines.api.options import CallOptions, CallRecord
from tiktok_pipelines.api.rate_limit import LimitKey, ProcessRateLimiter, RateLimiter
from tiktok_pipelines.api.transport import Answer, Call, Transport
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import NeedsConsent

NOON = datetime(2026, 1, 5, 12, 0, tzinfo=UTC)
BASE_URL = "https://api.example.test"
APP = App("app-key-1", SecretStr("app-secret-value"))
CIPHER = SecretStr("GCP_cipher-value")

Reply = Callable[[httpx.Request], httpx.Response]


class FakeClock:
    """Stands still until somebody sleeps."""

    def __init__(self, start: datetime = NOON) -> None:
        self._now = start
        self._lock = threading.Lock()
        self.slept: list[float] = []

    def now(self) -> datetime:
        with self._lock:
            return self._now

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self.slept.append(seconds)
            self._now += timedelta(seconds=max(seconds, 0))

    def set(self, moment: datetime) -> None:
        with self._lock:
            self._now = moment


class FakeTokens:
    """Hands out tokens in turn; consent is needed when they are used up."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens or ["token-one", "token-two", "token-three"])
        self.refused: list[str] = []
        self.given_up: list[tuple[str, str]] = []

    def current(self) -> SecretStr:
        return SecretStr(self._tokens[0])

    def replace(self, refused: SecretStr) -> SecretStr:
        self.refused.append(refused.get_secret_value())
        self._tokens.pop(0)
        if not self._tokens:
            raise NeedsConsent("run `tiktok-pipelines shops connect`")
        return self.current()

    def give_up(self, refused: SecretStr, message: str) -> None:
        self.given_up.append((refused.get_secret_value(), message))


class FreeLimiter:
    """Never waits; remembers what it was told."""

    def __init__(self) -> None:
        self.acquired: list[LimitKey] = []
        self.throttles: list[tuple[LimitKey, float | None]] = []

    def acquire(self, key: LimitKey) -> float:
        self.acquired.append(key)
        return 0.0

    def throttled(self, key: LimitKey, retry_after_s: float | None) -> None:
        self.throttles.append((key, retry_after_s))


@dataclass
class Script:
    """Answers in turn, the last one again and again; keeps the requests."""

    replies: Sequence[Reply]
    requests: list[httpx.Request] = field(default_factory=list[httpx.Request])

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.replies[min(len(self.requests), len(self.replies)) - 1](request)

    def query(self, number: int) -> dict[str, str]:
        return dict(self.requests[number].url.params.multi_items())


@dataclass
class World:
    """All that a client is given in a test."""

    script: Script
    clock: FakeClock
    options: CallOptions
    records: list[CallRecord]
    tokens: FakeTokens
    http: httpx.Client

    def transport(self) -> Transport:
        return Transport(APP, self.http, base_url=BASE_URL, options=self.options)


def world(*replies: Reply, limiter: RateLimiter | None = None) -> World:
    """A client's surroundings with a script of answers."""
    clock = FakeClock()
    records: list[CallRecord] = []
    options = CallOptions(
        clock=clock,
        rng=random.Random(7),
        limiter=limiter or FreeLimiter(),
        observe=records.append,
    )
    script = Script(replies)
    http = build_http_client(httpx.MockTransport(script))
    return World(script, clock, options, records, FakeTokens(), http)


def process_limiter(per_second: float, clock: Clock) -> ProcessRateLimiter:
    """The real limiter on a clock of the test."""
    return ProcessRateLimiter(per_second, clock)


def envelope(
    code: object, data: object = None, *, message: str = "m", request_id: str = "r-1"
) -> bytes:
    """An answer's body."""
    told = {"code": code, "message": message, "request_id": request_id, "data": data}
    return json.dumps(told).encode()


def raw(
    body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Reply:
    """Answer with these bytes."""
    return lambda _request: httpx.Response(
        status, content=body, headers=dict(headers or {})
    )


def ok(data: object = None, *, status: int = 200) -> Reply:
    """Answer with success."""
    return raw(envelope(0, data), status=status)


def refused(
    code: int,
    message: str = "m",
    *,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Answer with a code."""
    return raw(envelope(code, message=message), status=status, headers=headers)


def broken(kind: type[httpx.RequestError]) -> Reply:
    """Do not answer; the error's text quotes what it should not."""

    def reply(request: httpx.Request) -> httpx.Response:
        token = request.headers.get("x-tts-access-token", "")
        raise kind(f"{request.url} {token}", request=request)

    return reply


READ = Call(
    endpoint=ORDER_SEARCH,
    shop_id="shop-1",
    cipher=CIPHER,
    query={"page_size": 50},
    body={"order_status": "UNPAID", "note": "Café 谢谢"},
)


def run(scene: World, call: Call = READ) -> Answer:
    """Make one call."""
    return scene.transport().call(call, scene.tokens)
