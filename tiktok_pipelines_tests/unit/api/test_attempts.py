"""Retries of a call: which, how often, how long between."""

from dataclasses import replace

import httpx
import pytest
from pydantic import SecretStr

from tiktok_pipelines.api.retry import RetryPolicy
from tiktok_pipelines.api.transport import Transport
from tiktok_pipelines.errors import (
    ApiError,
    AuthorizationError,
    NeedsConsent,
    NotServed,
    PageTokenRefused,
    RateLimitedError,
    RequestRefused,
    ServerError,
    TransportError,
)
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    BASE_URL,
    NOON,
    READ,
    FakeTokens,
    FreeLimiter,
    Reply,
    broken,
    ok,
    process_limiter,
    raw,
    refused,
    run,
    world,
)

GATEWAY_CODES = [36009003, 36009007, 10002014, 12001000]


SILENCE: list[Reply] = [
    broken(httpx.ConnectError),
    broken(httpx.ConnectTimeout),
    broken(httpx.ReadTimeout),
    broken(httpx.WriteError),
    broken(httpx.RemoteProtocolError),
    broken(httpx.DecodingError),
]


CUT: list[Reply] = [
    raw(b'{"code": 0, "data": {"orders": ['),
    raw(b""),
    raw(b"<html>welcome to the hotel's network</html>"),
    raw(b'{"message": "no code"}'),
    raw(b"", status=302, headers={"Location": "https://elsewhere.example.test"}),
]


BUSY: list[Reply] = [
    raw(b"<html>bad gateway</html>", status=502),
    raw(b"", status=503),
    raw(b"", status=429),
    refused(424242, status=500),
    refused(36009002, status=429),
    refused(36009002),
    *[refused(code) for code in GATEWAY_CODES],
]


@pytest.mark.parametrize("trouble", [*SILENCE, *CUT, *BUSY])
def test_a_read_is_repeated_until_it_is_answered(trouble: Reply) -> None:
    scene = world(trouble, trouble, trouble, trouble, trouble, ok({"a": 1}))

    answer = run(scene)

    assert answer.data == {"a": 1}
    assert len(scene.script.requests) == 6
    assert len(scene.clock.slept) == 5


@pytest.mark.parametrize("trouble", [*SILENCE, *CUT, *BUSY])
def test_a_read_gives_up_after_six_attempts(trouble: Reply) -> None:
    scene = world(trouble)

    with pytest.raises(ApiError) as caught:
        run(scene)

    assert len(scene.script.requests) == 6
    assert caught.value.retryable


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        *[(reply, TransportError) for reply in [*SILENCE, *CUT]],
        (raw(b"<html>", status=502), ServerError),
        (refused(36009003, status=500), ServerError),
        (raw(b"", status=429), RateLimitedError),
        (refused(36009002), RateLimitedError),
        (refused(36009037, status=429), RateLimitedError),
        (refused(105005, status=403), AuthorizationError),
        (refused(101000), AuthorizationError),
        (refused(10006402), AuthorizationError),
        (raw(b"forbidden", status=403), AuthorizationError),
        (refused(106001), RequestRefused),
        (refused(36009004, "timestamp"), RequestRefused),
        (raw(b"bad", status=400), RequestRefused),
        (raw(b"not here", status=404), NotServed),
        (refused(36009034, status=410), NotServed),
        (refused(36009004, "invalid page_token"), PageTokenRefused),
        (refused(424242), ApiError),
    ],
)
def test_an_error_has_the_type_that_tells_what_to_do(
    trouble: Reply, kind: type[ApiError]
) -> None:
    with pytest.raises(ApiError) as caught:
        run(world(trouble))

    assert type(caught.value) is kind


def test_each_attempt_has_its_own_timestamp_and_signature() -> None:
    later = raw(b"", status=503, headers={"Retry-After": "20"})
    scene = world(later, later, ok())

    run(scene)

    queries = [scene.script.query(number) for number in range(3)]
    start = int(NOON.timestamp())
    assert [query["timestamp"] for query in queries] == [
        str(start),
        str(start + 20),
        str(start + 40),
    ]
    assert len({query["sign"] for query in queries}) == 3


def test_the_waits_grow() -> None:
    scene = world(raw(b"", status=503))

    with pytest.raises(ServerError):
        run(scene)

    floors = [0.5, 1, 2, 4, 8]
    assert all(
        floor <= wait <= 2 * floor
        for floor, wait in zip(floors, scene.clock.slept, strict=True)
    )


@pytest.mark.parametrize(
    "header", ["60", "Mon, 05 Jan 2026 12:01:00 GMT"], ids=["seconds", "date"]
)
@pytest.mark.parametrize("status", [429, 503])
def test_retry_after_is_obeyed(header: str, status: int) -> None:
    scene = world(raw(b"", status=status, headers={"Retry-After": header}), ok())

    run(scene)

    assert scene.clock.slept == [60.0]


def test_a_wait_beyond_patience_is_left_to_the_caller() -> None:
    scene = world(refused(36009002, status=429, headers={"Retry-After": "3600"}))

    with pytest.raises(RateLimitedError) as caught:
        run(scene)

    assert caught.value.retry_after_s == 3600
    assert "3600 s" in str(caught.value)
    assert len(scene.script.requests) == 1


