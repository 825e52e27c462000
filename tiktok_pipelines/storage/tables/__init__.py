"""The one description of every table: names, types, keys and comments.

Migrations create them, a test holds both together, ``docs/tables.md`` and Dagster's
column schemas are drawn from here. The views for people are files:
``storage/marts/``.
"""

from tiktok_pipelines.storage.tables.access import credentials, shops
from tiktok_pipelines.storage.tables.aftersale_options import (
    aftersale_eligibilities,
    aftersale_eligibility_requests,
    aftersale_eligibility_skus,
    reject_reasons,
)
from tiktok_pipelines.storage.tables.aftersales import (
    cancellation_lines,
    cancellations,
    return_histories,
    return_lines,
    return_records,
    returns,
)
from tiktok_pipelines.storage.tables.base import SCHEMAS, SHOP_ID, metadata
from tiktok_pipelines.storage.tables.estimates import (
    unsettled_components,
    unsettled_snapshots,
    unsettled_totals,
    unsettled_transactions,
)
from tiktok_pipelines.storage.tables.fbt import fbt_inventory, fbt_inventory_skus
from tiktok_pipelines.storage.tables.finance import (
    payments,
    statement_totals,
    statement_transactions,
    statements,
    transaction_components,
    withdrawals,
)
from tiktok_pipelines.storage.tables.findings import (
    api_drift,
    quarantine_records,
    rechecks,
)
from tiktok_pipelines.storage.tables.fulfillment import (
    order_tracking,
    package_details,
    package_lines,
    package_orders,
    package_skus,
    packages,
    tracking_events,
)
from tiktok_pipelines.storage.tables.inventory import (
    inventory_levels,
    inventory_snapshots,
    inventory_totals,
)
from tiktok_pipelines.storage.tables.marts import (
    dates,
    mart_versions,
    regions,
    streams,
)
from tiktok_pipelines.storage.tables.order_money import (
    external_order_lines,
    external_order_lookups,
    external_orders,
    order_price_lines,
    order_prices,
    order_sku_transactions,
    order_transactions,
)
from tiktok_pipelines.storage.tables.orders import (
    customers,
    order_lines,
    order_recipients,
    order_status_history,
    orders,
)
from tiktok_pipelines.storage.tables.privacy import (
    erased_subjects,
    privacy_audit,
    privacy_keys,
    privacy_rules,
)
from tiktok_pipelines.storage.tables.product_history import (
    product_history,
    sku_price_history,
)
from tiktok_pipelines.storage.tables.products import (
    product_attributes,
    product_audit_failures,
    product_images,
    products,
    sku_attributes,
    sku_components,
    skus,
)
from tiktok_pipelines.storage.tables.promotions import (
    coupon_products,
    coupons,
    promotion_products,
    promotion_skus,
    promotions,
)
from tiktok_pipelines.storage.tables.raw import pages
from tiktok_pipelines.storage.tables.syncs import (
    sync_cursors,
    sync_schedules,
    sync_states,
    sync_windows,
    tiktok_api_logs,
)
from tiktok_pipelines.storage.tables.taxonomy import (
    brands,
    categories,
    category_attributes,
    category_certifications,
    category_rules,
)
from tiktok_pipelines.storage.tables.warehouses import (
    delivery_option_lists,
    delivery_options,
    global_warehouses,
    warehouses,
)
from tiktok_pipelines.storage.tables.webhooks import (
    connect_states,
    parked_callbacks,
    stock_changes,
    webhook_comparison,
    webhook_events,
    webhook_rejects,
)

ANALYST_TABLES = (
    orders,
    order_lines,
    order_status_history,
    order_recipients,
    customers,
)
"""The tables that a load of orders fills; ``subjects.py`` names those of others."""

__all__ = [
    "ANALYST_TABLES",
    "SCHEMAS",
    "SHOP_ID",
    "aftersale_eligibilities",
    "aftersale_eligibility_requests",
    "aftersale_eligibility_skus",
    "api_drift",
    "brands",
    "cancellation_lines",
    "cancellations",
    "categories",
    "category_attributes",
    "category_certifications",
    "category_rules",
    "connect_states",
    "coupon_products",
    "coupons",
    "credentials",
    "customers",
    "dates",
    "delivery_option_lists",
    "delivery_options",
    "erased_subjects",
    "external_order_lines",
    "external_order_lookups",
    "external_orders",
    "fbt_inventory",
    "fbt_inventory_skus",
    "global_warehouses",
    "inventory_levels",
    "inventory_snapshots",
    "inventory_totals",
    "mart_versions",
    "metadata",
    "order_lines",
    "order_price_lines",
    "order_prices",
    "order_recipients",
    "order_sku_transactions",
    "order_status_history",
    "order_tracking",
    "order_transactions",
    "orders",
    "package_details",
    "package_lines",
    "package_orders",
    "package_skus",
    "packages",
    "pages",
    "parked_callbacks",
    "payments",
    "privacy_audit",
    "privacy_keys",
    "privacy_rules",
    "product_attributes",
    "product_audit_failures",
    "product_history",
    "product_images",
    "products",
    "promotion_products",
    "promotion_skus",
    "promotions",
    "quarantine_records",
    "rechecks",
    "regions",
    "reject_reasons",
    "return_histories",
    "return_lines",
    "return_records",
    "returns",
    "shops",
    "sku_attributes",
    "sku_components",
    "sku_price_history",
    "skus",
    "statement_totals",
    "statement_transactions",
    "statements",
    "stock_changes",
    "streams",
    "sync_cursors",
    "sync_schedules",
    "sync_states",
    "sync_windows",
    "tiktok_api_logs",
    "tracking_events",
    "transaction_components",
    "unsettled_components",
    "unsettled_snapshots",
    "unsettled_totals",
    "unsettled_transactions",
    "warehouses",
    "webhook_comparison",
    "webhook_events",
    "webhook_rejects",
    "withdrawals",
]
