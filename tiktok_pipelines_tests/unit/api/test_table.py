import json
from pathlib import Path
from typing import Any

import pytest

from tiktok_pipelines.api.endpoints import table
from tiktok_pipelines.api.endpoints.table import ENDPOINTS, Endpoint

GOLDEN = Path(__file__).parents[2] / "golden" / "operations.json"
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (operation["method"], operation["path"]): operation
    for operation in json.loads(GOLDEN.read_bytes())["operations"]
}
# Calls that deviate from the description, each with its reason.
NOT_DESCRIBED = {
    "token_get": "the auth host is no part of the description",
    "token_refresh": "the auth host is no part of the description",
}
# What is read and written beside the table, in the order of the description.
PARAMETERS = {
    "order_search": {"page_size", "page_token", "sort_field", "sort_order"},
    "order_detail": {"ids"},
    "authorized_shops": set[str](),
}
DESCRIBED = [one for one in ENDPOINTS if one.name not in NOT_DESCRIBED]


def operation(endpoint: Endpoint) -> dict[str, Any]:
    found = OPERATIONS.get((endpoint.method, endpoint.path))
    assert found, f"{endpoint.name} is not described: add it or give a reason"
    return found


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_a_call_is_described_with_the_same_cipher_rule(endpoint: Endpoint) -> None:
    assert operation(endpoint)["shop_cipher"] is endpoint.takes_cipher


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_the_records_are_where_the_description_has_them(endpoint: Endpoint) -> None:
    fields = operation(endpoint)["response"]["fields"]

    assert fields[endpoint.records_key]["type"].startswith("list[")
    assert endpoint.id_key in fields[endpoint.records_key]["fields"]


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_the_query_is_the_described_one(endpoint: Endpoint) -> None:
    described = {item["name"]: item for item in operation(endpoint)["query"]}

    assert set(described) == PARAMETERS[endpoint.name]
    assert bool(endpoint.max_page_size) == ("page_size" in described)
    assert bool(endpoint.max_ids) == ("ids" in described)


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_no_page_is_larger_than_described(endpoint: Endpoint) -> None:
    described = {item["name"]: item for item in operation(endpoint)["query"]}
    most = described.get("page_size", {}).get("max", endpoint.max_page_size)

    assert endpoint.max_page_size <= most


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_the_version_is_the_one_in_the_path(endpoint: Endpoint) -> None:
    assert f"/{endpoint.version}/" in endpoint.path
    assert endpoint.version.removeprefix("v").isdecimal()


def test_exceptions_are_calls_that_exist_and_need_one() -> None:
    names = {endpoint.name for endpoint in ENDPOINTS}
    described = {e.name for e in ENDPOINTS if (e.method, e.path) in OPERATIONS}

    assert set(NOT_DESCRIBED) <= names
    assert not set(NOT_DESCRIBED) & described
    assert all(NOT_DESCRIBED.values())


def test_every_endpoint_that_is_defined_stands_in_the_table() -> None:
    defined = [one for one in vars(table).values() if isinstance(one, Endpoint)]

    assert sorted(one.name for one in defined) == sorted(e.name for e in ENDPOINTS)


def test_names_are_unique() -> None:
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS)
