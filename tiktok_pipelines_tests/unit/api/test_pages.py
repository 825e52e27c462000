"""Paging: each record once, and what restarts a window."""

import itertools
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.api.endpoints.table import ORDER_SEARCH
from tiktok_pipelines.api.pages import Page, follow
from tiktok_pipelines.errors import PageTokenRefused
from tiktok_pipelines_tests.unit.api.scripted import NOON

Fetch = Callable[[str], Page]


def page(ids: Sequence[object], token: str) -> Page:
    return Page(
        records=[{"id": one} for one in ids],
        total_count=None,
        next_page_token=token,
        endpoint=ORDER_SEARCH,
        request={},
        body=b"",
        fetched_at=NOON,
        request_id="r-1",
    )


def book(pages: dict[str, Page]) -> Fetch:
    return pages.__getitem__


@given(
    ids=st.lists(st.uuids().map(str), unique=True, max_size=60),
    size=st.integers(1, 20),
)
def test_paging_yields_each_record_once_for_any_page_size(
    ids: list[str], size: int
) -> None:
    def fetch(token: str) -> Page:
        first = int(token or 0)
        end = first + size
        return page(ids[first:end], str(end) if end < len(ids) else "")

    read = [record for some in follow(fetch) for record in some.records]

    assert read == [{"id": one} for one in ids]


def test_an_empty_page_with_a_next_token_is_no_end() -> None:
    pages = book({"": page([], "t1"), "t1": page([], "t2"), "t2": page(["1"], "")})

    assert [len(some.records) for some in follow(pages)] == [0, 0, 1]


def test_a_token_that_comes_twice_restarts_the_window() -> None:
    pages = book({"": page(["1"], "t1"), "t1": page(["2"], "t1")})
    read = follow(pages)

    assert [next(read).records, next(read).records] == [[{"id": "1"}], [{"id": "2"}]]
    with pytest.raises(PageTokenRefused, match="came twice"):
        next(read)


def test_tokens_that_go_in_a_circle_restart_the_window() -> None:
    pages = book(
        {"": page(["1"], "a"), "a": page(["2"], "b"), "b": page(["3"], "a")},
    )

    with pytest.raises(PageTokenRefused, match="came twice"):
        list(follow(pages))


def test_a_page_of_records_already_seen_restarts_the_window() -> None:
    pages = book(
        {"": page(["1", "2"], "a"), "a": page(["3"], "b"), "b": page(["2", "3"], "c")},
    )

    with pytest.raises(PageTokenRefused, match="earlier pages"):
        list(follow(pages))


def test_a_page_with_one_new_record_goes_on() -> None:
    pages = book(
        {"": page(["1", "2"], "a"), "a": page(["2", "3"], "b"), "b": page(["4"], "")},
    )

    assert len(list(follow(pages))) == 3


def test_a_last_page_of_records_already_seen_is_an_end() -> None:
    pages = book({"": page(["1", "2"], "a"), "a": page(["2"], "")})

    assert len(list(follow(pages))) == 2


def test_pages_that_stay_empty_restart_the_window() -> None:
    tokens = (f"t{number}" for number in itertools.count())

    with pytest.raises(PageTokenRefused, match="empty"):
        list(follow(lambda _token: page([], next(tokens))))


@pytest.mark.parametrize(
    "records",
    [["text", None, 7, [], {}], [{"id": None}, {"id": {}}, {"id": [1]}, {"id": 1.5}]],
    ids=["no objects", "no ids"],
)
def test_records_of_any_kind_pass_the_guard(records: list[object]) -> None:
    pages = book(
        {
            "": replace(page([], "a"), records=records),
            "a": replace(page([], ""), records=records),
        }
    )

    assert [list(some.records) for some in follow(pages)] == [records, records]


def test_ids_may_be_numbers() -> None:
    pages = book({"": page([1], "a"), "a": page([1], "b")})

    with pytest.raises(PageTokenRefused):
        list(follow(pages))


def test_what_the_guard_remembers_does_not_grow_without_end() -> None:
    def fetch(token: str) -> Page:
        first = int(token or 0)
        return page([f"id-{first + n}" for n in range(500)], str(first + 500))

    tracemalloc.start()
    pages = follow(fetch)
    sizes: list[int] = []
    for _ in range(2):
        list(itertools.islice(pages, 60))
        sizes.append(tracemalloc.get_traced_memory()[0])
    tracemalloc.stop()

    assert sizes[1] < sizes[0] * 1.1
