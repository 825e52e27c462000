"""Whether the tables can be trusted, in words of the person who reads them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.ingest.health import (
    ORDER_OBJECTS,
    ORDER_STREAMS,
    late_shops,
    new_drift,
    new_quarantine,
    open_days,
    open_syncs,
)
from tiktok_pipelines.storage.database import Database

_NAMED, _IN_WORDS = 20, 3


def complete(database: Database) -> dg.AssetCheckResult:
    """Every window that was pulled holds what the API counted."""
    found = [f"{day.day}|{day.shop_id}: {day.note}" for day in open_days(database)]
    found += [f"changes of {shop}: {note}" for shop, note in open_syncs(database)]
    return result_of(
        ORDERS,
        "complete",
        found,
        good="Every day pulled holds as many orders as the API counts",
        bad="windows are incomplete; backfill these days, the next sync reads changes",
    )


def fresh(database: Database, now: datetime) -> dg.AssetCheckResult:
    """Every enabled shop was synced lately."""
    found = [
        f"{shop_id}: {told_since(watermark)}"
        for shop_id, watermark in late_shops(database, now)
    ]
    return result_of(
        ORDERS,
        "fresh",
        found,
        good="Every enabled shop was synced within three of its intervals",
        bad="shops are late; see tiktok-pipelines shops list and the last runs",
        severity=dg.AssetCheckSeverity.WARN,
    )


def no_new_quarantine(
    database: Database,
    now: datetime,
    asset: dg.AssetKey = ORDERS,
    streams: Sequence[str] = ORDER_STREAMS,
) -> dg.AssetCheckResult:
    """No record was met in the last day that could not become a row."""
    met = new_quarantine(database, now, streams)
    found = [f"{shop}: {reason}" for shop, reason in met]
    return result_of(
        asset,
        "no_new_quarantine",
        found,
        good="Every record of the last day became a row",
        bad="records of the last day are in tiktok_ops.quarantine_records: see "
        "tiktok-pipelines quarantine list",
        severity=dg.AssetCheckSeverity.WARN,
    )


def no_new_drift(
    database: Database,
    now: datetime,
    asset: dg.AssetKey = ORDERS,
    objects: frozenset[str] = ORDER_OBJECTS,
) -> dg.AssetCheckResult:
    """TikTok's answers of the last day hold nothing unforeseen for the first time."""
    return result_of(
        asset,
        "no_new_drift",
        [str(drift) for drift in new_drift(database, now, objects)],
        good="Nothing unforeseen came for the first time in the last day",
        bad="differences from the documented API are new since yesterday; everything "
        "received is kept: see tiktok-pipelines drift list --since 1",
        severity=dg.AssetCheckSeverity.WARN,
    )


def told_since(watermark: datetime | None) -> str:
    """Since when a shop is late, in words."""
    return f"since {watermark:%Y-%m-%d %H:%M} UTC" if watermark else "never synced"


def result_of(
    asset: dg.AssetKey,
    name: str,
    found: Sequence[str],
    *,
    good: str,
    bad: str,
    severity: dg.AssetCheckSeverity = dg.AssetCheckSeverity.ERROR,
) -> dg.AssetCheckResult:
    """The verdict of a check: it passed if nothing was found."""
    metadata: dict[str, Any] = {"found": len(found)}
    if found:
        listed = "\n".join(f"- {line}" for line in found[:_NAMED])
        metadata["named"] = dg.MetadataValue.md(listed)
    return dg.AssetCheckResult(
        passed=not found,
        asset_key=asset,
        check_name=name,
        severity=severity,
        description=f"{len(found)} {bad}. {_some(found)}" if found else f"{good}.",
        metadata=metadata,
    )


def _some(found: Sequence[str]) -> str:
    """The first of them, for the line that a person reads first."""
    return "; ".join(found[:_IN_WORDS]) + ("; …" if len(found) > _IN_WORDS else "")


def results(database: Database, now: datetime) -> Sequence[dg.AssetCheckResult]:
    """All checks of the orders, as of now."""
    return [
        complete(database),
        fresh(database, now),
        no_new_quarantine(database, now),
        no_new_drift(database, now),
    ]


def evaluations(database: Database, now: datetime) -> Sequence[dg.AssetCheckEvaluation]:
    """The same as events, for a run that holds no check."""
    return [as_event(result) for result in results(database, now)]


def as_event(result: dg.AssetCheckResult) -> dg.AssetCheckEvaluation:
    """A verdict as an event, for a run that does not hold the check."""
    return dg.AssetCheckEvaluation(
        asset_key=result.asset_key or ORDERS,
        check_name=result.check_name or "",
        passed=result.passed,
        severity=result.severity,
        description=result.description,
        metadata=result.metadata,
    )


def changed(
    instance: dg.DagsterInstance, evaluated: Sequence[dg.AssetCheckEvaluation]
) -> Iterator[dg.AssetCheckEvaluation]:
    """Those with another verdict than Dagster shows, or that it does not show yet."""
    keys = [each.asset_check_key for each in evaluated]
    shown = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
    for each in evaluated:
        record = shown.get(each.asset_check_key)
        verdict = "SUCCEEDED" if each.passed else "FAILED"
        if record is None or record.status.value != verdict:
            yield each
