"""Calls that change something: partial failures, and when to repeat."""

import json
from dataclasses import replace

import httpx
import pytest

from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.transport import PartialFailure
from tiktok_pipelines.errors import (
    ApiError,
    ServerError,
)
from tiktok_pipelines_tests.unit.api.scripted import (
    READ,
    Reply,
    broken,
    ok,
    raw,
    refused,
    run,
    world,
)

WRITE_ENDPOINT = Endpoint(
    "stock_update",
    "POST",
    "/product/202309/products/1/inventory/update",
    is_write=True,
)


WRITE = replace(READ, endpoint=WRITE_ENDPOINT)


KEYED_WRITE = replace(
    READ,
    endpoint=replace(WRITE_ENDPOINT, idempotency="query"),
    idempotency_key="key-1",
)


def test_partial_failures_and_warnings_of_a_success_are_told() -> None:
    detail = {"sku_id": "9"}
    data = {
        "errors": [
            {"code": 12052097, "message": "unknown warehouse", "detail": detail},
            {"code": "5"},
            "odd",
            None,
        ],
        "warnings": [{"message": "short title"}],
    }

    answer = run(world(ok(data)), WRITE)

    assert answer.errors == (
        PartialFailure(12052097, "unknown warehouse", detail),
        PartialFailure(5, "", {}),
        PartialFailure(0, "odd", {}),
        PartialFailure(0, "", {}),
    )
    assert answer.warnings == ({"message": "short title"},)


@pytest.mark.parametrize("errors", [{}, {"errors": None}, {"errors": []}])
def test_no_errors_are_no_partial_failures(errors: dict[str, object]) -> None:
    assert run(world(ok(errors))).errors == ()


@pytest.mark.parametrize(
    "trouble",
    [
        broken(httpx.ReadTimeout),
        broken(httpx.RemoteProtocolError),
        raw(b"", status=503),
        raw(b'{"code": 0, "da'),
        refused(36009007),
        refused(424242),
    ],
    ids=["timeout", "reset", "503", "cut", "gateway", "unknown"],
)
def test_a_write_with_an_unknown_outcome_is_not_repeated(trouble: Reply) -> None:
    scene = world(trouble)

    with pytest.raises(ApiError):
        run(scene, WRITE)

    assert len(scene.script.requests) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        raw(b"", status=429),
        refused(36009002),
        broken(httpx.ConnectError),
        broken(httpx.ConnectTimeout),
        refused(36009004, "timestamp"),
    ],
    ids=["429", "36009002", "no connection", "connect timeout", "timestamp"],
)
def test_a_write_that_surely_did_nothing_is_repeated(trouble: Reply) -> None:
    scene = world(trouble, ok({"a": 1}))

    assert run(scene, WRITE).data == {"a": 1}


@pytest.mark.parametrize("place", ["query", "body"])
def test_a_write_with_an_idempotency_key_is_repeated_with_the_same_key(
    place: str,
) -> None:
    endpoint = replace(WRITE_ENDPOINT, idempotency=place)
    scene = world(broken(httpx.ReadTimeout), raw(b"", status=503), ok())

    run(scene, replace(KEYED_WRITE, endpoint=endpoint))

    keys = [
        request.url.params.get("idempotency_key")
        if place == "query"
        else json.loads(request.content)["idempotency_key"]
        for request in scene.script.requests
    ]
    assert keys == ["key-1"] * 3


def test_a_key_that_the_call_does_not_take_protects_nothing() -> None:
    scene = world(raw(b"", status=503))

    with pytest.raises(ServerError):
        run(scene, replace(WRITE, idempotency_key="key-1"))

    assert len(scene.script.requests) == 1
    assert "idempotency_key" not in scene.script.query(0)
