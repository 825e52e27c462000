"""What a run of ``sync_orders`` does, and what it tells Dagster.

Imported by the run: a code server that only shows the jobs needs none of it.
"""

from collections.abc import Iterator, Sequence

import dagster as dg

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs import coverage_report
from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.defs.checks import changed, evaluations
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.partitions import SHOP_DAYS, key_of
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.defs.run_tags import tag_run
from tiktok_pipelines.ingest.health import closed_days
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.ingest.orders import SyncResult
from tiktok_pipelines.ingest.row_counts import rows_by_day
from tiktok_pipelines.storage import tables

Event = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation


def sync_shops(
    context: dg.OpExecutionContext,
    tiktok_shop: TikTokShopResource,
    shop_ids: Sequence[str],
) -> Iterator[Event]:
    """Sync the shops, or every enabled one; fail at the end if one failed.

    Events are yielded: those that are only logged would be lost when it fails.
    """
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        shop_ids = shop_ids or [shop.shop_id for shop in pipeline.shops.enabled()]
        tag_run(context.instance, context.run, "sync", shop_ids)
        report = OrderRuns(pipeline.shops, context.run_id, context.log.info).sync(
            shop_ids, first_sync_days=pipeline.settings.first_sync_days
        )
        context.log.info(_summary(report))
        for shop_id in report.syncs:
            yield from _touched(context.run_id, pipeline, shop_id, report)
        yield from _health(context.instance, pipeline, report)
        report.raise_if_failed()


def _touched(
    run_id: str, pipeline: Pipeline, shop_id: str, report: Report
) -> Iterator[dg.AssetMaterialization | dg.AssetObservation]:
    """Observe each touched partition; materialize it where the ledger closed it."""
    result = report.syncs[shop_id]
    known = SHOP_DAYS.get_partitions_def_for_dimension("date")
    days = {day for day in result.days if known.has_partition_key(day.isoformat())}
    if not days:
        return
    closed = closed_days(pipeline.database, shop_id)
    counts = rows_by_day(pipeline.database, tables.orders, shop_id, days)
    figures = _figures(pipeline, shop_id, result)
    for day in sorted(days):
        event = dg.AssetMaterialization if day in closed else dg.AssetObservation
        metadata = {
            "dagster/partition_row_count": counts[day],
            "synced_by": dg.MetadataValue.dagster_run(run_id),
            **figures,
        }
        yield event(ORDERS, partition=key_of(shop_id, day), metadata=metadata)


def _figures(pipeline: Pipeline, shop_id: str, result: SyncResult) -> dict[str, float]:
    """What the sync of the shop took; the same on each day that it touched."""
    usage = pipeline.api_log.usage_of(shop_id)
    figures: dict[str, float] = {
        "sync_rows_written": result.rows_written,
        "sync_pages": sum(window.pages for window in result.windows),
        "sync_api_calls": usage.calls,
        "sync_waited_s": round(usage.waited_s, 3),
    }
    if result.watermark is not None:
        lag = pipeline.clock.now() - result.watermark
        figures["sync_lag_s"] = round(lag.total_seconds())
    return figures


def _health(
    instance: dg.DagsterInstance, pipeline: Pipeline, report: Report
) -> Iterator[Event]:
    """The checks, and the coverage when days changed their colour, or hourly.

    A sync with nothing new tells only of checks that changed their mind since.
    """
    now = pipeline.clock.now()
    shown = coverage_report.shown_by(instance)
    is_old = shown.is_old(now)
    has_news = any(result.has_news for result in report.syncs.values())
    evaluated = evaluations(pipeline.database, now)
    if not (is_old or has_news or report.has_failed):
        yield from changed(instance, evaluated)
        return
    yield from evaluated
    coverage = coverage_report.read(pipeline)
    if is_old or shown.differs_from(coverage):
        yield from coverage_report.events(
            coverage, coverage_report.read_others(pipeline)
        )


def _summary(report: Report) -> str:
    """One line for all shops."""
    quiet = sum(not result.has_news for result in report.syncs.values())
    written = sum(result.rows_written for result in report.syncs.values())
    marks = [result.watermark for result in report.syncs.values() if result.watermark]
    told = f"{len(report.syncs)} shop(s) synced, {quiet} of them had nothing new;"
    told += f" {written:,} rows written"
    return told + (f"; complete up to {min(marks):%Y-%m-%d %H:%M} UTC" if marks else "")
