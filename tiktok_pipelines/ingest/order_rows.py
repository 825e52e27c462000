"""What a plan of orders puts into each table: rows with where they come from."""

from collections.abc import Sequence
from dataclasses import replace

from tiktok_pipelines.ingest.order_plan import OrderPlan
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.upsert import (
    Cells,
    Load,
    merge_different,
    merge_earlier,
    merge_newer,
)
from tiktok_pipelines.transform.buyers import RECIPIENT_COLUMNS
from tiktok_pipelines.transform.order_fields import LINE_COLUMNS, ORDER_COLUMNS
from tiktok_pipelines.transform.rows import Row

GivenRow = tuple[int, str, Row]
"""The page a row comes from, its order, and the row."""

_SOURCE = ("shop_id", "raw_page_id")
_HISTORY = ("order_id", "status", "changed_at", "seen_at", "synced_at", "source")


def loads_of(
    plan: OrderPlan,
    recipients: Sequence[GivenRow],
    target: ShopRun,
    page_ids: Sequence[int],
) -> Sequence[Load]:
    """Rows for each table, each key once, those of the orders first."""
    sources = [(target.shop_id, page_id) for page_id in page_ids]
    orders = [(*sources[page], *row.cells) for page, row in plan.orders]
    buyers = [
        (*sources[page], order_id, *row.cells) for page, order_id, row in recipients
    ]
    history = _history(plan, sources)
    return [
        Load(
            target.table(tables.orders),
            (*_SOURCE, *ORDER_COLUMNS.names),
            orders,
            merge_newer,
        ),
        Load(
            target.table(tables.order_lines),
            (*_SOURCE, *LINE_COLUMNS.names),
            _lines(plan, sources),
            merge_different,
        ),
        Load(
            target.table(tables.order_status_history),
            (*_SOURCE, *_HISTORY),
            history,
            merge_earlier,
        ),
        Load(
            tables.order_recipients,
            (*_SOURCE, "order_id", *RECIPIENT_COLUMNS.names),
            buyers,
            merge_different,
        ),
    ]


def split(load: Load, order_ids: set[str]) -> tuple[Load, Load]:
    """The rows of some orders, and those of the others."""
    place = load.names.index("order_id")
    some = [row for row in load.rows if row[place] in order_ids]
    if len(some) == len(load.rows):
        return load, replace(load, rows=())
    others = [row for row in load.rows if row[place] not in order_ids]
    return replace(load, rows=some), replace(load, rows=others)


def _lines(plan: OrderPlan, sources: Sequence[Cells]) -> Sequence[Cells]:
    """Of a line that two answers have, the last one's."""
    place = LINE_COLUMNS.places["line_id"]
    rows = {
        line.cells[place]: (*sources[page], *line.cells) for page, _, line in plan.lines
    }
    return list(rows.values())


def _history(plan: OrderPlan, sources: Sequence[Cells]) -> Sequence[Cells]:
    """Of a status that was seen twice, the first time."""
    rows: dict[Cells, Cells] = {}
    for page, answer in plan.history:
        status, changed_at = answer.order["status"], answer.order["updated_at"]
        if status is not None and changed_at is not None:
            key = (answer.order_id, status, changed_at)
            seen_at = answer.version.fetched_us
            rows.setdefault(key, (*sources[page], *key, seen_at, seen_at, "api"))
    return list(rows.values())
