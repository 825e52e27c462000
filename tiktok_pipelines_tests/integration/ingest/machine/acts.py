"""What a story is made of: loads, and what comes before and in the midst of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.simulator import Fault
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.machine.ledger import FIRST_SYNC_DAYS
from tiktok_pipelines_tests.integration.ingest.machine.world import Process

DAYS = tuple((NOW + timedelta(days=ahead)).date() for ahead in (-1, 0, 1, 2))


@dataclass(frozen=True, slots=True)
class Jump:
    """The shop lives on while it is read: before the n-th answer about orders.

    ``by`` None: until the first of the orders told in this step has changed.
    """

    answer: int
    by: timedelta | None


@dataclass(frozen=True, slots=True)
class Prelude:
    """What comes before a load, and what happens to the shop meanwhile."""

    after: timedelta = timedelta(0)
    fault: Fault | None = None
    jump: Jump | None = None


@dataclass(frozen=True, slots=True)
class Errand:
    """A load to be run: a sync, or a backfill of some days."""

    days: Sequence[date] = ()
    run_id: str = ""
    workers: int = 1

    def run(self, process: Process, shop_id: str) -> Report:
        """Do it in a living process."""
        if self.days:
            return process.runs.backfill({shop_id: self.days})
        return process.runs.sync([shop_id], first_sync_days=FIRST_SYNC_DAYS)
