"""Which fields of an order's settlement, prices and foreign numbers have columns.

Source: docs/tiktok-shop-api.md, "Statement transactions" and "Order prices".
"""

from collections.abc import Sequence

from tiktok_pipelines.transform.fields import Field, amounts, moments, texts
from tiktok_pipelines.transform.layout import Layout

ORDER_SETTLEMENT = Layout(
    "order_transaction",
    (
        *texts("order_id", "currency"),
        *moments(order_created_at="order_create_time"),
        *amounts("settlement_amount", "revenue_amount", "shipping_cost_amount"),
        *amounts(fee_tax_amount="fee_and_tax_amount"),
    ),
    known=frozenset(
        """
        currency fee_and_tax_amount order_create_time order_id revenue_amount
        settlement_amount shipping_cost_amount sku_transactions total_count
        """.split()
    ),
    expected=frozenset("currency order_id settlement_amount".split()),
)

SKU_SETTLEMENT = Layout(
    "sku_transaction",
    (
        *texts("statement_id", "sku_id", "sku_name", "product_name"),
        *amounts("settlement_amount", "revenue_amount", "shipping_cost_amount"),
        *amounts("fee_tax_amount", "quantity"),
    ),
    known=frozenset(
        """
        fee_tax_amount fee_tax_breakdown product_name quantity revenue_amount
        revenue_breakdown settlement_amount shipping_cost_amount
        shipping_cost_breakdown sku_id sku_name statement_id
        """.split()
    ),
    expected=frozenset("settlement_amount sku_id statement_id".split()),
)

PRICE_FIELDS: Sequence[Field] = (
    *texts("currency", "voucher_deduction_platform", "voucher_deduction_seller"),
    *texts("shipping_fee_deduction_platform_voucher"),
    *amounts("total", "payment", "sku_list_price", "sku_sale_price", "subtotal"),
    *amounts("subtotal_deduction_seller", "subtotal_deduction_platform"),
    *amounts("subtotal_tax_amount", "shipping_list_price", "shipping_sale_price"),
    *amounts("shipping_fee_deduction_seller", "shipping_fee_deduction_platform"),
    *amounts("tax_amount", "tax_rate", "net_price_amount", "cod_fee"),
    *amounts("sku_gift_original_price", "sku_gift_net_price"),
    *amounts("distance_shipping_fee", "distance_fee"),
)
_PRICE_NAMES = frozenset(field.name for field in PRICE_FIELDS)
_PRICES_EXPECTED = frozenset("currency payment subtotal total".split())

ORDER_PRICE = Layout(
    "order_price",
    PRICE_FIELDS,
    known=_PRICE_NAMES | {"cod_fee_net_amount", "line_items"},
    expected=_PRICES_EXPECTED | {"line_items"},
)
PRICE_LINE = Layout(
    "order_price_line",
    (*PRICE_FIELDS, *texts(line_id="id")),
    known=_PRICE_NAMES | {"cod_fee_amount", "cod_fee_net_amount", "id"},
    expected=_PRICES_EXPECTED | {"id"},
)

EXTERNAL_ORDER = Layout(
    "external_order",
    texts("platform", external_order_id="id"),
    known=frozenset("id line_items platform".split()),
    expected=frozenset("id line_items platform".split()),
)
EXTERNAL_LINE = Layout(
    "external_order_line",
    texts(external_line_id="id", line_id="origin_id"),
    known=frozenset({"id", "origin_id"}),
    expected=frozenset({"id", "origin_id"}),
)
