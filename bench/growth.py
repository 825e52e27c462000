"""How the cost grows with the orders that are there, and with the number of shops."""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import limit
from bench.filling import fill
from bench.metering import Cost, measure
from bench.orders import NOW
from bench.page_server import CHANGE
from bench.plot import Chart, Series, write_charts
from bench.stage import Pages, Stage, ask_one, open_stage, serve_pages, settings_of

_DAYS = 90
_SYNC_DAYS = 10
_COUNT = "SELECT count(*) FROM tiktok.orders"
_CHANGED_PCT = 30
_A_SYNC_LATER = NOW + timedelta(hours=22)  # before open orders are due again
_NEXT_SYNC = _A_SYNC_LATER + timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Course:
    """One database and the pages to load into it."""

    stage: Stage
    pages: Pages
    url: str

    def load(self, what: str, at: datetime, days: int) -> Cost:
        """Load in a fresh process, as of that time."""
        command = [sys.executable, "-m", "bench.ours", what, "--at", at.isoformat()]
        command += ["--days", str(days)]
        return measure(
            command,
            environment=settings_of(self.pages, self.url, self.stage.folder / "home"),
            postmaster=self.stage.postmaster,
            api=self.pages.pid,
        )


def with_orders_there(
    stage: Stage, orders: int, sizes: list[int], rounds: int
) -> Iterator[tuple[int, list[Cost]]]:
    """Load so many new orders into tables that hold more and more."""
    with (
        TemporaryDirectory(prefix="tiktok-bench-") as own,
        serve_pages(orders=orders, days=_DAYS) as pages,
    ):
        folder = Path(own) / "encoded"
        with stage.database("seed") as url:
            Course(stage, pages, url).load("backfill", NOW, _DAYS)
            limit.encode(url, folder)
        for size in sizes:
            with stage.database("filled") as template:
                fill(template, folder, size // orders)
                yield size, [_add(stage, pages, size, orders) for _ in range(rounds)]


def _add(stage: Stage, pages: Pages, size: int, orders: int) -> Cost:
    with stage.database("grown", template="filled") as url:
        found = [ask_one(url, _COUNT)]
        cost = Course(stage, pages, url).load("backfill", NOW, _DAYS)
        found.append(ask_one(url, _COUNT))
    if found != [size, size + orders]:
        raise ValueError(f"the table held {found} orders before and after")
    return cost


def with_shops(stage: Stage, orders: int, shops: int) -> tuple[Cost, Cost, Cost]:
    """Sync shops that share so many orders: first, with changes, with nothing new."""
    with (
        serve_pages(
            orders=orders, shops=shops, days=_SYNC_DAYS, changed_pct=_CHANGED_PCT
        ) as pages,
        stage.database("shops") as url,
    ):
        course = Course(stage, pages, url)
        first = course.load("sync", NOW, _SYNC_DAYS)
        pages.ask(CHANGE)
        changed = course.load("sync", _A_SYNC_LATER, _SYNC_DAYS)
        return first, changed, course.load("sync", _NEXT_SYNC, _SYNC_DAYS)


def main() -> int:
    asked = _parser().parse_args()
    with open_stage() as stage:
        charts = [_by_size(stage, asked), _by_shops(stage, asked)]
    write_charts(asked.picture, charts)
    print(f"\n{asked.picture}")
    return 0


def _by_size(stage: Stage, asked: argparse.Namespace) -> Chart:
    print(
        f"\n| orders there | CPU s of {asked.orders:,} more | server alone | wall s |"
    )
    print("|---|---|---|---|")
    both, server = Series("client and server"), Series("server alone")
    done = with_orders_there(stage, asked.orders, asked.sizes, asked.rounds)
    for size, costs in done:
        both.add(size, median(cost.all_cpu_s for cost in costs))
        server.add(size, median(cost.server_cpu_s for cost in costs))
        wall_s = median(cost.wall_s for cost in costs)
        told = f"{both.points[-1][1]:.1f} | {server.points[-1][1]:.1f} | {wall_s:.1f}"
        print(f"| {size:,} | {told} |", flush=True)
    title = f"Loading {asked.orders:,} orders more"
    return Chart(title, "orders in the table before", "CPU s", [both, server])


def _by_shops(stage: Stage, asked: argparse.Namespace) -> Chart:
    names = ("first sync", f"sync, {_CHANGED_PCT} % changed", "sync, nothing new")
    series = [Series(name) for name in names]
    print(f"\n| shops of {asked.orders:,} orders | {' | '.join(names)} |")
    print("|---|---|---|---|")
    for shops in asked.shops:
        costs = with_shops(stage, asked.orders, shops)
        for one, cost in zip(series, costs, strict=True):
            one.add(shops, cost.all_cpu_s)
        told = " | ".join(f"{cost.all_cpu_s:.1f}" for cost in costs)
        print(f"| {shops} | {told} |", flush=True)
    title = f"Syncing shops that share {asked.orders:,} orders"
    return Chart(title, "shops", "CPU s", series)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=10_000, help="that are loaded")
    sizes = [10_000, 100_000, 1_000_000]
    parser.add_argument("--sizes", type=int, nargs="+", default=sizes)
    parser.add_argument("--shops", type=int, nargs="+", default=[1, 10, 100])
    parser.add_argument("--rounds", type=int, default=1)
    picture = Path(__file__).with_name("growth.svg")
    parser.add_argument("--picture", type=Path, default=picture)
    return parser


if __name__ == "__main__":
    sys.exit(main())
