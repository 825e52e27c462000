"""Write what a plan of orders changes, inside the caller's transaction."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, cast

from sqlalchemy import Connection, CursorResult, text

from tiktok_pipelines.ingest.customers import Customers
from tiktok_pipelines.ingest.erased import find_erased
from tiktok_pipelines.ingest.order_plan import GivenBuyer, OrderPlan
from tiktok_pipelines.ingest.order_rows import GivenRow, loads_of, split
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.shop_state import ShopState
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.copy import copy_rows
from tiktok_pipelines.storage.json_text import dumps
from tiktok_pipelines.storage.upsert import (
    Written,
    add_or_merge,
    qualified,
)
from tiktok_pipelines.transform import buyers

STREAM = "orders"

_DROP_LINES = """
    DELETE FROM {schema}.order_lines
    WHERE shop_id = :shop_id AND order_id = ANY(:orders) AND NOT line_id = ANY(:kept)
    RETURNING order_id
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
_HELD_BUYERS = text("""
    SELECT * FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
""")
_DROP_BUYERS = text("""
    DELETE FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
    RETURNING order_id
""")
_NEXT_PAGE_IDS = text("""
    SELECT nextval(pg_get_serial_sequence('tiktok_raw.pages', 'page_id'))
    FROM generate_series(1, :count)
""")


