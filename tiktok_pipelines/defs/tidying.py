"""Once a day: remove what is old, and tell how much."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.failures import RETRIES, dagster_failures
from tiktok_pipelines.defs.old_runs import delete_old_runs
from tiktok_pipelines.defs.resources import TokenStoreResource
from tiktok_pipelines.settings import Settings


@dg.op(retry_policy=RETRIES, out=dg.Out(dg.Nothing))
def remove_what_is_old(
    context: dg.OpExecutionContext, token_store: TokenStoreResource
) -> Iterator[Any]:
    """Calls, superseded verdicts, resolved quarantine, and Dagster's runs."""
    from tiktok_pipelines.ingest import retention

    settings = Settings.from_environment()
    with dagster_failures(), token_store.open() as store:
        now = token_store.clock().now()
        removed = retention.tidy_up(
            store.database,
            logs_before=now - timedelta(days=settings.api_log_days),
            ledger_before=now - timedelta(days=settings.ledger_days),
            pages_before=_before(now, settings.raw_page_days),
        )
    runs = delete_old_runs(context.instance, now - timedelta(days=settings.run_days))
    removed = {**removed, "dagster_runs": runs}
    told = ", ".join(f"{count} {what}" for what, count in removed.items())
    context.log.info("removed %s", told)
    yield dg.Output(None, metadata=removed)


def _before(now: datetime, days: int) -> datetime | None:
    return now - timedelta(days=days) if days else None


@dg.job(description="Remove old calls, superseded verdicts and runs, daily.")
def tidy_up() -> None:
    """Never rows for analysts, their pages, or what a partition or a check shows."""
    remove_what_is_old()


tidy_schedule = dg.ScheduleDefinition(
    name="tidy_schedule",
    job=tidy_up,
    cron_schedule="40 3 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Removes what is old, daily; see the settings that end in _DAYS.",
)
