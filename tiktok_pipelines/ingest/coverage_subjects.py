"""What is there of the subjects that are pulled by windows: the ledger as grids.

A day is whole if the syncs have read from it on without a gap; of a statement, if its
own transactions agreed. What is read whole or by id is told by ``coverage_readings``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, RowMapping, text

from tiktok_pipelines.ingest.coverage import (
    Coverage,
    Pull,
    Reach,
    ShopCoverage,
    days_between,
    judge_days,
    of_the_same_days,
)
from tiktok_pipelines.ingest.ledger import CLOSED
from tiktok_pipelines.ingest.open_windows import OpenWindow, open_windows
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.records.windows import Windows
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.ingest.subjects.statement_transactions import (
    TIME_FIELD as STATEMENT_DAY,
)
from tiktok_pipelines.ingest.subjects.statement_transactions import (
    StatementTransactions,
)
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import facts_of

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class ByDay:
    """A subject whose windows are days, or tell of days.

    Attributes:
        follows: the stream whose watermark tells how far it was read.
        time_field: what the windows of that stream bound.
    """

    subject: Subject
    follows: str
    time_field: str


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be seen: as of when, since which day, and of which shop ("": all).

    ``first_sync_days`` is how far a shop's first sync goes back.
    """

    now: datetime
    start_date: date
    first_sync_days: int
    shop_id: str = ""


def _by_day() -> Iterator[ByDay]:
    """Subjects whose own windows do not always reach back to the first record."""
    for subject in ALL:
        for load in subject.loads:
            if isinstance(load, Windows) and load.first is None:
                name = load.name or subject.name
                yield ByDay(subject, name, load.time_field)
            elif isinstance(load, StatementTransactions):
                yield ByDay(subject, "statements", "statement_time")


BY_DAY: Mapping[str, ByDay] = {each.subject.name: each for each in _by_day()}
"""The subjects that have a grid, by their names."""

# Retention keeps a window for each day, so a gap is one of whole days: one that no
# closed window touches, as a full pull that broke off leaves it.
_SHOPS = text("""
    WITH touched AS (
        SELECT DISTINCT shop_id, (window_start AT TIME ZONE 'UTC')::date AS first,
               (window_end AT TIME ZONE 'UTC')::date AS last
        FROM tiktok_ops.sync_windows
        WHERE stream = :stream AND time_field = :time_field AND verdict = 'closed'
          AND (:shop_id = '' OR shop_id = :shop_id)
    ), spans AS MATERIALIZED (
        SELECT shop_id, unnest(range_agg(daterange(first, last, '[]'))) AS days
        FROM touched GROUP BY shop_id
    ), begun AS MATERIALIZED (
        SELECT spans.shop_id, lower(days)::timestamp AT TIME ZONE 'UTC' AS begun_at
        FROM spans JOIN tiktok_ops.sync_cursors AS c ON c.shop_id = spans.shop_id
             AND c.stream = :stream AND days @> (c.watermark AT TIME ZONE 'UTC')::date
    )
    SELECT shop.shop_id, coalesce(shop.name, '') AS name,
           coalesce(shop.region, '') AS region, shop.sync_status,
           coalesce(state.message, '') AS error, cursor.watermark, first.since,
           coalesce(s.interval_minutes, 60) AS interval_minutes
    FROM tiktok_ops.shops AS shop
    LEFT JOIN tiktok_ops.sync_schedules AS s
         ON s.shop_id = shop.shop_id AND s.sync = :sync
    LEFT JOIN tiktok_ops.sync_states AS state
         ON state.shop_id = shop.shop_id AND state.stream = :subject
    LEFT JOIN tiktok_ops.sync_cursors AS cursor
         ON cursor.shop_id = shop.shop_id AND cursor.stream = :stream
    LEFT JOIN begun ON begun.shop_id = shop.shop_id
    LEFT JOIN LATERAL (
        SELECT w.window_start AS since FROM tiktok_ops.sync_windows AS w
        WHERE w.shop_id = shop.shop_id AND w.stream = :stream
          AND w.time_field = :time_field AND w.verdict = 'closed'
          AND w.window_start >= begun.begun_at
        ORDER BY w.window_start LIMIT 1
    ) AS first ON true
    WHERE shop.is_enabled AND (:shop_id = '' OR shop.shop_id = :shop_id)
      AND (cursor.watermark IS NOT NULL OR coalesce(s.is_active, true))
    ORDER BY shop.shop_id
""")
_STATEMENT_DAYS = text("""
    SELECT DISTINCT ON (shop_id, window_start, window_end) shop_id, window_start,
           verdict, coalesce(note, '') AS note, started_at
    FROM tiktok_ops.sync_windows
    WHERE stream = :subject AND time_field = :statement_day
      AND (:shop_id = '' OR shop_id = :shop_id)
    ORDER BY shop_id, window_start, window_end, finished_at DESC, window_id DESC
""")
_UNREAD = text("""
    SELECT s.shop_id, s.statement_at, s.synced_at FROM tiktok.statements s
    LEFT JOIN tiktok.statement_totals h USING (shop_id, statement_id)
    WHERE h.statement_id IS NULL AND s.statement_at IS NOT NULL
      AND (:shop_id = '' OR s.shop_id = :shop_id)
""")
Pulls = dict[str, dict[date, Pull]]


