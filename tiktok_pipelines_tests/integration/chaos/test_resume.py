"""Loads that were killed go on where they were."""

import time
from datetime import timedelta
from pathlib import Path

from tiktok_pipelines.api.endpoints.table import ORDER_DETAIL
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.chaos.lives import Life
from tiktok_pipelines_tests.integration.chaos.worker import BACKFILL, SYNC
from tiktok_pipelines_tests.integration.chaos.world import World, open_world
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH
from tiktok_pipelines_tests.integration.ingest.compared import order_keys, truth_of
from tiktok_pipelines_tests.integration.ingest.stored import rows


def test_a_killed_backfill_skips_the_days_it_closed_and_a_new_run_reads_all_again(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    with open_world(postgres, tmp_path, orders=200) as world:
        world.flow.stand_still()
        days = len(world.days()) * len(world.shop_ids)

        killed = world.start(BACKFILL, "run-1")
        wait_for_closed_days(world, killed, 2)
        assert killed.kill()
        closed = closed_days(world, "run-1")
        first_half = searches(world)
        assert world.start(BACKFILL, "run-1").wait() == "done"
        second_half = searches(world) - first_half

        assert 2 <= len(closed) < days
        assert second_half == days - len(closed)
        assert sorted(closed_days(world, "run-1")) == sorted(set(closed_days(world)))
        assert len(closed_days(world, "run-1")) == days
        truth = order_keys(world.database, truth_of(world.simulator))
        assert truth.differences == []

        assert world.start(BACKFILL, "run-2").wait() == "done"
        assert searches(world) - first_half - second_half == days


def wait_for_closed_days(world: World, life: Life, number: int) -> None:
    while not life.is_over and len(closed_days(world)) < number:
        time.sleep(0.005)


def closed_days(world: World, run_id: str = "run-1") -> list[tuple[object, ...]]:
    """Shop and start of each window that the run closed, as often as it did."""
    found = rows(
        world.database,
        "SELECT shop_id, window_start FROM tiktok_ops.sync_windows"
        " WHERE run_id = :run_id AND verdict = 'closed'",
        run_id=run_id,
    )
    return [tuple(row.values()) for row in found]


def searches(world: World) -> int:
    """How many searches the simulator was asked for."""
    return sum(calls(world, SEARCH).values())


def calls(world: World, path: str) -> dict[str, int]:
    """How often each shop was asked for something."""
    served = world.simulator.calls.items()
    return {shop_id: number for (_, asked, shop_id), number in served if asked == path}


def test_open_orders_are_read_again_a_day_after_a_first_sync_that_was_killed(
    postgres: EmbeddedServer, tmp_path: Path
) -> None:
    with open_world(postgres, tmp_path, orders=100) as world:
        killed = world.start(SYNC)
        world.wait_for_rows([killed], patience_s=60)
        assert killed.kill()
        assert not calls(world, ORDER_DETAIL.path)

        world.flow.jump(timedelta(hours=25))

        assert world.start(SYNC).wait() == "done"
        assert calls(world, ORDER_DETAIL.path)
