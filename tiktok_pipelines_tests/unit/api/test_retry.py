"""How long to wait before the next attempt."""

import random
from datetime import timedelta

import pytest

from tiktok_pipelines.api.retry import RetryPolicy, retry_after_s
from tiktok_pipelines_tests.unit.api.scripted import NOON


@pytest.mark.parametrize("failures", [1, 2, 3, 4, 5, 6])
def test_the_wait_doubles_with_jitter(failures: int) -> None:
    step = 0.5 * 2 ** (failures - 1)
    waits = {
        RetryPolicy().backoff_s(failures, random.Random(seed)) for seed in range(50)
    }

    assert all(step <= wait <= min(2 * step, 30) for wait in waits)
    assert len(waits) > 40


def test_the_wait_is_capped() -> None:
    assert RetryPolicy().backoff_s(50, random.Random(1)) == 30


@pytest.mark.parametrize(
    ("header", "wait_s"),
    [
        ("7", 7.0),
        (" 1.5 ", 1.5),
        ("0", 0.0),
        ("Mon, 05 Jan 2026 12:00:30 GMT", 30.0),
        ("Mon, 05 Jan 2026 12:00:30 -0000", 30.0),
        ("Mon, 05 Jan 2026 19:00:30 +0700", 30.0),
        ("Mon, 05 Jan 2026 11:00:00 GMT", 0.0),
        ("999999999999", 86400.0),
        ("Fri, 31 Dec 9999 23:59:59 GMT", 86400.0),
    ],
)
def test_retry_after_is_a_number_or_a_date(header: str, wait_s: float) -> None:
    assert retry_after_s(header, NOON) == wait_s


@pytest.mark.parametrize(
    "header", ["", "soon", "-5", "inf", "nan", "1e3", "Mon, 99 Foo 2026 25:00:00 GMT"]
)
def test_an_unreadable_retry_after_counts_as_none(header: str) -> None:
    assert retry_after_s(header, NOON) is None


def test_a_date_is_measured_from_now() -> None:
    later = NOON + timedelta(seconds=10)

    assert retry_after_s("Mon, 05 Jan 2026 12:00:30 GMT", later) == 20.0
