"""Which days of which shop have their orders: the ledger as a grid of shop by day.

A day is proven in two ways: it was pulled whole and its counts agree, or it lies in
what the syncs have read without a gap. How the grid looks is told by
``coverage_picture`` and ``coverage_text``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, RowMapping, text

from tiktok_pipelines.ingest.ledger import CLOSED
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow

_DAY = timedelta(days=1)
_LONGEST_HOLE = 31
"""Days between loaded ones that nobody loaded: up to a month they were forgotten."""


class State(StrEnum):
    """What is known of one day of one shop."""

    CLOSED = "closed"
    SYNCED = "synced"
    EXPLAINED = "explained"
    LATE = "late"
    LOADING = "loading"
    OPEN = "open"
    MISSING = "missing"
    NOT_ASKED = "not asked for"


GREEN = frozenset({State.CLOSED, State.SYNCED})
AMBER = frozenset({State.EXPLAINED, State.LATE, State.LOADING})
RED = frozenset({State.OPEN, State.MISSING})
COMPLETE = GREEN | {State.EXPLAINED}


@dataclass(frozen=True, slots=True)
class Pull:
    """The newest pull of a whole day: its verdict, and when it began."""

    is_closed: bool
    note: str
    started_at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """What the syncs of a shop have read without a gap: ``since`` to ``watermark``.

    A watermark older than ``patience`` is late. Both ends are None before the first
    sync; ``first_sync_days`` says how far that one will go back.
    """

    since: datetime | None
    watermark: datetime | None
    patience: timedelta
    first_sync_days: int
    is_loading: bool = False

    def has_followed(self, moment: datetime, until: datetime, now: datetime) -> bool:
        """Whether all that was placed from a moment on was read, as far as is due."""
        if self.since is None or self.watermark is None:
            return False
        return self.since <= moment and self.watermark >= min(
            until, now - self.patience
        )

    def first_day(self, now: datetime) -> date:
        """The first day that a sync reads whole, or is to read."""
        since = self.since or now - timedelta(days=self.first_sync_days)
        return (since - timedelta(microseconds=1)).date() + _DAY


@dataclass(frozen=True, slots=True)
class ShopCoverage:
    """The days of one shop, oldest first; ``notes`` explain some of them."""

    shop_id: str
    name: str
    region: str
    error: str
    watermark: datetime | None
    days: Mapping[date, State]
    notes: Mapping[date, str]

    def in_state(self, states: frozenset[State]) -> Sequence[date]:
        """The days in one of the states."""
        return [day for day, state in self.days.items() if state in states]

    @property
    def first_day(self) -> date | None:
        """The oldest day that is in the tables."""
        return next(iter(self.in_state(COMPLETE)), None)

    @property
    def due(self) -> int:
        """How many days ought to be in the tables."""
        return sum(state != State.NOT_ASKED for state in self.days.values())

    @property
    def complete_pct(self) -> int:
        """Of the days that ought to be there; 100 means every one."""
        return 100 * len(self.in_state(COMPLETE)) // self.due if self.due else 100


@dataclass(frozen=True, slots=True)
class Coverage:
    """All enabled shops over the same days, as of a moment."""

    stream: str
    as_of: datetime
    shops: Sequence[ShopCoverage]

    @property
    def days(self) -> Sequence[date]:
        """The days that every shop is shown with, oldest first."""
        return list(self.shops[0].days) if self.shops else []

    @property
    def complete_pct(self) -> int:
        """Over all shops; 100 means every day that is due."""
        due = sum(shop.due for shop in self.shops)
        done = sum(len(shop.in_state(COMPLETE)) for shop in self.shops)
        return 100 * done // due if due else 100

    @property
    def lag(self) -> timedelta | None:
        """How far the shop that is furthest behind is behind; None before a sync."""
        marks = [shop.watermark for shop in self.shops if shop.watermark]
        return self.as_of - min(marks) if marks else None

    def count(self, states: frozenset[State]) -> int:
        """Days of shops in one of the states."""
        return sum(len(shop.in_state(states)) for shop in self.shops)


_SHOPS = text("""
    SELECT shop.shop_id, coalesce(shop.name, '') AS name,
           coalesce(shop.region, '') AS region,
           shop.sync_status, coalesce(shop.last_error_message, '') AS error,
           cursor.watermark, first.since,
           coalesce(s.interval_minutes, 15) AS interval_minutes
    FROM tiktok_ops.shops AS shop
    LEFT JOIN tiktok_ops.sync_schedules AS s
         ON s.shop_id = shop.shop_id AND s.sync = :stream
    LEFT JOIN tiktok_ops.sync_cursors AS cursor
         ON cursor.shop_id = shop.shop_id AND cursor.stream = :stream
    LEFT JOIN LATERAL (
        SELECT w.window_start AS since FROM tiktok_ops.sync_windows AS w
        WHERE w.shop_id = shop.shop_id AND w.stream = :stream
          AND w.time_field = 'update_time' AND w.verdict = 'closed'
        ORDER BY w.window_start LIMIT 1
    ) AS first ON true
    WHERE shop.is_enabled AND (:shop_id = '' OR shop.shop_id = :shop_id)
    ORDER BY shop.shop_id
