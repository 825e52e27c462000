"""How an order's settlement, prices and numbers elsewhere become rows."""

from collections.abc import Iterator
from typing import cast

from tiktok_pipelines.transform.components import missed_breakdowns
from tiktok_pipelines.transform.fields import numbers
from tiktok_pipelines.transform.finance_maps import breakdowns
from tiktok_pipelines.transform.order_money_fields import (
    EXTERNAL_LINE,
    EXTERNAL_LOOKUP,
    EXTERNAL_ORDER,
    ORDER_PRICE,
    ORDER_SETTLEMENT,
    PRICE_LINE,
    SKU_SETTLEMENT,
)
from tiktok_pipelines.transform.parts import Part, ReadRow, RecordMap, same


def _miscounted(received: ReadRow) -> Iterator[str]:
    """A list that is not as long as it is told to be: nothing else would show it."""
    rows, told = received.get("sku_transactions"), received.get("total_count")
    count = len(cast("list[object]", rows)) if isinstance(rows, list) else 0
    if isinstance(told, int) and told != count:
        yield "sku_transactions"


def _missed_of_sku(received: ReadRow) -> Iterator[str]:
    """Its breakdowns, and ids that are there and say nothing."""
    yield from missed_breakdowns(received)
    yield from (name for name in ("sku_id", "statement_id") if received.get(name) == "")


ORDER_TRANSACTIONS = RecordMap(
    "order_transactions",
    Part(
        "order_transactions",
        ORDER_SETTLEMENT,
        keys=("order_id",),
        others=numbers(sku_transaction_count="total_count"),
        missed=_miscounted,
        parts=(
            Part(
                "order_sku_transactions",
                SKU_SETTLEMENT,
                keys=("order_id", "row_number"),
                path="sku_transactions",
                place="row_number",
                inherits=same("currency"),
                blocks=breakdowns("sku_transaction"),
                missed=_missed_of_sku,
            ),
        ),
    ),
    noun="order's settlement",
    is_whole=True,
)
ORDER_PRICES = RecordMap(
    "order_prices",
    Part(
        "order_prices",
        ORDER_PRICE,
        keys=("order_id",),
        inherits=same("order_id"),
        parts=(
            Part(
                "order_price_lines",
                PRICE_LINE,
                keys=("line_id",),
                path="line_items",
                place="line_number",
                inherits=same("order_id"),
            ),
        ),
    ),
    noun="order's prices",
)
EXTERNAL_LOOKUPS = RecordMap(
    "external_orders",
    Part(
        "external_order_lookups",
        EXTERNAL_LOOKUP,
        keys=("order_id", "platform"),
        inherits=same("order_id", "platform"),
        parts=(
            Part(
                "external_orders",
                EXTERNAL_ORDER,
                keys=("order_id", "platform", "external_order_id"),
                path="external_orders",
                missing_is_none=True,
                parts=(
                    Part(
                        "external_order_lines",
                        EXTERNAL_LINE,
                        keys=(
                            "order_id",
                            "platform",
                            "external_order_id",
                            "external_line_id",
                        ),
                        path="line_items",
                        place="line_number",
                    ),
                ),
            ),
        ),
    ),
    noun="order's numbers elsewhere",
    is_whole=True,
)
