"""Polling and webhooks compared: a table, a picture and checks, daily."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.describe import KINDS, OWNERS, table_metadata
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.resources import TikTokShopResource

COMPARISON = dg.AssetKey(["tiktok_ops", "webhook_comparison"])
_DESCRIPTION = """\
What polling and webhooks each missed, by day (UTC) and shop: changes that no event
announced, events for nothing, and how long events took. Under **Metadata**, *picture*
shows the last 30 days. In a terminal: `tiktok-pipelines webhooks compare`.
"""
_PROMISES = {
    "changes_are_announced": "Of the last full day's changes of orders, cancellations"
    " and returns at least 95 in 100 were announced by an event, in each shop that gets"
    " any. Warns: polling found the others, so nothing is lost, but late.",
    "webhooks_are_taken": "No event of the last day was given up, and webhooks are not"
    " all refused. Warns, and names what to do.",
    "consents_last": "TikTok warned of no seller's authorisation that ends. Warns with"
    " the date.",
}
SPECS = [
    dg.AssetCheckSpec(name, asset=COMPARISON, description=promise)
    for name, promise in _PROMISES.items()
]


@dg.asset(
    key=COMPARISON,
    group_name="operations",
    description=_DESCRIPTION,
    kinds=KINDS,
    owners=OWNERS,
    check_specs=SPECS,
    metadata=table_metadata("tiktok_ops.webhook_comparison"),
)
def webhook_comparison(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Compare the last two days again, and draw a month."""
    from tiktok_pipelines.defs.webhook_report import report

    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        yield report(pipeline)


compare_webhooks = dg.define_asset_job(
    "compare_webhooks",
    selection=dg.AssetSelection.assets(COMPARISON),
    description="Compares what polling and webhooks found, daily.",
)
compare_schedule = dg.ScheduleDefinition(
    name="compare_webhooks_schedule",
    job=compare_webhooks,
    cron_schedule="20 2 * * *",
    execution_timezone="UTC",
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Compares yesterday's changes with the events that announced them.",
)
