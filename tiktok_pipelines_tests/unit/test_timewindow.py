"""Windows: cut without overlap or gap."""

import itertools
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tiktok_pipelines.timewindow import TimeWindow

START = datetime(2026, 1, 5, tzinfo=UTC)
STEPS = st.integers(1, 500_000).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def windows(draw: st.DrawFn) -> TimeWindow:
    start = START + timedelta(seconds=draw(st.integers(0, 10**6)))
    return TimeWindow(start, start + timedelta(seconds=draw(st.integers(1, 10**6))))


@given(windows(), st.integers(1, 40))
def test_the_pieces_cover_the_window_exactly_once(
    window: TimeWindow, pieces: int
) -> None:
    step = max((window.end - window.start) / pieces, timedelta(seconds=1))

    split = list(window.split(step))

    assert split[0].start == window.start
    assert split[-1].end == window.end
    borders = itertools.pairwise(split)
    assert all(one.end == following.start for one, following in borders)


@given(windows(), STEPS)
def test_no_piece_is_empty_or_longer_than_the_step(
    window: TimeWindow, step: timedelta
) -> None:
    step = max(step, (window.end - window.start) / 100)

    assert all(
        timedelta(0) < piece.end - piece.start <= step for piece in window.split(step)
    )


@pytest.mark.parametrize("step", [timedelta(0), timedelta(seconds=-1)])
def test_a_step_that_is_not_positive_is_refused(step: timedelta) -> None:
    window = TimeWindow.of_day(date(2026, 1, 5))

    with pytest.raises(ValueError, match="positive"):
        list(window.split(step))


def test_a_day_is_from_midnight_to_midnight_utc() -> None:
    window = TimeWindow.of_day(date(2026, 1, 5))

    assert (window.start, window.end) == (START, START + timedelta(days=1))
    assert window.end_epoch - window.start_epoch == 86400
    assert str(window) == "2026-01-05T00:00:00Z..2026-01-06T00:00:00Z"


@pytest.mark.parametrize("end", [START, START - timedelta(seconds=1)])
def test_an_empty_window_is_refused(end: datetime) -> None:
    with pytest.raises(ValueError, match="empty window"):
        TimeWindow(START, end)


@pytest.mark.parametrize("naive", ["start", "end"])
def test_a_naive_bound_is_refused(naive: str) -> None:
    bounds = {"start": START, "end": START + timedelta(days=1)}
    bounds[naive] = bounds[naive].replace(tzinfo=None)

    with pytest.raises(ValueError, match="aware"):
        TimeWindow(**bounds)
