"""Tags by which a person finds runs: what they did, for which shop, and why."""

from collections.abc import Sequence

import dagster as dg

KIND, SHOP, TRIGGER = "tiktok/kind", "tiktok/shop", "tiktok/trigger"
_TRIGGERS = {
    "dagster/schedule_name": "schedule",
    "dagster/sensor_name": "sensor",
    "dagster/backfill": "backfill",
}


def tag_run(
    instance: dg.DagsterInstance,
    run: dg.DagsterRun,
    kind: str,
    shop_ids: Sequence[str] = (),
) -> None:
    """Tag a run: ``tiktok/shop`` is the one shop that it serves, or how many."""
    tags = {KIND: kind, TRIGGER: _trigger(run)}
    if shop_ids:
        is_one = len(shop_ids) == 1
        tags[SHOP] = shop_ids[0] if is_one else f"{len(shop_ids)} shops"
    instance.add_run_tags(run.run_id, tags)


def _trigger(run: dg.DagsterRun) -> str:
    found = (word for tag, word in _TRIGGERS.items() if tag in run.tags)
    return next(found, "by hand")
