"""The one Definitions; the file to open first.

Assets are wiring (``defs/``), the work is plain functions (``ingest/``).
"""

import warnings
from collections.abc import Mapping
from typing import Any

import dagster as dg

warnings.filterwarnings("ignore", category=dg.BetaWarning)

from tiktok_pipelines.defs.assets.orders import orders  # noqa: E402 - after the filter
from tiktok_pipelines.defs.jobs import refresh_tokens, sync_orders  # noqa: E402
from tiktok_pipelines.defs.resources import (  # noqa: E402
    TikTokShopResource,
    TokenStoreResource,
)
from tiktok_pipelines.defs.schedules import (  # noqa: E402
    orders_schedule,
    tokens_schedule,
)
from tiktok_pipelines.defs.sensors import shops_sensor  # noqa: E402


def build_definitions(resources: Mapping[str, Any] | None = None) -> dg.Definitions:
    """Everything Dagster knows of this project; tests pass their own resources."""
    return dg.Definitions(
        assets=[orders],
        jobs=[sync_orders, refresh_tokens],
        schedules=[orders_schedule, tokens_schedule],
        sensors=[shops_sensor],
        resources={
            "tiktok_shop": TikTokShopResource(),
            "token_store": TokenStoreResource(),
            **(resources or {}),
        },
        executor=dg.in_process_executor,
    )


defs = build_definitions()
