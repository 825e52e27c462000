"""A worker in a process of its own, which one event kills."""

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.target import Alongside
from tiktok_pipelines.ingest.webhook_loads import LOADERS, Loaded
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.ingest.webhook_worker import Patience, WebhookWorker
from tiktok_pipelines.settings import Settings
from tiktok_pipelines_tests.integration.ingest.loads import quiet, runs_of

_NO_PATIENCE = Patience(idle=timedelta(0))


@dataclass
class ManualClock:
    """Time that moves by waiting alone."""

    at: datetime

    def now(self) -> datetime:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def work(environment: Mapping[str, str], run_id: str, at: datetime, fatal: str) -> None:
    """Work on events until none is due; reading the fatal order kills the process."""

    def read(
        runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
    ) -> Loaded:
        if fatal in ids:
            os.kill(os.getpid(), signal.SIGKILL)
        return LOADERS["orders"](runs, shop_id, ids, alongside)

    settings = Settings.from_environment(environment)
    with open_pipeline(settings, clock=ManualClock(at), run_id=run_id) as pipeline:
        todo = WebhookWork(runs_of(pipeline, run_id), {"orders": read})
        for _ in WebhookWorker(todo, _NO_PATIENCE, quiet).batches():
            pass
