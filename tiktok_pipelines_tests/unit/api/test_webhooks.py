"""Verification against vectors kept elsewhere, and total on anything."""

import base64
import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from tiktok_shop_api.webhooks import EVENT_TYPES, Webhooks

from tiktok_pipelines.api.webhook_types import (
    ALIASES,
    DESIRED,
    NAMES,
    SUBSCRIBABLE,
    name_of,
    number_of,
)
from tiktok_pipelines.api.webhooks import Envelope, WebhookVerifier, read_envelope
from tiktok_pipelines_tests.unit.api.described import OPERATIONS

GOLDEN = Path(__file__).parents[2] / "golden"
VECTORS: Mapping[str, Any] = json.loads((GOLDEN / "webhook_vectors.json").read_text())
DESCRIBED = json.loads((GOLDEN / "operations.json").read_text())
SAMPLES = VECTORS["sample_payloads"]


def verifier_of(vector: Mapping[str, Any]) -> WebhookVerifier:
    return WebhookVerifier(vector["app_key"], [SecretStr(vector["app_secret"])])


def body_of(vector: Mapping[str, Any]) -> bytes:
    if "body_gzip_base64" in vector:
        return gzip.decompress(base64.b64decode(vector["body_gzip_base64"]))
    return base64.b64decode(vector["body_base64"])


COMPACT = body_of(next(v for v in VECTORS["accept"] if v["name"] == "compact"))


@pytest.mark.parametrize("vector", VECTORS["accept"], ids=lambda v: v["name"])
def test_a_genuine_signature_is_taken(vector: Mapping[str, Any]) -> None:
    signature = vector["authorization"].encode()

    assert verifier_of(vector).is_genuine(body_of(vector), signature)


@pytest.mark.parametrize("vector", VECTORS["reject"], ids=lambda v: v["name"])
def test_any_other_signature_is_refused(vector: Mapping[str, Any]) -> None:
    signature = vector["authorization"].encode()

    assert not verifier_of(vector).is_genuine(COMPACT, signature)


def test_each_of_several_secrets_is_tried() -> None:
    both = WebhookVerifier("key", [SecretStr("new"), SecretStr("old")])
    old = WebhookVerifier("key", [SecretStr("old")])

    assert both.is_genuine(b"{}", old.sign(b"{}").encode())
    assert not old.is_genuine(b"{}", both.sign(b"{}").encode())


@given(st.binary(max_size=200), st.text(min_size=1), st.text(min_size=1))
def test_another_implementation_takes_what_we_sign(
    body: bytes, key: str, secret: str
) -> None:
    signature = WebhookVerifier(key, [SecretStr(secret)]).sign(body)

    assert Webhooks.verify(
        app_key=key, app_secret=secret, raw_body=body, signature=signature
    )


@given(st.binary(), st.binary())
def test_verifying_and_reading_are_total(body: bytes, signature: bytes) -> None:
    assert not VERIFIER.is_genuine(body, signature)
    assert isinstance(read_envelope(body), Envelope)


VERIFIER = WebhookVerifier("key", [SecretStr("secret")])

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=5,
)
envelopes = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ("type", "tts_notification_id", "shop_id", "timestamp", "data"), values
    ),
)


@given(envelopes)
def test_any_json_is_an_envelope_that_postgresql_takes(told: dict[str, Any]) -> None:
    envelope = read_envelope(json.dumps(told).encode())

    texts = (envelope.notification_id, envelope.shop_id, envelope.account)
    assert not envelope.error
    for text in texts:
        assert text is None or ("\0" not in text and text.encode())


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["event"])
def test_tiktoks_own_samples_are_read(sample: Mapping[str, Any]) -> None:
    envelope = read_envelope(json.dumps(sample["body"]).encode())

    assert envelope.type == sample["body"]["type"]
    assert envelope.shop_id == sample["body"].get("shop_id")
    assert not envelope.error


def test_the_names_are_those_of_the_description() -> None:
    described = {
        webhook["type"]: webhook["event"] or webhook["name"]
        for webhook in DESCRIBED["webhooks"]
    }

    assert described | {2: "REVERSE_STATUS_UPDATE"} == NAMES
    assert {number: NAMES[number] for number in EVENT_TYPES} == dict(EVENT_TYPES)


def test_what_can_be_subscribed_is_what_the_event_api_takes() -> None:
    operation = OPERATIONS["PUT", "/event/202309/webhooks"]

    assert sorted(SUBSCRIBABLE) == sorted(operation["body"]["event_type"]["enum"])
    assert set(DESIRED) <= set(SUBSCRIBABLE)


@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("ORDER_STATUS_CHANGE", "ORDER_STATUS_CHANGE"),
        ("PRODUCT_STATUS_CHANGE", "PRODUCT_STATUS_CHANGE"),
        ("PACKAGE_UPDATE", "PACKAGE_UPDATE"),
        ("RETURN_REQUEST", "RETURN_STATUS_CHANGE"),
        ("return-request", "RETURN_STATUS_CHANGE"),
        ("1", "ORDER_STATUS_CHANGE"),
        ("999", None),
        ("nothing", None),
    ],
)
def test_a_kind_is_found_by_name_alias_and_number(told: str, name: str | None) -> None:
    assert name_of(told) == name


def test_every_alias_leads_to_a_kind() -> None:
    assert all(number_of(alias) in NAMES for alias in ALIASES)
