"""Webhooks: a sensor that sees them wait, and the job that reads what they announce."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import dagster as dg
from pydantic import Field

from tiktok_pipelines.defs.failures import RETRIES
from tiktok_pipelines.defs.resources import TikTokShopResource, TokenStoreResource

_STARTING = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
]
_STARTS_WITHIN = timedelta(minutes=3)
"""A run that waits for its process longer than this was given up."""
_LOCKS_WITHIN = timedelta(seconds=30)
"""A run that started earlier and holds no lock has ended, or its process was killed."""


class LingerConfig(dg.Config):
    """How long a run stays for more events."""

    idle_s: float = Field(
        default=300.0, ge=0, description="Seconds without events after which it ends."
    )
    life_s: float = Field(
        default=3600.0, ge=0, description="Seconds after which it ends at any rate."
    )


@dg.op(retry_policy=RETRIES, out={})
def read_announced(
    context: dg.OpExecutionContext,
    config: LingerConfig,
    tiktok_shop: TikTokShopResource,
) -> Iterator[Any]:
    """Read again what events announce, and stay for more."""
    from tiktok_pipelines.defs.webhook_runs import work_on_events

    idle, life = timedelta(seconds=config.idle_s), timedelta(seconds=config.life_s)
    yield from work_on_events(context, tiktok_shop, idle=idle, life=life)


@dg.job(
    description="Reads the objects that waiting webhooks announce, marks the events in"
    " the transaction of the rows, and lingers: what follows the first event is in the"
    " tables within two seconds. One run at a time; a second one ends at once."
)
def process_webhooks() -> None:
    """One op: a run costs a process."""
    read_announced()


@dg.sensor(
    job_name="process_webhooks",
    minimum_interval_seconds=5,
    default_status=dg.DefaultSensorStatus.RUNNING,
    description="Starts process_webhooks when events wait and no run works on them.",
)
def webhooks_sensor(
    context: dg.SensorEvaluationContext, token_store: TokenStoreResource
) -> dg.RunRequest | dg.SkipReason:
    """Choose by status, not by a cursor: numbers are not given in order of commit."""
    from tiktok_pipelines.ingest.webhook_queue import is_worker_alive, work_waits

    now = token_store.clock().now()
    with token_store.open() as store:
        if not work_waits(store.database, now):
            return dg.SkipReason("no webhook waits")
        if is_worker_alive(store.database):
            return dg.SkipReason("a run works on them")
    if _is_one_starting(context.instance, now):
        return dg.SkipReason("a run for them is about to start")
    return dg.RunRequest(tags={"dagster/priority": "2"})


def _is_one_starting(instance: dg.DagsterInstance, now: datetime) -> bool:
    filters = dg.RunsFilter(
        job_name="process_webhooks",
        statuses=_STARTING,
        created_after=now - _STARTS_WITHIN,
    )
    earliest = (now - _LOCKS_WITHIN).timestamp()
    return any(
        record.start_time is None or record.start_time > earliest
        for record in instance.get_run_records(filters)
    )
