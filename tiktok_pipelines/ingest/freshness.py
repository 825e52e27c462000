"""How fresh each stream of each shop is, and why one is not: for people and views.

The classes of reasons: ``token`` (the seller or the key must act), ``limit`` (TikTok
lets us wait), ``failed`` (anything else), ``late`` (it did not fail, and is not fresh
all the same: nothing started it). ``ok``: synced within three of its intervals and a
quarter of an hour.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from tiktok_pipelines.storage.catalog import ORDER_TABLES
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import SUBJECTS

OK, LATE = "ok", "late"
_STATES = text("""
    SELECT shop.shop_id, told.stream, told.sync, state.succeeded_at, state.failed_at,
           CASE
               WHEN state.reason IS NOT NULL THEN state.reason
               WHEN coalesce(state.succeeded_at, shop.connected_at)
                   < :now - (3 * s.interval_minutes + 15) * interval '1 minute'
                   THEN 'late'
               ELSE 'ok'
           END AS state,
           state.message
    FROM tiktok_ops.shops AS shop
    CROSS JOIN unnest(CAST(:streams AS text[]), CAST(:syncs AS text[]))
        WITH ORDINALITY AS told (stream, sync, place)
    JOIN tiktok_ops.sync_schedules AS s ON s.shop_id = shop.shop_id
         AND s.sync = told.sync AND s.is_active
    LEFT JOIN tiktok_ops.sync_states AS state ON state.shop_id = shop.shop_id
         AND state.stream = told.stream
    WHERE shop.is_enabled
    ORDER BY shop.shop_id, told.place
""")

TABLES: Mapping[str, Sequence[str]] = {
    "orders": ORDER_TABLES,
    **{subject.name: subject.tables for subject in SUBJECTS},
}
"""The tables of each stream: what is fresh when the stream is."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """One stream of one enabled shop; its tables are as fresh.

    ``state`` is ``ok`` or the class of the reason why not.
    """

    shop_id: str
    stream: str
    sync: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    state: str
    message: str | None

    @property
    def tables(self) -> Sequence[str]:
        """With schema."""
        return TABLES[self.stream]

    def age(self, now: datetime) -> timedelta | None:
        """Since the last success; None before the first."""
        return None if self.succeeded_at is None else now - self.succeeded_at


def read_freshness(database: Database, now: datetime) -> Sequence[Freshness]:
    """Every stream whose sync is active, of every enabled shop."""
    syncs = {"orders": "orders"} | {each.name: each.sync for each in SUBJECTS}
    told = {"now": now, "streams": list(syncs), "syncs": list(syncs.values())}
    with database.begin() as connection:
        return [Freshness(*row) for row in connection.execute(_STATES, told)]


def freshness_table(found: Sequence[Freshness], as_of: datetime) -> str:
    """Markdown: a line per shop, a column per stream; how old, or why not fresh."""
    streams = list(dict.fromkeys(each.stream for each in found))
    shops = list(dict.fromkeys(each.shop_id for each in found))
    by_place = {(each.shop_id, each.stream): each for each in found}
    names = [name.replace("_", " ") for name in streams]
    lines = [["shop", *names], ["---"] * (len(streams) + 1)]
    for shop_id in shops:
        held = (by_place.get((shop_id, stream)) for stream in streams)
        lines.append([shop_id, *(_told(each, as_of) for each in held)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _told(each: Freshness | None, as_of: datetime) -> str:
    """How old a stream is; the class of the reason first, if it is not fresh."""
    if each is None:
        return "off"
    age = each.age(as_of)
    since = "never" if age is None else f"{_short(max(age, timedelta(0)))} ago"
    return since if each.state == OK else f"**{each.state}**, {since}"


def _short(age: timedelta) -> str:
    minutes = age // timedelta(minutes=1)
    if minutes < 120:
        return f"{minutes} min"
    return f"{minutes // 60} h" if minutes < 48 * 60 else f"{minutes // 1440} d"
