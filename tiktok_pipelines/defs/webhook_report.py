"""The comparison of polling and webhooks as Dagster shows it; imported by runs."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import dagster as dg

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.assets.webhooks import COMPARISON
from tiktok_pipelines.ingest.coverage_picture import data_uri
from tiktok_pipelines.ingest.webhook_compare import (
    PROMISED,
    Comparison,
    compare_day,
    comparisons,
)
from tiktok_pipelines.ingest.webhook_health import (
    dead_events,
    ending_consents,
    refusals,
)
from tiktok_pipelines.ingest.webhook_picture import draw

_SHOWN_DAYS = 30
_AT_LEAST_PCT = 95


def report(pipeline: Pipeline) -> dg.MaterializeResult[Any]:
    """Compare yesterday and the day before, which late events may have changed."""
    database, now = pipeline.database, pipeline.clock.now()
    today = now.date()
    for back in (2, 1):
        compare_day(database, today - timedelta(days=back), now)
    rows = comparisons(database, today - timedelta(days=_SHOWN_DAYS))
    last = [row for row in rows if row.day == today - timedelta(days=1)]
    return dg.MaterializeResult(
        asset_key=COMPARISON,
        metadata=_figures(rows, last),
        check_results=[
            _check("changes_are_announced", _unannounced(last)),
            _check(
                "webhooks_are_taken",
                [*refusals(database, now), *dead_events(database, now)],
            ),
            _check("consents_last", ending_consents(database)),
        ],
    )


def _figures(rows: Sequence[Comparison], last: Sequence[Comparison]) -> dict[str, Any]:
    changes = sum(row.changes for row in last)
    announced = sum(row.announced for row in last)
    delays = [float(row.delay_p95_s) for row in last if row.delay_p95_s is not None]
    figures: dict[str, Any] = {
        "picture": dg.MetadataValue.md(f"![by day]({data_uri(draw(rows))})"),
        "changes": changes,
        "unannounced": changes - announced,
        "events": sum(row.events for row in last),
        "events_for_nothing": sum(row.for_nothing for row in last),
        "announced_pct": round(100 * announced / changes) if changes else 100,
    }
    if delays:
        figures["delay_p95_s"] = max(delays)
    return figures


def _unannounced(last: Sequence[Comparison]) -> Sequence[str]:
    """Shops that get events, but not for enough of their changes."""
    return [
        f"shop {row.shop_id}, {row.subject}: {row.unannounced} of {row.changes} changes"
        f" were not announced, such as {', '.join(row.examples['unannounced'])}"
        for row in last
        if row.subject in PROMISED
        and row.events
        and row.announced * 100 < row.changes * _AT_LEAST_PCT
    ]


def _check(name: str, found: Sequence[str]) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        passed=not found,
        asset_key=COMPARISON,
        check_name=name,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(found[:5]) if found else "All is well.",
        metadata={"found": len(found)},
    )
