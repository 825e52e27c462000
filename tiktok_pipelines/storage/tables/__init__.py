"""The one description of every table: names, types, keys and comments.

Migrations create them, a test holds both together, ``docs/tables.md`` and Dagster's
column schemas are drawn from here. Views for people live in ``tiktok_mart``.
"""

from tiktok_pipelines.storage.tables.access import credentials, shops
from tiktok_pipelines.storage.tables.aftersales import (
    cancellation_lines,
    cancellations,
    return_lines,
    returns,
)
from tiktok_pipelines.storage.tables.base import SCHEMAS, SHOP_ID, metadata
from tiktok_pipelines.storage.tables.findings import (
    api_drift,
    quarantine_records,
    rechecks,
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
from tiktok_pipelines.storage.tables.raw import pages
from tiktok_pipelines.storage.tables.syncs import (
    sync_cursors,
    sync_schedules,
    sync_states,
    sync_windows,
    tiktok_api_logs,
)
from tiktok_pipelines.storage.tables.warehouses import warehouses
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
    "api_drift",
    "cancellation_lines",
    "cancellations",
    "connect_states",
    "credentials",
    "customers",
    "erased_subjects",
    "metadata",
    "order_lines",
    "order_recipients",
    "order_status_history",
    "orders",
    "pages",
    "parked_callbacks",
    "privacy_audit",
    "privacy_keys",
    "privacy_rules",
    "quarantine_records",
    "rechecks",
    "return_lines",
    "returns",
    "shops",
    "stock_changes",
    "sync_cursors",
    "sync_schedules",
    "sync_states",
    "sync_windows",
    "tiktok_api_logs",
    "warehouses",
    "webhook_comparison",
    "webhook_events",
    "webhook_rejects",
]
