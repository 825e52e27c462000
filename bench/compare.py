"""Ours, dlt and the raw limit side by side: see README.md."""

import argparse
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from bench import limit
from bench.dlt_venv import python_with_dlt
from bench.metering import Cost, measure
from bench.orders import NOW
from bench.stage import (
    COMPILED,
    EMPTY,
    Pages,
    Stage,
    ask_one,
    open_stage,
    serve_pages,
    settings_of,
)

DAYS = 90
WAYS = ("ours", "dlt", "limit")
MOST_OF_LIMIT = 3.0
MOST_MB = 150.0
_START_UP_COUNTS = 50_000  # orders; below it less is expected


@dataclass(frozen=True, slots=True)
class Course:
    """One number of orders, and all that the ways need to load them."""

    stage: Stage
    pages: Pages
    orders: int
    days: int
    folder: Path
    dlt_options: Sequence[str] = ()

    def measure(self, way: str) -> Cost:
        """Load into a fresh database in a fresh process.

        Raises:
            ValueError: the tables do not hold what was served.
        """
        cost, rows = _WAYS[way](self)
        if rows[0] != self.orders or rows[1] < rows[0]:
            raise ValueError(f"{way} loaded {rows}, not {self.orders} orders")
        return cost

    def ours(self) -> tuple[Cost, tuple[int, int]]:
        with self.stage.database("ours") as url:
            return self._load_ours(url), _rows(url, "tiktok.orders", _LINES)

    def encode(self) -> None:
        """Fill tables by our load, and take their rows for the limit."""
        with self.stage.database("seed") as url:
            self._load_ours(url)
            limit.encode(url, self.folder / "encoded")

    def _load_ours(self, url: str) -> Cost:
        home = self.folder / "home"
        command = [
            sys.executable,
            "-m",
            "bench.ours",
            "backfill",
            "--days",
            str(self.days),
        ]
        return self._measure(command, settings_of(self.pages, url, home))

    def dlt(self) -> tuple[Cost, tuple[int, int]]:
        with (
            TemporaryDirectory(dir=self.folder) as own,
            self.stage.database("dlt", template=EMPTY) as url,
        ):
            until = (NOW + timedelta(days=1)).date()
            script = Path(__file__).with_name("dlt_load.py")
            command = [str(python_with_dlt()), str(script), "--url", self.pages.url]
            command += ["--cipher", self.pages.ciphers[0], "--database", url]
            command += ["--folder", own, "--days", str(self.days)]
            command += ["--until", f"{until}T00:00:00+00:00", *self.dlt_options]
            cost = self._measure(command, {})
            return cost, _rows(url, "shop.orders", "shop.orders__line_items")

    def limit(self) -> tuple[Cost, tuple[int, int]]:
        with self.stage.database("the_limit") as url:
            folder = str(self.folder / "encoded")
            command = [sys.executable, "-m", "bench.limit", folder, url]
            cost = self._measure(command, COMPILED)
            return cost, _rows(url, "tiktok.orders", _LINES)

    def _measure(self, command: Sequence[str], environment: Mapping[str, str]) -> Cost:
        return measure(
            command,
            environment=environment,
            postmaster=self.stage.postmaster,
            api=self.pages.pid,
        )


_WAYS: Mapping[str, Callable[[Course], tuple[Cost, tuple[int, int]]]] = {
    "ours": Course.ours,
    "dlt": Course.dlt,
    "limit": Course.limit,
}
_LINES = "tiktok.order_lines"


def _rows(url: str, *tables: str) -> tuple[int, int]:
    orders, lines = (
        int(ask_one(url, f"SELECT count(*) FROM {table}")) for table in tables
    )
    return orders, lines


