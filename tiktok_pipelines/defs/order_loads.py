"""What a run that loads days of orders does, and what it tells Dagster.

Imported by the run: a code server that only shows the assets needs none of it.
"""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import dagster as dg
from sqlalchemy import Table

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs import coverage_report
from tiktok_pipelines.defs.checks import as_event, evaluations, results
from tiktok_pipelines.defs.describe import asset_key
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.identity_checks import identity_results, of_table
from tiktok_pipelines.defs.partitions import days_by_shop, key_of
from tiktok_pipelines.defs.preview import preview
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.defs.run_tags import tag_run
from tiktok_pipelines.ingest.api_log import Usage
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.ingest.row_counts import rows_by_day
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.tables import ANALYST_TABLES


def load_days(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> Iterator[Any]:
    """Pull the days of the partitions, shop by shop; fail at the end if one failed."""
    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        report = Report()
        if _selected(context):  # else someone asked for the checks alone
            days = days_by_shop(context.partition_keys)
            tag_run(context.instance, context.run, "backfill", list(days))
            runs = OrderRuns(pipeline.shops, context.run.run_id, context.log.info)
            report = runs.backfill(days)
            for shop_id in days:
                yield from _closed_days(context, pipeline, shop_id, report)
        yield from _checked(context, pipeline)
        yield from coverage_report.events(
            coverage_report.read(pipeline), coverage_report.read_others(pipeline)
        )
        report.raise_if_failed()


def _checked(
    context: dg.AssetExecutionContext, pipeline: Pipeline
) -> Iterator[dg.AssetCheckResult | dg.AssetCheckEvaluation]:
    """The verdicts of the ledger, whether or not the run holds the checks.

    Yielded, as events that are only logged are lost when the run fails.
    """
    now = pipeline.clock.now()
    chosen = {key.name for key in context.selected_asset_check_keys}
    for result in results(pipeline.database, now):
        if result.check_name in chosen:
            yield result
    for evaluation in evaluations(pipeline.database, now):
        if evaluation.check_name not in chosen:
            yield evaluation
    for result in identity_results(pipeline.database, now, of_table("tiktok.orders")):
        yield result if result.check_name in chosen else as_event(result)


def _selected(context: dg.AssetExecutionContext) -> Sequence[Table]:
    chosen = context.selected_asset_keys
    return [table for table in ANALYST_TABLES if asset_key(table) in chosen]


def _closed_days(
    context: dg.AssetExecutionContext, pipeline: Pipeline, shop_id: str, report: Report
) -> Iterator[dg.AssetMaterialization]:
    """Turn the closed days of a shop green in each table, with their figures.

    One by one, as each day has figures of its own: the context's way to attach
    them lists all partitions anew for each, which takes minutes for years.
    """
    results = {
        window.start.date(): result
        for (of_shop, window), result in report.closed.items()
        if of_shop == shop_id
    }
    usage = pipeline.api_log.usage_of(shop_id)
    for table in _selected(context) if results else ():
        counts = rows_by_day(pipeline.database, table, shop_id, results)
        shown = dg.MetadataValue.md(preview(pipeline.database, table, shop_id))
        for day in sorted(results):
            metadata: dict[str, Any] = {"dagster/partition_row_count": counts[day]}
            if table is tables.orders:
                metadata |= _figures(results[day], usage)
            if day == max(results):
                metadata["preview"] = shown
            yield dg.AssetMaterialization(
                asset_key(table), partition=key_of(shop_id, day), metadata=metadata
            )


def _figures(result: WindowResult | None, usage: Usage) -> dict[str, Any]:
    """What one day's pull counted; nothing for a day that an earlier attempt closed."""
    if result is None:
        return {}
    took: timedelta = result.finished_at - result.started_at
    return {
        "orders_in_api": result.counts.api_total or 0,
        "orders_fetched": result.counts.ids,
        "rows_written": result.rows_written,
        "pages": result.pages,
        "attempts": result.attempts,
        "seconds": round(took.total_seconds(), 3),
        "shop_api_calls": usage.calls,
        "shop_waited_s": round(usage.waited_s, 3),
    }
