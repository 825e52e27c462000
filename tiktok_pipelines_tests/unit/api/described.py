"""The calls as the descriptions in ``golden/`` tell them."""

import json
from pathlib import Path
from typing import Any

from tiktok_pipelines.api.endpoints.endpoint import Endpoint

GOLDEN = Path(__file__).parents[2] / "golden"
OPERATIONS: dict[tuple[str, str], dict[str, Any]] = {
    (operation["method"], operation["path"]): operation
    for name in ("operations.json", "operations_older.json")
    for operation in json.loads((GOLDEN / name).read_bytes())["operations"]
}
LIMITS: dict[str, dict[str, Any]] = json.loads((GOLDEN / "limits.json").read_bytes())[
    "limits"
]


def operation(endpoint: Endpoint) -> dict[str, Any]:
    found = OPERATIONS.get((endpoint.method, endpoint.path))
    assert found, f"{endpoint.name} is not described: add it or give a reason"
    return found


def limits(endpoint: Endpoint) -> dict[str, Any]:
    return LIMITS.get(f"{endpoint.method} {endpoint.path}", {})


def query_of(endpoint: Endpoint) -> set[str]:
    return {item["name"] for item in operation(endpoint)["query"]}


def body_of(endpoint: Endpoint) -> set[str]:
    return set(operation(endpoint).get("body", {})) - {"type"}


def enum_of(endpoint: Endpoint, name: str) -> set[str]:
    """The values of a parameter, if the description lists them."""
    told = {item["name"]: item for item in operation(endpoint)["query"]}
    told |= operation(endpoint).get("body", {})
    return set(told[name].get("enum", ()))