def test_a_pause_beyond_patience_holds_no_other_call() -> None:
    scene = world(refused(36009002, status=429, headers={"Retry-After": "140"}))
    options = replace(scene.options, limiter=process_limiter(10, scene.clock))
    transport = Transport(APP, scene.http, base_url=BASE_URL, options=options)
    with pytest.raises(RateLimitedError):
        transport.call(READ, scene.tokens)
    scene.clock.sleep(15)

    with pytest.raises(RateLimitedError, match="in 125 s") as caught:
        transport.call(READ, scene.tokens)

    assert caught.value.retry_after_s == pytest.approx(125)
    assert caught.value.path == READ.endpoint.path
    assert (len(scene.script.requests), scene.clock.slept) == (1, [15])


def test_a_429_is_told_to_the_limiter() -> None:
    limiter = FreeLimiter()
    throttled = raw(b"", status=429, headers={"Retry-After": "2"})
    scene = world(throttled, refused(36009002), ok(), limiter=limiter)

    run(scene)

    key = ("app-key-1", "shop-1", "order_search")
    assert limiter.acquired == [key] * 3
    assert limiter.throttles == [(key, 2.0), (key, None)]


def test_other_trouble_is_not_told_to_the_limiter() -> None:
    limiter = FreeLimiter()

    run(world(raw(b"", status=503), ok(), limiter=limiter))

    assert limiter.throttles == []


def test_a_used_up_quota_is_not_tried_again() -> None:
    scene = world(refused(36009037, "hourly quota", status=429))

    with pytest.raises(RateLimitedError, match="run again in an hour"):
        run(scene)

    assert len(scene.script.requests) == 1


@pytest.mark.parametrize(
    ("code", "is_retryable"), [(36009037, False), (45101004, False), (36009002, True)]
)
def test_a_run_is_not_repeated_within_a_used_up_quota(
    *, code: int, is_retryable: bool
) -> None:
    with pytest.raises(RateLimitedError) as caught:
        run(world(refused(code)))

    assert caught.value.retryable is is_retryable


def test_a_shop_stored_without_a_cipher_is_to_be_connected_again() -> None:
    scene = world(refused(106013, "shop_cipher is required"))

    with pytest.raises(AuthorizationError, match="shops connect") as caught:
        run(scene, replace(READ, cipher=SecretStr("")))

    assert "shop_cipher" not in scene.script.query(0)
    assert "report" not in str(caught.value)


@pytest.mark.parametrize("code", [36009034, 36009014])
def test_a_withdrawn_version_is_named(code: int) -> None:
    scene = world(refused(code, status=410))

    with pytest.raises(RequestRefused, match="version 202309 is not served"):
        run(scene)

    assert len(scene.script.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        refused(36009004, "Invalid timestamp", status=400),
        refused(424242),
        refused(10006402),
    ],
    ids=["timestamp", "unknown", "doubtful"],
)
def test_some_refusals_are_tried_once_more(trouble: Reply) -> None:
    scene = world(trouble)

    with pytest.raises(ApiError):
        run(scene)

    assert len(scene.script.requests) == 2


def test_a_refused_timestamp_is_signed_again() -> None:
    wait = {"Retry-After": "2"}
    scene = world(refused(36009004, "Invalid timestamp", headers=wait), ok({"a": 1}))

    assert run(scene).data == {"a": 1}

    assert scene.script.query(0)["sign"] != scene.script.query(1)["sign"]


REFUSED_TOKEN = [
    refused(105002, "expired", status=401),
    refused(36009004, "invalid x-tts-access-token", status=400),
]


@pytest.mark.parametrize("trouble", REFUSED_TOKEN, ids=["105002", "36009004"])
@pytest.mark.parametrize("is_write", [False, True], ids=["read", "write"])
def test_a_refused_token_is_replaced_once_and_the_call_goes_on(
    *, trouble: Reply, is_write: bool
) -> None:
    scene = world(trouble, ok({"a": 1}))
    endpoint = replace(READ.endpoint, is_write=is_write)

    answer = run(scene, replace(READ, endpoint=endpoint))

    sent = [r.headers["x-tts-access-token"] for r in scene.script.requests]
    assert answer.data == {"a": 1}
    assert sent == ["token-one", "token-two"]
    assert scene.tokens.refused == ["token-one"]


@pytest.mark.parametrize("trouble", REFUSED_TOKEN, ids=["105002", "36009004"])
def test_a_second_refusal_needs_the_seller(trouble: Reply) -> None:
    scene = world(trouble)

    with pytest.raises(NeedsConsent, match="tiktok-pipelines shops connect") as caught:
        run(scene)

    assert len(scene.script.requests) == 2
    assert scene.tokens.refused == ["token-one"]
    assert scene.tokens.given_up == [("token-two", str(caught.value))]


def test_a_token_that_cannot_be_replaced_needs_the_seller() -> None:
    scene = world(refused(105002))
    scene.tokens = FakeTokens("the-only-token")

    with pytest.raises(NeedsConsent):
        run(scene)


def test_the_policy_is_an_argument() -> None:
    scene = world(raw(b"", status=503))
    options = replace(scene.options, retry=RetryPolicy(attempts=2))

    with pytest.raises(ServerError):
        Transport(APP, scene.http, base_url=BASE_URL, options=options).call(
            READ, scene.tokens
        )

    assert len(scene.script.requests) == 2
