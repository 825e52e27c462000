"""What is there of subjects that are read whole, or by id: the last closed reading.

Such a reading has no days: it is whole as of its start, or it is not. Its age tells
whether that is lately enough.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, RowMapping, text

from tiktok_pipelines.ingest.coverage import State
from tiktok_pipelines.ingest.coverage_subjects import BY_DAY, Asked
from tiktok_pipelines.ingest.open_windows import OpenWindow, open_windows
from tiktok_pipelines.ingest.records.by_ids import MORE_FOLLOWS, ByIds
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.optional import NOT_THERE, IfServed
from tiktok_pipelines.ingest.records.sliced_listing import SlicedListing
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import ALL
from tiktok_pipelines.ingest.subjects.external_orders import PROBE, ExternalOrders
from tiktok_pipelines.ingest.subjects.products import CategoryTree
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.subjects import facts_of

_TOO_LATE = timedelta(days=1)
"""As a day that no sync has read since it is over: no longer late, but missing."""
BROUGHT_WITH: Mapping[str, str] = {
    "statement_totals": "statement_transactions",
    "unsettled_totals": "unsettled_transactions",
}
"""What heads the answers of another subject is as whole as that."""


@dataclass(frozen=True, slots=True)
class Way:
    """How a subject is read.

    Attributes:
        ledger: whose watermark tells when the last whole reading began.
        every: at most so often; None for each sync.
        is_whole: whether all is listed; else it is asked for by id.
        is_reread: whether it only reads again what windows brought.
    """

    subject: Subject
    ledger: str
    every: timedelta | None
    is_whole: bool
    is_reread: bool = False

    @property
    def name(self) -> str:
        """What the reading is called: as its subject; beside a grid as its pass."""
        return self.ledger if self.is_reread else self.subject.name


@dataclass(frozen=True, slots=True)
class Reading:
    """The last closed reading of a subject of a shop.

    Attributes:
        name: of what: the subject, or a pass that reads again what its windows brought.
        is_whole: whether it lists all; else it asks by id for what is new.
        read_at: when it began; None before the first.
        records: how many came; None if the ledger does not tell.
        note: why it is open, what is left of it, or why there is nothing.
    """

    shop_id: str
    shop_name: str
    subject: str
    name: str
    is_whole: bool
    state: State
    read_at: datetime | None
    records: int | None
    note: str

    def age(self, now: datetime) -> timedelta | None:
        """Since it began."""
        return None if self.read_at is None else max(now - self.read_at, timedelta(0))


def _way(subject: Subject) -> Way:
    """The load that brings all there is; those that only read again come after it."""
    for each in subject.loads:
        load = each.load if isinstance(each, IfServed) else each
        if isinstance(load, SlicedListing):
            return Way(subject, load.name, load.every, is_whole=True)
        if isinstance(load, Listing):
            name = load.name or subject.name
            return Way(subject, name, load.every, is_whole=True)
        if isinstance(load, CategoryTree):
            return Way(subject, subject.name, timedelta(days=1), is_whole=True)
        if isinstance(load, ExternalOrders):
            return Way(subject, PROBE, timedelta(days=1), is_whole=False)
        if isinstance(load, ByIds):
            return Way(subject, load.name, load.every, is_whole=False)
    return Way(subject, subject.name, None, is_whole=True)


def _ways() -> Iterator[Way]:
    for subject in ALL:
        if subject.name not in BY_DAY and subject.name not in BROUGHT_WITH:
            yield _way(subject)


def _passes() -> Iterator[Way]:
    for subject in (each.subject for each in BY_DAY.values()):
        for load in subject.loads:
            if isinstance(load, ByIds):
                reread = Way(subject, load.name, load.every, is_whole=False)
                yield replace(reread, is_reread=True)


READ_WHOLE: Mapping[str, Way] = {way.name: way for way in _ways()}
"""The subjects that have no grid, by their names."""
READ_AGAIN: Mapping[str, Way] = {way.name: way for way in _passes()}
"""Passes that read again by id what is open of a subject with a grid, by name."""
_ALL = {**READ_WHOLE, **READ_AGAIN}

_READINGS = text("""
    SELECT shop.shop_id, coalesce(shop.name, '') AS name,
           coalesce(shop.region, '') AS region, shop.connected_at, shop.sync_status,
           told.name AS reading, cursor.watermark AS read_at,
           coalesce(s.interval_minutes, 60) AS interval_minutes,
           coalesce(s.is_active, true) AS is_active, came.records, came.is_left,
           came.absent
    FROM tiktok_ops.shops AS shop
    CROSS JOIN unnest(CAST(:names AS text[]), CAST(:ledgers AS text[]),
        CAST(:syncs AS text[])) WITH ORDINALITY AS told (name, ledger, sync, place)
    LEFT JOIN tiktok_ops.sync_schedules AS s
         ON s.shop_id = shop.shop_id AND s.sync = told.sync
    LEFT JOIN tiktok_ops.sync_cursors AS cursor
         ON cursor.shop_id = shop.shop_id AND cursor.stream = told.ledger
    LEFT JOIN LATERAL (
        SELECT sum(w.rows_in_table) AS records,
               coalesce(bool_or(w.note LIKE :left), false) AS is_left,
               max(w.note) FILTER (WHERE w.note LIKE :absent) AS absent
        FROM tiktok_ops.sync_windows AS w
        WHERE w.shop_id = shop.shop_id AND w.stream = told.ledger
          AND w.time_field IN ('listed', 'asked') AND w.verdict = 'closed'
          AND w.started_at >= cursor.watermark
    ) AS came ON true
    WHERE shop.is_enabled AND (:shop_id = '' OR shop.shop_id = :shop_id)
    ORDER BY told.place, shop.shop_id
