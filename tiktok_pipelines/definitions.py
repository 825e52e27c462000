"""The one Definitions; the file to open first.

Assets are wiring (``defs/``), the work is plain functions (``ingest/``).
"""

from collections.abc import Mapping
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.assets.coverage import coverage, no_day_missing
from tiktok_pipelines.defs.assets.marts import marts
from tiktok_pipelines.defs.assets.orders import orders
from tiktok_pipelines.defs.assets.subjects import SUBJECT_ASSETS
from tiktok_pipelines.defs.assets.webhooks import (
    compare_schedule,
    compare_webhooks,
    webhook_comparison,
)
from tiktok_pipelines.defs.jobs import refresh_tokens, sync_orders
from tiktok_pipelines.defs.resources import (
    TikTokShopResource,
    TokenStoreResource,
)
from tiktok_pipelines.defs.schedules import (
    orders_schedule,
    tokens_schedule,
)
from tiktok_pipelines.defs.sensors import shops_sensor
from tiktok_pipelines.defs.subject_jobs import SUBJECT_JOBS, SUBJECT_SCHEDULES
from tiktok_pipelines.defs.tidying import tidy_schedule, tidy_up
from tiktok_pipelines.defs.webhooks import process_webhooks, webhooks_sensor


def build_definitions(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Everything Dagster knows of this project; tests pass their own resources."""
    return dg.Definitions(
        assets=[orders, *SUBJECT_ASSETS, coverage, marts, webhook_comparison],
        asset_checks=[no_day_missing],
        jobs=[
            sync_orders,
            *SUBJECT_JOBS,
            process_webhooks,
            refresh_tokens,
            tidy_up,
            compare_webhooks,
        ],
        schedules=[
            orders_schedule,
            *SUBJECT_SCHEDULES,
            tokens_schedule,
            tidy_schedule,
            compare_schedule,
        ],
        sensors=[shops_sensor, webhooks_sensor],
        resources={
            "tiktok_shop": TikTokShopResource(),
            "token_store": TokenStoreResource(),
            **(resources or {}),
        },
        executor=dg.in_process_executor,
    )


defs = build_definitions()
