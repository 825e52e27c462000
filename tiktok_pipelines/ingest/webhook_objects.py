"""Packages and products by id: more than one answer makes their rows.

Source: docs/tiktok-shop-api.md, "Packages" and "Products".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.api.endpoints.products import ProductSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.batch import batched
from tiktok_pipelines.ingest.records.details import (
    Detail,
    add_in_detail,
    pages_by_id,
)
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.transform.packages import as_listed
from tiktok_pipelines.transform.products import objects_in

_SKUS_AT_ONCE = ProductSearch.most["sku_ids"]
_STATUSES = ("ALL", "DELETED")
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
    pages: list[Page] = []
    details, tally = RecordTally(), RecordTally()
    with batched(detailed, details) as batch:
        for _, page in pages_by_id(detailed, detail, ids):
            records = [as_listed(as_object(record)) for record in page.records]
            pages.append(replace(page, records=records))
            batch.add(page)
    with batched(listed, tally) as batch:
        for page in pages:
            batch.add(page)
    tally.rows_written += details.rows_written
    tally.new_bad += details.new_bad
    return tally


def read_products(work: Work, detail: Detail, ids: Sequence[str]) -> RecordTally:
    """Products as a sync reads them: searched, and completed by their details.

    A search takes no id of a product, but those of its SKUs: the ones that are held,
    else those of its detail. A deleted product has no detail.
    """
    tally = RecordTally()
    with batched(work, tally) as batch:
        for skus_of in (_held_skus, partial(_detailed_skus, detail)):
            left = [name for name in ids if name not in tally.ids]
            skus = skus_of(work, left) if left else {}
            for page in _listed(work, skus):
                add_in_detail(batch, detail, page, is_forced=True)
    return tally


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


def _listed(work: Work, skus: Mapping[str, str]) -> Iterator[Page]:
    """The search's pages of these products alone."""
    products = list(skus)
    for start in range(0, len(products), _SKUS_AT_ONCE):
        some = products[start : start + _SKUS_AT_ONCE]
        wanted = {name: skus[name] for name in some}
        for status in _STATUSES:
            query = ProductSearch(status=status, sku_ids=tuple(wanted.values()))
            for page in work.shop.products.pages(query):
                records = [
                    record
                    for record in page.records
                    if wanted.pop(str(as_object(record).get("id")), None)
                ]
                yield replace(page, records=records)
            if not wanted:
                break
