"""What a run that loads subjects does, and what it tells Dagster.

Imported by the run: a code server that only shows the assets needs none of it.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.checks import as_event, changed
from tiktok_pipelines.defs.describe import asset_key
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.preview import preview
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.defs.run_tags import tag_run
from tiktok_pipelines.defs.subject_checks import results
from tiktok_pipelines.ingest.records.runs import (
    SubjectReport,
    SubjectResult,
    SubjectRuns,
)
from tiktok_pipelines.ingest.row_counts import rows_of_shop
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.storage import tables
from tiktok_pipelines.subjects import SubjectFacts, Sync, facts_of, subjects_of


def load_shops(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource, sync: Sync
) -> Iterator[Any]:
    """Pull all that the shops of the partitions have; fail at the end if one failed.

    Only subjects are loaded of which a table is selected.
    """
    chosen = set(context.selected_asset_keys)
    subjects = [
        subject
        for subject in subjects_of(sync.name)
        if chosen & {asset_key(table) for table in subject.tables}
    ]
    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        report = SubjectReport()
        if subjects:  # else someone asked for the checks alone
            shop_ids = list(context.partition_keys)
            tag_run(context.instance, context.run, "backfill", shop_ids)
            runs = _runs(pipeline, context.run.run_id, context.log)
            report = runs.sync(shop_ids, _declared(subjects), is_full=True)
        for result in report.results:
            yield from _materialized(pipeline, result, chosen)
        yield from _checked(context, pipeline, sync)
        report.raise_if_failed()


def sync_subjects(
    context: dg.OpExecutionContext,
    tiktok_shop: TikTokShopResource,
    sync: Sync,
    shop_ids: Sequence[str],
) -> Iterator[Any]:
    """Pull what changed in the shops, or in every enabled one.

    Events are yielded: those that are only logged would be lost when it fails.
    """
    with dagster_failures(), tiktok_shop.open(context.run_id) as pipeline:
        shop_ids = shop_ids or [shop.shop_id for shop in pipeline.shops.enabled()]
        tag_run(context.instance, context.run, "sync", shop_ids)
        subjects = subjects_of(sync.name)
        runs = _runs(pipeline, context.run_id, context.log)
        report = runs.sync(shop_ids, _declared(subjects))
        context.log.info(_summary(report))
        for subject in subjects:
            green = context.instance.get_materialized_partitions(
                asset_key(subject.tables[0])
            )
            for result in report.results:
                is_news = result.rows_written or result.shop_id not in green
                if result.subject == subject.name and is_news:
                    yield from _materialized(pipeline, result)
        yield from _health(context.instance, pipeline, sync, report)
        report.raise_if_failed()


def _runs(pipeline: Pipeline, run_id: str, log: dg.DagsterLogManager) -> SubjectRuns:
    settings = pipeline.settings
    return SubjectRuns(
        pipeline.shops,
        run_id,
        log.info,
        settings.start_date,
        settings.first_sync_days,
    )


def _declared(subjects: Sequence[SubjectFacts]) -> list[Any]:
    return [BY_NAME[subject.name] for subject in subjects]


def _materialized(
    pipeline: Pipeline,
    result: SubjectResult,
    chosen: set[dg.AssetKey] | None = None,
) -> Iterator[dg.AssetMaterialization]:
    """Turn the shop green in each table of a subject that was loaded whole."""
    if not result.is_complete:
        return
    names = facts_of(result.subject).tables
    figures = _figures(pipeline, result)
    for name in names:
        if chosen is not None and asset_key(name) not in chosen:
            continue
        table = tables.metadata.tables[name]
        shown = preview(pipeline.database, table, result.shop_id)
        yield dg.AssetMaterialization(
            asset_key(name),
            partition=result.shop_id,
            metadata={
                "dagster/partition_row_count": rows_of_shop(
                    pipeline.database, table, result.shop_id
                ),
                "preview": dg.MetadataValue.md(shown),
                **figures,
            },
        )


def _figures(pipeline: Pipeline, result: SubjectResult) -> dict[str, float]:
    """What the load of a subject took; the same in each of its tables."""
    usage = pipeline.api_log.usage_of(result.shop_id)
    return {
        "records_fetched": sum(window.counts.ids for window in result.windows),
        "rows_written": result.rows_written,
        "windows": len(result.windows),
        "pages": sum(window.pages for window in result.windows),
        "shop_api_calls": usage.calls,
        "shop_waited_s": round(usage.waited_s, 3),
    }


def _checked(
    context: dg.AssetExecutionContext, pipeline: Pipeline, sync: Sync
) -> Iterator[dg.AssetCheckResult | dg.AssetCheckEvaluation]:
    """The verdicts of the ledger, whether or not the run holds the checks."""
    now = pipeline.clock.now()
    chosen = context.selected_asset_check_keys
    for subject in subjects_of(sync.name):
        for result in results(pipeline.database, now, subject):
            event = as_event(result)
            yield result if event.asset_check_key in chosen else event


def _health(
    instance: dg.DagsterInstance,
    pipeline: Pipeline,
    sync: Sync,
    report: SubjectReport,
) -> Iterator[dg.AssetCheckEvaluation]:
    """The checks; a sync with nothing new tells only of those that changed."""
    now = pipeline.clock.now()
    evaluated = [
        as_event(result)
        for subject in subjects_of(sync.name)
        for result in results(pipeline.database, now, subject)
    ]
    has_news = any(result.rows_written for result in report.results)
    if has_news or report.has_failed:
        yield from evaluated
    else:
        yield from changed(instance, evaluated)


def _summary(report: SubjectReport) -> str:
    """One line for all shops."""
    quiet = sum(not result.rows_written for result in report.results)
    written = sum(result.rows_written for result in report.results)
    return (
        f"{len(report.results)} subject(s) of shops synced, {quiet} of them had nothing"
        f" new; {written:,} rows written"
    )
