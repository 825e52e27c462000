"""Write what a plan of orders changes, inside the caller's transaction."""

from collections.abc import Mapping, Sequence
from typing import cast

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.erased import find_erased
from tiktok_pipelines.ingest.order_plan import GivenBuyer, OrderPlan
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.purged import refuse_purged
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.storage.upsert import (
    copy_rows,
    merge_different,
    merge_earlier,
    merge_newer,
    qualified,
)
from tiktok_pipelines.transform import buyers

STREAM = "orders"

_DROP_LINES = """
    DELETE FROM {schema}.order_lines
    WHERE shop_id = :shop_id AND order_id = ANY(:orders) AND NOT line_id = ANY(:kept)
"""
_DATE_LINES = """
    UPDATE {schema}.orders
    SET lines_updated_at = :updated_at, lines_synced_at = :fetched_at
    WHERE shop_id = :shop_id AND order_id = :order_id
"""
_ADD_DETAIL = """
    UPDATE {schema}.orders
    SET extra = extra || CAST(:detail AS jsonb), raw_page_id = :page_id
    WHERE shop_id = :shop_id AND order_id = :order_id
"""
_COUNT_CUSTOMERS = """
    INSERT INTO {schema}.customers AS kept (shop_id, buyer_id, first_order_at,
        last_order_at, order_count, raw_page_id, synced_at)
    SELECT shop_id, buyer_id, min(created_at), max(created_at), count(*),
           CAST(:page_id AS bigint), CAST(:fetched_at AS timestamptz)
    FROM {schema}.orders
    WHERE shop_id = :shop_id AND buyer_id = ANY(:ids)
    GROUP BY shop_id, buyer_id
    ON CONFLICT (shop_id, buyer_id) DO UPDATE
    SET first_order_at = excluded.first_order_at,
        last_order_at = excluded.last_order_at,
        order_count = excluded.order_count,
        raw_page_id = excluded.raw_page_id,
        synced_at = excluded.synced_at
    WHERE (kept.first_order_at, kept.last_order_at, kept.order_count)
        IS DISTINCT FROM
        (excluded.first_order_at, excluded.last_order_at, excluded.order_count)
"""
_DROP_CUSTOMERS = """
    DELETE FROM {schema}.customers AS c
    WHERE c.shop_id = :shop_id AND c.buyer_id = ANY(:ids) AND NOT EXISTS (
        SELECT FROM {schema}.orders AS o
        WHERE o.shop_id = c.shop_id AND o.buyer_id = c.buyer_id)
"""
_HELD_BUYERS = text("""
    SELECT * FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
""")
_DROP_BUYERS = text("""
    DELETE FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
""")
_NEXT_PAGE_IDS = text("""
    SELECT nextval(pg_get_serial_sequence('tiktok_raw.pages', 'page_id'))
    FROM generate_series(1, :count)
""")


