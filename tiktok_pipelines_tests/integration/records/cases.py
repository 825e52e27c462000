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
from tiktok_pipelines.transform.encoding import encode
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
        newest: a column of the root: only rows with its highest value are compared.
        is_refused_at_home: whether domestic shops have none.
    """

    name: str
    truth: str
    expected: Callable[[Sequence[Json]], Iterable[Json]] = iter
    held: Callable[[Sequence[Json]], Iterable[Json]] = iter
    newest: str = ""
    is_refused_at_home: bool = False

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


def rows_of_statements(held: Sequence[Json]) -> Iterable[Json]:
    """The transactions of all statements."""
    return [row for one in held for row in one.get("transactions", [])]


def heads_of_statements(held: Sequence[Json]) -> Iterable[Json]:
    """What stands beside the transactions of each statement."""
    return [
        {name: value for name, value in one.items() if name != "transactions"}
        for one in held
    ]


def settled(held: Sequence[Json]) -> Iterable[Json]:
    """Orders of which something is settled: others are not asked for."""
    return [one for one in held if one["total_count"]]


def by_lookup(held: Sequence[Json]) -> Iterable[Json]:
    """References of one order each, as the answers have them."""
    return [{"external_orders": [one]} for one in held]


def as_searched(details: Sequence[Json]) -> Iterator[Json]:
    """Packages as a search tells them."""
    names = {"package_id": "id", "package_status": "status"}
    told = {"create_time", "update_time", "orders", "order_line_item_ids"}
    told |= {"tracking_number", "shipping_provider_id", "shipping_provider_name"}
    for detail in details:
        yield {
            names.get(name, name): value
            for name, value in detail.items()
            if name in told or name in names
        }


def without_buyers(histories: Sequence[Json]) -> Iterator[Json]:
    """What happened to returns, less what buyers wrote and showed."""
    for history in histories:
        yield {"records": [*less("note", "images")(history["records"])]}


def less(*names: str) -> Callable[[Sequence[Json]], Iterable[Json]]:
    """Records without some fields: buyer data, and what only the call says."""
    return lambda records: (
        {name: value for name, value in record.items() if name not in names}
        for record in records
    )


def askable(held: Sequence[Json]) -> Iterator[Json]:
    """Orders for which something may be asked: of others none need be known."""
    for order in less("order_id")(held):
        options = [
            option
            for sku in order.get("sku_eligibility", [])
            for option in sku["line_item_eligibility"]
        ]
        if any(option["eligible"] for option in options):
            yield order


CASES = (
    Case("warehouses", "warehouses"),
    Case("delivery_option_lists", "delivery_options", less("warehouse_id")),
    Case("global_warehouses", "global_warehouses", is_refused_at_home=True),
    Case("products", "products", _in_detail, _in_detail),
    Case("categories", "categories"),
    Case("category_attributes", "category_attributes", _less_category),
    Case("category_rules", "category_rules", _less_category),
    Case("brands", "brands"),
    Case("inventory", "inventory", _by_sku),
    Case("fbt_inventory", "fbt_inventory", is_refused_at_home=True),
    Case("cancellations", "cancellations"),
    Case("returns", "returns"),
    Case("return_histories", "return_records", without_buyers),
    Case("reject_reasons", "reject_reasons"),
    Case("aftersale_eligibilities", "aftersale_eligibilities", askable, askable),
    Case("statements", "statements"),
    Case("statement_transactions", "statement_transactions", rows_of_statements),
    Case("statement_totals", "statement_transactions", heads_of_statements),
    Case("payments", "payments"),
    Case("withdrawals", "withdrawals"),
    Case("unsettled_transactions", "unsettled"),
    Case("unsettled_totals", "unsettled_totals", newest="snapshot_at"),
    Case("order_transactions", "order_transactions", settled),
    Case("order_prices", "order_prices"),
    Case("external_orders", "external_orders", by_lookup),
    Case("packages", "packages", as_searched),
    Case("package_details", "packages", less("recipient_address")),
    Case("order_tracking", "tracking", less("order_id")),
    Case("promotions", "activities"),
    Case("coupons", "coupons"),
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
        if _is_listed(row) and _is_newest(case, row, held[root.table])
    ]
    return in_no_order(record for record in case.held(records) if record)


def _is_newest(case: Case, row: Row, held: Sequence[Row]) -> bool:
    column = case.newest
    return not column or row[column] == max(one[column] for one in held)


def _is_listed(row: Row) -> bool:
    """Whether TikTok still tells of it; deleted products are told of."""
    reasons_of_ours = (None, NOT_LISTED)
    is_here = row.get("deleted_at") is None
    return is_here or row.get("deleted_reason") not in reasons_of_ours


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
    return sorted(records, key=encode)
