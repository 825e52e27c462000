"""What holds at every moment, whoever was killed, unless someone is still at work."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.buyers import as_received, from_row
from tiktok_pipelines.transform.encoding import decode, decompress
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.compared import Truth
from tiktok_pipelines_tests.integration.ingest.expected import flat, grade, moment
from tiktok_pipelines_tests.integration.ingest.stored import rows, table

Buyers = Mapping[str, Mapping[str, Json]]

TABLES = ("orders", "order_lines", "order_status_history", "order_recipients")
_NO_PAGE = """
    SELECT '{0}' AS without_page, raw_page_id FROM tiktok.{0} AS r
    WHERE NOT EXISTS (SELECT FROM tiktok_raw.pages AS p
        WHERE p.page_id = r.raw_page_id AND p.shop_id = r.shop_id)
"""
_NO_ORDER = """
    SELECT '{0}' AS without_order, order_id FROM tiktok.{0} AS r
    WHERE NOT EXISTS (SELECT FROM tiktok.orders AS o
        WHERE o.shop_id = r.shop_id AND o.order_id = r.order_id)
"""
# Orders whose answer was odd are to be asked for again: they may lack something.
_IS_SURE = """
    NOT EXISTS (SELECT FROM tiktok_ops.rechecks AS c
        WHERE c.shop_id = o.shop_id AND c.record_key = o.order_id)
"""
_NO_LINES = f"""
    SELECT order_id AS without_lines FROM tiktok.orders AS o
    WHERE {_IS_SURE} AND NOT EXISTS (SELECT FROM tiktok.order_lines AS l
        WHERE l.shop_id = o.shop_id AND l.order_id = o.order_id)
"""
_NO_HISTORY = """
    SELECT order_id AS without_its_status FROM tiktok.orders AS o
    WHERE status IS NOT NULL AND updated_at IS NOT NULL
      AND NOT EXISTS (SELECT FROM tiktok.order_status_history AS h
        WHERE h.shop_id = o.shop_id AND h.order_id = o.order_id
          AND h.status = o.status AND h.changed_at = o.updated_at)
"""
_MISCOUNTED = """
    SELECT buyer_id AS miscounted FROM tiktok.customers AS c
    FULL JOIN (
        SELECT shop_id, buyer_id, count(*) AS order_count,
               min(created_at) AS first_order_at, max(created_at) AS last_order_at
        FROM tiktok.orders WHERE buyer_id IS NOT NULL GROUP BY 1, 2) AS o
    USING (shop_id, buyer_id)
    WHERE (c.order_count, c.first_order_at, c.last_order_at) IS DISTINCT FROM
          (o.order_count, o.first_order_at, o.last_order_at)
"""
_CHECKS = (
    *(_NO_PAGE.format(name) for name in (*TABLES, "customers")),
    *(_NO_ORDER.format(name) for name in TABLES[1:]),
    *(_NO_LINES, _NO_HISTORY, _MISCOUNTED),
)
_SURE_ORDERS = f"""
    SELECT order_id, updated_at FROM tiktok.orders AS o WHERE {_IS_SURE}
"""


def contradictions(database: Database) -> list[Any]:
    """Rows that contradict others."""
    return [row for check in _CHECKS for row in rows(database, check)]


def lost_before_the_watermark(database: Database, truth: Truth) -> list[str]:
    """Orders that changed before their shop's watermark and are no such rows.

    An order may be one of the records that came without an id: their windows are to be
    asked for again.
    """
    excused = _records_without_id(database)
    lost: list[str] = []
    for shop_id, orders in truth.items():
        missing = _missing_orders(database, shop_id, orders)
        lost += missing if len(missing) > excused[shop_id] else []
    return lost


def _missing_orders(
    database: Database, shop_id: str, orders: Mapping[str, Json]
) -> list[str]:
    of_shop = " WHERE stream = 'orders' AND shop_id = :shop_id"
    told = f"SELECT watermark FROM tiktok_ops.sync_cursors{of_shop}"
    cursors = rows(database, told, shop_id=shop_id)  # first: syncs go on meanwhile
    doubted = f"SELECT record_key FROM tiktok_ops.rechecks{of_shop}"
    excused = {row["record_key"] for row in rows(database, doubted, shop_id=shop_id)}
    held = {row["order_id"]: row["updated_at"] for row in rows(database, _SURE_ORDERS)}
    return [
        order_id
        for cursor in cursors
        for order_id, order in orders.items()
        if (updated_at := moment(order["update_time"])) is not None
        and updated_at < cursor["watermark"]
        and held.get(order_id) != updated_at
        and order_id not in excused
    ]


def _records_without_id(database: Database) -> Counter[str]:
    found = rows(
        database,
        "SELECT shop_id FROM tiktok_ops.quarantine_records"
        " WHERE stream = 'orders' AND resolved_at IS NULL",
    )
    return Counter(row["shop_id"] for row in found)


@dataclass(slots=True)
class Newest:
    """The newest state of each order on the pages kept so far."""

    page_id: int = 0
    changed_at: dict[str, int] = field(default_factory=dict[str, int])

    def read_on(self, database: Database) -> None:
        """Take in the pages kept since."""
        statement = (
            "SELECT page_id, body FROM tiktok_raw.pages"
            " WHERE page_id > :page_id ORDER BY page_id"
        )
        for row in rows(database, statement, page_id=self.page_id):
            self.page_id = row["page_id"]
            for order_id, changed_at in _changes_on(row["body"]):
                newest = max(changed_at, self.changed_at.get(order_id, 0))
                self.changed_at[order_id] = newest

    def stepped_back(self, database: Database) -> list[Any]:
        """Orders that are older than an answer which was written before."""
        held = rows(database, "SELECT order_id, updated_at FROM tiktok.orders")
        return [
            row
            for row in held
            if (newest := moment(self.changed_at.get(row["order_id"]))) is not None
            and (row["updated_at"] is None or row["updated_at"] < newest)
        ]


def _changes_on(body: bytes) -> Iterator[tuple[str, int]]:
    for order in orders_on(body):
        if isinstance(order.get("update_time"), int):
            yield str(order["id"]), order["update_time"]


def orders_on(body: bytes) -> list[Json]:
    """The orders of a page that is kept, but for those without an id."""
    records = cast("list[object]", cast("Json", decode(decompress(body)))["orders"])
    found = [cast("Json", record) for record in records if isinstance(record, dict)]
    return [order for order in found if order.get("id")]


def buyers_of(database: Database) -> Buyers:
    """Buyer data nested as TikTok sends it, by shop and order."""
    found: dict[str, dict[str, Json]] = {}
    for row in table(database, "tiktok.order_recipients"):
        held = as_received(from_row(row))
        found.setdefault(row["shop_id"], {})[row["order_id"]] = held
    return found


def faded(before: Buyers, after: Buyers) -> list[tuple[str, str]]:
    """Buyer fields that were clear, or masked, and are less now."""
    return [
        (order_id, path)
        for shop_id, orders in before.items()
        for order_id, buyer in orders.items()
        for path, value in flat(buyer).items()
        if grade(value)
        > grade(flat(after.get(shop_id, {}).get(order_id, {})).get(path))
    ]
