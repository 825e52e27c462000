"""Days, shops, and both together."""

from collections.abc import Iterable
from datetime import date

import dagster as dg

from tiktok_pipelines.settings import Settings

tiktok_shops = dg.DynamicPartitionsDefinition(name="tiktok_shops")


def shop_days(start: date) -> dg.MultiPartitionsDefinition:
    """Creation day (UTC, the present one included) by shop."""
    days = dg.DailyPartitionsDefinition(
        start_date=start.isoformat(), timezone="UTC", end_offset=1
    )
    return dg.MultiPartitionsDefinition({"date": days, "shop": tiktok_shops})


SHOP_DAYS = shop_days(Settings.from_environment().start_date)


def key_of(shop_id: str, day: date) -> dg.MultiPartitionKey:
    """The partition of one day of one shop."""
    return dg.MultiPartitionKey({"date": day.isoformat(), "shop": shop_id})


def days_by_shop(keys: Iterable[str]) -> dict[str, list[date]]:
    """Partition keys, grouped: a run may hold many, with gaps between them."""
    grouped: dict[str, list[date]] = {}
    for key in keys:
        day, _, shop_id = key.partition("|")
        if isinstance(key, dg.MultiPartitionKey):
            dimensions = key.keys_by_dimension
            day, shop_id = dimensions["date"], dimensions["shop"]
        grouped.setdefault(shop_id, []).append(date.fromisoformat(day))
    return grouped
