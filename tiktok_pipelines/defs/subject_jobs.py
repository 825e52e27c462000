"""A job and a schedule for each sync of ``subjects.py`` that has subjects."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.failures import RETRIES
from tiktok_pipelines.defs.jobs import ShopsConfig
from tiktok_pipelines.defs.resources import TikTokShopResource, TokenStoreResource
from tiktok_pipelines.defs.schedules import CRON, due_runs
from tiktok_pipelines.subjects import SYNCS, Sync, subjects_of


def op_name(sync: Sync) -> str:
    """What run configs call the one op of a sync's job."""
    return f"load_{sync.name}"


def _job(sync: Sync) -> dg.JobDefinition:
    @dg.op(name=op_name(sync), retry_policy=RETRIES, out={})
    def load(
        context: dg.OpExecutionContext,
        config: ShopsConfig,
        tiktok_shop: TikTokShopResource,
    ) -> Iterator[Any]:
        from tiktok_pipelines.defs.subject_loads import sync_subjects

        yield from sync_subjects(context, tiktok_shop, sync, config.shop_ids)

    @dg.job(
        name=sync.job,
        description=f"{sync.what} All shops in one run. Started by hand it serves every"
        " enabled shop, or those named in the config:"
        f" `ops: {{{op_name(sync)}: {{config: {{shop_ids: ['7400…']}}}}}}`.",
    )
    def job() -> None:
        load()

    return job


def _schedule(sync: Sync, job: dg.JobDefinition) -> dg.ScheduleDefinition:
    @dg.schedule(
        name=f"{sync.name}_schedule",
        job=job,
        description="Every five minutes: one run for the shops that are due, mostly"
        f" none. tiktok_ops.sync_schedules says how often, {sync.every} unless"
        " changed.",
        cron_schedule=CRON,
        execution_timezone="UTC",
        default_status=dg.DefaultScheduleStatus.RUNNING,
    )
    def schedule(
        context: dg.ScheduleEvaluationContext, token_store: TokenStoreResource
    ) -> Any:  # noqa: ANN401 - Dagster's own union
        return due_runs(
            context, token_store, sync.name, job_name=sync.job, op_name=op_name(sync)
        )

    return schedule


_WITH_SUBJECTS = [sync for sync in SYNCS if subjects_of(sync.name)]
SUBJECT_JOBS: Sequence[dg.JobDefinition] = [_job(sync) for sync in _WITH_SUBJECTS]
SUBJECT_SCHEDULES: Sequence[dg.ScheduleDefinition] = [
    _schedule(sync, job) for sync, job in zip(_WITH_SUBJECTS, SUBJECT_JOBS, strict=True)
]
