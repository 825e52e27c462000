"""Packages and products by id: more than one answer makes their rows.

Source: docs/tiktok-shop-api.md, "Packages" and "Products".
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.endpoints.products import ProductSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.batch import batched
from tiktok_pipelines.ingest.records.details import (
    Detail,
    add_in_detail,
    pages_by_id,
)
from tiktok_pipelines.ingest.records.doubts import (
    Doubt,
    key_of,
    weigh_doubt,
    windows_stream,
)
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.moments import moment_of
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines.transform.packages import as_listed
from tiktok_pipelines.transform.products import objects_in
from tiktok_pipelines.transform.readers import read_time

_SKUS_AT_ONCE = ProductSearch.most["sku_ids"]
_STATUSES = {
    "ALL": "products",
    "FREEZE": "products_frozen",
    "DELETED": "products_deleted",
}
"""Statuses to search for, each with the load that asks for it."""
_LATELY = timedelta(days=1)
_HELD_MOMENTS = """
    SELECT {key}, updated_at FROM tiktok.{table}
    WHERE shop_id = :shop_id AND {key} = ANY(:ids) AND updated_at IS NOT NULL
"""
_HELD_SKUS = text("""
    SELECT DISTINCT ON (product_id) product_id, sku_id FROM tiktok.skus
    WHERE shop_id = :shop_id AND product_id = ANY(:ids)
    ORDER BY product_id, deleted_at IS NOT NULL, sku_id
""")


def read_packages(
    listed: Work, detailed: Work, detail: Detail, ids: Sequence[str]
) -> RecordTally:
    """Packages from their details, which hold all that the search tells.

    The details are committed first: who is called alongside the packages can rely on
    both.
    """
    moments = _Moments(listed, ids)
    pages: list[Page] = []
    details, tally = RecordTally(), RecordTally()
    of_details = Doubt(detailed.stream, ids, moments.asked_at)
    with batched(detailed, details, of_details) as batch:
        for _, page in pages_by_id(detailed, detail, ids):
            records = [as_listed(as_object(record)) for record in page.records]
            pages.append(replace(page, records=records))
            batch.add(page)
    weigh_doubt(detailed, of_details, details.oddities)
    of_packages = moments.doubt(listed.stream)
    with batched(listed, tally, of_packages) as batch:
        for page in pages:
            moments.note(page)
            batch.add(page)
    _weigh(listed, of_packages, tally)
    tally.rows_written += details.rows_written
    tally.new_bad += details.new_bad
    return tally


def read_products(work: Work, detail: Detail, ids: Sequence[str]) -> RecordTally:
    """Products as a sync reads them: searched, and completed by their details.

    A search takes no id of a product, but those of its SKUs: the ones that are held,
    else those of its detail. A deleted product has no detail.
    """
    tally = RecordTally()
    for skus_of in (_held_skus, partial(_detailed_skus, detail)):
        left = [name for name in ids if name not in tally.ids]
        wanted = dict(skus_of(work, left)) if left else {}
        for status, stream in _STATUSES.items():
            if wanted:
                tally.add_tally(_read_listed(work, detail, wanted, status, stream))
    return tally


def _read_listed(
    work: Work, detail: Detail, wanted: dict[str, str], status: str, stream: str
) -> RecordTally:
    """Products of a status among those wanted, which it takes out of them.

    ``stream`` is the load whose windows are in doubt if something is odd.
    """
    tally, moments = RecordTally(), _Moments(work, list(wanted))
    doubt = moments.doubt(stream)
    noted = replace(detail, read=partial(moments.noting, detail.read))
    with batched(work, tally, doubt) as batch:
        for page in _listed(work, wanted, status):
            moments.note(page)
            add_in_detail(batch, noted, page, is_forced=True)
    _weigh(work, doubt, tally)
    return tally


def _weigh(work: Work, doubt: Doubt, tally: RecordTally) -> None:
    """Note what was odd; what came well here may still be odd of others in a window."""
    if tally.oddities:
        weigh_doubt(work, doubt, tally.oddities)


@dataclass(slots=True)
class _Moments:
    """The windows of records by their update times, as doubts have them.

    Those of a record that lost its update time are that of the one that is held, and
    the last day: no event would tell of it had it not changed lately.
    """

    work: Work
    ids: Sequence[str]
    asked_at: datetime = field(init=False)
    windows: set[str] = field(default_factory=set[str])
    _held: Mapping[str, datetime] = field(init=False)

    def __post_init__(self) -> None:
        self.asked_at = self.work.clock.now()
        root = self.work.mapping.root
        (key,) = root.keys
        statement = text(_HELD_MOMENTS.format(table=root.table, key=key))
        told = {"shop_id": self.work.target.shop_id, "ids": list(self.ids)}
        found = self.work.database.transact(
            lambda connection: connection.execute(statement, told).all()
        )
        self._held = {row[0]: row[1] for row in found}

    def doubt(self, stream: str) -> Doubt:
        """A doubt about the windows of a stream, those noted later too."""
        return Doubt(windows_stream(stream), self.windows, self.asked_at)

    def note(self, page: Page) -> None:
        """Note the records of a page, before it is written."""
        for record in map(as_object, page.records):
            moment, _ = read_time(record.get("update_time"))
            if isinstance(moment, int):
                self._add(moment_of(moment), timedelta(seconds=1))
                continue
            self._add(self.asked_at - _LATELY, _LATELY)
            if held := self._held.get(as_text(record.get("id"))):
                self._add(held, timedelta(seconds=1))

    def noting(
        self,
        read: Callable[[ShopClient, Sequence[str]], Iterator[Page]],
        shop: ShopClient,
        ids: Sequence[str],
    ) -> Iterator[Page]:
        """The pages of a reading, noted."""
        for page in read(shop, ids):
            self.note(page)
            yield page

    def _add(self, start: datetime, length: timedelta) -> None:
        start = start.replace(microsecond=0)
        self.windows.add(key_of(TimeWindow(start, start + length), "update_time"))


def _held_skus(work: Work, ids: Sequence[str]) -> Mapping[str, str]:
    told = {"shop_id": work.target.shop_id, "ids": list(ids)}

    def ask(connection: Connection) -> Mapping[str, str]:
        return {row[0]: row[1] for row in connection.execute(_HELD_SKUS, told)}

    return work.database.transact(ask)


def _detailed_skus(detail: Detail, work: Work, ids: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for asked, page in pages_by_id(work, detail, ids):
        for record in map(as_object, page.records):
            for sku in objects_in(record.get("skus"))[:1]:
                found[asked[0]] = str(sku.get("id"))
    return found


def _listed(work: Work, wanted: dict[str, str], status: str) -> Iterator[Page]:
    """The search's pages of these products alone, each of which is wanted once."""
    products = list(wanted)
    for start in range(0, len(products), _SKUS_AT_ONCE):
        skus = tuple(wanted[name] for name in products[start : start + _SKUS_AT_ONCE])
        query = ProductSearch(status=status, sku_ids=skus)
        for page in work.shop.products.pages(query):
            records = [
                record
                for record in page.records
                if wanted.pop(str(as_object(record).get("id")), None)
            ]
            yield replace(page, records=records)
