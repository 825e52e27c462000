"""The limiter: the rate is kept, and used."""

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_pipelines.api.rate_limit import (
    LimitKey,
    PauseTooLongError,
    ProcessRateLimiter,
)
from tiktok_pipelines_tests.unit.api.scripted import NOON, FakeClock

ORDERS = LimitKey("app", "shop-1", "order_search")
OTHER_SHOP = LimitKey("app", "shop-2", "order_search")
OTHER_CALL = LimitKey("app", "shop-1", "order_detail")


def moments(limiter: ProcessRateLimiter, clock: FakeClock) -> Iterator[datetime]:
    """When calls made one after the other get through."""
    while True:
        limiter.acquire(ORDERS)
        yield clock.now()


def busiest_second(times: list[datetime]) -> int:
    second = timedelta(seconds=1) - timedelta(milliseconds=1)
    return max(sum(start <= time < start + second for time in times) for start in times)


@given(
    per_second=st.sampled_from([0.5, 1.0, 3.0, 10.0, 33.0]),
    pauses=st.lists(st.floats(0, 3), max_size=60),
)
def test_no_second_sees_more_calls_than_the_rate(
    per_second: float, pauses: list[float]
) -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(per_second, clock)
    times: list[datetime] = []

    for pause in pauses + [0.0] * 40:
        clock.sleep(pause)
        limiter.acquire(ORDERS)
        times.append(clock.now())

    assert busiest_second(times) <= max(per_second, 1)


def test_the_rate_is_used_up_to_the_full() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)

    times = list(islice(moments(limiter, clock), 101))

    assert times[-1] - times[0] == pytest.approx(
        timedelta(seconds=10), abs=timedelta(seconds=0.2)
    )


@given(late_ms=st.lists(st.integers(0, 20), min_size=500, max_size=500))
@settings(max_examples=20)
def test_threads_that_wake_up_late_cost_little_and_fill_no_second(
    late_ms: list[int],
) -> None:
    clock = LateClock(late_ms)
    limiter = ProcessRateLimiter(50, clock)

    times = list(islice(moments(limiter, clock), 450))

    assert busiest_second(times) <= 50
    assert times[-1] - times[0] < timedelta(seconds=9 / 0.95)


class LateClock(FakeClock):
    """Each sleep takes longer than asked."""

    def __init__(self, late_ms: list[int]) -> None:
        super().__init__()
        self._late_ms = iter(late_ms)

    def sleep(self, seconds: float) -> None:
        super().sleep(seconds + next(self._late_ms, 0) / 1000)


def test_the_seconds_waited_are_told() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(2, clock)

    assert limiter.acquire(ORDERS) == 0
    assert limiter.acquire(ORDERS) == pytest.approx(0.5)


def test_each_app_shop_and_endpoint_has_its_own_rate() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(1, clock)

    waits = [limiter.acquire(key) for key in (ORDERS, OTHER_SHOP, OTHER_CALL)]

    assert waits == [0, 0, 0]


def test_a_429_pauses_as_long_as_tiktok_asks() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.acquire(ORDERS)

    limiter.throttled(ORDERS, 7.0)

    assert limiter.acquire(ORDERS) == pytest.approx(7.0)
    assert limiter.acquire(OTHER_SHOP) == 0


def test_a_clock_that_is_set_back_holds_up_no_call_for_long() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    list(islice(moments(limiter, clock), 20))
    clock.set(clock.now() - timedelta(hours=1))

    assert limiter.acquire(ORDERS) <= 1


@pytest.mark.parametrize("asked_s", [140.0, 3600.0])
def test_a_pause_beyond_patience_is_refused_instead_of_waited_for(
    asked_s: float,
) -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.throttled(ORDERS, asked_s)

    with pytest.raises(PauseTooLongError) as caught:
        limiter.acquire(ORDERS)

    assert caught.value.wait_s == pytest.approx(asked_s)
    assert clock.slept == []
    assert limiter.acquire(OTHER_SHOP) == 0


def test_a_pause_of_which_little_is_left_is_waited_for() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.throttled(ORDERS, 140.0)

    clock.sleep(40)

    assert limiter.acquire(ORDERS) == pytest.approx(100.0)


def test_a_pause_as_long_as_patience_is_waited_for() -> None:
    limiter = ProcessRateLimiter(10, FakeClock(), patience_s=7.0)

    limiter.throttled(ORDERS, 7.0)

    assert limiter.acquire(ORDERS) == pytest.approx(7.0)


def test_a_rate_slower_than_patience_is_kept() -> None:
    limiter = ProcessRateLimiter(0.1, FakeClock(), patience_s=7.0)
    limiter.acquire(ORDERS)

    assert limiter.acquire(ORDERS) == pytest.approx(10.0)


def test_a_429_halves_the_rate_and_it_recovers_slowly() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.acquire(ORDERS)
    limiter.throttled(ORDERS, None)

    times = list(islice(moments(limiter, clock), 800))

    gaps = [b - a for a, b in pairwise(times)]
    assert gaps[0] > timedelta(seconds=0.19)
    assert timedelta(seconds=0.12) < gaps[60] < timedelta(seconds=0.19)
    assert gaps[-1] < timedelta(seconds=0.105)
    assert busiest_second(times) <= 10


def test_many_429s_of_one_burst_lower_the_rate_once() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.acquire(ORDERS)

    for _ in range(5):
        limiter.throttled(ORDERS, 1.0)

    limiter.acquire(ORDERS)
    assert limiter.acquire(ORDERS) == pytest.approx(0.2)


def test_the_rate_never_falls_to_a_stop() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(16, clock)

    for _ in range(20):
        limiter.acquire(ORDERS)
        limiter.throttled(ORDERS, None)

    limiter.acquire(ORDERS)
    assert limiter.acquire(ORDERS) <= 1.01


def test_a_clock_that_is_set_back_does_not_stop_the_calls() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    limiter.acquire(ORDERS)

    clock.set(NOON - timedelta(hours=1))

    assert limiter.acquire(ORDERS) <= 0.2


def test_threads_share_one_rate() -> None:
    clock = FakeClock()
    limiter = ProcessRateLimiter(10, clock)
    threads = [
        threading.Thread(target=lambda: [limiter.acquire(ORDERS) for _ in range(20)])
        for _ in range(4)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert clock.now() - NOON >= timedelta(seconds=7.8)


@pytest.mark.parametrize("per_second", [0, -1])
def test_a_rate_of_nothing_is_refused(per_second: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        ProcessRateLimiter(per_second, FakeClock())
