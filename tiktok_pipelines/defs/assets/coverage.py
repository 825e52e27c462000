"""The coverage: what of which shop is in the tables, as a picture."""

from typing import Any

import dagster as dg

from tiktok_pipelines.defs.check_specs import ORDERS
from tiktok_pipelines.defs.describe import KINDS, OWNERS, table_metadata
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.resources import TikTokShopResource

COVERAGE = dg.AssetKey(["tiktok_ops", "coverage"])
CHECK = "no_day_missing"
_DESCRIPTION = """\
What of which shop is in the tables. Below, under **Metadata**, *glance* shows the last
60 days of the orders and *picture*, on a click, all of them with names, dates and
remedies; below them every other subject: days, of what is pulled by windows (packages,
returns, statements, …), and the last closed reading with its age, of what is read whole
or by id (products, warehouses, …). *subjects_red* counts what is red of these.

| colour | a day of a shop (UTC, by order creation) |
|---|---|
| green | closed: counted after it was over, and all there |
| pale green | synced: all there, as the syncs read every change; not counted by day |
| amber | late, being loaded, or closed with a difference that is explained |
| red, with a dot | missing, or open: its partition is named below, with the command |
| grey | not asked for: before the first sync reached and never backfilled |

*streams* tells of each shop how long ago orders and every other subject were synced,
and of what is not fresh the class of the reason: token, limit, failed or late.

Drawn from the ledger `tiktok_ops.sync_windows`, anew with each backfill and, hourly,
with a sync; materialize it to see this moment. In a terminal:
`tiktok-pipelines coverage`, `--subject NAME` for one of them.
"""


@dg.asset(
    key=COVERAGE,
    group_name="operations",
    description=_DESCRIPTION,
    deps=[ORDERS],
    kinds=KINDS,
    owners=OWNERS,
    metadata=table_metadata("tiktok_ops.sync_windows"),
)
def coverage(
    context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
) -> dg.MaterializeResult[Any]:
    """Read the ledger and draw it."""
    from tiktok_pipelines.defs.coverage_report import figures, read, read_others

    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        shown = figures(read(pipeline), read_others(pipeline))
        return dg.MaterializeResult(metadata=shown)


@dg.asset_check(
    asset=COVERAGE,
    name=CHECK,
    description="Every day that is due is in the tables, in every enabled shop. Warns"
    " while a day is red, and names what to backfill.",
)
def no_day_missing(
    context: dg.AssetCheckExecutionContext, tiktok_shop: TikTokShopResource
) -> dg.AssetCheckResult:
    """Read the ledger and count what is red."""
    from tiktok_pipelines.defs.coverage_report import read, verdict

    with dagster_failures(), tiktok_shop.open(context.run.run_id) as pipeline:
        return verdict(read(pipeline))
