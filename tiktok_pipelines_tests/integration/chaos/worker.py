"""The work of a process that may be killed at any moment."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.settings import Settings
from tiktok_pipelines_tests.integration.chaos.flow import HandsClock

SYNC, BACKFILL = "sync", "backfill"
FAILED = 3


@dataclass(frozen=True, slots=True)
class Errand:
    """What a process is to do; the ``diary`` is where it says how that went."""

    action: str
    run_id: str
    shop_ids: tuple[str, ...]
    days: tuple[date, ...]
    environment: Mapping[str, str]
    hands: Path
    diary: Path


def run_errand(errand: Errand) -> None:
    """Do it in a process group of its own; the exit status says whether it failed."""
    os.setsid()
    try:
        _report(errand).raise_if_failed()
    except PipelineError as error:
        errand.diary.write_text(f"{type(error).__name__}: {error}")
        sys.exit(FAILED)
    errand.diary.write_text("done")


def _report(errand: Errand) -> Report:
    settings = Settings.from_environment(errand.environment, folder=errand.hands.parent)
    clock = HandsClock(errand.hands)
    with open_pipeline(settings, clock=clock, run_id=errand.run_id) as pipeline:
        runs = OrderRuns(pipeline.shops, errand.run_id, log=lambda _: None)
        if errand.action == SYNC:
            return runs.sync(errand.shop_ids, first_sync_days=settings.first_sync_days)
        return runs.backfill(dict.fromkeys(errand.shop_ids, errand.days))
