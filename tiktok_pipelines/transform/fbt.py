"""How stock that TikTok keeps for a seller becomes rows.

Source: docs/tiktok-shop-api.md, "Fulfilled by TikTok".
"""

from tiktok_pipelines.transform.fields import numbers, texts
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block, Part, RecordMap

_NO_NAMES: frozenset[str] = frozenset()


def _on_hand(kind: str, **columns: str) -> Block:
    """What lies in the warehouse."""
    return Block(
        "on_hand_detail",
        Layout(
            kind,
            (),
            known=frozenset(columns.values()),
            expected=_NO_NAMES,
            prefix="on_hand_detail.",
        ),
        others=numbers(**columns),
    )


SKU = Part(
    "fbt_inventory_skus",
    Layout(
        "fbt_inventory_sku",
        texts(sku_id="id"),
        known=frozenset({"id", "on_hand_detail"}),
        expected=_NO_NAMES,
    ),
    keys=("goods_id", "fbt_warehouse_id", "sku_id"),
    path="goods.skus",
    place="sku_number",
    blocks=(
        _on_hand(
            "fbt_inventory_sku",
            on_hand="total_quantity",
            available="available_quantity",
            reserved="reserved_quantity",
        ),
    ),
)
FBT_INVENTORY = RecordMap(
    "fbt_inventory",
    Part(
        "fbt_inventory",
        Layout(
            "fbt_inventory",
            texts("fbt_warehouse_id"),
            known=frozenset(
                "fbt_warehouse_id goods in_transit_quantity on_hand_detail".split()
            ),
            expected=frozenset({"on_hand_detail"}),
        ),
        keys=("goods_id", "fbt_warehouse_id"),
        others=numbers(in_transit="in_transit_quantity"),
        blocks=(
            Block(
                "goods",
                Layout(
                    "fbt_inventory",
                    texts("reference_code", "name", goods_id="id"),
                    known=frozenset("id name reference_code skus".split()),
                    expected=_NO_NAMES,
                    prefix="goods.",
                ),
            ),
            _on_hand(
                "fbt_inventory",
                on_hand="total_quantity",
                available="available_quantity",
                reserved="reserved_quantity",
                unfulfillable="unfulfillable_quantity",
            ),
        ),
        parts=(SKU,),
    ),
    noun="stock that TikTok keeps",
)
