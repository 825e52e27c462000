"""What a run that loads days of orders does, and what it tells Dagster.

Imported by the run: a code server that only shows the assets needs none of it.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import dagster as dg
from sqlalchemy import Table

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.defs.checks import evaluations, results
from tiktok_pipelines.defs.describe import asset_key
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.partitions import days_by_shop, key_of
from tiktok_pipelines.defs.preview import preview
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.ingest.health import count_in_shops
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines.timewindow import TimeWindow


def load_days(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> Iterator[Any]:
    """Pull the days of the partitions, shop by shop; fail at the end if one failed."""
    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        report, days = Report(), dict[str, list[date]]()
        if _selected(context):  # else someone asked for the checks alone
            days = days_by_shop(context.partition_keys)
            runs = OrderRuns(pipeline.shops, context.run.run_id, context.log.info)
            report = runs.backfill(days)
            yield from _closed_days(context, pipeline.database, days, report)
        yield from _checked(context, pipeline)
        report.raise_if_failed()
        for table in _selected(context):
            if table is not tables.orders:
                yield _told(pipeline.database, table, days)


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


def _selected(context: dg.AssetExecutionContext) -> Sequence[Table]:
    chosen = context.selected_asset_keys
    return [table for table in ANALYST_TABLES if asset_key(table) in chosen]


def _closed_days(
    context: dg.AssetExecutionContext,
    database: Database,
    days: Mapping[str, Sequence[date]],
    report: Report,
) -> Iterator[dg.AssetMaterialization]:
    """Turn each closed day of the orders green, with its figures.

    One by one, as each day has figures of its own: the context's way to attach
    them lists all partitions anew for each, which takes minutes for years.
    """
    if tables.orders not in _selected(context):
        return
    closed = report.closed
    for shop_id, wanted in days.items():
        shown = dg.MetadataValue.md(preview(database, tables.orders, shop_id))
        for day in wanted:
            place = (shop_id, TimeWindow.of_day(day))
            if place not in closed:
                continue
            metadata = {**_figures(closed[place]), "preview": shown}
            yield dg.AssetMaterialization(
                ORDERS, partition=key_of(shop_id, day), metadata=metadata
            )


def _told(
    database: Database, table: Table, days: Mapping[str, Sequence[date]]
) -> dg.MaterializeResult[Any]:
    """A table filled with the orders, with its rows in the shops of the run."""
    return dg.MaterializeResult(
        asset_key=asset_key(table),
        metadata={
            "rows_in_shops": count_in_shops(database, table, sorted(days)),
            "preview": dg.MetadataValue.md(preview(database, table, min(days))),
        },
    )


def _figures(result: WindowResult | None) -> dict[str, Any]:
    """What one day's pull counted; nothing for a day that an earlier attempt closed."""
    if result is None:
        return {}
    took: timedelta = result.finished_at - result.started_at
    return {
        "dagster/partition_row_count": result.counts.rows,
        "orders_in_api": result.counts.api_total or 0,
        "orders_fetched": result.counts.ids,
        "rows_written": result.rows_written,
        "pages": result.pages,
        "attempts": result.attempts,
        "seconds": round(took.total_seconds(), 3),
    }