""")


def read_readings(
    database: Database, asked: Asked, names: Sequence[str] = ()
) -> Sequence[Reading]:
    """The last readings, all or some by their names, shop by shop.

    Shops whose region has no such thing, or whose schedule is off, are left out.
    """
    ways = [_ALL[name] for name in names or _ALL]
    told = {
        "names": [way.name for way in ways],
        "ledgers": [way.ledger for way in ways],
        "syncs": [facts_of(way.subject.name).sync for way in ways],
        "left": f"%{MORE_FOLLOWS}",
        "absent": f"{NOT_THERE}%",
        "shop_id": asked.shop_id,
    }
    with database.begin() as connection:
        rows = connection.execute(_READINGS, told).mappings().all()
        opened = _opened(connection, ways, asked.shop_id)
    return [
        _reading(row, opened.get((row["shop_id"], row["reading"])), asked.now)
        for row in rows
        if (row["is_active"] or row["read_at"] is not None)
        and _ALL[row["reading"]].subject.is_for(row["region"])
    ]


def reread(database: Database, asked: Asked, subject: str) -> Sequence[Reading]:
    """The last passes that read again what is open of a subject with a grid."""
    names = [way.name for way in READ_AGAIN.values() if way.subject.name == subject]
    return read_readings(database, asked, names) if names else ()


def _opened(
    connection: Connection, ways: Sequence[Way], shop_id: str
) -> Mapping[tuple[str, str], OpenWindow]:
    """By shop and reading: what is open in any of its loads."""
    names = {ledger: way.name for way in ways for ledger in _ledgers(way)}
    found = open_windows(connection, list(names), shop_id)
    return {(each.shop_id, names[each.stream]): each for each in found}


def _ledgers(way: Way) -> Sequence[str]:
    """What the ledger calls it: beside a grid, which tells of the others, itself."""
    return [way.ledger] if way.is_reread else [way.ledger, *way.subject.ledgers]


def _reading(row: RowMapping, opened: OpenWindow | None, now: datetime) -> Reading:
    way = _ALL[row["reading"]]
    left = MORE_FOLLOWS if row["is_left"] else ""
    note = opened.note if opened else row["absent"] or left
    return Reading(
        row["shop_id"],
        row["name"],
        way.subject.name,
        way.name,
        way.is_whole,
        State.OPEN if opened else _state(row, way, now),
        row["read_at"],
        row["records"],
        note,
    )


def _state(row: RowMapping, way: Way, now: datetime) -> State:
    """Of a reading that is not open: is there one, is it all, and is it fresh?"""
    interval = timedelta(minutes=row["interval_minutes"])
    patience = 3 * interval + timedelta(minutes=15)
    if row["read_at"] is None:
        if row["sync_status"] == "syncing":
            return State.LOADING
        is_new = row["connected_at"] and row["connected_at"] > now - patience
        return State.LATE if is_new else State.MISSING
    if row["is_left"]:
        return State.LOADING
    late_by = now - row["read_at"] - patience - (way.every or timedelta(0))
    if late_by > _TOO_LATE:
        return State.MISSING
    return State.LATE if late_by > timedelta(0) else State.CLOSED
