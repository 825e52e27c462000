"""What an order brings its seller: revenue, shipping, fees and taxes, SKU by SKU.

All amounts are in smallest units, signed as the seller sees them: costs are negative,
and everything adds up to the settlement. Source: TikTok Shop API reference,
"Statements" and "Statement transactions". The rates are made up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tiktok_pipelines.simulator.basket import Basket, Unit, fill_basket
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.plan import OrderPlan
from tiktok_pipelines.simulator.refunds import spread
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shelf import Sku
from tiktok_pipelines.simulator.storefront import Storefront

Amounts = Mapping[str, int]

REVENUE = (
    "subtotal_before_discount_amount",
    "refund_subtotal_before_discount_amount",
    "seller_discount_amount",
    "seller_discount_refund_amount",
    "cod_service_fee_amount",
    "refund_cod_service_fee_amount",
)
SHIPPING = (
    "actual_shipping_fee_amount",
    "shipping_fee_discount_amount",
    "customer_paid_shipping_fee_amount",
    "return_shipping_fee_amount",
)
FEES = (
    "platform_commission_amount",
    "transaction_fee_amount",
    "affiliate_commission_amount",
    "sfp_service_fee_amount",
    "dynamic_commission_amount",
    "refund_administration_fee_amount",
)
TAXES = ("vat_amount", "sst_amount", "gst_amount", "pit_amount", "local_vat_amount")
# Of the fees, in hundredths of a percent.
_FEE_TAX = {"MY": ("sst_amount", 800), "SG": ("gst_amount", 900)}
_SALES_TAX = {"VN": ("pit_amount", 150), "ID": ("pit_amount", 50)}


@dataclass(frozen=True, slots=True)
class Earning:
    """The components of one SKU or of several together; what is 0 may be missing."""

    revenue: Amounts = field(default_factory=dict[str, int])
    shipping: Amounts = field(default_factory=dict[str, int])
    fees: Amounts = field(default_factory=dict[str, int])
    taxes: Amounts = field(default_factory=dict[str, int])

    @property
    def revenue_total(self) -> int:
        """Net sales."""
        return sum(self.revenue.values())

    @property
    def shipping_total(self) -> int:
        """Shipping, as a rule a cost."""
        return sum(self.shipping.values())

    @property
    def fee_tax_total(self) -> int:
        """Fees and taxes."""
        return sum(self.fees.values()) + sum(self.taxes.values())

    @property
    def settlement(self) -> int:
        """What the seller gets."""
        return self.revenue_total + self.shipping_total + self.fee_tax_total


@dataclass(frozen=True, slots=True)
class SkuEarning:
    """The earning of the units of one SKU."""

    sku: Sku
    quantity: int
    earning: Earning


def earn_by_sale(
    front: Storefront, plan: OrderPlan, places: Sequence[int]
) -> list[SkuEarning]:
    """What the sale of those lines brings."""
    basket = fill_basket(front, plan)
    groups = _by_sku(basket, places)
    shipping = _spread_shipping(basket, len(groups))
    rates = _draw_rates(front, plan)
    return [
        SkuEarning(
            units[0].sku,
            len(units),
            _sale_of(front, units, rates=rates, shipping=freight),
        )
        for units, freight in zip(groups, shipping, strict=True)
    ]


def earn_by_refund(
    front: Storefront, plan: OrderPlan, places: Sequence[int]
) -> list[SkuEarning]:
    """What the refund of those lines takes away again."""
    basket = fill_basket(front, plan)
    rates = _draw_rates(front, plan)
    return [
        SkuEarning(units[0].sku, len(units), _refund_of(front, units, rates=rates))
        for units in _by_sku(basket, places)
    ]


def add_up(earnings: Iterable[Earning]) -> Earning:
    """Several earnings as one."""
    parts = list(earnings)
    return Earning(
        revenue=_sums([one.revenue for one in parts]),
        shipping=_sums([one.shipping for one in parts]),
        fees=_sums([one.fees for one in parts]),
        taxes=_sums([one.taxes for one in parts]),
    )


def breakdowns(front: Storefront, earning: Earning, *, prefix: str = "") -> Json:
    """Totals and components as every finance call names them.

    ``prefix`` is "est_" for estimates; their breakdowns have the usual names.
    """
    decimals = front.market.decimals

    def texts(names: Sequence[str], amounts: Amounts) -> Json:
        return {name: amount_text(amounts.get(name, 0), decimals) for name in names}

    return {
        f"{prefix}settlement_amount": amount_text(earning.settlement, decimals),
        f"{prefix}revenue_amount": amount_text(earning.revenue_total, decimals),
        "revenue_breakdown": texts(REVENUE, earning.revenue),
        f"{prefix}shipping_cost_amount": amount_text(earning.shipping_total, decimals),
        "shipping_cost_breakdown": texts(SHIPPING, earning.shipping),
        f"{prefix}fee_tax_amount": amount_text(earning.fee_tax_total, decimals),
        "fee_tax_breakdown": {
            "fee": texts(FEES, earning.fees),
            "tax": texts(TAXES[:3] if prefix else TAXES, earning.taxes),
        },
    }


def _by_sku(basket: Basket, places: Sequence[int]) -> list[list[Unit]]:
    groups: dict[str, list[Unit]] = {}
    for place in places:
        unit = basket.units[place]
        groups.setdefault(unit.sku.id, []).append(unit)
    return list(groups.values())


def _spread_shipping(basket: Basket, parts: int) -> list[Amounts]:
    shipping = basket.shipping
    helped = shipping.platform_discount + shipping.cofunded_discount
    columns = {
        "actual_shipping_fee_amount": spread(-shipping.original, parts),
        "shipping_fee_discount_amount": spread(helped, parts),
        "customer_paid_shipping_fee_amount": spread(shipping.fee, parts),
    }
    return [
        {name: shares[place] for name, shares in columns.items()}
        for place in range(parts)
    ]


def _draw_rates(front: Storefront, plan: OrderPlan) -> Amounts:
    """What is taken of the revenue, in hundredths of a percent."""
    chance = Dice(front.seed, front.index, plan.number, 0xFE)
    return {
        "platform_commission_amount": 350 + front.index % 3 * 75,
        "transaction_fee_amount": 215,
        "affiliate_commission_amount": 800 if chance.random() < 0.3 else 0,
        "sfp_service_fee_amount": 150 if chance.random() < 0.5 else 0,
        "dynamic_commission_amount": 120 if plan.nature.is_cod else 0,
    }


def _sale_of(
    front: Storefront, units: Sequence[Unit], *, rates: Amounts, shipping: Amounts
) -> Earning:
    gross = sum(unit.original for unit in units)
    discount = sum(unit.seller_discount for unit in units)
    net = gross - discount
    fees = {name: -(net * rate // 10_000) for name, rate in rates.items()}
    return Earning(
        revenue={
            "subtotal_before_discount_amount": gross,
            "seller_discount_amount": -discount,
        },
        shipping=shipping,
        fees=fees,
        taxes=_taxes_on(front, net, fees=sum(fees.values())),
    )


def _refund_of(front: Storefront, units: Sequence[Unit], *, rates: Amounts) -> Earning:
    gross = sum(unit.original for unit in units)
    discount = sum(unit.seller_discount for unit in units)
    net = gross - discount
    fees = {name: net * rate // 10_000 for name, rate in rates.items()}
    commission = fees["platform_commission_amount"]
    fees["refund_administration_fee_amount"] = -(commission // 5)
    return Earning(
        revenue={
            "refund_subtotal_before_discount_amount": -gross,
            "seller_discount_refund_amount": discount,
        },
        shipping={"return_shipping_fee_amount": -(net // 50)},
        fees=fees,
        taxes=_taxes_on(front, -net, fees=sum(fees.values())),
    )


def _taxes_on(front: Storefront, net: int, *, fees: int) -> Amounts:
    region = front.market.region
    taxes: dict[str, int] = {}
    if region in _FEE_TAX:
        name, rate = _FEE_TAX[region]
        taxes[name] = fees * rate // 10_000
    if region in _SALES_TAX:
        name, rate = _SALES_TAX[region]
        taxes[name] = -(net * rate // 10_000)
    return taxes


def _sums(parts: Sequence[Amounts]) -> Amounts:
    sums: dict[str, int] = {}
    for part in parts:
        for name, amount in part.items():
            sums[name] = sums.get(name, 0) + amount
    return sums