class OrderWriter:
    """Writes a plan; a page is kept if one of its rows is written.

    ``rows`` and ``orders`` count, by page of the batch, what was added, changed or
    deleted; ``kept`` are the pages that went to ``tiktok_raw.pages``.
    """

    def __init__(
        self,
        connection: Connection,
        target: ShopRun,
        pages: Sequence[OrderPage],
        state: ShopState,
    ) -> None:
        self._connection = connection
        self._target = target
        self._pages = pages
        self._state = state
        self._page_ids: Sequence[int] = ()
        self.rows: Counter[int] = Counter()
        self.orders: Counter[int] = Counter()
        self.kept: Sequence[int] = ()

    def write(self, plan: OrderPlan) -> None:
        """Write all rows of the plan."""
        erased, allowed = self._less_erased(plan)
        buyer_rows = self._buyer_rows(plan, allowed)
        if plan.orders or plan.details or plan.lines or plan.history or buyer_rows:
            self._page_ids = self._next_page_ids()
            self._write_rows(plan, buyer_rows)
            self._write_details(plan)
            self.rows += self.orders
            self._count_customers(plan)
            self._keep_pages()
        self.rows += erased

    def _write_rows(self, plan: OrderPlan, recipients: Sequence[GivenRow]) -> None:
        """Rows of orders that the tables do not hold are added, the others merged."""
        loads = loads_of(plan, recipients, self._target, self._page_ids)
        parts = [split(load, plan.new) for load in loads]
        added = add_or_merge(self._connection, [new for new, _ in parts])
        for (_, held), counter, written in zip(
            parts, (self.orders, *[self.rows] * 3), added, strict=True
        ):
            self._count(written + held.merged(self._connection), counter)
        self._replace_lines(plan)

    def _write_details(self, plan: OrderPlan) -> None:
        for page, order_id, detail in plan.details:
            self.orders[page] += self._execute(
                _ADD_DETAIL,
                order_id=order_id,
                detail=dumps(detail).decode(),
                page_id=self._page_ids[page],
            ).rowcount

    def _count(self, written: Written, counter: "Counter[int] | None" = None) -> None:
        """Add what a merge wrote, told by the ids of pages."""
        counter = self.rows if counter is None else counter
        for page, page_id in enumerate(self._page_ids) if written else ():
            counter[page] += written[page_id]

    def _replace_lines(self, plan: OrderPlan) -> None:
        if plan.lines_replaced or plan.lines_dated:
            pages = {line["order_id"]: page for page, _, line in plan.lines}
            kept = [cast("str", line["line_id"]) for _, _, line in plan.lines]
            self._drop_lines(plan, kept, pages)
            self._date_lines(plan, pages)

    def _drop_lines(
        self, plan: OrderPlan, kept: list[str], pages: Mapping[object, int]
    ) -> None:
        if plan.lines_replaced:
            dropped = self._execute(_DROP_LINES, orders=plan.lines_replaced, kept=kept)
            self.rows.update(pages[order_id] for order_id in dropped.scalars())

    def _date_lines(self, plan: OrderPlan, pages: Mapping[object, int]) -> None:
        for order_id, version in plan.lines_dated:
            self.rows[pages[order_id]] += self._execute(
                _DATE_LINES,
                order_id=order_id,
                updated_at=version.updated_at,
                fetched_at=version.fetched_at,
            ).rowcount

    def _less_erased(
        self, plan: OrderPlan
    ) -> tuple["Counter[int]", Mapping[str, GivenBuyer]]:
        """Delete what is held of the erased; the rows deleted, and who may be written.

        An order may turn out to be an erased buyer's after it was written.
        """
        erased = find_erased(
            self._connection, self._target, self._pages, plan, self._state
        )
        if not erased:
            return Counter(), plan.buyers
        asked = {"shop_id": self._target.shop_id, "ids": list(erased)}
        dropped = self._connection.execute(_DROP_BUYERS, asked).scalars()
        pages = {
            rows.order_id: number
            for number, page in enumerate(self._pages)
            for rows in page.orders
        }
        return Counter(pages[order_id] for order_id in dropped), {
            name: given for name, given in plan.buyers.items() if name not in erased
        }

    def _buyer_rows(
        self, plan: OrderPlan, allowed: Mapping[str, GivenBuyer]
    ) -> list[GivenRow]:
        """Rows of buyers that really change, merged with what the table holds."""
        held = self._held_buyers([name for name in allowed if name in plan.held_buyers])
        rows: list[GivenRow] = []
        for order_id, (page, given) in allowed.items():
            old = held.get(order_id)
            merged = buyers.merge(old, given) if old else given
            if old is None or merged.fields != old.fields:
                rows.append((page, order_id, buyers.to_row(merged)))
        return rows

    def _held_buyers(self, ids: list[str]) -> dict[str, buyers.BuyerData]:
        if not ids:
            return {}
        found = self._connection.execute(
            _HELD_BUYERS, {"shop_id": self._target.shop_id, "ids": ids}
        ).mappings()
        return {row["order_id"]: buyers.from_row(dict(row)) for row in found}

    def _count_customers(self, plan: OrderPlan) -> None:
        customers = Customers(
            self._connection, self._target, self._pages, self._page_ids
        )
        placed = [one for one in plan.placed if one.buyer_id not in plan.buyer_ids]
        self._count(customers.add(placed) + customers.count_again(plan.buyer_ids))
        dropped = customers.drop(sorted(plan.left_buyers))
        self.rows.update(plan.buyer_ids[name] for name in dropped)

    def _execute(self, template: str, **parameters: object) -> CursorResult[Any]:
        return self._connection.execute(
            self._target.sql(template), {"shop_id": self._target.shop_id, **parameters}
        )

    def _next_page_ids(self) -> Sequence[int]:
        kept = [page.page_id for page in self._pages if page.page_id is not None]
        if len(kept) == len(self._pages):
            return kept
        count = {"count": len(self._pages)}
        return self._connection.execute(_NEXT_PAGE_IDS, count).scalars().all()

    def _keep_pages(self) -> None:
        self.kept = [
            number
            for number, page in enumerate(self._pages)
            if self.rows[number] and page.page_id is None
        ]
        if self.kept:
            rows = [self._page_row(number) for number in self.kept]
            columns = [tables.pages.columns[name] for name in rows[0]]
            copy_rows(self._connection, qualified(tables.pages), columns, rows)

    def _page_row(self, number: int) -> dict[str, object]:
        page = self._pages[number]
        return {
            "page_id": self._page_ids[number],
            "shop_id": self._target.shop_id,
            "stream": STREAM,
            "request": dumps(page.request),
            "request_id": page.request_id,
            "fetched_at": microseconds(page.fetched_at),
            "record_count": len(page.kept),
            "body": page.body,
            "run_id": self._target.run_id,
        }
