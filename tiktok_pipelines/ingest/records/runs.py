"""Loads of subjects of many shops in one run: what fails stops nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

from tiktok_pipelines.errors import PipelineError, QuarantinedRecords, ShopsFailed
from tiktok_pipelines.ingest.findings import reasons_of_run
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.records.subject import Log, Subject, Work
from tiktok_pipelines.ingest.sync_states import SyncStates
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.subjects import facts_of
from tiktok_pipelines.tokens.shops import ConnectedShops


@dataclass(frozen=True, slots=True)
class SubjectResult:
    """What the load of one subject of one shop did."""

    shop_id: str
    subject: str
    windows: Sequence[WindowResult]
    is_complete: bool

    @property
    def rows_written(self) -> int:
        """Rows added or changed, in all its tables."""
        return sum(window.rows_written for window in self.windows)


@dataclass(slots=True)
class SubjectReport:
    """What a run did, and what went wrong."""

    results: list[SubjectResult] = field(default_factory=list[SubjectResult])
    new_bad: list[str] = field(default_factory=list[str])
    failures: list[tuple[str, PipelineError]] = field(
        default_factory=list[tuple[str, PipelineError]]
    )

    @property
    def has_failed(self) -> bool:
        """Whether ``raise_if_failed`` will raise."""
        return bool(self.failures or self.new_bad)

    def raise_if_failed(self) -> None:
        """Name what failed, now that everything else is done.

        Raises:
            ShopsFailed: subjects of shops failed.
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
class SubjectRuns:
    """Loads subjects of connected shops for one run.

    Attributes:
        start_date: the first day that is ever asked for.
        first_sync_days: how far back the first sync of a shop goes.
    """

    shops: ConnectedShops
    run_id: str
    log: Log
    start_date: date
    first_sync_days: int

    def sync(
        self,
        shop_ids: Sequence[str],
        subjects: Sequence[Subject],
        *,
        is_full: bool = False,
    ) -> SubjectReport:
        """Pull what changed of the subjects; ``is_full``: all since the start date.

        Twice leaves the tables as once. A subject that fails stops neither the others
        nor other shops.
        """
        report = SubjectReport()
        for shop_id in shop_ids:
            for subject in subjects:
                self._isolate(report, shop_id, subject, is_full=is_full)
        self._name_quarantined(report)
        return report

    def _isolate(
        self, report: SubjectReport, shop_id: str, subject: Subject, *, is_full: bool
    ) -> None:
        """Keep a failure to itself, and say how the subject of the shop is doing."""
        results: list[WindowResult] = []
        work = partial(self._load, shop_id, subject, results, is_full=is_full)
        sync = facts_of(subject.name).sync
        states = SyncStates(self.shops, shop_id, subject.name, sync)
        try:
            with states.told():
                is_done = work()
        except PipelineError as error:
            is_done = False
            report.failures.append((f"{shop_id} ({subject.name})", error))
            self.log(f"shop {shop_id}: {subject.name} failed: {error}")
        result = SubjectResult(shop_id, subject.name, results, is_done)
        report.results.append(result)
        if result.rows_written:
            self.log(
                f"shop {shop_id}: {subject.name}: {result.rows_written} rows written"
            )

    def _load(
        self,
        shop_id: str,
        subject: Subject,
        results: list[WindowResult],
        *,
        is_full: bool,
    ) -> bool:
        """Load one subject; only one sync of it works at a time, a second one waits.

        Returns whether the shop has it at all.
        """
        if not subject.is_for(self.shops.get(shop_id).region):
            return False
        database = self.shops.store.database
        purges = count_purges(database, shop_id)  # before the shop is asked for
        now = self.shops.clock.now()
        work = Work(
            mapping=subject.mapping,
            shop=self.shops.client_of(shop_id),
            database=database,
            target=ShopRun(shop_id, self.run_id, purges=purges),
            clock=self.shops.clock,
            policy=load_policy(database, self.shops.store.cipher, shop_id, now=now),
            since=self._since(now, is_full=is_full),
            log=self.log,
            is_full=is_full,
            results=results,
        )
        with database.lock(f"sync {subject.name} {shop_id}"):
            for load in subject.loads:
                load.run(work)
        return True

    def _since(self, now: datetime, *, is_full: bool) -> datetime:
        if is_full:
            return datetime.combine(self.start_date, time(), UTC)
        return now - timedelta(days=self.first_sync_days)

    def _name_quarantined(self, report: SubjectReport) -> None:
        """Name what this run put into quarantine, in whichever of its attempts."""
        try:
            database = self.shops.store.database
            report.new_bad += reasons_of_run(database, self.run_id)
        except PipelineError as error:
            report.failures.append(("of all", error))