""")
_PULLS = text("""
    SELECT DISTINCT ON (shop_id, window_start) shop_id, window_start, verdict,
           coalesce(note, '') AS note, started_at
    FROM tiktok_ops.sync_windows
    WHERE stream = :stream AND time_field = 'create_time'
      AND window_end - window_start = interval '1 day' AND window_start >= :since
      AND (:shop_id = '' OR shop_id = :shop_id)
    ORDER BY shop_id, window_start, finished_at DESC
""")


def read_coverage(
    database: Database,
    *,
    now: datetime,
    start_date: date,
    first_sync_days: int,
    stream: str = "orders",
    shop_id: str = "",
) -> Coverage:
    """Draw the grid from the ledger; reads some rows, asks nothing of TikTok.

    Args:
        database: the application's.
        now: the present, UTC.
        start_date: the first day that can be backfilled; none before it is shown.
        first_sync_days: how far a shop's first sync goes back.
        stream: what was pulled, as the ledger calls it.
        shop_id: only this one of the enabled shops.
    """
    told = {
        "stream": stream,
        "shop_id": shop_id,
        "since": TimeWindow.of_day(start_date).start,
    }
    with database.begin() as connection:
        shops = connection.execute(_SHOPS, told).mappings().all()
        pulls = _read_pulls(connection, told)
    found: list[ShopCoverage] = []
    for shop in shops:
        of_shop = pulls.get(shop["shop_id"], {})
        days = judge_days(of_shop, _reach(shop, first_sync_days), start_date, now)
        notes = {day: pull.note for day, pull in of_shop.items() if pull.note}
        named = (shop["shop_id"], shop["name"], shop["region"], shop["error"])
        found.append(ShopCoverage(*named, shop["watermark"], days, notes))
    return Coverage(stream, now, of_the_same_days(found))


def _read_pulls(
    connection: Connection, told: Mapping[str, object]
) -> dict[str, dict[date, Pull]]:
    pulls: dict[str, dict[date, Pull]] = {}
    for row in connection.execute(_PULLS, told):
        pull = Pull(row.verdict == CLOSED, row.note, row.started_at)
        pulls.setdefault(row.shop_id, {})[row.window_start.date()] = pull
    return pulls


def _reach(shop: RowMapping, first_sync_days: int) -> Reach:
    return Reach(
        shop["since"],
        shop["watermark"],
        timedelta(minutes=3 * shop["interval_minutes"] + 15),
        first_sync_days,
        is_loading=shop["sync_status"] == "syncing",
    )


def judge_days(
    pulls: Mapping[date, Pull], reach: Reach, start_date: date, now: datetime
) -> dict[date, State]:
    """The state of every day from the first possible one to the present."""
    days = list(days_between(start_date, now.date()))
    states = {day: judge_day(day, pulls.get(day), reach, now) for day in days}
    for hole in _holes(states):
        states |= dict.fromkeys(hole, _wanting(reach))
    return states


def judge_day(day: date, pull: Pull | None, reach: Reach, now: datetime) -> State:
    """The state of one day, whatever its neighbours are."""
    window = TimeWindow.of_day(day)
    is_over = window.end <= now
    if pull is not None and not pull.is_closed:
        return State.OPEN if is_over else State.LATE
    if pull is not None and (
        pull.started_at >= window.end
        or reach.has_followed(pull.started_at, window.end, now)
    ):
        return State.EXPLAINED if pull.note else State.CLOSED
    if reach.has_followed(window.start, window.end, now):
        return State.SYNCED
    if pull is None and day < reach.first_day(now):
        return State.NOT_ASKED
    was_loaded = pull is not None or reach.watermark is not None
    return State.LATE if was_loaded and not is_over else _wanting(reach)


def _wanting(reach: Reach) -> State:
    return State.LOADING if reach.is_loading else State.MISSING


def _holes(states: Mapping[date, State]) -> Iterator[Sequence[date]]:
    """Days not asked for between loaded ones, where they are few."""
    hole: list[date] = []
    was_loaded = False
    for day, state in states.items():
        if state == State.NOT_ASKED:
            hole.append(day)
            continue
        if was_loaded and 0 < len(hole) <= _LONGEST_HOLE:
            yield hole
        hole, was_loaded = [], True


def of_the_same_days(shops: Sequence[ShopCoverage]) -> Sequence[ShopCoverage]:
    """Leave out the oldest days, which nobody asked for in any shop."""
    asked = [
        day
        for shop in shops
        for day in list(shop.in_state(frozenset(State) - {State.NOT_ASKED}))[:1]
    ]
    if not asked:
        return shops
    first = min(asked)
    return [
        replace(shop, days={day: shop.days[day] for day in shop.days if day >= first})
        for shop in shops
    ]


def days_between(first: date, last: date) -> Iterator[date]:
    """Both included."""
    for number in range((last - first).days + 1):
        yield first + number * _DAY
