"""How the tables of each subject are compared with what the simulated shops hold.

Every subject of ``ingest/subjects/`` has a case: a test sees to it. Where the truth has
the form of the records as they are received, its name is enough.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines_tests.integration.ingest.stored import Row, table

Json = dict[str, Any]


@dataclass(frozen=True)
class Case:
    """How a subject is compared.

    Attributes:
        truth: what the simulator calls it.
        expected: the records as the tables should give them back, from the truth.
    """

    name: str
    truth: str
    expected: Callable[[Sequence[Json]], Iterable[Json]] = iter

    @property
    def subject(self) -> Subject:
        """The subject itself."""
        return BY_NAME[self.name]


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


CASES = (
    Case("warehouses", "warehouses"),
    Case("cancellations", "cancellations"),
    Case("returns", "returns"),
    Case("statements", "statements"),
    Case("statement_transactions", "statement_transactions", rows_of_statements),
    Case("statement_totals", "statement_transactions", heads_of_statements),
    Case("payments", "payments"),
    Case("withdrawals", "withdrawals"),
    Case("unsettled_transactions", "unsettled"),
    Case("order_transactions", "order_transactions", settled),
    Case("order_prices", "order_prices"),
    Case("external_orders", "external_orders", by_lookup),
)


def truth_of(simulator: Simulator, case: Case, shop_id: str) -> list[Json]:
    """What a shop holds of a subject, in no order."""
    held = simulator.truth(shop_id, case.truth)
    return in_no_order(case.expected(held))


def given_back(database: Database, case: Case, shop_id: str) -> list[Json]:
    """What the tables hold of a subject, put together as TikTok would send it."""
    held = tables_of(database, case.subject, shop_id)
    root = case.subject.mapping.root
    records = (
        give_back_record(case.subject.mapping, row, held)
        for row in held[root.table]
        if row.get("deleted_at") is None
    )
    return in_no_order(record for record in records if record)


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
