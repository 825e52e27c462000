"""What lines of an order are worth when money goes back.

Source: TikTok Shop API reference, "Cancellations" and "Returns": refund_total is
refund_subtotal plus refund_shipping_fee plus refund_tax. Taxes are inside the price.
"""

from collections.abc import Sequence

from tiktok_pipelines.simulator.basket import Basket
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.storefront import Storefront


def refund_block(front: Storefront, subtotal: int, shipping: int = 0) -> Json:
    """A ``refund_amount``."""
    market = front.market
    return {
        "currency": market.currency,
        "refund_total": amount_text(subtotal + shipping, market.decimals),
        "refund_subtotal": amount_text(subtotal, market.decimals),
        "refund_shipping_fee": amount_text(shipping, market.decimals),
        "refund_tax": "0",
    }


def spread(amount: int, parts: int) -> list[int]:
    """The amount in equal parts; the last one takes what does not divide."""
    share = amount // parts
    return [share] * (parts - 1) + [amount - share * (parts - 1)]


def sold_for(basket: Basket, places: Sequence[int]) -> int:
    """What the buyer paid for those lines."""
    return sum(basket.units[place].sale for place in places)


def line_facts(basket: Basket, place: int) -> Json:
    """What a line of a cancellation or return says of the goods."""
    fields = basket.units[place].sku.fields
    return {
        "sku_id": fields["sku_id"],
        "sku_name": fields["sku_name"],
        "seller_sku": fields["seller_sku"],
        "product_name": fields["product_name"],
        "product_image": {"url": fields["sku_image"], "width": 200, "height": 200},
    }
