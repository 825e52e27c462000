"""Orders and the tables filled with them, by creation day and shop."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import dagster as dg
from sqlalchemy import Table

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.checks import evaluations
from tiktok_pipelines.defs.describe import asset_key, table_spec
from tiktok_pipelines.defs.failures import RETRIES, dagster_failures
from tiktok_pipelines.defs.partitions import SHOP_DAYS, days_by_shop, key_of
from tiktok_pipelines.defs.preview import preview
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.ingest.health import rows_by_day
from tiktok_pipelines.ingest.ledger import WindowResult
from tiktok_pipelines.ingest.order_runs import OrderRuns, Report
from tiktok_pipelines.storage.tables import ANALYST_TABLES
from tiktok_pipelines.timewindow import TimeWindow

POOL = "tiktok_api"


@dg.multi_asset(
    name="orders",
    specs=[table_spec(table, "orders", SHOP_DAYS) for table in ANALYST_TABLES],
    can_subset=True,
    backfill_policy=dg.BackfillPolicy.single_run(),
    retry_policy=RETRIES,
    pool=POOL,
)
def orders(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Every order created on the days of the partitions, in its present state.

    Source: Order API, "Get Order List", filtered by creation time. One load fills all
    tables of the group, also when only one of them is selected.
    """
    days = days_by_shop(context.partition_keys)
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        report = OrderRuns(pipeline.shops, context.run_id, context.log.info).backfill(
            days
        )
        _tell(context, pipeline, days, report)
        for evaluation in evaluations(pipeline.database, pipeline.clock.now()):
            context.log_event(evaluation)
        report.raise_if_failed()
    for table in _selected(context):
        yield dg.MaterializeResult(asset_key=asset_key(table))


def _selected(context: dg.AssetExecutionContext) -> Sequence[Table]:
    chosen = context.selected_asset_keys
    return [table for table in ANALYST_TABLES if asset_key(table) in chosen]


def _tell(
    context: dg.AssetExecutionContext,
    pipeline: Pipeline,
    days: Mapping[str, Sequence[date]],
    report: Report,
) -> None:
    """Attach each day's figures; if the run fails, turn the closed days green."""
    pulled = {(shop, result.window): result for shop, result in report.windows}
    for shop_id, wanted in days.items():
        counts = _counts(pipeline, shop_id, wanted)
        previews = {
            table.name: preview(pipeline.database, table, shop_id)
            for table in _selected(context)
        }
        for day in wanted:
            result = pulled.get((shop_id, TimeWindow.of_day(day)))
            for table in _selected(context):
                metadata = {
                    **_figures(result),
                    "dagster/partition_row_count": counts.get(day, {}).get(
                        table.name, 0
                    ),
                    "preview": dg.MetadataValue.md(previews[table.name]),
                }
                _attach(context, table, (shop_id, day), metadata, report, result)


def _attach(
    context: dg.AssetExecutionContext,
    table: Table,
    place: tuple[str, date],
    metadata: Mapping[str, Any],
    report: Report,
    result: WindowResult | None,
) -> None:
    key, partition = asset_key(table), key_of(*place)
    if not (report.failures or report.new_bad):
        context.add_asset_metadata(metadata, asset_key=key, partition_key=partition)
    elif result is not None and result.verdict.is_closed:
        context.log_event(
            dg.AssetMaterialization(key, partition=partition, metadata=metadata)
        )


def _counts(
    pipeline: Pipeline, shop_id: str, days: Sequence[date]
) -> dict[date, dict[str, int]]:
    start, end = TimeWindow.of_day(min(days)), TimeWindow.of_day(max(days))
    return rows_by_day(pipeline.database, shop_id, start.start, end.end)


def _figures(result: WindowResult | None) -> dict[str, Any]:
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
    }
