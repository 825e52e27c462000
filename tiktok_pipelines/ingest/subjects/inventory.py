"""Stock: of every SKU, each hour.

Source: docs/tiktok-shop-api.md, "Inventory".
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.cursors import read_cursor
from tiktok_pipelines.ingest.records.by_ids import ByIds
from tiktok_pipelines.ingest.records.details import Detail
from tiktok_pipelines.ingest.records.subject import Subject, Work
from tiktok_pipelines.ingest.subjects.products import PRODUCTS
from tiktok_pipelines.transform import stock

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


_DETAIL = Detail(_stock, SKUS_A_CALL)

INVENTORY = Subject(
    stock.INVENTORY,
    loads=(
        OnceBefore(PRODUCTS),
        ByIds(_skus("p.deleted_at IS NULL"), _DETAIL, name="inventory", must_come=True),
        ByIds(_skus("p.deleted_at IS NOT NULL"), _DETAIL, name="inventory_deleted"),
    ),
)
