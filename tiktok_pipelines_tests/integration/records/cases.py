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


CASES = (
    Case("warehouses", "warehouses"),
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
    return in_no_order(
        give_back_record(case.subject.mapping, row, held)
        for row in held[root.table]
        if row.get("deleted_at") is None
    )


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
