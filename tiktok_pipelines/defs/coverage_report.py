"""The coverage as Dagster shows it: a picture, figures to plot, and a check.

Imported by runs: the asset's own, and those that load orders.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.defs.assets.coverage import CHECK, COVERAGE
from tiktok_pipelines.ingest.coverage import (
    AMBER,
    GREEN,
    RED,
    Coverage,
    State,
    read_coverage,
)
from tiktok_pipelines.ingest.coverage_picture import (
    data_uri,
    draw,
    draw_subjects,
    glance,
)
from tiktok_pipelines.ingest.coverage_readings import Reading, read_readings
from tiktok_pipelines.ingest.coverage_subjects import Asked, read_days
from tiktok_pipelines.ingest.coverage_subjects_text import subjects_markdown
from tiktok_pipelines.ingest.coverage_text import gaps, markdown
from tiktok_pipelines.ingest.freshness import freshness_table, read_freshness

_RECENT_DAYS, _GLANCE_DAYS = 91, 60
_SHOWN_IN_PLACE = 1000
"""Dagster's page shows Markdown shorter than this as it is, the rest on a click."""
_FRESH_FOR = timedelta(minutes=55)
_AS_OF = "as_of"


def read(pipeline: Pipeline) -> Coverage:
    """The coverage of the orders at this moment."""
    return read_coverage(
        pipeline.database,
        now=pipeline.clock.now(),
        start_date=pipeline.settings.start_date,
        first_sync_days=pipeline.settings.first_sync_days,
    )


@dataclass(frozen=True, slots=True)
class Others:
    """What is to be seen of the subjects beside orders.

    Attributes:
        streams: how fresh each stream of each shop is, as Markdown.
        days: the grids of what is pulled by windows.
        readings: the last readings of everything else.
    """

    as_of: datetime
    streams: str
    days: Sequence[Coverage]
    readings: Sequence[Reading]

    @property
    def red(self) -> int:
        """Days and readings of shops that are red."""
        found = sum(each.count(RED) for each in self.days)
        return found + sum(each.state in RED for each in self.readings)


def read_others(pipeline: Pipeline) -> Others:
    """The subjects beside orders at this moment."""
    now, database = pipeline.clock.now(), pipeline.database
    settings = pipeline.settings
    asked = Asked(now, settings.start_date, settings.first_sync_days)
    return Others(
        now,
        freshness_table(read_freshness(database, now), now),
        read_days(database, asked),
        read_readings(database, asked),
    )


def figures(coverage: Coverage, others: Others) -> dict[str, Any]:
    """The picture, and numbers that Dagster plots over time."""
    shown: dict[str, Any] = {}
    if coverage.shops:
        shown["streams"] = dg.MetadataValue.md(others.streams)
    small = f"![shop by day]({data_uri(glance(coverage, last_days=_GLANCE_DAYS))})"
    if coverage.shops and len(small) < _SHOWN_IN_PLACE:
        shown["glance"] = dg.MetadataValue.md(small)
    told = [picture(coverage), *_subjects_picture(others)]
    shown["picture"] = dg.MetadataValue.md("\n\n".join(told))
    shown |= {**_counts(coverage), "shops": len(coverage.shops)}
    shown["subjects_red"] = others.red
    if coverage.lag is not None:
        shown["lag_minutes"] = round(coverage.lag / timedelta(minutes=1))
    return {**shown, _AS_OF: dg.MetadataValue.timestamp(coverage.as_of)}


def _counts(coverage: Coverage) -> dict[str, int]:
    return {
        "complete_pct": coverage.complete_pct,
        "days_green": coverage.count(GREEN),
        "days_amber": coverage.count(AMBER),
        "days_red": coverage.count(RED),
        "days_not_asked_for": coverage.count(frozenset({State.NOT_ASKED})),
    }


def picture(coverage: Coverage) -> str:
    """Markdown: the newest days, all of them if there are more, and what to do."""
    drawn = [draw(coverage, last_days=_RECENT_DAYS)]
    if len(coverage.days) > _RECENT_DAYS:
        drawn.append(draw(coverage))
    images = [f"![shop by day]({data_uri(svg)})" for svg in drawn]
    return "\n\n".join([*images, markdown(coverage)])


def _subjects_picture(others: Others) -> Iterator[str]:
    """Markdown: what is pulled by windows as a picture, and everything in words."""
    if others.days:
        drawn = draw_subjects(others.days, last_days=_RECENT_DAYS)
        yield f"![subject by day]({data_uri(drawn)})"
    if others.readings:
        yield subjects_markdown(others.days, others.readings, others.as_of)


def verdict(coverage: Coverage) -> dg.AssetCheckResult:
    """Whether a day is missing; its words go to the terminal too, so no picture."""
    red = coverage.count(RED)
    newest = [gap.keys[1] for shop in coverage.shops for gap in gaps(shop)[:1]]
    metadata: dict[str, Any] = {"days_red": red, "complete_pct": coverage.complete_pct}
    if red:
        metadata["to_backfill"] = dg.MetadataValue.md(markdown(coverage))
    return dg.AssetCheckResult(
        passed=not red,
        asset_key=COVERAGE,
        check_name=CHECK,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{red} day(s) are to be backfilled, the newest of each shop: "
        + ", ".join(newest[:5])
        + (", …" if len(newest) > 5 else "")
        if red
        else "Every day that is due is in the tables.",
        metadata=metadata,
    )


def events(
    coverage: Coverage, others: Others
) -> Iterator[dg.AssetMaterialization | dg.AssetCheckEvaluation]:
    """The coverage as events, for a run of another asset or job."""
    yield dg.AssetMaterialization(COVERAGE, metadata=figures(coverage, others))
    result = verdict(coverage)
    yield dg.AssetCheckEvaluation(
        asset_key=COVERAGE,
        check_name=CHECK,
        passed=result.passed,
        severity=result.severity,
        description=result.description,
        metadata=result.metadata,
    )


@dataclass(frozen=True, slots=True)
class Shown:
    """What Dagster shows of the coverage now; nothing before the first time."""

    metadata: Mapping[str, dg.MetadataValue[Any]]

    def is_old(self, now: datetime) -> bool:
        """Whether it is about an hour old, or from another time altogether."""
        as_of = self.metadata.get(_AS_OF)
        if not isinstance(as_of, dg.TimestampMetadataValue):
            return True
        return abs(now - datetime.fromtimestamp(as_of.value, UTC)) >= _FRESH_FOR

    def differs_from(self, coverage: Coverage) -> bool:
        """Whether days have changed their colour since."""
        counts = _counts(coverage)
        return any(
            (value := self.metadata.get(name)) is None or value.value != count
            for name, count in counts.items()
        )


def shown_by(instance: dg.DagsterInstance) -> Shown:
    """What the newest materialization told; one question to the instance."""
    event = instance.get_latest_materialization_event(COVERAGE)
    found = event.asset_materialization if event else None
    return Shown(found.metadata if found else {})
