"""How stock becomes rows: one record for each SKU, with its warehouses.

TikTok answers by product; ``skus_of`` takes the answer apart, as one product's SKUs may
come in several answers.

Source: docs/tiktok-shop-api.md, "Inventory".
"""

from collections.abc import Iterator
from datetime import timedelta
from typing import cast

from tiktok_pipelines.api.decoding import as_list, as_object
from tiktok_pipelines.transform.fields import numbers, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import (
    Block,
    Derived,
    Part,
    ReadRow,
    RecordMap,
    Row,
    same,
)
from tiktok_pipelines.transform.readers import read_number

STREAM = "inventory"
PERIOD = timedelta(hours=1)
_HOUR_US = PERIOD // timedelta(microseconds=1)
_NO_NAMES: frozenset[str] = frozenset()
_SHARES = "total_available_inventory_distribution"


def _read_in(row: ReadRow) -> Row:
    """The hour in which it was read."""
    return {"snapshot_at": cast("int", row["synced_at"]) // _HOUR_US * _HOUR_US}


def _snapshot(_: ReadRow, row: ReadRow) -> Iterator[Row]:
    yield {name: row[name] for name in ("available", "committed", "snapshot_at")}


LEVEL = Part(
    "inventory_levels",
    Layout(
        "inventory_level",
        texts("warehouse_id"),
        known=frozenset("available_quantity committed_quantity warehouse_id".split()),
        expected=_NO_NAMES,
    ),
    keys=("sku_id", "warehouse_id"),
    path="warehouse_inventory",
    place="place",
    inherits=same("product_id"),
    others=numbers(available="available_quantity", committed="committed_quantity"),
    adds=_read_in,
    derived=(
        Derived(
            "inventory_snapshots",
            ("sku_id", "warehouse_id", "snapshot_at"),
            _snapshot,
            accumulate=True,
        ),
    ),
)


def _of_stock(received: ReadRow, _: ReadRow) -> Row:
    """What is set aside for campaigns and creators, over all of them."""
    told = as_object(received.get(_SHARES))
    return {
        "campaign": _sum_of(told.get("campaign_inventory"), told),
        "creator": _sum_of(told.get("creator_inventory"), told),
    }


def _sum_of(listed: object, shares: ReadRow) -> int | None:
    """None where TikTok tells no shares at all; a missing list counts as nothing."""
    if not shares:
        return None
    told = map(as_object, as_list(listed))
    found = [read_number(item.get("quantity"))[0] for item in told]
    return sum(one for one in found if isinstance(one, int))


INVENTORY = RecordMap(
    STREAM,
    Part(
        "inventory_totals",
        Layout(
            "inventory",
            texts("product_id", "seller_sku", sku_id="id"),
            known=frozenset(
                f"""
                id product_id seller_sku total_available_quantity
                total_committed_quantity warehouse_inventory {_SHARES}
                """.split()
            ),
            expected=_NO_NAMES,
        ),
        keys=("sku_id",),
        others=numbers(
            available="total_available_quantity", committed="total_committed_quantity"
        ),
        blocks=(
            Block(
                _SHARES,
                Layout(
                    "inventory",
                    [],
                    known=frozenset(
                        "campaign_inventory creator_inventory in_shop_inventory".split()
                    ),
                    expected=_NO_NAMES,
                    prefix=f"{_SHARES}.",
                ),
                blocks=(
                    Block(
                        "in_shop_inventory",
                        Layout(
                            "inventory",
                            [],
                            known=frozenset({"quantity"}),
                            expected=_NO_NAMES,
                            prefix=f"{_SHARES}.in_shop_inventory.",
                        ),
                        others=numbers(in_shop="quantity"),
                    ),
                ),
            ),
        ),
        parts=(LEVEL,),
        adds=_read_in,
        computed=_of_stock,
    ),
    "stock of a SKU",
    period=PERIOD,
)


def skus_of(record: object) -> Iterator[object]:
    """The SKUs in a product of the answer, each with its ``product_id``.

    What else the product tells goes with each of them, as ``product``. What is no
    product with a list of SKUs comes back as it is.
    """
    product = as_object(record)
    listed = product.get("skus")
    if not isinstance(listed, list):
        yield record
        return
    rest = {name: product[name] for name in product if name not in _OF_PRODUCT}
    above: dict[str, object] = {"product_id": product.get("product_id")}
    if rest:
        above["product"] = rest
    for sku in cast("list[object]", listed):
        yield {**cast("ReadRow", sku), **above} if isinstance(sku, dict) else sku


_OF_PRODUCT = frozenset({"product_id", "skus"})


def products_of(skus: list[ReadRow]) -> list[dict[str, object]]:
    """The inverse of ``skus_of``: SKUs of one product that follow each other."""
    products: list[dict[str, object]] = []
    for sku in skus:
        above = {"product_id": sku.get("product_id"), **as_object(sku.get("product"))}
        own = {name: sku[name] for name in sku if name not in _ABOVE}
        last = products[-1] if products else None
        if last is not None and {**last, "skus": 0} == {**above, "skus": 0}:
            cast("list[object]", last["skus"]).append(own)
        else:
            products.append({**above, "skus": [own]})
    return products


_ABOVE = frozenset({"product_id", "product"})
