"""The views for people: ``tiktok_mart``, an asset each, from the files of the views."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.describe import OWNERS, asset_key, table_metadata
from tiktok_pipelines.defs.failures import dagster_failures
from tiktok_pipelines.defs.resources import TokenStoreResource
from tiktok_pipelines.storage.catalog import ORDER_TABLES, facts_of
from tiktok_pipelines.storage.marts.views import View, views
from tiktok_pipelines.subjects import SUBJECTS

KINDS = {"postgres", "sql", "view"}
_HOW = """\
A view: it is worked out when it is asked, and as fresh as the tables that it reads.
Nothing has to be materialized; materializing it makes it as its file has it, if it is
not, and sees that it answers. `tiktok-pipelines db upgrade` does the same for all.
"""

_ASSETS = {
    *ORDER_TABLES,
    *(table for subject in SUBJECTS for table in subject.tables),
    *views(),
}
"""What a view reads and has an asset; what is the pipeline's own has none."""


def _spec(view: View) -> dg.AssetSpec:
    told = "\n\n".join(facts_of(view.name).comment.split("\n"))
    return dg.AssetSpec(
        asset_key(view.name),
        group_name="marts",
        description=f"{told}\n\n{_HOW}",
        deps=[asset_key(name) for name in sorted(view.reads & _ASSETS)],
        kinds=KINDS,
        owners=OWNERS,
        skippable=True,
        metadata={
            **table_metadata(view.name),
            "query": dg.MetadataValue.md(f"```sql\n{view.query}\n```"),
        },
    )


@dg.multi_asset(
    name="marts", specs=[_spec(view) for view in views().values()], can_subset=True
)
def marts(
    context: dg.AssetExecutionContext, token_store: TokenStoreResource
) -> Iterator[dg.MaterializeResult[Any]]:
    """Views as their files have them."""
    from tiktok_pipelines.ingest.marts import renew_views

    chosen = {".".join(key.path): key for key in context.selected_asset_keys}
    with dagster_failures(), token_store.open() as store:
        renewed = renew_views(store.database, list(chosen))
    for name, key in chosen.items():
        yield dg.MaterializeResult(
            asset_key=key, metadata={"made anew": name in renewed}
        )
