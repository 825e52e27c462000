"""Stock: of every SKU, each hour, and what TikTok itself keeps for the seller.

Source: docs/tiktok-shop-api.md, "Inventory" and "Fulfilled by TikTok".
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import text

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_list, as_object, as_text
from tiktok_pipelines.api.endpoints.fbt import FbtInventorySearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.ingest.cursors import read_cursor
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail, pages_by_id
from tiktok_pipelines.ingest.records.listing import Listing
from tiktok_pipelines.ingest.records.optional import IfServed
from tiktok_pipelines.ingest.records.subject import Subject, Work
from tiktok_pipelines.ingest.subjects.products import DETAIL as PRODUCT
from tiktok_pipelines.ingest.subjects.products import PRODUCTS
from tiktok_pipelines.transform import fbt, stock

SKUS_A_CALL = 600


@dataclass(frozen=True, slots=True)
class OnceBefore:
    """Another subject has to be there: it is loaded if it never was."""

    subject: Subject
    name: str = ""

    def run(self, work: Work) -> None:
        """Load it, unless it was loaded before."""
        shop_id, name = work.target.shop_id, self.subject.name
        if read_cursor(work.database, shop_id, name) is not None:
            return
        subject = self.subject
        before = replace(work, mapping=subject.mapping, ledgers=subject.ledgers)
        with work.database.lock(f"sync {name} {shop_id}"):
            for load in subject.loads:
                load.run(before)


def _stock(shop: ShopClient, ids: Sequence[str]) -> Iterator[Page]:
    for page in shop.inventory.of_skus(ids):
        records = [sku for product in page.records for sku in stock.skus_of(product)]
        yield replace(page, records=records)


def _skus(condition: str) -> str:
    """The SKUs that are still in a product."""
    return f"""
        SELECT s.sku_id FROM tiktok.skus AS s
        JOIN tiktok.products AS p USING (shop_id, product_id)
        WHERE s.shop_id = :shop_id AND s.deleted_at IS NULL AND {condition}
          AND s.sku_id > :after
        ORDER BY s.sku_id LIMIT :count
    """


_MOST_ASKED = 100
"""Products that are read again: that many do not change within an hour or so."""
_STOCKED = text("""
    SELECT s.product_id, s.sku_id FROM tiktok.skus AS s
    WHERE s.shop_id = :shop_id AND s.sku_id = ANY(:ids) AND (
        EXISTS (SELECT FROM tiktok.inventory_totals AS t
                WHERE t.shop_id = s.shop_id AND t.sku_id = s.sku_id)
        OR NOT EXISTS (SELECT FROM tiktok.inventory_totals WHERE shop_id = :shop_id)
    )
""")


def _excused(work: Work, sku_ids: Sequence[str]) -> Collection[str]:
    """SKUs that never had stock while others had, and those that no product has now.

    The products that we hold may be an hour old, so they are asked.
    """
    told = {"shop_id": work.target.shop_id, "ids": list(sku_ids)}
    rows = work.database.transact(
        lambda connection: connection.execute(_STOCKED, told).all()
    )
    stocked: dict[str, set[str]] = {}
    for row in rows:
        stocked.setdefault(row.product_id, set()).add(row.sku_id)
    excused = set(sku_ids).difference(*stocked.values())
    if len(stocked) <= _MOST_ASKED:
        excused |= _removed(work, stocked)
    return excused


def _removed(work: Work, skus: Mapping[str, set[str]]) -> set[str]:
    """Which SKUs their products have no longer; a list that is empty says nothing."""
    removed: set[str] = set()
    refused: dict[str, ApiError] = {}
    for (product_id,), page in pages_by_id(work, PRODUCT, sorted(skus), refused):
        for product in map(as_object, page.records):
            listed = map(as_object, as_list(product.get("skus")))
            held = {as_text(sku.get("id")) for sku in listed}
            if product.get("status") == "DELETED":
                removed |= skus[product_id]
            elif held:
                removed |= skus[product_id] - held
    return removed.union(*(skus[product_id] for product_id in refused))


_DETAIL = Detail(_stock, SKUS_A_CALL)

INVENTORY = Subject(
    stock.INVENTORY,
    loads=(
        OnceBefore(PRODUCTS),
        ByIds(
            _skus("p.deleted_at IS NULL"),
            _DETAIL,
            name="inventory",
            must_come=True,
            excused=_excused,
        ),
        ByIds(_skus("p.deleted_at IS NOT NULL"), _DETAIL, name="inventory_deleted"),
    ),
)


def _kept_by_tiktok(shop: ShopClient) -> Iterator[Page]:
    return shop.fbt.pages(FbtInventorySearch())


FBT_INVENTORY = Subject(
    fbt.FBT_INVENTORY,
    loads=(IfServed(Listing(_kept_by_tiktok, is_counted=True, marks_deleted=True)),),
)
