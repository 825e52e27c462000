"""What the demo shows: progress while it loads, what landed, what to click next."""

import shlex
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.panel import Panel
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.freshness import OK, read_freshness
from tiktok_pipelines.ingest.health import late_shops, new_quarantine, open_days
from tiktok_pipelines.ingest.overview import (
    ShopOverview,
    gmv_by_day,
    records_by_subject,
    shop_overviews,
)
from tiktok_pipelines.subjects import SYNCS, subjects_of

_EVERY_S = 0.5
_BARS = "▁▂▃▄▅▆▇█"
_SHOWN_DAYS = 7


class LoadView:
    """A bar per shop: days proven complete, of those that are backfilled."""

    def __init__(self, pipeline: Pipeline, days: int) -> None:
        self._pipeline = pipeline
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("days"),
            TextColumn("{task.fields[orders]} orders"),
            console=Console(stderr=True),
            auto_refresh=False,
        )
        self._tasks = {
            shop.shop_id: self._progress.add_task(
                f"{shop.region} {shop.name}", total=days, orders=shop.orders
            )
            for shop in shop_overviews(pipeline.database)
        }
        self._before = {
            shop.shop_id: shop.days_closed for shop in shop_overviews(pipeline.database)
        }
        self._next = 0.0

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._next = 0.0
        self.refresh()
        self._progress.stop()

    def refresh(self) -> None:
        """Show the present state, at most twice a second."""
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _EVERY_S
        for shop in shop_overviews(self._pipeline.database):
            self._progress.update(
                self._tasks[shop.shop_id],
                completed=shop.days_closed,
                orders=shop.orders,
            )
        self._progress.refresh()


def summary(pipeline: Pipeline, truth: Mapping[str, int], since: datetime) -> bool:
    """Print what landed; True if all of it did and every check passed."""
    shops = shop_overviews(pipeline.database)
    verdicts = {shop.shop_id: _verdict(pipeline, shop, truth) for shop in shops}
    console = Console()
    console.print(_landed(shops, verdicts))
    console.print(_sales(pipeline, shops, since))
    console.print(_others(pipeline))
    problems = _checks(pipeline)
    for problem in problems:
        console.print(f"Check failed: {problem}")
    return not problems and not any(verdicts.values())


def _landed(shops: Sequence[ShopOverview], verdicts: Mapping[str, str]) -> Table:
    table = Table(title="What landed in PostgreSQL", title_justify="left")
    table.add_column("shop")
    table.add_column("orders", justify="right")
    table.add_column("lines", justify="right")
    table.add_column("complete")
    for shop in shops:
        missing = verdicts[shop.shop_id]
        table.add_row(
            f"{shop.region} {shop.name}",
            f"{shop.orders:,}",
            f"{shop.lines:,}",
            f"no: {missing}" if missing else "yes",
        )
    return table


def _sales(pipeline: Pipeline, shops: Sequence[ShopOverview], since: datetime) -> Table:
    """GMV of the last days; unpaid, cancelled, sample and replacement orders aside."""
    days = [(since + timedelta(days=n)).date() for n in range(1, _SHOWN_DAYS + 1)]
    title = f"GMV by day, {days[0]:%d %b} to {days[-1]:%d %b} (UTC)"
    # A terminal has 80 columns.
    table = Table(title=title, title_justify="left", collapse_padding=True)
    table.add_column("shop", no_wrap=True)
    for day in days:
        table.add_column(f"{day:%d}", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for shop in shops:
        sales = gmv_by_day(pipeline.database, shop.shop_id, since)
        amounts = [sales.get(day, Decimal(0)) for day in days]
        told = [_short(amount) for amount in amounts]
        table.add_row(f"{shop.region} {shop.currency}", *told, _bars(amounts))
    return table


def _others(pipeline: Pipeline) -> Table:
    """What landed beside orders: the rows of each subject, of all shops together."""
    table = Table(title="What else landed", title_justify="left")
    table.add_column("job")
    table.add_column("records")
    counts = records_by_subject(pipeline.database)
    for sync in SYNCS:
        told = [
            f"{counts[subject.name]:,} {subject.name.replace('_', ' ')}"
            for subject in subjects_of(sync.name)
            if counts[subject.name]
        ]
        if subjects_of(sync.name):
            table.add_row(sync.job, ", ".join(told) or "left to its schedule")
    return table


def _short(amount: Decimal) -> str:
    return f"{amount / 1000:,.0f}k" if amount >= 10**5 else f"{amount:,.0f}"


def _bars(amounts: Sequence[Decimal]) -> str:
    most = max(amounts) or Decimal(1)
    return "".join(_BARS[int(amount / most * (len(_BARS) - 1))] for amount in amounts)


def _verdict(pipeline: Pipeline, shop: ShopOverview, truth: Mapping[str, int]) -> str:
    """Why a shop is not complete; empty if it is."""
    if shop.sync_status != "idle":
        return f"its sync is in state {shop.sync_status}"
    if shop.watermark is None:
        return "it was never synced"
    if any(day.shop_id == shop.shop_id for day in open_days(pipeline.database)):
        return "days are open in the ledger"
    expected = truth.get(shop.shop_id, 0)
    # Orders placed within the last minute come with the next sync.
    return "" if shop.orders >= expected - 1 else f"TikTok counts {expected}"


def _checks(pipeline: Pipeline) -> Sequence[str]:
    """The asset checks, as the ledger answers them now."""
    database, now = pipeline.database, pipeline.clock.now()
    told = {
        "complete": open_days(database),
        "fresh": late_shops(database, now),
        "no_new_quarantine": new_quarantine(database, now),
        "other subjects": [
            each for each in read_freshness(database, now) if each.state != OK
        ],
    }
    return [f"{name}: {len(found)} found" for name, found in told.items() if found]


def last_screen(port: int, simulator_port: int, shell_file: str) -> None:
    """What to click and type next; the file as the person's shell understands it."""
    url = f"http://127.0.0.1:{port}"
    lines = (
        f"[bold]{url}[/bold] is the Dagster UI. Try:",
        "",
        f"1  The tables        {url}/asset-groups",
        "2  Orders by day and shop:",
        f"   {url}/assets/tiktok/orders?view=partitions",
        "   Materialize, choose one shop and three months: one run backfills them",
        f"3  Is it complete?   {url}/assets/tiktok_ops/coverage",
        f"4  What ran          {url}/runs",
        f"5  The schedules     {url}/automation",
        "   orders every 15 minutes; the simulated shops live on meanwhile",
        f"6  The TikTok Shop   http://127.0.0.1:{simulator_port}",
        "7  In another shell in this folder:",
        f"   . {shlex.quote(shell_file)}",
        "   tiktok-pipelines db psql           select * from tiktok.orders limit 5;",
        "   tiktok-pipelines doctor            every precondition",
        "   tiktok-pipelines webhooks events   what the shops told within seconds",
        "   tiktok-pipelines simulator fault throttle --count 20    then a sync:",
        "   dagster job execute -m tiktok_pipelines.definitions -j sync_orders",
        "",
        "Ctrl-C stops everything; make demo ARGS=--reset starts from nothing.",
    )
    Console(stderr=True).print(
        Panel("\n".join(lines), title="The demo runs"), highlight=False
    )


def short_path(path: Path) -> str:
    """A path as it is typed in the present folder."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
