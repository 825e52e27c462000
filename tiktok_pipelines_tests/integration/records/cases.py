"""How the tables of each subject are compared with what the simulated shops hold.

Every subject of ``ingest/subjects/`` has a case: a test sees to it. Where the truth has
the form of the records as they are received, its name is enough.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from tiktok_pipelines.ingest.records.deletions import NOT_LISTED
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.stock import skus_of
from tiktok_pipelines_tests.integration.ingest.stored import Row, table

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """How a subject is compared.

    Attributes:
        truth: what the simulator calls it.
        expected: the records as the tables should give them back, from the truth.
        held: what of the records given back is compared.
    """

    name: str
    truth: str
    expected: Callable[[Sequence[Json]], Iterable[Json]] = iter
    held: Callable[[Sequence[Json]], Iterable[Json]] = iter

    @property
    def subject(self) -> Subject:
        """The subject itself."""
        return BY_NAME[self.name]


def _in_detail(products: Sequence[Json]) -> Iterator[Json]:
    """Products less what only the search tells, and less their stock.

    Stock moves without the product, which holds it as of its last change.
    """
    for product in products:
        skus = [
            {name: value for name, value in sku.items() if name != "inventory"}
            for sku in product["skus"]
        ]
        rest = {name: product[name] for name in product if name != "sales_regions"}
        yield {**rest, "skus": skus}


def _by_sku(products: Sequence[Json]) -> Iterator[Json]:
    for product in products:
        yield from (cast("Json", one) for one in skus_of(product))


def _less_category(records: Sequence[Json]) -> Iterator[Json]:
    """The category is told by the call, not by its answer."""
    for record in records:
        yield {name: record[name] for name in record if name != "category_id"}


CASES = (
    Case("warehouses", "warehouses"),
    Case("products", "products", _in_detail, _in_detail),
    Case("categories", "categories"),
    Case("category_attributes", "category_attributes", _less_category),
    Case("category_rules", "category_rules", _less_category),
    Case("brands", "brands"),
    Case("inventory", "inventory", _by_sku),
    Case("cancellations", "cancellations"),
    Case("returns", "returns"),
)


def truth_of(simulator: Simulator, case: Case, shop_id: str) -> list[Json]:
    """What a shop holds of a subject, in no order."""
    held = simulator.truth(shop_id, case.truth)
    return in_no_order(case.expected(held))


def given_back(database: Database, case: Case, shop_id: str) -> list[Json]:
    """What the tables hold of a subject, put together as TikTok would send it."""
    held = tables_of(database, case.subject, shop_id)
    root = case.subject.mapping.root
    records = [
        give_back_record(case.subject.mapping, row, held)
        for row in held[root.table]
        if row.get("deleted_reason") != NOT_LISTED
    ]
    return in_no_order(case.held(records))


def tables_of(
    database: Database, subject: Subject, shop_id: str
) -> Mapping[str, list[Row]]:
    """The rows of a subject's tables."""
    return {
        name: [
            row
            for row in table(database, f"tiktok.{name}")
            if row["shop_id"] == shop_id
        ]
        for name in subject.mapping.tables()
    }


def in_no_order(records: Iterable[Json]) -> list[Json]:
    """Records that can be compared as a set."""
    return sorted(records, key=repr_of)


def repr_of(value: object) -> str:
    """A text that does not depend on the order of names."""
    if isinstance(value, dict):
        parts = sorted((name, repr_of(item)) for name, item in value.items())
        return repr(parts)
    if isinstance(value, list):
        return repr([repr_of(item) for item in value])
    return repr(value)
