"""Whether a subject's tables can be trusted, in words of the person who reads them."""

from collections.abc import Sequence
from datetime import datetime

import dagster as dg

from tiktok_pipelines.defs.check_specs import checked_key
from tiktok_pipelines.defs.checks import (
    no_new_drift,
    no_new_quarantine,
    result_of,
    told_since,
)
from tiktok_pipelines.ingest.health import late_streams, open_streams
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SubjectFacts


def results(
    database: Database, now: datetime, subject: SubjectFacts
) -> Sequence[dg.AssetCheckResult]:
    """All checks of a subject, as of now."""
    asset, declared = checked_key(subject), BY_NAME[subject.name]
    streams = [subject.name, *declared.mapping.tables()]
    return [
        _complete(database, asset, declared.ledgers),
        _fresh(database, now, asset, subject),
        no_new_quarantine(database, now, asset, streams),
        no_new_drift(database, now, asset, declared.kinds),
    ]


def _complete(
    database: Database, asset: dg.AssetKey, ledgers: Sequence[str]
) -> dg.AssetCheckResult:
    """What was pulled last agreed in every shop."""
    return result_of(
        asset,
        "complete",
        [
            f"{shop} ({stream}): {note}"
            for shop, stream, note in open_streams(database, ledgers)
        ],
        good="What was pulled last holds as many records as TikTok counts",
        bad="pull(s) did not agree; the next sync reads them again",
    )


def _fresh(
    database: Database, now: datetime, asset: dg.AssetKey, subject: SubjectFacts
) -> dg.AssetCheckResult:
    """Every enabled shop was synced lately."""
    late = late_streams(database, now, stream=subject.name, sync=subject.sync)
    return result_of(
        asset,
        "fresh",
        [f"{shop} ({reason}): {told_since(since)}" for shop, since, reason in late],
        good="Every enabled shop was synced within three of its intervals",
        bad="shops are late; see tiktok-pipelines shops list and the last runs",
        severity=dg.AssetCheckSeverity.WARN,
    )
