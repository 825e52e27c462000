"""Every table beside those of orders: an asset by shop, made from ``subjects.py``."""

from collections.abc import Iterator, Sequence
from typing import Any

import dagster as dg

from tiktok_pipelines.defs.check_specs import subject_specs
from tiktok_pipelines.defs.describe import table_spec
from tiktok_pipelines.defs.failures import RETRIES
from tiktok_pipelines.defs.partitions import tiktok_shops
from tiktok_pipelines.defs.resources import TikTokShopResource
from tiktok_pipelines.subjects import SYNCS, SubjectFacts, Sync, subjects_of

_HOW = """\
{how}

A partition is a shop. Materializing it pulls all there is since `TIKTOK_START_DATE`,
in its present state, and fills the tables of every subject of which one is chosen; it
turns green only if TikTok's count, where it gives one, the records fetched and the rows
agree. Otherwise the job `{job}` brings what changes, {every}.
"""


def _specs(sync: Sync, subject: SubjectFacts) -> Iterator[dg.AssetSpec]:
    how = _HOW.format(how=subject.how, job=sync.job, every=sync.every)
    for table in subject.tables:
        yield table_spec(table, sync.name, tiktok_shops, how)


def _asset(sync: Sync) -> dg.AssetsDefinition:
    """The tables of a sync: one load, of which any table can be selected alone."""
    subjects = subjects_of(sync.name)

    @dg.multi_asset(
        name=sync.name,
        specs=[spec for subject in subjects for spec in _specs(sync, subject)],
        check_specs=[spec for subject in subjects for spec in subject_specs(subject)],
        can_subset=True,
        backfill_policy=dg.BackfillPolicy.single_run(),
        retry_policy=RETRIES,
    )
    def load(
        context: dg.AssetExecutionContext, tiktok_shop: TikTokShopResource
    ) -> Iterator[Any]:
        from tiktok_pipelines.defs.subject_loads import load_shops

        yield from load_shops(context, tiktok_shop, sync)

    return load


SUBJECT_ASSETS: Sequence[dg.AssetsDefinition] = [
    _asset(sync) for sync in SYNCS if subjects_of(sync.name)
]
"""One for each sync that has subjects."""
