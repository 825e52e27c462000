"""The verdict on a window, and what is noted of it."""

import pytest

from tiktok_pipelines.ingest.ledger import Counts, judge

# (api total, ids, of them still in the window, rows, records without an id)
CLOSED = {
    "all agree": (7, 7, 7, 7, 0),
    "nothing there": (0, 0, 0, 0, 0),
    "some have no id": (7, 5, 5, 5, 2),
    "some changed again and left the window": (5, 7, 5, 7, 0),
    "some left and some have no id": (6, 7, 5, 7, 1),
    "some changed again but were still counted": (7, 7, 5, 7, 0),
}
OPEN = {
    "no total": (None, 7, 7, 7, 0),
    "fewer than counted": (8, 7, 7, 7, 0),
    "more than counted": (6, 7, 7, 7, 0),
    "nothing of what is counted": (3, 0, 0, 0, 0),
    "a row is missing": (7, 7, 7, 6, 0),
    "all rows are missing": (7, 7, 7, 0, 0),
    "what left does not explain it": (4, 7, 5, 7, 0),
    "no ids hide missing ones": (7, 5, 5, 5, 1),
}


def counts(told: tuple[int | None, int, int, int, int]) -> Counts:
    total, ids, in_window, rows, unidentified = told
    return Counts(total, ids, in_window, rows, unidentified)


@pytest.mark.parametrize("told", CLOSED.values(), ids=CLOSED)
def test_a_window_is_closed_when_the_counts_agree_or_are_explained(
    told: tuple[int, int, int, int, int],
) -> None:
    assert judge(counts(told)).is_closed


@pytest.mark.parametrize("told", OPEN.values(), ids=OPEN)
def test_a_window_stays_open_and_says_why(
    told: tuple[int | None, int, int, int, int],
) -> None:
    verdict = judge(counts(told))

    assert not verdict.is_closed
    assert verdict.note


def test_a_difference_is_told_in_numbers() -> None:
    assert judge(Counts(8, 7, 7, 7, 0)).note == (
        "the API counts 8, its pages held 7 orders"
    )
    assert judge(Counts(7, 7, 7, 6, 0)).note == "1 orders fetched are no rows"
    assert judge(Counts(None, 7, 7, 7, 0)).note == "the API gave no total_count"


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("some have no id", "quarantine"),
        ("some changed again and left the window", "changed again"),
    ],
)
def test_what_explains_a_closed_difference_is_noted(name: str, word: str) -> None:
    assert word in (judge(counts(CLOSED[name])).note or "")


def test_a_plain_closed_window_needs_no_note() -> None:
    assert judge(Counts(7, 7, 7, 7, 0)).note is None
