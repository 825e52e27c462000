"""Fulfilled by TikTok: stock in TikTok's own warehouses.

Source: docs/tiktok-shop-api.md, "Fulfilled by TikTok".
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from tiktok_pipelines.api.endpoints.family import Family
from tiktok_pipelines.api.endpoints.search import Search
from tiktok_pipelines.api.endpoints.table import FBT_INVENTORY


@dataclass(frozen=True, slots=True, kw_only=True)
class FbtInventorySearch(Search):
    """Of which goods; of none named, of all of which there is something.

    Goods may be named by their own ids or by those of SKUs, not by both.
    """

    endpoint = FBT_INVENTORY
    most: ClassVar = {"goods_ids": 100, "sku_ids": 100}

    goods_ids: Sequence[str] = ()
    fbt_warehouse_ids: Sequence[str] = ()
    sku_ids: Sequence[str] = ()


class FbtCalls(Family[FbtInventorySearch]):
    """What TikTok keeps for one shop."""
