"""What was bought and what it cost, in smallest units of the currency.

The published identities hold: sub_total = products - discounts, shipping_fee =
original - its discounts, total_amount = sub_total + shipping_fee + tax; one line per
unit, and lines add up to the order. Source: TikTok Shop API reference, "Amount
formulas". Taxes of local SEA shops are inside the price and shown as 0.
"""

from dataclasses import dataclass

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.shelf import Sku
from tiktok_pipelines.simulator.storefront import Storefront

_SELLER_OFF_PCT = (0, 0, 0, 5, 10, 15, 20, 35)
_PLATFORM_OFF_PCT = (0, 0, 0, 0, 2, 3, 5)


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit of a SKU: a line of the order."""

    sku: Sku
    original: int
    seller_discount: int
    platform_discount: int
    gift_retail: int = 0

    @property
    def sale(self) -> int:
        """What the buyer pays for the unit."""
        return self.original - self.seller_discount - self.platform_discount


@dataclass(frozen=True, slots=True)
class Shipping:
    """Freight and who takes off how much of it."""

    original: int
    seller_discount: int = 0
    platform_discount: int = 0
    cofunded_discount: int = 0

    @property
    def fee(self) -> int:
        """What the buyer pays for shipping."""
        taken_off = self.seller_discount + self.platform_discount
        return self.original - taken_off - self.cofunded_discount


@dataclass(frozen=True, slots=True)
class Basket:
    """All units of one order, and its freight."""

    units: tuple[Unit, ...]
    shipping: Shipping


def fill_basket(front: Storefront, plan: OrderPlan) -> Basket:
    """What the order holds; the same each time it is asked."""
    chance = Dice(front.seed, front.index, plan.number, 0xBA)
    units = _draw_units(chance, front, plan=plan)
    if plan.kind == "gift":
        gift = chance.pick(front.shelf_at(plan.create_time))
        units.append(Unit(gift, 0, 0, 0, gift_retail=gift.price))
    return Basket(tuple(units), _draw_shipping(chance, front, kind=plan.kind))


def payment_of(basket: Basket, front: Storefront) -> dict[str, object]:
    """The ``payment`` block."""
    units, shipping = basket.units, basket.shipping
    sub_total = sum(unit.sale for unit in units)
    amounts = {
        "original_total_product_price": sum(unit.original for unit in units),
        "seller_discount": sum(unit.seller_discount for unit in units),
        "platform_discount": sum(unit.platform_discount for unit in units),
        "sub_total": sub_total,
        "original_shipping_fee": shipping.original,
        "shipping_fee_seller_discount": shipping.seller_discount,
        "shipping_fee_platform_discount": shipping.platform_discount,
        "shipping_fee_cofunded_discount": shipping.cofunded_discount,
        "shipping_fee": shipping.fee,
        "tax": 0,
        "total_amount": sub_total + shipping.fee,
    }
    market = front.market
    payment: dict[str, object] = {"currency": market.currency}
    for name, amount in amounts.items():
        payment[name] = amount_text(amount, market.decimals)
    return payment


def _draw_units(chance: Dice, front: Storefront, *, plan: OrderPlan) -> list[Unit]:
    units: list[Unit] = []
    shelf = front.shelf_at(plan.create_time)
    while len(units) < plan.units:
        unit = _price(chance, chance.pick(shelf), kind=plan.kind)
        same = chance.between(1, 3)
        units.extend([unit] * min(same, plan.units - len(units)))
    return units


def _price(chance: Dice, sku: Sku, *, kind: str) -> Unit:
    if kind == "sample":
        return Unit(sku, sku.price, sku.price, 0)
    seller = sku.price * chance.pick(_SELLER_OFF_PCT) // 100
    platform = (sku.price - seller) * chance.pick(_PLATFORM_OFF_PCT) // 100
    return Unit(sku, sku.price, seller, platform)


def _draw_shipping(chance: Dice, front: Storefront, *, kind: str) -> Shipping:
    step = 10 if front.market.decimals else 500
    least = 25 if front.market.decimals else 20
    original = chance.between(least, 3 * least) * step
    if kind in ("sample", "replacement"):
        return Shipping(original, platform_discount=original)
    way = chance.random()
    if way < 0.4:
        return Shipping(original, platform_discount=original)
    if way < 0.6:
        return Shipping(original, seller_discount=original // 2)
    if way < 0.7:
        part = original // 4
        return Shipping(original, part, part, original // 5)
    return Shipping(original)
