"""Every call against TikTok's description of it."""

import pytest

from tiktok_pipelines.api.endpoints import table
from tiktok_pipelines.api.endpoints.endpoint import Endpoint
from tiktok_pipelines.api.endpoints.table import ENDPOINTS, called
from tiktok_pipelines_tests.unit.api.described import (
    OPERATIONS,
    body_of,
    limits,
    operation,
    query_of,
)

# Calls that deviate from the description, each with its reason.
NOT_DESCRIBED = {
    "token_get": "the auth host is no part of the description",
    "token_refresh": "the auth host is no part of the description",
}
# What only the newest version of a call takes: it is not sent.
NOT_SENT = {"aftersale_eligibility": {"request_types"}}
DESCRIBED = [one for one in ENDPOINTS if one.name not in NOT_DESCRIBED]


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_a_call_is_described_with_the_same_cipher_rule(endpoint: Endpoint) -> None:
    assert operation(endpoint)["shop_cipher"] is endpoint.takes_cipher


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_the_records_are_where_the_description_has_them(endpoint: Endpoint) -> None:
    answer = operation(endpoint)["response"]
    record = answer["fields"][endpoint.records_key] if endpoint.records_key else answer

    is_list = bool(endpoint.records_key) and not endpoint.is_one
    assert record["type"] == ("list[object]" if is_list else "object")
    assert not endpoint.id_key or endpoint.id_key in record["fields"]


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_a_record_without_an_id_has_none_by_that_name(endpoint: Endpoint) -> None:
    fields = operation(endpoint)["response"]["fields"]
    record = fields[endpoint.records_key]["fields"] if endpoint.records_key else fields

    assert endpoint.id_key or "id" not in record


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_paging_and_ids_go_where_the_description_has_them(endpoint: Endpoint) -> None:
    query, body = query_of(endpoint), body_of(endpoint)

    assert bool(endpoint.max_page_size) == ("page_size" in query | body)
    assert "page_size" not in (query if endpoint.paging == "body" else body)
    assert endpoint.max_ids.keys() <= (query if endpoint.method == "GET" else body)


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_the_limits_are_within_the_documented_ones(endpoint: Endpoint) -> None:
    documented = limits(endpoint)
    least, most = documented.get("page_size", (1, 0))

    assert least <= endpoint.min_page_size
    assert endpoint.max_page_size == most
    assert all(documented[name] == limit for name, limit in endpoint.max_ids.items())


@pytest.mark.parametrize("endpoint", DESCRIBED, ids=lambda e: e.name)
def test_a_filled_in_path_leads_back_to_its_call(endpoint: Endpoint) -> None:
    names = [item["name"] for item in operation(endpoint).get("path_params", ())]
    ids = {name: f"57{number}" for number, name in enumerate(names)}

    path = endpoint.path_of(ids)

    assert "{" not in path
    assert endpoint.ids_of(path) == ids
    assert called(endpoint.method, path) is endpoint


def test_a_path_of_nobody_leads_nowhere() -> None:
    assert called("GET", "/order/202309/orders/search") is None
    assert called("GET", "/fulfillment/202309/packages/1/2") is None


@pytest.mark.parametrize("sent", ["", "1/../2", "1?x=1", "%2F", "{package_id}", "1 2"])
def test_nothing_but_an_id_gets_into_a_path(sent: str) -> None:
    with pytest.raises(ValueError, match="package_detail needs package_id"):
        table.PACKAGE_DETAIL.path_of({"package_id": sent})


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)
def test_the_version_is_the_one_in_the_path(endpoint: Endpoint) -> None:
    assert f"/{endpoint.version}/" in endpoint.path
    assert endpoint.version.removeprefix("v").isdecimal()


@pytest.mark.parametrize(
    "endpoint", [one for one in ENDPOINTS if one.older], ids=lambda e: e.name
)
def test_an_older_version_is_the_same_call(endpoint: Endpoint) -> None:
    older, not_sent = endpoint.older, NOT_SENT.get(endpoint.name, set())
    assert older

    assert older.version < endpoint.version
    assert older.path == endpoint.path.replace(endpoint.version, older.version)
    assert (older.records_key, older.id_key) == (endpoint.records_key, endpoint.id_key)
    assert query_of(older) == query_of(endpoint) - not_sent
    assert body_of(older) == body_of(endpoint)


def test_no_call_of_the_table_changes_anything() -> None:
    assert not [one.name for one in ENDPOINTS if one.is_write]


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
