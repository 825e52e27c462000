"""What products and prices were before: each state that was told, from when to when.

Which states there are depends on the answers alone, not on their order; from when to
when they held is worked out anew for the products of which an answer told a new one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from sqlalchemy import Connection, Table

from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.upsert import Written, merge_earlier
from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.records import RecordRows

Row = dict[str, object]
Told = tuple[int, RecordRows]
"""The page that tells of a product, and what it tells."""

_PRODUCT_STATE = ("title", "status", "audit_status")
_PRICE_STATE = ("currency", "price", "sale_price", "tax_exclusive_price", "status")

# A state begins with its update time; a second one of the same update time begins when
# it was first seen. Clocks differ, so that may be later than the next state begins.
_DATE = """
    UPDATE {{schema}}.{table} AS kept SET valid_from = since, valid_to = until
    FROM (
        SELECT {key}, updated_at, state_hash, since,
            CASE WHEN until < since THEN since ELSE until END AS until
        FROM (
            SELECT *, coalesce(lead(since) OVER states, ended_at) AS until
            FROM (
                SELECT h.{key}, h.updated_at, h.state_hash, h.seen_at,
                    {ended} AS ended_at,
                    CASE WHEN lag(h.updated_at) OVER states = h.updated_at
                        THEN greatest(h.updated_at, h.seen_at) ELSE h.updated_at
                    END AS since
                FROM {{schema}}.{table} AS h {join}
                WHERE h.shop_id = :shop_id AND h.product_id = ANY(:products)
                WINDOW states AS (PARTITION BY h.{key}
                    ORDER BY h.updated_at, h.seen_at, h.state_hash)
            ) AS begun
            WINDOW states AS (PARTITION BY {key}
                ORDER BY updated_at, seen_at, state_hash)
        ) AS ended
    ) AS dated
    WHERE kept.shop_id = :shop_id AND kept.{key} = dated.{key}
      AND kept.updated_at = dated.updated_at AND kept.state_hash = dated.state_hash
      AND (kept.valid_from, kept.valid_to) IS DISTINCT FROM (since, until)
"""
_DATE_PRODUCTS = _DATE.format(
    table="product_history",
    key="product_id",
    ended="CAST(NULL AS timestamptz)",
    join="",
)
_DATE_PRICES = _DATE.format(
    table="sku_price_history",
    key="sku_id",
    ended="s.deleted_at",
    join="LEFT JOIN {schema}.skus AS s USING (shop_id, sku_id)",
)


@dataclass(frozen=True, slots=True)
class _History:
    """A table of states, and how they are dated."""

    table: Table
    states: tuple[str, ...]
    dating: str


_OF_PRODUCTS = _History(tables.product_history, _PRODUCT_STATE, _DATE_PRODUCTS)
_OF_PRICES = _History(tables.sku_price_history, _PRICE_STATE, _DATE_PRICES)


def keep_history(
    connection: Connection, target: ShopRun, told: Sequence[Told]
) -> Written:
    """Add the states that answers tell; the rows added, by page.

    Runs after the products of the answers were written, in the same transaction. The
    same answers a second time add nothing.
    """
    dated = [(page_id, rows) for page_id, rows in told if rows.version.updated_us]
    if not dated:
        return Counter()
    states = [_product_state(page_id, rows) for page_id, rows in dated]
    prices = [row for page_id, rows in dated for row in _price_states(page_id, rows)]
    written = _add(connection, target, _OF_PRODUCTS, states)
    written += _add(connection, target, _OF_PRICES, prices)
    products = sorted({rows.record_id for _, rows in dated})
    for history in (_OF_PRODUCTS, _OF_PRICES):
        asked = {"shop_id": target.shop_id, "products": products}
        connection.execute(target.sql(history.dating), asked)
    return written


def _add(
    connection: Connection, target: ShopRun, history: _History, rows: Iterable[Row]
) -> Written:
    """Add states; of two that are alike the one that was seen first."""
    keys = [column.name for column in history.table.primary_key]
    found: dict[tuple[object, ...], Row] = {}
    for row in rows:
        row["shop_id"] = target.shop_id
        row["state_hash"] = digest(encode([row[name] for name in history.states]))
        known = found.setdefault(tuple(row[name] for name in keys), row)
        if cast("int", row["seen_at"]) < cast("int", known["seen_at"]):
            found[tuple(row[name] for name in keys)] = row
    table = target.table(history.table)
    return merge_earlier(connection, table, list(found.values()))


def _product_state(page_id: int, rows: RecordRows) -> Row:
    return _state(page_id, rows, rows.row, _PRODUCT_STATE)


def _price_states(page_id: int, rows: RecordRows) -> Iterator[Row]:
    """One for each SKU that has a price."""
    for sku in rows.parts.get("skus", ()):
        if sku["price"] is not None:
            state = _state(page_id, rows, sku, _PRICE_STATE)
            yield state | {"sku_id": sku["sku_id"]}


def _state(
    page_id: int, rows: RecordRows, row: Mapping[str, object], names: Sequence[str]
) -> Row:
    return {
        **{name: row[name] for name in names},
        "product_id": rows.row["product_id"],
        "updated_at": rows.version.updated_us,
        "seen_at": rows.version.fetched_us,
        "synced_at": rows.version.fetched_us,
        "extra": b"{}",
        "raw_page_id": page_id,
    }
