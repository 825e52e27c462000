"""The public port: what is landed, what is refused, and that nothing breaks it."""

import base64
import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import SecretStr
from sqlalchemy import RowMapping

from tiktok_pipelines.api.webhooks import WebhookVerifier
from tiktok_pipelines.receiver.body import LARGEST_BODY
from tiktok_pipelines.receiver.rejects import RUN_OF
from tiktok_pipelines_tests.integration.receiver.conftest import FORMER, KEY, SECRET
from tiktok_pipelines_tests.integration.receiver.served import Receiver, event
from tiktok_pipelines_tests.waiting import until

GOLDEN = Path(__file__).parents[2] / "golden" / "webhook_vectors.json"
VECTORS: Mapping[str, Any] = json.loads(GOLDEN.read_text())
Rows = Callable[[str], Sequence[RowMapping]]


def body_of(vector: Mapping[str, Any]) -> bytes:
    if "body_gzip_base64" in vector:
        return gzip.decompress(base64.b64decode(vector["body_gzip_base64"]))
    return base64.b64decode(vector["body_base64"])


OURS = [
    vector
    for vector in VECTORS["accept"]
    if (vector["app_key"], vector["app_secret"]) == (KEY, SECRET)
]
COMPACT = body_of(next(v for v in VECTORS["accept"] if v["name"] == "compact"))


@pytest.mark.parametrize("vector", OURS, ids=lambda vector: vector["name"])
def test_a_genuine_notification_lands_and_is_answered_200_without_a_body(
    receiver: Receiver, rows: Rows, vector: Mapping[str, Any]
) -> None:
    body = body_of(vector)

    answer = receiver.post(body, vector["authorization"])

    assert (answer.status_code, answer.content) == (200, b"")
    assert [row["body"] for row in rows("webhook_events")] == [body]


@pytest.mark.parametrize("vector", VECTORS["reject"], ids=lambda vector: vector["name"])
def test_what_is_not_signed_so_is_answered_401_without_a_body_and_never_lands(
    receiver: Receiver, rows: Rows, vector: Mapping[str, Any]
) -> None:
    answer = receiver.post(COMPACT, vector["authorization"].encode())

    assert (answer.status_code, answer.content) == (401, b"")
    assert rows("webhook_events") == []
    until(lambda: len(rows("webhook_rejects")) == 1)


def test_the_former_secret_is_taken_while_it_is_set(receiver: Receiver) -> None:
    former = WebhookVerifier(KEY, [SecretStr(FORMER)]).sign(COMPACT)

    assert receiver.post(COMPACT, former).status_code == 200


def test_what_the_envelope_says_stands_in_columns(
    receiver: Receiver, rows: Rows
) -> None:
    name = receiver.send(1, "749", order_id="5", update_time=1_768_046_300)

    (row,) = rows("webhook_events")
    assert row["dedupe_key"] == name
    assert (row["event_type"], row["event_name"]) == (1, "ORDER_STATUS_CHANGE")
    assert (row["shop_id"], row["app_key"]) == ("749", KEY)
    assert row["pushed_at"].timestamp() == 1_768_046_400
    assert row["delivery_seconds"] > 0
    assert "authorization" not in row["headers"]
    assert row["headers"]["content-type"] == "application/json"


def test_the_same_notification_lands_once(receiver: Receiver, rows: Rows) -> None:
    body = event(1, "749", order_id="5")

    assert [receiver.post(body).status_code for _ in range(3)] == [200] * 3

    assert len(rows("webhook_events")) == 1


def test_an_event_without_an_id_lands_once_for_each_content(
    receiver: Receiver, rows: Rows
) -> None:
    bodies = [json.dumps({"type": 3, "data": {"n": n}}).encode() for n in (1, 1, 2)]

    for body in bodies:
        receiver.post(body)

    keys = [row["dedupe_key"] for row in rows("webhook_events")]
    assert len(keys) == 2
    assert all(key.startswith("sha256:") for key in keys)


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b'"x"', b"{" * 5000])
def test_a_signed_body_that_is_no_envelope_lands_with_its_error(
    receiver: Receiver, rows: Rows, body: bytes
) -> None:
    assert receiver.post(body).status_code == 200

    (row,) = rows("webhook_events")
    assert (row["body"], row["status"]) == (body, "dead")
    assert row["error"]