class OrderWriter:
    """Writes a plan; a page is kept as soon as one of its rows is written."""

    def __init__(
        self, connection: Connection, target: ShopRun, pages: Sequence[OrderPage]
    ) -> None:
        self._connection = connection
        self._target = target
        self._pages = pages
        self._page_ids: Sequence[int] = ()
        self.orders_written = 0
        self.pages_kept = 0

    def write(self, plan: OrderPlan) -> int:
        """Write all rows of the plan; return how many were added or changed."""
        refuse_purged(self._connection, self._target)
        dropped, buyers_allowed = self._less_erased(plan)
        buyer_rows = self._buyer_rows(buyers_allowed)
        planned = (*plan.orders, *plan.details, *plan.lines, *plan.history, *buyer_rows)
        changing = {page for page, *_ in planned}
        if not changing:
            return dropped
        self._page_ids = self._next_page_ids()
        written = self.orders_written = self._write_orders(plan)
        written += self._write_lines(plan) + self._write_history(plan)
        written += merge_different(
            self._connection,
            tables.order_recipients,
            [self._row(page, row) for page, row in buyer_rows],
        )
        written += self._count_customers(plan, min(changing))
        new = [page for page in changing if self._pages[page].page_id is None]
        if written and new:
            self._keep_pages(sorted(new))
        return written + dropped

    def _write_orders(self, plan: OrderPlan) -> int:
        rows = [self._row(*pair) for pair in plan.orders]
        table = self._target.table(tables.orders)
        return merge_newer(self._connection, table, rows) + sum(
            self._execute(
                _ADD_DETAIL,
                order_id=order_id,
                detail=dumps(detail).decode(),
                page_id=self._page_ids[page],
            )
            for page, order_id, detail in plan.details
        )

    def _row(self, page: int, row: Mapping[str, object]) -> dict[str, object]:
        own = {"shop_id": self._target.shop_id, "raw_page_id": self._page_ids[page]}
        return {**row, **own}

    def _write_lines(self, plan: OrderPlan) -> int:
        rows = [
            self._row(page, {**line, "synced_at": version.fetched_at})
            for page, version, line in plan.lines
        ]
        unique = {cast("str", row["line_id"]): row for row in rows}
        table = self._target.table(tables.order_lines)
        written = merge_different(self._connection, table, list(unique.values()))
        return written + self._drop_lines(plan, list(unique)) + self._date_lines(plan)

    def _drop_lines(self, plan: OrderPlan, kept: list[str]) -> int:
        if not plan.lines_replaced:
            return 0
        return self._execute(_DROP_LINES, orders=plan.lines_replaced, kept=kept)

    def _date_lines(self, plan: OrderPlan) -> int:
        return sum(
            self._execute(
                _DATE_LINES,
                order_id=order_id,
                updated_at=version.updated_at,
                fetched_at=version.fetched_at,
            )
            for order_id, version in plan.lines_dated
        )

    def _write_history(self, plan: OrderPlan) -> int:
        rows: dict[tuple[object, ...], dict[str, object]] = {}
        for page, answer in plan.history:
            status, changed_at = answer.order["status"], answer.order["updated_at"]
            if status is None or changed_at is None:
                continue
            seen_at = answer.version.fetched_at
            row = self._row(
                page,
                {
                    "order_id": answer.order_id,
                    "status": status,
                    "changed_at": changed_at,
                    "seen_at": seen_at,
                    "synced_at": seen_at,
                    "source": "api",
                },
            )
            rows.setdefault((answer.order_id, status, changed_at), row)
        table = self._target.table(tables.order_status_history)
        return merge_earlier(self._connection, table, list(rows.values()))

    def _less_erased(self, plan: OrderPlan) -> tuple[int, Mapping[str, GivenBuyer]]:
        """Delete what is held of the erased; the rows deleted, and who may be written.

        An order may turn out to be an erased buyer's after it was written.
        """
        erased = find_erased(self._connection, self._target, self._pages, plan)
        if not erased:
            return 0, plan.buyers
        asked = {"shop_id": self._target.shop_id, "ids": list(erased)}
        dropped = self._connection.execute(_DROP_BUYERS, asked).rowcount
        return dropped, {
            name: given for name, given in plan.buyers.items() if name not in erased
        }

    def _buyer_rows(
        self, allowed: Mapping[str, GivenBuyer]
    ) -> list[tuple[int, dict[str, object]]]:
        """Rows of buyers that really change, merged with what the table holds."""
        held = self._held_buyers(list(allowed))
        rows: list[tuple[int, dict[str, object]]] = []
        for order_id, (page, given) in allowed.items():
            old = held.get(order_id)
            merged = buyers.merge(old, given) if old else given
            if old is None or merged.fields != old.fields:
                rows.append((page, {"order_id": order_id, **buyers.to_row(merged)}))
        return rows

    def _held_buyers(self, ids: list[str]) -> dict[str, buyers.BuyerData]:
        if not ids:
            return {}
        found = self._connection.execute(
            _HELD_BUYERS, {"shop_id": self._target.shop_id, "ids": ids}
        ).mappings()
        return {row["order_id"]: buyers.from_row(dict(row)) for row in found}

    def _count_customers(self, plan: OrderPlan, page: int) -> int:
        if not plan.buyer_ids:
            return 0
        buyer_ids = sorted(plan.buyer_ids)
        counted = self._execute(
            _COUNT_CUSTOMERS,
            ids=buyer_ids,
            page_id=self._page_ids[page],
            fetched_at=self._pages[page].fetched_at,
        )
        return counted + self._execute(_DROP_CUSTOMERS, ids=buyer_ids)

    def _execute(self, template: str, **parameters: object) -> int:
        result = self._connection.execute(
            self._target.sql(template), {"shop_id": self._target.shop_id, **parameters}
        )
        return result.rowcount

    def _next_page_ids(self) -> Sequence[int]:
        kept = [page.page_id for page in self._pages if page.page_id is not None]
        if len(kept) == len(self._pages):
            return kept
        count = {"count": len(self._pages)}
        return self._connection.execute(_NEXT_PAGE_IDS, count).scalars().all()

    def _keep_pages(self, numbers: Sequence[int]) -> None:
        rows = [self._page_row(number) for number in numbers]
        columns = [tables.pages.columns[name] for name in rows[0]]
        copy_rows(self._connection, qualified(tables.pages), columns, rows)
        self.pages_kept = len(rows)

    def _page_row(self, number: int) -> dict[str, object]:
        page = self._pages[number]
        return {
            "page_id": self._page_ids[number],
            "shop_id": self._target.shop_id,
            "stream": STREAM,
            "request": page.request,
            "request_id": page.request_id,
            "fetched_at": page.fetched_at,
            "record_count": len(page.kept),
            "body": page.body,
            "run_id": self._target.run_id,
        }
