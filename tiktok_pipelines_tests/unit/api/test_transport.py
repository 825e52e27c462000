"""One call on the wire: headers, cipher, signed bytes."""

import gzip
import json
import threading
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from tiktok_pipelines.api.decoding import as_list
from tiktok_pipelines.api.endpoints.table import (
    AUTHORIZED_SHOPS,
    ORDER_DETAIL,
    ORDER_SEARCH,
)
from tiktok_pipelines.api.signing import sign
from tiktok_pipelines.api.transport import Answer, Call, Transport
from tiktok_pipelines.errors import (
    RequestRefused,
)
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    BASE_URL,
    CIPHER,
    NOON,
    READ,
    broken,
    envelope,
    ok,
    process_limiter,
    raw,
    refused,
    run,
    world,
)


def test_a_call_carries_token_cipher_signature_and_json() -> None:
    scene = world(ok())

    run(scene)

    request = scene.script.requests[0]
    query = scene.script.query(0)
    assert str(request.url).startswith(BASE_URL + "/order/202309/orders/search?")
    assert request.headers["x-tts-access-token"] == "token-one"
    assert request.headers["Content-Type"] == "application/json"
    assert query["shop_cipher"] == "GCP_cipher-value"
    assert query["app_key"] == "app-key-1"
    assert query["timestamp"] == str(int(NOON.timestamp()))
    assert json.loads(request.content) == READ.body


def test_the_bytes_signed_are_the_bytes_sent() -> None:
    scene = world(ok())

    run(scene)

    request = scene.script.requests[0]
    assert scene.script.query(0)["sign"] == sign(
        request.url.path,
        scene.script.query(0).items(),
        body=request.content,
        content_type="application/json",
        secret=APP.secret.get_secret_value(),
    )


def test_the_cipher_is_sent_only_where_it_belongs() -> None:
    scene = world(ok())

    run(scene, Call(endpoint=AUTHORIZED_SHOPS, cipher=CIPHER))

    assert "shop_cipher" not in scene.script.query(0)


def test_a_call_that_needs_a_cipher_is_not_sent_without() -> None:
    scene = world(ok())

    with pytest.raises(ValueError, match="order_search needs the cipher"):
        run(scene, replace(READ, cipher=None))

    assert scene.script.requests == []


def test_a_list_is_one_value_joined_by_commas() -> None:
    scene = world(ok())

    run(scene, replace(READ, endpoint=ORDER_DETAIL, query={"ids": ["1", "2", "3"]}))

    assert scene.script.requests[0].url.params.get_list("ids") == ["1,2,3"]


def test_empty_values_are_left_out_and_an_empty_body_is_not_sent() -> None:
    scene = world(ok())
    query = {"page_token": "", "locale": None, "flag": False, "zero": 0}

    run(scene, replace(READ, query=query, body={"order_status": None}))

    own = {"app_key", "timestamp", "sign", "shop_cipher"}
    assert set(scene.script.query(0)) - own == {"flag", "zero"}
    assert scene.script.query(0)["flag"] == "false"
    assert scene.script.requests[0].content == b""


def test_a_page_token_survives_the_wire() -> None:
    scene = world(ok())

    run(scene, replace(READ, query={"page_token": "6As/Q+UMv==&x y"}))

    assert scene.script.query(0)["page_token"] == "6As/Q+UMv==&x y"
    assert b"%2B" in scene.script.requests[0].url.query


@pytest.mark.parametrize("status", [200, 201, 400, 404, 429, 500])
def test_code_0_is_a_success_on_any_status(status: int) -> None:
    scene = world(ok({"orders": []}, status=status))

    answer = run(scene)

    assert {name: [*as_list(told)] for name, told in answer.data.items()} == {
        "orders": []
    }
    assert answer.http_status == status
    assert len(scene.script.requests) == 1


def test_a_code_of_text_0_is_a_success() -> None:
    assert run(world(raw(envelope("0", {"a": 1})))).data == {"a": 1}


def test_another_code_is_an_error_on_http_200() -> None:
    with pytest.raises(RequestRefused) as caught:
        run(world(refused(98001004, "page_size over 50")))

    error = caught.value
    assert (error.code, error.http_status) == (98001004, 200)
    assert (error.path, error.request_id) == (ORDER_SEARCH.path, "r-1")
    assert not error.retryable


def test_a_compressed_answer_is_read_and_kept_readable() -> None:
    body = envelope(0, {"a": 1})
    scene = world(raw(gzip.compress(body), headers={"Content-Encoding": "gzip"}))

    answer = run(scene)

    assert answer.data == {"a": 1}
    assert answer.body == body


def test_an_answer_with_a_lone_surrogate_is_read() -> None:
    body = b'{"code": 0, "data": {"buyer_message": "\\udc00"}}'

    assert run(world(raw(body))).data == {"buyer_message": "\udc00"}


def test_the_answer_knows_when_its_own_attempt_was_sent() -> None:
    scene = world(raw(b"", status=503, headers={"Retry-After": "60"}), ok())

    assert run(scene).sent_at == NOON + timedelta(seconds=60)


def test_every_attempt_is_recorded() -> None:
    scene = world(
        raw(b"", status=502), broken(httpx.ReadTimeout), refused(36009003), ok()
    )

    run(scene)

    told = [
        (record.attempt, record.http_status, record.code, record.error)
        for record in scene.records
    ]
    theirs = "ServerError: TikTok's own failure"
    assert [(a, s, c, e[: len(theirs)]) for a, s, c, e in told] == [
        (1, 502, None, theirs),
        (2, 0, None, "TransportError: ReadTimeout"),
        (3, 200, 36009003, theirs),
        (4, 200, 0, ""),
    ]
    last = scene.records[-1]
    assert (last.shop_id, last.method, last.path, last.api_version) == (
        "shop-1",
        "POST",
        "/order/202309/orders/search",
        "202309",
    )
    assert last.request_id == "r-1"
    assert last.started_at == scene.clock.now()


def test_the_wait_for_the_limiter_is_recorded() -> None:
    scene = world(ok())
    options = replace(scene.options, limiter=process_limiter(2, scene.clock))
    transport = Transport(APP, scene.http, base_url=BASE_URL, options=options)

    transport.call(READ, scene.tokens)
    transport.call(READ, scene.tokens)

    assert [record.waited_s for record in scene.records] == [0, pytest.approx(0.5)]


def test_threads_share_one_client() -> None:
    scene = world(ok({"a": 1}))
    transport = scene.transport()
    answers: list[Answer] = []
    threads = [
        threading.Thread(
            target=lambda: answers.extend(
                transport.call(READ, scene.tokens) for _ in range(10)
            )
        )
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [answer.data for answer in answers] == [{"a": 1}] * 40