def test_ids_that_are_numbers_stay_exact(receiver: Receiver, rows: Rows) -> None:
    body = b'{"type":5,"tts_notification_id":7327112393057371910,"shop_id":7494049642}'

    receiver.post(body)

    (row,) = rows("webhook_events")
    assert row["dedupe_key"] == "7327112393057371910"
    assert row["shop_id"] == "7494049642"


def test_a_body_that_is_too_large_is_answered_413(
    receiver: Receiver, rows: Rows
) -> None:
    answer = receiver.post(b"x" * (LARGEST_BODY + 1))

    assert answer.status_code == 413
    assert rows("webhook_events") == []


def test_other_methods_are_answered_405(receiver: Receiver) -> None:
    assert receiver.http.get("/webhooks/tiktok").status_code == 405


def test_nothing_else_is_served_on_the_public_port(receiver: Receiver) -> None:
    for path in ("/", "/docs", "/metrics", "/events", "/webhooks", "/openapi.json"):
        assert receiver.http.get(path).status_code == 404


def test_health_tells_that_events_would_land(receiver: Receiver) -> None:
    answer = receiver.http.get("/healthz")

    assert answer.status_code == 200
    assert answer.json() == {"status": "ok", "is_refusing": False}


def test_a_run_of_refusals_is_an_alarm_until_something_genuine_comes(
    receiver: Receiver, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(RUN_OF):
        receiver.post(COMPACT, "0" * 64)
    alarmed = receiver.http.get("/healthz").json()["is_refusing"]

    receiver.send(1)

    assert alarmed
    assert "TIKTOK_APP_SECRET" in caplog.text
    assert not receiver.http.get("/healthz").json()["is_refusing"]


def test_what_is_refused_is_sampled_without_its_content(
    receiver: Receiver, rows: Rows
) -> None:
    receiver.http.post(
        "/webhooks/tiktok", content=b"secret text", headers={"x-tts-sign": "Bearer x"}
    )

    until(lambda: len(rows("webhook_rejects")) == 1)
    (row,) = rows("webhook_rejects")
    assert row["reason"] == "no header Authorization"
    assert "x-tts-sign" in row["header_names"]
    assert (row["body_bytes"], row["source"]) == (11, "127.0.0.1")
    assert b"secret" not in bytes(str(dict(row)), "utf-8")


def test_refusals_alike_share_a_row(receiver: Receiver, rows: Rows) -> None:
    for _ in range(40):
        receiver.post(COMPACT, "0" * 64)

    until(lambda: sum(row["reject_count"] for row in rows("webhook_rejects")) == 40)
    assert len(rows("webhook_rejects")) <= 5


def test_a_source_that_is_refused_too_often_gets_429_but_its_genuine_events_land(
    receiver: Receiver,
) -> None:
    statuses = {receiver.post(b"x", "0" * 64).status_code for _ in range(1200)}

    assert statuses == {401, 429}
    receiver.send(1)


signatures = st.one_of(
    st.none(), st.binary(max_size=80).filter(lambda b: not set(b) & {0, 10, 13})
)


@settings(
    max_examples=200,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(body=st.binary(max_size=300), signature=signatures, is_signed=st.booleans())
def test_any_bytes_and_any_header_have_an_answer(
    receiver: Receiver, body: bytes, signature: bytes | None, *, is_signed: bool
) -> None:
    try:
        if is_signed or signature is None:
            status = receiver.post(body).status_code
            assert status == 200
        else:
            status = receiver.post(body, signature.strip()).status_code
            assert status in (400, 401, 429)
    except httpx.LocalProtocolError:
        pass