def compare(
    stage: Stage,
    orders: int,
    *,
    ways: Sequence[str],
    rounds: int,
    days: int = DAYS,
    dlt_options: Sequence[str] = (),
) -> dict[str, list[Cost]]:
    """Load so many orders in each way, round by round, each round in another order."""
    costs: dict[str, list[Cost]] = {way: [] for way in ways}
    with (
        TemporaryDirectory(prefix="tiktok-bench-") as folder,
        serve_pages(orders=orders, days=days) as pages,
    ):
        course = Course(stage, pages, orders, days, Path(folder), dlt_options)
        if "limit" in ways:
            course.encode()
        for number in range(rounds):
            first = number % len(ways)
            for way in (*ways[first:], *ways[:first]):
                cost = course.measure(way)
                costs[way].append(cost)
                print(_row(f"round {number + 1}", orders, way, [cost]), flush=True)
    return costs


_HEAD = """
| | orders | way | wall s | client CPU s | server CPU s | API CPU s | peak MB |
|---|---|---|---|---|---|---|---|"""


def _row(name: str, orders: int, way: str, costs: Sequence[Cost]) -> str:
    figures = [
        median(cost.wall_s for cost in costs),
        median(cost.cpu_s for cost in costs),
        median(cost.server_cpu_s for cost in costs),
        median(cost.api_cpu_s for cost in costs),
    ]
    peak_mb = max(cost.peak_mb for cost in costs)
    told = " | ".join(f"{figure:.1f}" for figure in figures)
    return f"| {name} | {orders:,} | {way} | {told} | {peak_mb:.0f} |"


def _ratios(orders: int, costs: Mapping[str, Sequence[Cost]]) -> list[tuple[str, bool]]:
    """What the medians say of the bounds, and whether each holds."""
    wall = {way: median(cost.wall_s for cost in costs[way]) for way in costs}
    cpu = {way: median(cost.all_cpu_s for cost in costs[way]) for way in costs}
    peak_mb = max(cost.peak_mb for cost in costs["ours"])
    told = [(f"peak {peak_mb:.0f} MB, at most {MOST_MB:.0f}", peak_mb <= MOST_MB)]
    for name, spent in (("wall", wall), ("CPU", cpu)):
        if "dlt" in spent:
            ratio, least = spent["dlt"] / spent["ours"], _least_of_dlt(orders)
            said = f"dlt takes {ratio:.1f} times our {name}, at least {least}"
            told.append((said, ratio >= least))
        if "limit" in spent:
            ratio = spent["ours"] / spent["limit"]
            said = f"we take {ratio:.1f} times the limit's {name}, at most"
            told.append((f"{said} {MOST_OF_LIMIT}", ratio <= MOST_OF_LIMIT))
    return told


def _least_of_dlt(orders: int) -> float:
    return 2.5 if orders < _START_UP_COUNTS else 4.0


def main() -> int:
    asked = _parser().parse_args()
    dlt_options = ["--loader", asked.dlt_loader, "--nesting", str(asked.dlt_nesting)]
    dlt_options += ["--normalizers", str(asked.dlt_normalizers)]
    all_hold = True
    with open_stage() as stage:
        for orders in asked.orders:
            print(_HEAD)
            costs = compare(
                stage,
                orders,
                ways=asked.ways,
                rounds=asked.rounds,
                dlt_options=dlt_options,
            )
            all_hold = _tell(orders, costs) and all_hold
    return int(not all_hold)


def _tell(orders: int, costs: Mapping[str, Sequence[Cost]]) -> bool:
    """Print medians and ratios; whether all bounds hold."""
    for way in costs:
        print(_row("median", orders, way, costs[way]))
    ratios = _ratios(orders, costs) if "ours" in costs else []
    print()
    for said, holds in ratios:
        print(f"{orders:,} orders: {said}: {'yes' if holds else 'NO'}")
    return all(holds for _, holds in ratios)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    parser.add_argument("--dlt-loader", default="csv", help="or insert_values")
    parser.add_argument(
        "--dlt-nesting", type=int, default=1, help="9: all lists tables"
    )
    parser.add_argument("--dlt-normalizers", type=int, default=1, help="processes")
    return parser


if __name__ == "__main__":
    sys.exit(main())
