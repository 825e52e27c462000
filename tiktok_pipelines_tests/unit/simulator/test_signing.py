"""The simulator's own recipe of a signature."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.simulator.signing import matches, sign

GOLDEN = Path(__file__).parents[2] / "golden" / "signing_vectors.json"
VECTORS: list[dict[str, Any]] = json.loads(GOLDEN.read_text())["request_vectors"]


@pytest.mark.parametrize("vector", VECTORS, ids=lambda vector: vector["id"])
def test_the_simulators_recipe_gives_the_published_signatures(
    vector: dict[str, Any],
) -> None:
    signature = sign(
        vector["app_secret"],
        vector["path"],
        query=vector["query"].items(),
        body=vector["body"].encode(),
        content_type=vector["content_type"],
    )

    assert signature == vector["expected_sign"]


@given(st.permutations([("b", "1"), ("a", "2"), ("_", "3"), ("Z", "4")]))
def test_the_order_of_parameters_does_not_change_a_signature(
    query: list[tuple[str, str]],
) -> None:
    assert sign("secret", "/path", query=query) == sign(
        "secret", "/path", query=sorted(query)
    )


@given(st.text())
def test_any_text_can_be_compared_with_a_signature(text: str) -> None:
    signature = sign("secret", "/path", query=[])

    assert matches(signature, text) == (text == signature)


def test_a_signature_in_upper_case_does_not_match() -> None:
    signature = sign("secret", "/path", query=[])

    assert not matches(signature, signature.upper())
