"""Loads of many shops in one run: a shop that fails does not stop the others."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from tiktok_pipelines.errors import (
    IncompleteWindow,
    PipelineError,
    QuarantinedRecords,
    ShopsFailed,
)
from tiktok_pipelines.ingest.findings import reasons_of_run
from tiktok_pipelines.ingest.group_commit import GroupCommit
from tiktok_pipelines.ingest.ledger import WindowResult, closed_windows
from tiktok_pipelines.ingest.order_ids import IdResult, load_by_id
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.orders import (
    SyncResult,
    load_created,
    sync_changes,
)
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.progress import Progress
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.sync_states import SyncStates
from tiktok_pipelines.ingest.target import Alongside, ShopRun
from tiktok_pipelines.ingest.window_pull import OrderLoad
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.tokens.shops import ConnectedShops

WORKERS = 10
"""Who pull: 50 calls a second of 150 ms keep eight busy, and each holds a page."""

Log = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """What a run did, shop by shop, and what went wrong.

    ``resumed`` are windows that an earlier attempt of the same run closed.
    """

    windows: list[tuple[str, WindowResult]] = field(
        default_factory=list[tuple[str, WindowResult]]
    )
    syncs: dict[str, SyncResult] = field(default_factory=dict[str, SyncResult])
    resumed: list[tuple[str, TimeWindow]] = field(
        default_factory=list[tuple[str, TimeWindow]]
    )
    new_bad: list[str] = field(default_factory=list[str])
    failures: list[tuple[str, PipelineError]] = field(
        default_factory=list[tuple[str, PipelineError]]
    )

    @property
    def closed(self) -> dict[tuple[str, TimeWindow], WindowResult | None]:
        """The creation windows that the run closed; None for the resumed ones."""
        pulled = {
            (shop_id, result.window): result
            for shop_id, result in self.windows
            if result.verdict.is_closed
        }
        return {**dict.fromkeys(self.resumed), **pulled}

    @property
    def has_failed(self) -> bool:
        """Whether ``raise_if_failed`` will raise."""
        return bool(self.failures or self.new_bad)

    def raise_if_failed(self) -> None:
        """Name what failed, now that everything else is done.

        Raises:
            ShopsFailed: shops failed.
            QuarantinedRecords: records were met for the first time that cannot become
                rows; a later run only warns.
        """
        bad = f"{len(self.new_bad)} new record(s) in quarantine: " + "; ".join(
            [*self.new_bad[:5], "see tiktok_ops.quarantine_records"]
        )
        if self.failures:
            raise ShopsFailed(self.failures, more=bad if self.new_bad else "")
        if self.new_bad:
            raise QuarantinedRecords(f"{bad}; everything else is in the tables")


@dataclass(frozen=True, slots=True)
class OrderRuns:
    """Loads orders of connected shops for one run."""

    shops: ConnectedShops
    run_id: str
    log: Log
    workers: int = WORKERS

    def backfill(self, days_by_shop: Mapping[str, Sequence[date]]) -> Report:
        """Pull whole creation days (UTC) of shops; open windows count as failures.

        Days that an earlier attempt of the same run closed are skipped.
        """
        report = Report()
        for shop_id, days in days_by_shop.items():
            self._isolate(
                report, shop_id, partial(self._backfill_shop, report, shop_id, days)
            )
        return self._with_quarantine(report)

    def _backfill_shop(
        self, report: Report, shop_id: str, days: Sequence[date]
    ) -> None:
        load = self.load_of(shop_id)
        wanted = [TimeWindow.of_day(day) for day in sorted(set(days))]
        closed = closed_windows(load.database, load.target, STREAM)
        windows = [window for window in wanted if window not in closed]
        report.resumed += [(shop_id, window) for window in wanted if window in closed]
        progress = self._progress(f"shop {shop_id}: days", len(windows), load)

        def done(result: WindowResult) -> None:
            report.windows.append((shop_id, result))
            progress.take(result)

        _raise_if_open(load_created(load, windows, done))

    def sync(self, shop_ids: Sequence[str], *, first_sync_days: int) -> Report:
        """Pull what changed in each shop since its watermark."""
        report = Report()
        for shop_id in shop_ids:
            work = partial(self._sync_shop, report, shop_id, first_sync_days)
            self._isolate(report, shop_id, work)
        return self._with_quarantine(report)

    def _sync_shop(self, report: Report, shop_id: str, first_sync_days: int) -> None:
        load = self.load_of(shop_id)
        progress = self._progress(f"shop {shop_id}: windows", 0, load)
        result = sync_changes(
            load, first_sync_days=first_sync_days, progress=progress.take
        )
        report.syncs[shop_id] = result
        if result.has_news:
            self.log(_told(shop_id, result))

    def pull(self, shop_id: str, order_ids: Sequence[str]) -> IdResult:
        """Read single orders of one shop again."""
        return load_by_id(self.load_of(shop_id), order_ids)

    def load_of(self, shop_id: str, *, alongside: Alongside | None = None) -> OrderLoad:
        """What a load of one shop works with; ``alongside``: see ``ShopRun``.

        Raises:
            ConfigurationError: no such shop is connected.
            DecryptionError: no key reads the shop's cipher, or the policy's secret.
        """
        database, cipher = self.shops.store.database, self.shops.store.cipher
        purges = count_purges(database, shop_id)  # before the shop is asked for
        return OrderLoad(
            self.shops.client_of(shop_id).orders,
            GroupCommit(
                database,
                ShopRun(shop_id, self.run_id, purges=purges, alongside=alongside),
            ),
            self.shops.clock,
            load_policy(database, cipher, shop_id, now=self.shops.clock.now()),
            self.workers,
        )

    def _progress(self, what: str, total: int, load: OrderLoad) -> Progress:
        return Progress(what, total, load.clock, self.log)

    def _with_quarantine(self, report: Report) -> Report:
        """Name what this run put into quarantine, in whichever of its attempts."""
        try:
            database = self.shops.store.database
            report.new_bad += reasons_of_run(database, self.run_id)
        except PipelineError as error:
            report.failures.append(("of all", error))
        return report

    def _isolate(self, report: Report, shop_id: str, work: Callable[[], None]) -> None:
        """Keep a shop's failure to itself, and say how the shop is doing."""
        try:
            with SyncStates(self.shops, shop_id, STREAM, sync=STREAM).told():
                work()
        except PipelineError as error:
            report.failures.append((shop_id, error))
            self.log(f"shop {shop_id} failed: {error}")


def _raise_if_open(results: Sequence[WindowResult]) -> None:
    still_open = [result for result in results if not result.verdict.is_closed]
    if still_open:
        told = "; ".join(
            f"{result.window.start:%Y-%m-%d} ({result.verdict.note})"
            for result in still_open[:5]
        )
        raise IncompleteWindow(
            f"{len(still_open)} day(s) are not complete: {told}; backfill them again"
        )


def _told(shop_id: str, result: SyncResult) -> str:
    done = f"{result.watermark:%Y-%m-%dT%H:%M:%SZ}" if result.watermark else "nothing"
    return (
        f"shop {shop_id}: {result.rows_written} rows written,"
        f" {result.pages_kept} pages kept, {result.reread} open orders re-read,"
        f" {result.asked_again} odd ones asked for again,"
        f" complete up to {done}"
    )
