"""Buyer data that other records than orders hold: merged under the order it is of.

``tiktok.order_recipients`` belongs to the orders: whoever writes it holds their lock.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from tiktok_pipelines.ingest.erased import (
    erased_orders,
    rules_changed,
)
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.plan import RecordPlan
from tiktok_pipelines.ingest.shop_state import shop_state
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import lock_in_transaction
from tiktok_pipelines.storage.upsert import merge_different
from tiktok_pipelines.transform import buyers
from tiktok_pipelines.transform.buyers import BuyerData

_HELD = text("""
    SELECT * FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
""")
_WITH_BUYER = text("""
    SELECT order_id FROM tiktok.orders
    WHERE shop_id = :shop_id AND order_id = ANY(:ids) AND buyer_id IS NOT NULL
""")


def write_buyers(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[RecordPage],
    plan: RecordPlan,
    page_ids: Sequence[int],
) -> "Counter[int]":
    """Merge what a plan says of buyers into what is held; rows written, by page.

    Tables of another schema have no recipients.

    Raises:
        PipelineError: the privacy rules changed since the pages were read.
    """
    if not plan.buyers or target.schema != tables.order_recipients.schema:
        return Counter()
    lock_in_transaction(connection, f"orders {target.shop_id}")
    rows = [
        {
            "shop_id": target.shop_id,
            "raw_page_id": page_ids[page],
            "order_id": order_id,
            **buyers.to_row(data),
        }
        for order_id, (page, data) in _changed(connection, target, pages, plan).items()
    ]
    written = merge_different(connection, tables.order_recipients, rows)
    return Counter(
        {page: written[page_id] for page, page_id in enumerate(page_ids) if written}
    )


def _changed(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[RecordPage],
    plan: RecordPlan,
) -> Mapping[str, tuple[int, BuyerData]]:
    """The buyers whose rows really change, merged with what the table holds."""
    erased = _erased(connection, target, pages, plan)
    asked = {"shop_id": target.shop_id, "ids": list(plan.buyers)}
    found = connection.execute(_HELD, asked).mappings()
    held = {row["order_id"]: buyers.from_row(dict(row)) for row in found}
    changed: dict[str, tuple[int, BuyerData]] = {}
    for order_id, (page, given) in plan.buyers.items():
        old = held.get(order_id)
        merged = buyers.merge(old, given) if old else given
        if order_id not in erased and (old is None or merged.fields != old.fields):
            changed[order_id] = (page, merged)
    return changed


def _erased(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[RecordPage],
    plan: RecordPlan,
) -> frozenset[str]:
    """The orders whose buyer data may not be there.

    Once anyone was erased, those are among them of whom no row tells the buyer yet.
    """
    policy = pages[0].policy
    state = shop_state(connection, target.shop_id)
    is_current = all(page.policy == policy for page in pages)
    is_current = is_current and state.rules == policy.rules
    if not is_current or (state.has_erased and not policy.secret):
        raise rules_changed(target.shop_id)
    if not state.has_erased:
        return frozenset()
    named: dict[str, Sequence[str]] = dict.fromkeys(plan.buyers, ())
    asked = {"shop_id": target.shop_id, "ids": list(named)}
    known = set(connection.execute(_WITH_BUYER, asked).scalars())
    erased = erased_orders(connection, target.shop_id, policy, named)
    return frozenset({*erased, *(named.keys() - known)})
