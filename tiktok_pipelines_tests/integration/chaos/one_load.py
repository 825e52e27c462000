"""A process that loads the shop of ``one_shop``, and says what it took: ``DAYS``.

It backfills all days, syncs, and syncs again a day later, when every open order is due
to be read again.
"""

import json
import os
import resource
import sys
import time
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import httpx

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.settings import Settings

NOW = datetime(2026, 1, 10, 12, tzinfo=UTC)
_A_DAY_LATER = timedelta(hours=25)


@dataclass(slots=True)
class _ShopClock:
    """The shop's time, which stands still until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        """There is no limit to keep: only rounding asks for a wait."""
        self.at += timedelta(seconds=seconds)


def main(days: int) -> None:
    started_s, clock, settings = (
        time.monotonic(),
        _ShopClock(),
        Settings.from_environment(),
    )
    with open_pipeline(settings, clock=clock, run_id="measured") as pipeline:
        pipeline.connector.connect(os.environ["CODE"])
        runs = OrderRuns(pipeline.shops, "measured", log=lambda _: None)
        windows = len(_backfill(runs, days).windows)
        _sync(runs)
        ahead = {"advance_s": _A_DAY_LATER.total_seconds()}
        httpx.post(f"{settings.api_base_url}/_sim/time", json=ahead).raise_for_status()
        clock.at += _A_DAY_LATER
        reread = sum(sync.reread for sync in _sync(runs).syncs.values())
    told = {"windows": windows, "reread": reread, "peak_mb": _peak_mb()}
    used = resource.getrusage(resource.RUSAGE_SELF)
    told["cpu_s"] = used.ru_utime + used.ru_stime
    told["wall_s"] = time.monotonic() - started_s
    sys.stdout.write(json.dumps(told))


def _backfill(runs: OrderRuns, days: int) -> Report:
    report = runs.backfill(dict.fromkeys(_shop_ids(runs), _days(days)))
    report.raise_if_failed()
    return report


def _days(days: int) -> list[date]:
    return [(NOW - timedelta(days=back)).date() for back in range(days + 1)]


def _sync(runs: OrderRuns) -> Report:
    report = runs.sync(_shop_ids(runs), first_sync_days=1)
    report.raise_if_failed()
    return report


def _shop_ids(runs: OrderRuns) -> list[str]:
    return [shop.shop_id for shop in runs.shops.enabled()]


def _peak_mb() -> float:
    """The peak of resident memory since this program started in the process.

    ``ru_maxrss`` counts what the parent held when it forked, too.
    """
    status = Path("/proc/self/status")
    if status.exists():
        words = status.read_text().split()
        return int(words[words.index("VmHWM:") + 1]) / 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024 * 1024 if sys.platform == "darwin" else 1024)


if __name__ == "__main__":
    main(int(sys.argv[1]))
