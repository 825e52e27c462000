"""What the buyer of one order paid for what, and the order's numbers elsewhere.

Source: TikTok Shop API reference, "Order prices". What the documentation leaves open:
``payment`` is what the buyer pays, ``total`` what it would be without the platform's
discounts.
"""

from tiktok_pipelines.simulator.basket import Basket, Unit, fill_basket
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.refunds import spread
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.render import line_id
from tiktok_pipelines.simulator.storefront import Storefront

PLATFORMS = (
    "SHOPIFY",
    "WOOCOMMERCE",
    "BIGCOMMERCE",
    "MAGENTO",
    "SALESFORCE_COMMERCE_CLOUD",
    "CHANNEL_ADVISOR",
    "AMAZON",
    "ORDER_MANAGEMENT_SYSTEM",
    "WAREHOUSE_MANAGEMENT_SYSTEM",
    "ERP_SYSTEM",
)


def render_prices(front: Storefront, plan: OrderPlan) -> Json:
    """The answer of Get Price Detail; lines add up to the order."""
    basket = fill_basket(front, plan)
    count = len(basket.units)
    freight = _freight_shares(basket, count)
    lines = [
        {
            "id": line_id(front, plan.number, place),
            **_prices(front, [unit], freight[place]),
        }
        for place, unit in enumerate(basket.units)
    ]
    whole = {name: sum(share[name] for share in freight) for name in freight[0]}
    return {**_prices(front, list(basket.units), whole), "line_items": lines}


def render_external_orders(
    front: Storefront, plan: OrderPlan, platform: str
) -> list[Json]:
    """The order's numbers in another system; three of ten orders came from there."""
    chance = Dice(front.seed, front.index, plan.number, 0xE0)
    if chance.random() >= 0.3 or platform != system_of(front):
        return []
    lines = [
        {
            "id": f"L{plan.number}-{place + 1}",
            "origin_id": line_id(front, plan.number, place),
        }
        for place in range(plan.line_count)
    ]
    return [
        {
            "id": f"{platform[:3]}-{plan.number}",
            "platform": platform,
            "line_items": lines,
        }
    ]


def system_of(front: Storefront) -> str:
    """The other system that the shop uses."""
    return PLATFORMS[front.index % 3]


def _freight_shares(basket: Basket, count: int) -> list[dict[str, int]]:
    shipping = basket.shipping
    columns = {
        "list": spread(shipping.original, count),
        "sale": spread(shipping.fee, count),
        "seller": spread(shipping.seller_discount, count),
        "platform": spread(
            shipping.platform_discount + shipping.cofunded_discount, count
        ),
    }
    return [
        {name: shares[place] for name, shares in columns.items()}
        for place in range(count)
    ]


def _prices(front: Storefront, units: list[Unit], freight: dict[str, int]) -> Json:
    sold = sum(unit.sale for unit in units)
    platform = sum(unit.platform_discount for unit in units)
    seller = sum(unit.seller_discount for unit in units)
    amounts = {
        "total": sold + platform + freight["sale"] + freight["platform"],
        "payment": sold + freight["sale"],
        "sku_list_price": sum(unit.original for unit in units),
        "sku_sale_price": sum(unit.original for unit in units) - seller,
        "subtotal": sold,
        "subtotal_deduction_seller": seller,
        "subtotal_deduction_platform": platform,
        "subtotal_tax_amount": 0,
        "voucher_deduction_platform": 0,
        "voucher_deduction_seller": 0,
        "shipping_list_price": freight["list"],
        "shipping_sale_price": freight["sale"],
        "shipping_fee_deduction_seller": freight["seller"],
        "shipping_fee_deduction_platform": freight["platform"],
        "shipping_fee_deduction_platform_voucher": 0,
        "tax_amount": 0,
        "net_price_amount": sold,
        "sku_gift_original_price": sum(unit.gift_retail for unit in units),
    }
    market = front.market
    texts: Json = {
        name: amount_text(amount, market.decimals) for name, amount in amounts.items()
    }
    return {"currency": market.currency, **texts}