def read_subject_days(database: Database, name: str, asked: Asked) -> Coverage:
    """Draw the grid of one of ``BY_DAY``; asks nothing of TikTok.

    Shops whose region has no such thing, or that never synced it as its schedule is
    off, are left out.
    """
    by_day = BY_DAY[name]
    told = {
        "subject": name,
        "stream": by_day.follows,
        "sync": facts_of(name).sync,
        "time_field": by_day.time_field,
        "shop_id": asked.shop_id,
    }
    with database.begin() as connection:
        shops = connection.execute(_SHOPS, told).mappings().all()
        pulls = _statements(connection, asked) if name != by_day.follows else {}
        for each in open_windows(connection, [name], asked.shop_id):
            if each.time_field in {by_day.time_field, STATEMENT_DAY}:
                _add_open(pulls, each)
    is_for = by_day.subject.is_for
    found = [
        _of_shop(shop, pulls.get(shop["shop_id"], {}), asked)
        for shop in shops
        if is_for(shop["region"])
    ]
    return Coverage(name, asked.now, of_the_same_days(found))


def _of_shop(
    shop: RowMapping, pulls: Mapping[date, Pull], asked: Asked
) -> ShopCoverage:
    reach = Reach(
        shop["since"],
        shop["watermark"],
        timedelta(minutes=3 * shop["interval_minutes"] + 15),
        asked.first_sync_days,
        is_loading=shop["sync_status"] == "syncing",
    )
    days = judge_days(pulls, reach, asked.start_date, asked.now)
    notes = {day: pull.note for day, pull in pulls.items() if pull.note}
    named = (shop["shop_id"], shop["name"], shop["region"], shop["error"])
    return ShopCoverage(*named, shop["watermark"], days, notes)


def _add_open(pulls: Pulls, found: OpenWindow) -> None:
    """An open window leaves each day open that it touches."""
    of_shop = pulls.setdefault(found.shop_id, {})
    pull = Pull(is_closed=False, note=found.note, started_at=found.window.end)
    last = found.window.end - timedelta(microseconds=1)
    for day in days_between(found.window.start.date(), last.date()):
        of_shop[day] = pull


def _statements(connection: Connection, asked: Asked) -> Pulls:
    """The newest pull of each statement, by its day; those never read are open."""
    told = {
        "subject": "statement_transactions",
        "statement_day": STATEMENT_DAY,
        "shop_id": asked.shop_id,
    }
    pulls: Pulls = {}
    for row in connection.execute(_STATEMENT_DAYS, told):
        pull = Pull(row.verdict == CLOSED, row.note, row.started_at)
        pulls.setdefault(row.shop_id, {}).setdefault(row.window_start.date(), pull)
    for row in connection.execute(_UNREAD, {"shop_id": asked.shop_id}):
        pull = Pull(
            is_closed=False,
            note="transactions of a statement were not read yet",
            started_at=row.synced_at,
        )
        day = (row.statement_at - _DAY).date()
        pulls.setdefault(row.shop_id, {})[day] = pull
    return pulls


def read_days(database: Database, asked: Asked) -> Sequence[Coverage]:
    """The grids of all subjects that have one, and shops."""
    found = (read_subject_days(database, name, asked) for name in BY_DAY)
    return [coverage for coverage in found if coverage.shops]
