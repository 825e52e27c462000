"""Signatures against golden vectors and an independent signer."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiktok_shop_api.signing import Signer

from tiktok_pipelines.api.signing import RequestSigner, sign
from tiktok_pipelines_tests.unit.api.scripted import APP, NOON, FakeClock

GOLDEN = Path(__file__).parents[2] / "golden" / "signing_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(GOLDEN.read_bytes())["request_vectors"]

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
NAMES = st.text("abcXYZ_019", min_size=1, max_size=8)
PATHS = st.from_regex(r"(/[a-z_0-9]{1,8}){1,4}", fullmatch=True)


def test_there_are_golden_vectors() -> None:
    assert len(VECTORS) == 35


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: v["id"])
def test_the_signature_is_the_golden_one(vector: dict[str, Any]) -> None:
    signature = sign(
        vector["path"],
        list(vector["query"].items()),
        body=vector["body"].encode(),
        content_type=vector["content_type"],
        secret=vector["app_secret"],
    )

    assert signature == vector["expected_sign"]


@given(
    path=PATHS,
    query=st.dictionaries(NAMES, TEXT, max_size=6),
    body=TEXT,
    content_type=st.sampled_from(["application/json", "multipart/form-data; b=1"]),
    secret=st.text("abc123", min_size=1, max_size=10),
)
def test_an_independent_signer_agrees(
    path: str, query: dict[str, str], body: str, content_type: str, secret: str
) -> None:
    theirs = Signer.sign(
        path=path,
        query=list(query.items()),
        content_type=content_type,
        body=body,
        app_secret=secret,
    )

    ours = sign(
        path,
        query.items(),
        body=body.encode(),
        content_type=content_type,
        secret=secret,
    )

    assert ours == theirs


@given(query=st.dictionaries(NAMES, TEXT, min_size=2, max_size=6), data=st.data())
def test_the_order_of_parameters_does_not_matter(
    query: dict[str, str], data: st.DataObject
) -> None:
    pairs = list(query.items())
    shuffled = data.draw(st.permutations(pairs))

    first, second = (
        sign("/p", some, body=b"", content_type="", secret="s")
        for some in (pairs, shuffled)
    )

    assert first == second


@given(query=st.dictionaries(NAMES, TEXT, max_size=5), body=TEXT)
def test_what_is_sent_is_what_was_signed(query: dict[str, str], body: str) -> None:
    request = httpx.Request(
        "POST",
        "https://api.example.test/order/202309/orders/search",
        params=query,
        content=body.encode(),
        headers={"Content-Type": "application/json"},
    )

    sent = next(RequestSigner(APP, FakeClock()).auth_flow(request))

    received = httpx.QueryParams(sent.url.query.decode("ascii"))
    assert received["sign"] == Signer.sign(
        path=sent.url.path,
        query=[pair for pair in received.multi_items() if pair[0] != "sign"],
        content_type=sent.headers["Content-Type"],
        body=sent.content,
        app_secret=APP.secret.get_secret_value(),
    )
    assert {name: received[name] for name in query} == query


def test_a_request_that_passes_again_is_signed_anew() -> None:
    clock = FakeClock()
    signer = RequestSigner(APP, clock)
    request = httpx.Request("GET", "https://api.example.test/p?a=1")

    first = dict(next(signer.auth_flow(request)).url.params)
    clock.sleep(60)
    second = dict(next(signer.auth_flow(request)).url.params)

    assert int(first["timestamp"]) == int(NOON.timestamp())
    assert int(second["timestamp"]) == int(NOON.timestamp()) + 60
    assert first["sign"] != second["sign"]
    assert set(first) == set(second) == {"a", "app_key", "timestamp", "sign"}
