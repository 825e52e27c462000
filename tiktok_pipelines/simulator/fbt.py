"""What TikTok keeps for a seller, in the warehouse of its own that orders name.

Every SKU that can be ordered is goods of one kind there. Source: TikTok Shop API
reference, "Fulfilled by TikTok": goods of which there is nothing are left out.
"""

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.products import ProductLife
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shelf import OPENED
from tiktok_pipelines.simulator.stock import Stock
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY


def list_goods(front: Storefront, products: list[ProductLife]) -> list[Course]:
    """The goods in TikTok's warehouse; there is always some of each on its way."""
    skus = [
        (life.id, sku)
        for life in products
        if not life.is_passing
        for sku in life.goods.skus(0)
    ]
    return [
        Course(
            front.make_id("743", serial),
            (OPENED,),
            ("STORED",),
            {
                "goods_ids": (front.make_id("743", serial),),
                "sku_ids": (sku.id,),
                "fbt_warehouse_ids": (front.warehouses[1],),
                "product": (product_id,),
                "name": (str(sku.fields["product_name"]),),
                "reference_code": (f"FBT-{sku.fields['seller_sku']}",),
            },
        )
        for serial, (product_id, sku) in enumerate(skus)
    ]


class GoodsView:
    """How the goods look."""

    def __init__(
        self, front: Storefront, stock: Stock, products: list[ProductLife]
    ) -> None:
        self._warehouse_id = front.warehouses[1]
        self._stock = stock
        self._products = {life.id: life for life in products}

    def render(self, goods: Course, now: int) -> Json:
        """A row of Search FBT Inventory."""
        told = {name: values[0] for name, values in goods.named.items()}
        available, reserved = self._quantities(told["product"], told["sku_ids"], now)
        chance = Dice(int(goods.id), now // DAY, 0xFB)
        broken, coming = chance.between(0, 3), chance.between(1, 40)
        held = {
            "total_quantity": available + reserved,
            "available_quantity": available,
            "reserved_quantity": reserved,
        }
        return {
            "goods": {
                "id": goods.id,
                "reference_code": told["reference_code"],
                "name": told["name"],
                "skus": [{"id": told["sku_ids"], "on_hand_detail": held}],
            },
            "fbt_warehouse_id": self._warehouse_id,
            "in_transit_quantity": coming,
            "on_hand_detail": {
                **held,
                "total_quantity": available + reserved + broken,
                "unfulfillable_quantity": broken,
            },
        }

    def _quantities(self, product_id: str, sku_id: str, now: int) -> tuple[int, int]:
        for level in self._stock.levels(self._products[product_id], sku_id, now=now):
            if level.warehouse.id == self._warehouse_id:
                return level.available, level.committed
        return 0, 0
