"""How much of an allowed rate is used when each answer takes its time."""

import argparse
import sys
from dataclasses import dataclass
from typing import Any

from bench.metering import measure
from bench.page_server import SEARCH
from bench.stage import Stage, open_stage, serve_pages, settings_of

LEAST_SHARE = 0.9
_DAYS = 30
_PAGE_SIZE = 100


@dataclass(frozen=True, slots=True)
class Used:
    """What a load made of its allowance; seconds from its first page to its last."""

    pages: int
    seconds: float
    refused: int
    rate: float

    @property
    def share(self) -> float:
        """Of the calls that were allowed in that time."""
        return (self.pages - 1) / self.seconds / self.rate


def use(stage: Stage, rate: float, seconds: float, latency_ms: float) -> Used:
    """Backfill as many whole pages as the rate allows in about so many seconds."""
    pages_a_day = max(1, round(rate * seconds / _DAYS))
    orders = pages_a_day * _DAYS * _PAGE_SIZE
    with (
        serve_pages(
            orders=orders, days=_DAYS, rate=rate, latency_ms=latency_ms
        ) as pages,
        stage.database(f"quota_{round(rate)}") as url,
    ):
        command = [sys.executable, "-m", "bench.ours", "backfill", "--days", str(_DAYS)]
        environment = settings_of(pages, url, stage.folder / "home", rate=str(rate))
        measure(command, environment=environment, postmaster=stage.postmaster)
        return _used(pages.stats(), rate)


def _used(told: dict[str, Any], rate: float) -> Used:
    seconds = told["last_page_at"] - told["first_page_at"]
    return Used(told["calls"][SEARCH], seconds, told["refused"], rate)


def main() -> int:
    asked = _parser().parse_args()
    print("| calls/s allowed | pages | s | calls/s used | share | refused with 429 |")
    print("|---|---|---|---|---|---|")
    enough = True
    with open_stage() as stage:
        for rate in asked.rates:
            used = use(stage, rate, asked.seconds, asked.latency_ms)
            enough = enough and used.share >= LEAST_SHARE
            speed = (used.pages - 1) / used.seconds
            print(
                f"| {rate:.0f} | {used.pages:,} | {used.seconds:.1f} | {speed:.1f}"
                f" | {used.share:.0%} | {used.refused} |",
                flush=True,
            )
    return int(not enough)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rates", type=float, nargs="+", default=[10, 50])
    parser.add_argument("--seconds", type=float, default=30, help="of each load")
    parser.add_argument("--latency-ms", type=float, default=150)
    return parser


if __name__ == "__main__":
    sys.exit(main())
