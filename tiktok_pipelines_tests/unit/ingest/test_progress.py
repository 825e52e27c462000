"""The lines that tell how far a load has come."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tiktok_pipelines.ingest.ledger import Counts, Verdict, WindowResult
from tiktok_pipelines.ingest.progress import Progress
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.unit.transform.samples import NOON


@dataclass
class Hands:
    """A clock whose hands a test moves."""

    at: datetime = field(default=NOON)

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def result(orders: int, rows: int = 0) -> WindowResult:
    return WindowResult(
        window=TimeWindow(NOON, NOON + timedelta(days=1)),
        time_field="create_time",
        counts=Counts(orders, orders, orders, orders, 0),
        verdict=Verdict(is_closed=True),
        attempts=1,
        pages=1,
        rows_written=rows,
        orders_written=0,
        pages_kept=0,
        days=frozenset(),
        new_bad=(),
        started_at=NOON,
        finished_at=NOON,
    )


def test_progress_tells_share_rate_and_time_left() -> None:
    clock, told = Hands(), list[str]()
    progress = Progress("days", 4, clock, told.append)

    clock.sleep(10)
    progress.take(result(5000, rows=21000))

    assert told[0] == (
        "days 1 of 4 (25 %), 0:00:30 left, 5,000 orders, 21,000 rows written,"
        f" 500 orders/s; the last was {NOON:%Y-%m-%d}"
    )


def test_progress_is_quiet_for_five_seconds_but_tells_the_end() -> None:
    clock, told = Hands(), list[str]()
    progress = Progress("days", 3, clock, told.append)

    for _ in range(3):
        clock.sleep(1)
        progress.take(result(1))

    assert len(told) == 1
    assert told[0].startswith("days 3 of 3 (100 %)")


def test_progress_without_a_total_promises_nothing() -> None:
    clock, told = Hands(), list[str]()
    progress = Progress("windows", 0, clock, told.append)

    clock.sleep(6)
    progress.take(result(12))

    assert told[0] == (
        "windows 1, 12 orders, 0 rows written, 2 orders/s;"
        f" the last was {NOON:%Y-%m-%d}"
    )
