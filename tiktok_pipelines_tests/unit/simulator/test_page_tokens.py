"""Page tokens of the simulator: opaque, and bound to their search."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.simulator.page_tokens import make_page_token, read_page_token
from tiktok_pipelines.simulator.refusals import Refusal

KEYS = st.tuples(st.integers(1, 2**40), st.integers(10**17, 10**18 - 1).map(str))


@given(KEYS, st.text())
def test_a_page_token_gives_back_its_key(key: tuple[int, str], search: str) -> None:
    search = search.encode("utf-8", "replace").decode()

    assert read_page_token(search, make_page_token(search, key)) == key


@given(KEYS)
def test_a_page_token_needs_percent_encoding(key: tuple[int, str]) -> None:
    token = make_page_token("search", key)

    assert set("+/=") <= set(token)


@given(KEYS, st.integers(0, 53))
def test_an_altered_page_token_is_refused(key: tuple[int, str], place: int) -> None:
    token = make_page_token("search", key)
    altered = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]

    with pytest.raises(Refusal, match="page_token"):
        read_page_token("search", altered)


def test_a_page_token_of_another_search_is_refused() -> None:
    token = make_page_token("search", (1, "580000000000000001"))

    with pytest.raises(Refusal, match="page_token"):
        read_page_token("other search", token)


@given(st.text())
def test_text_that_is_no_page_token_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="page_token"):
        read_page_token("search", text)
