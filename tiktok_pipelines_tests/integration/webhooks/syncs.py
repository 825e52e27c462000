"""Polling, beside webhooks."""

from datetime import timedelta

from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.ingest.subjects import subjects_of
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.webhooks.conftest import World


def first_sync(world: World) -> None:
    """Read all there is; a sync leaves the last minute to the next."""
    world.simulator.clock.advance(timedelta(minutes=2))
    runs_of(world.pipeline, "first").sync(
        world.shop_ids, first_sync_days=6
    ).raise_if_failed()


def first_sync_of(world: World, *syncs: str) -> None:
    """The same for subjects."""
    settings = world.pipeline.settings
    runs = SubjectRuns(
        world.pipeline.shops,
        "first",
        lambda _: None,
        settings.start_date,
        settings.first_sync_days,
    )
    for sync in syncs:
        runs.sync(world.shop_ids, subjects_of(sync)).raise_if_failed()
