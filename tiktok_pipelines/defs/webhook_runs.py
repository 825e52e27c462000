"""What a run of ``process_webhooks`` does, and what it tells Dagster.

Imported by the run: a code server that only shows the job needs none of it.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.partitions import SHOP_DAYS, key_of
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.defs.run_tags import tag_run
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.row_counts import rows_by_day
from tiktok_pipelines.ingest.webhook_batch import Batch
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.ingest.webhook_worker import Patience, WebhookWorker
from tiktok_pipelines.storage import tables

_TELLS_EVERY = timedelta(minutes=5)


def work_on_events(
    context: dg.OpExecutionContext,
    tiktok_shop: TikTokShopResource,
    *,
    idle: timedelta,
    life: timedelta,
) -> Iterator[dg.AssetObservation]:
    """Work on events until there are none; touched partitions get an observation.

    Events that fail are tried again by themselves, so they fail no run.
    """
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        tag_run(context.instance, context.run, "webhooks")
        runs = OrderRuns(pipeline.shops, context.run_id, context.log.info)
        worker = WebhookWorker(
            WebhookWork(runs), Patience(idle, life), context.log.info
        )
        total, untold = Batch(), Batch()
        told_at = pipeline.clock.now()
        for batch in worker.batches():
            _log(context, batch)
            total.add(batch)
            untold.add(batch)
            is_quiet = not batch.size and pipeline.clock.now() - told_at > _TELLS_EVERY
            if is_quiet and untold.size:
                yield from _touched(context.run_id, pipeline, untold)
                untold, told_at = Batch(), pipeline.clock.now()
        yield from _touched(context.run_id, pipeline, untold)
        context.log.info("worked on %s", _in_words(total))


def _log(context: dg.OpExecutionContext, batch: Batch) -> None:
    if batch.size:
        context.log.info("%s; %s rows written", _in_words(batch), batch.rows_written)
    for warning in batch.warnings:
        context.log.warning(warning)


def _in_words(batch: Batch) -> str:
    told = ", ".join(f"{count} {name}" for name, count in sorted(batch.counts.items()))
    return f"{batch.size} events: {told}" if told else "no event"


def _touched(
    run_id: str, pipeline: Pipeline, batch: Batch
) -> Iterator[dg.AssetObservation]:
    """Observe each day of each shop whose orders were written."""
    known = SHOP_DAYS.get_partitions_def_for_dimension("date")
    for shop_id, days in batch.days.items():
        shown = {day for day in days if known.has_partition_key(day.isoformat())}
        if not shown:
            continue
        counts = rows_by_day(pipeline.database, tables.orders, shop_id, shown)
        for day in sorted(shown):
            metadata = {
                "dagster/partition_row_count": counts[day],
                "announced_by_webhooks": dg.MetadataValue.dagster_run(run_id),
            }
            yield dg.AssetObservation(
                ORDERS, partition=key_of(shop_id, day), metadata=metadata
            )
