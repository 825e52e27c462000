"""What the tables hold of orders that came, as far as a plan asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import cast

from sqlalchemy import Connection, RowMapping

from tiktok_pipelines.ingest.order_plan import KnownOrder
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.storage.lookup import by_key
from tiktok_pipelines.transform.order_fields import DETAIL_ONLY
from tiktok_pipelines.transform.orders import OrderRows
from tiktok_pipelines.transform.versions import Version

_KEY = ("order_id",)
_COLUMNS = (
    *("order_id", "updated_at", "synced_at", "content_hash"),
    *("buyer_id", "created_at", "lines_updated_at", "lines_synced_at"),
)
_ASKED = "FROM unnest(CAST(:ids AS text[])) AS asked (order_id)"
_RECIPIENTS = by_key("tiktok.order_recipients", _KEY, ["order_id", "content_hash"])
_KNOWN = f"""
    SELECT o.*, r.content_hash AS recipient_hash,
           r.order_id IS NOT NULL AS has_recipient
    {_ASKED} CROSS JOIN {by_key("{schema}.orders", _KEY, _COLUMNS)} AS o
    LEFT JOIN {_RECIPIENTS} AS r ON true
"""
_DETAILS = f"""
    SELECT o.*
    {_ASKED} CROSS JOIN {by_key("{schema}.orders", _KEY, ["order_id", "extra"])} AS o
    WHERE o.extra ?| :detail_only
"""


def known_orders(
    connection: Connection, target: ShopRun, answers: Sequence[OrderRows]
) -> dict[str, KnownOrder]:
    """Those of the orders that the tables hold, by id.

    ``detail`` is read where an answer may change it or the row: ``extra``, in which it
    stands, costs more to read than all else.
    """
    ids = list({rows.order_id for rows in answers})
    told = {"shop_id": target.shop_id, "ids": ids}
    found = connection.execute(target.sql(_KNOWN), told).mappings()
    known = {row["order_id"]: _known_order(row) for row in found}
    changing = {rows.order_id for rows in answers if _may_change(rows, known)}
    for order_id, detail in _details(connection, target, sorted(changing)).items():
        known[order_id] = replace(known[order_id], detail=detail)
    return known


def _may_change(rows: OrderRows, known: Mapping[str, KnownOrder]) -> bool:
    held = known.get(rows.order_id)
    is_same = held is not None and held.content_hash == rows.order["content_hash"]
    return held is not None and bool(rows.detail or not is_same)


def _details(
    connection: Connection, target: ShopRun, ids: list[str]
) -> Mapping[str, Mapping[str, object]]:
    """What detail calls told of the orders, by id, where they told anything."""
    if not ids:
        return {}
    told = {"shop_id": target.shop_id, "ids": ids, "detail_only": sorted(DETAIL_ONLY)}
    found = connection.execute(target.sql(_DETAILS), told).mappings()
    return {row["order_id"]: _detail(row["extra"]) for row in found}


def _detail(extra: Mapping[str, object]) -> Mapping[str, object]:
    return {name: extra[name] for name in DETAIL_ONLY & extra.keys()}


def _known_order(row: RowMapping) -> KnownOrder:
    version = Version.of(row["updated_at"], row["synced_at"])
    lines = version
    if row["lines_synced_at"] is not None:
        lines = Version.of(row["lines_updated_at"], row["lines_synced_at"])
    return KnownOrder(
        version=version,
        content_hash=row["content_hash"],
        lines_version=lines,
        buyer_id=cast("str | None", row["buyer_id"]),
        created_at=(
            None if row["created_at"] is None else microseconds(row["created_at"])
        ),
        detail={},
        recipient_hash=row["recipient_hash"],
        has_recipient=row["has_recipient"],
    )
