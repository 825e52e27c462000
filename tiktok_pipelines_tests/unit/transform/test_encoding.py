"""JSON and compression that lose nothing."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.transform.encoding import (
    compress,
    decode,
    decompress,
    digest,
    encode,
)

NUMBERS = st.integers(-(2**63), 2**64 - 1) | st.decimals(-(10**9), 10**9, places=3)
DOCUMENTS = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(DOCUMENTS)
def test_json_is_exact(value: object) -> None:
    assert decode(encode(value)) == value


def test_a_number_with_a_fraction_keeps_every_digit() -> None:
    assert decode(b"0.10000000000000000001") == Decimal("0.10000000000000000001")


def test_an_integer_of_any_size_survives() -> None:
    assert decode(encode({"id": 10**30})) == {"id": 10**30}


@given(st.dictionaries(st.text(), st.integers()))
def test_the_order_of_names_does_not_matter(value: dict[str, int]) -> None:
    turned = dict(reversed(value.items()))

    assert digest(encode(turned)) == digest(encode(value))


@given(st.binary())
def test_compression_is_undone(data: bytes) -> None:
    assert decompress(compress(data)) == data
