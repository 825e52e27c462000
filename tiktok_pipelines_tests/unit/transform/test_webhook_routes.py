"""What follows from each kind of event, held against TikTok's own samples."""

import json
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.api.webhook_types import NAMES
from tiktok_pipelines.transform.webhook_routes import (
    ROUTES,
    Hint,
    read_hint,
    redacted,
)

GOLDEN = Path(__file__).parents[2] / "golden"
VECTORS: Mapping[str, Any] = json.loads((GOLDEN / "webhook_vectors.json").read_text())
DESCRIBED = json.loads((GOLDEN / "operations.json").read_text())["webhooks"]
SAMPLES = VECTORS["sample_payloads"]
EXPECTED = {
    "orders": {1, 3, 4, 11, 12, 36, 67},
    "packages": {4, 36},
    "products": {5, 15, 16, 18, 37, 50},
    "cancellations": {11},
    "returns": {12, 64, 65, 67},
    "inventory": {27, 71},
}


def test_the_routes_are_those_that_were_decided() -> None:
    found = {
        subject: {n for n, route in ROUTES.items() if subject in dict(route.reads)}
        for subject in EXPECTED
    }

    assert found == EXPECTED
    acts = {number: route.act for number, route in ROUTES.items() if route.act}
    assert acts == {
        6: "stop_shop",
        7: "note_consent_end",
        27: "note_stock",
        71: "note_stock",
    }


def fields_of(described: Mapping[str, Any]) -> Mapping[str, Any]:
    return described["fields"]["data"].get("fields", {})


@pytest.mark.parametrize("number", sorted(ROUTES))
def test_a_route_reads_what_the_description_knows(number: int) -> None:
    (described,) = [one for one in DESCRIBED if one["type"] == number]

    for _, paths in ROUTES[number].reads:
        for path in paths:
            fields = fields_of(described)
            for name in path.split("."):
                assert name.removesuffix("[]") in fields, path
                fields = fields[name.removesuffix("[]")].get("fields", {})


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample["event"])
def test_tiktoks_own_samples_have_a_route_or_a_reason(
    sample: Mapping[str, Any],
) -> None:
    number = sample["body"]["type"]

    hint = read_hint(number, json.dumps(sample["body"]).encode())

    if number in ROUTES:
        assert hint.objects or hint.act
        assert all(name.isascii() and name for _, name in hint.objects)
    else:
        assert NAMES[number] in hint.ignored


def test_ids_that_are_numbers_stay_exact() -> None:
    body = b'{"data":{"product_id":1729382473921837461}}'

    assert read_hint(5, body).objects == (("products", "1729382473921837461"),)


def test_each_object_is_named_once() -> None:
    packages = [{"package_id": "1", "order_id_list": ["5", "5", "6"]}] * 2
    body = json.dumps({"data": {"package_list": packages}}).encode()

    assert read_hint(4, body).objects == (
        ("packages", "1"),
        ("orders", "5"),
        ("orders", "6"),
    )


@pytest.mark.parametrize("bad", ["", "a b", "../x", "x" * 65, None, {}, 1.5, True])
def test_what_can_be_no_id_is_none(bad: object) -> None:
    body = json.dumps({"data": {"order_id": bad}}).encode()

    with pytest.raises(ValueError, match="names no object"):
        read_hint(1, body)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda below: st.lists(below) | st.dictionaries(st.text(), below),
    max_leaves=6,
)
names = sorted({name for d in DESCRIBED for name in fields_of(d)})


@given(
    st.sampled_from(sorted(ROUTES)),
    st.dictionaries(st.sampled_from(names), values),
)
def test_reading_a_hint_gives_one_or_says_why_not(
    number: int, data: dict[str, Any]
) -> None:
    body = json.dumps({"type": number, "data": data}).encode()

    with suppress(ValueError):
        assert isinstance(read_hint(number, body), Hint)


@given(st.none() | st.integers(), st.binary(max_size=100))
def test_any_body_gives_a_hint_or_says_why_not(number: int | None, body: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(read_hint(number, body), Hint)


def test_of_a_conversation_nothing_written_is_left() -> None:
    data = {"content": "hello", "message_id": "1", "sender": {"im_user_id": "2"}}
    body = json.dumps({"type": 14, "data": data}).encode()

    told = redacted(body)

    assert told == {"type": 14, "data": {"message_id": "1", "redacted": True}}
