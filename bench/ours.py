"""A process that loads the shops of a page server by our public path, and ends.

It does what Dagster's assets do, less Dagster: the seller's consent if it is the
first, then a backfill of all days, or a sync. ``python -m bench.ours --help``.
"""

import argparse
import json
import sys
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from bench.orders import NOW
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.settings import Settings


@dataclass(slots=True)
class ShopClock:
    """Real time, moved to that of the orders."""

    ahead: timedelta

    def now(self) -> datetime:
        return SystemClock().now() + self.ahead

    def sleep(self, seconds: float) -> None:
        SystemClock().sleep(seconds)


def main() -> None:
    asked = _parser().parse_args()
    start = datetime.fromisoformat(asked.at)
    clock = ShopClock(start - SystemClock().now())
    settings = Settings.from_environment()
    with open_pipeline(settings, clock=clock, run_id=f"bench {start}") as pipeline:
        report = _load(pipeline, asked, start.date())
    told = {
        "windows": len(report.windows),
        "reread": sum(sync.reread for sync in report.syncs.values()),
    }
    sys.stdout.write(json.dumps(told))


def _load(pipeline: Pipeline, asked: argparse.Namespace, today: date) -> Report:
    if not pipeline.shops.enabled():
        pipeline.connector.connect("bench-code")
    runs = OrderRuns(pipeline.shops, f"bench {asked.at}", log=lambda _: None)
    shop_ids = [shop.shop_id for shop in pipeline.shops.enabled()]
    if asked.what == "sync":
        report = runs.sync(shop_ids, first_sync_days=asked.days)
    else:
        days = [today - timedelta(days=back) for back in range(asked.days + 1)]
        report = runs.backfill(dict.fromkeys(shop_ids, days))
    report.raise_if_failed()
    return report


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["backfill", "sync"])
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--at", default=NOW.astimezone(UTC).isoformat(), help="time")
    return parser


if __name__ == "__main__":
    main()
