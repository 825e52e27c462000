"""What ``coverage --json`` prints: of days, and of readings."""

from collections.abc import Sequence
from itertools import groupby

from tiktok_pipelines.ingest.coverage import COMPLETE, RED, ShopCoverage
from tiktok_pipelines.ingest.coverage_readings import Reading
from tiktok_pipelines.ingest.coverage_subjects_text import commands, pull_again
from tiktok_pipelines.ingest.freshness import Freshness


def shop_for_machines(
    shop: ShopCoverage, subject: str, streams: Sequence[Freshness]
) -> dict[str, object]:
    """The days of a shop, as runs of one state, and what is missing.

    ``missing`` names days and shop as the partitions of orders are called.
    """
    runs = [
        (state, [day for day, _ in run])
        for state, run in groupby(shop.days.items(), key=lambda one: one[1])
    ]
    return {
        "shop_id": shop.shop_id,
        "name": shop.name,
        "first_day": str(shop.first_day) if shop.first_day else None,
        "days_due": shop.due,
        "days_complete": len(shop.in_state(COMPLETE)),
        "complete_pct": shop.complete_pct,
        "days": [
            {"state": state.value, "first": str(days[0]), "last": str(days[-1])}
            for state, days in runs
        ],
        "missing": [f"{day}|{shop.shop_id}" for day in shop.in_state(RED)],
        "commands": commands(shop, subject),
        "streams": [_stream(each) for each in streams if each.shop_id == shop.shop_id],
    }


def _stream(each: Freshness) -> dict[str, object]:
    since = each.succeeded_at
    return {
        "stream": each.stream,
        "state": each.state,
        "succeeded_at": since.isoformat() if since else None,
        "message": each.message,
    }


def reading_for_machines(each: Reading) -> dict[str, object]:
    """The last reading of a subject of a shop."""
    return {
        "shop_id": each.shop_id,
        "subject": each.subject,
        "reading": each.name,
        "is_whole": each.is_whole,
        "state": each.state.value,
        "read_at": each.read_at.isoformat() if each.read_at else None,
        "records": each.records,
        "note": each.note,
        "commands": [pull_again(each.subject, each.shop_id)]
        if each.state in RED
        else [],
    }
