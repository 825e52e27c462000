"""Schedules: every five minutes they ask which shop is due, mostly none."""

from datetime import timedelta
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.jobs import refresh_tokens, sync_orders
from tiktok_pipelines.defs.resources import TokenStoreResource

CRON = "*/5 * * * *"
_FORGOTTEN_AFTER = timedelta(hours=1)
"""A run older than this may be one whose process was killed: it holds nobody up."""
_UNDER_WAY = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]


def due_runs(
    context: dg.ScheduleEvaluationContext,
    store: TokenStoreResource,
    sync: str,
    *,
    job_name: str,
    op_name: str,
) -> dg.RunRequest | dg.SkipReason:
    """One run for all shops that are due, none while the last one is under way."""
    since = context.scheduled_execution_time - _FORGOTTEN_AFTER
    filters = dg.RunsFilter(job_name=job_name, statuses=_UNDER_WAY, created_after=since)
    if context.instance.get_runs_count(filters):
        return dg.SkipReason("the last run is still under way")
    due = _claimed(context, store, sync)
    if not due:
        return dg.SkipReason("no shop is due")
    return dg.RunRequest(
        run_config={"ops": {op_name: {"config": {"shop_ids": due}}}},
        tags={"dagster/priority": "1"},
    )


def _claimed(
    context: dg.ScheduleEvaluationContext, store: TokenStoreResource, sync: str
) -> list[str]:
    from tiktok_pipelines.ingest.schedules import claim_due_shops

    with store.open() as opened:
        return claim_due_shops(opened.database, sync, context.scheduled_execution_time)


@dg.schedule(
    job=sync_orders,
    description="Every five minutes: one run for the shops that are due, mostly none."
    " tiktok_ops.sync_schedules says how often, 15 minutes unless changed.",
    cron_schedule=CRON,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def orders_schedule(
    context: dg.ScheduleEvaluationContext, token_store: TokenStoreResource
) -> Any:  # noqa: ANN401 - Dagster's own union
    """Orders of the shops that are due: every 15 minutes unless told otherwise."""
    return due_runs(
        context,
        token_store,
        "orders",
        job_name="sync_orders",
        op_name="sync_changed_orders",
    )


@dg.schedule(
    job=refresh_tokens,
    description="Every five minutes: a run where tokens are due, which is once a day.",
    cron_schedule=CRON,
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
)
def tokens_schedule(
    context: dg.ScheduleEvaluationContext, token_store: TokenStoreResource
) -> Any:  # noqa: ANN401 - Dagster's own union
    """Tokens, daily: when any shop's row of ``sync_schedules`` is due."""
    due = _claimed(context, token_store, "tokens")
    return dg.RunRequest() if due else dg.SkipReason("no shop is due")
