"""What a rebuild covers: shops, and orders by the day of their creation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.archive import pages_of
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.readers import read_time

_CLOCKS_DIFFER = timedelta(days=1)
_BEFORE_TIKTOK = date(2000, 1, 1)
_AFTER_ALL = date(9999, 12, 31)

_OF_TABLE = text("""
    INSERT INTO tiktok_rebuild.scope
    SELECT order_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND created_at >= :start AND created_at < :end
""")
_OF_PAGE = text("""
    INSERT INTO tiktok_rebuild.scope SELECT unnest(CAST(:ids AS text[]))
    ON CONFLICT DO NOTHING
""")
_NOT_OURS = text("""
    DELETE FROM tiktok_rebuild.scope WHERE order_id IN (
        SELECT order_id FROM tiktok.orders
        WHERE shop_id = :shop_id AND source <> 'api')
""")
_COVERED = text("""
    SELECT order_id FROM tiktok_rebuild.scope WHERE order_id = ANY(:ids)
""")


@dataclass(frozen=True, slots=True)
class CreationDays:
    """Days of creation, UTC, both included; None is open.

    Raises:
        ConfigurationError: the first day comes after the last.
    """

    first: date | None = None
    last: date | None = None

    def __post_init__(self) -> None:
        if self.first and self.last and self.first > self.last:
            raise ConfigurationError(
                f"{self.first} comes after {self.last}: expected the first day of "
                "creation, then the last; both count"
            )

    @property
    def is_all(self) -> bool:
        """Whether every order is covered, also those that name no creation."""
        return self.first is None and self.last is None

    @property
    def start(self) -> datetime:
        """First moment."""
        return _midnight(max(self.first or _BEFORE_TIKTOK, _BEFORE_TIKTOK))

    @property
    def end(self) -> datetime:
        """First moment after."""
        if self.last is None or self.last == _AFTER_ALL:
            return _midnight(_AFTER_ALL)
        return _midnight(self.last + timedelta(days=1))

    @property
    def fetched_since(self) -> datetime | None:
        """No page asked for before holds such an order, however clocks differ."""
        return self.start - _CLOCKS_DIFFER if self.first else None

    def covers(self, record: object) -> bool:
        """Whether a received order names such a time of creation."""
        moment, _ = read_time(as_object(record).get("create_time"))
        return self.holds(moment)

    def holds(self, moment: object) -> bool:
        """Whether a moment, microseconds since 1970, is in these days."""
        start, end = microseconds(self.start), microseconds(self.end)
        return isinstance(moment, int) and start <= moment < end


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def fill_scope(database: Database, shop_id: str, days: CreationDays) -> None:
    """Note the orders of these days that the table or a page knows.

    Those that come later are not covered: a load has just written them.
    """
    told = {"shop_id": shop_id, "start": days.start, "end": days.end}
    with database.begin() as connection:
        connection.execute(_OF_TABLE, told)
    for ids in _ids_in_pages(database, shop_id, days):
        with database.begin() as connection:
            connection.execute(_OF_PAGE, {"ids": ids})
    with database.begin() as connection:
        connection.execute(_NOT_OURS, {"shop_id": shop_id})


def _ids_in_pages(
    database: Database, shop_id: str, days: CreationDays
) -> Iterator[Sequence[str]]:
    for kept in pages_of(database, shop_id, since=days.fetched_since):
        covered = {_id_of(each) for each in kept.page().records if days.covers(each)}
        if covered - {""}:
            yield sorted(covered - {""})


def covered_of(connection: Connection, page: Page) -> Sequence[object]:
    """The records of a page whose orders are covered, whatever those say now."""
    ids = sorted({_id_of(record) for record in page.records})
    covered = set(connection.execute(_COVERED, {"ids": ids}).scalars())
    return [record for record in page.records if _id_of(record) in covered]


def _id_of(record: object) -> str:
    return as_text(as_object(record).get("id"))
