"""The asset ``tiktok_ops/coverage`` and its check."""

from datetime import timedelta
from typing import Any

import dagster as dg

from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    checks,
    key_of,
    materialized,
)
from tiktok_pipelines_tests.integration.ingest.stored import count

COVERAGE = dg.AssetKey(["tiktok_ops", "coverage"])
DAY = "2026-01-07"


def drawn(result: dg.ExecuteInProcessResult) -> list[dict[str, Any]]:
    """The coverages that a run has shown."""
    return list(materialized(result, COVERAGE).values())


def materialize(world: World) -> dg.ExecuteInProcessResult:
    """The asset by hand, with its check."""
    job = world.definitions().resolve_implicit_global_asset_job_def()
    return job.execute_in_process(instance=world.instance, asset_selection=[COVERAGE])


def events(result: dg.ExecuteInProcessResult) -> set[str]:
    told = {event.event_type_value for event in result.all_events}
    return told & {
        "ASSET_MATERIALIZATION",
        "ASSET_OBSERVATION",
        "ASSET_CHECK_EVALUATION",
    }


def test_the_asset_shows_a_picture_and_figures(world: World) -> None:
    world.sync()

    (shown,) = drawn(materialize(world))

    assert shown["picture"].startswith("![shop by day](data:image/svg+xml;base64,")
    assert (shown["complete_pct"], shown["days_red"]) == (100, 0)
    assert shown["shops"] == 3
    assert shown["lag_minutes"] == 1


def test_the_asset_tells_of_subjects_that_nobody_has_loaded(world: World) -> None:
    world.sync()

    (shown,) = drawn(materialize(world))

    picture = shown["picture"]
    assert shown["subjects_red"] > 0
    assert "![subject by day](data:image/svg+xml;base64," in picture
    assert "| warehouses, whole | 3 |" in picture
    assert "--select tiktok/cancellations" in picture
    assert f"--partition {min(world.shop_ids)}" in picture


def test_the_check_names_the_days_to_backfill_without_the_picture(world: World) -> None:
    world.materialize(key_of(world.shop_ids[0], DAY))

    check = checks(materialize(world))["no_day_missing"]

    key = key_of(world.shop_ids[0], "2026-01-10")
    assert (check.passed, check.severity.value) == (False, "WARN")
    assert key in str(check.description)
    assert "data:image" not in str(check.description)
    assert "--partition-range" in str(check.metadata["to_backfill"].value)


def test_the_check_can_be_asked_alone(world: World) -> None:
    world.sync()
    only = dg.AssetSelection.checks_for_assets(COVERAGE)
    job = dg.define_asset_job("ask", only)  # pyright: ignore[reportUnknownMemberType] - Dagster types it in part

    asked = dg.Definitions.merge(world.definitions(), dg.Definitions(jobs=[job]))
    result = asked.resolve_job_def("ask").execute_in_process(instance=world.instance)

    assert checks(result)["no_day_missing"].passed
    assert drawn(result) == []


def test_a_backfill_draws_it_anew(world: World) -> None:
    result = world.materialize(key_of(world.shop_ids[0], DAY), tables=["orders"])

    (shown,) = drawn(result)
    assert shown["days_green"] == 1


def test_a_sync_draws_it_when_days_change_their_colour(world: World) -> None:
    first = world.sync(world.shop_ids[0])

    second = world.sync(world.shop_ids[1])

    assert len(drawn(first)) == len(drawn(second)) == 1


def test_a_sync_with_nothing_new_tells_nothing(world: World) -> None:
    world.sync()
    windows = count(world.database, "tiktok_ops.sync_windows")

    again = world.sync()

    assert again.success
    assert count(world.database, "tiktok_ops.sync_windows") > windows
    assert events(again) == set()


def test_after_an_hour_a_sync_with_nothing_new_tells_all_again(world: World) -> None:
    world.sync()
    world.simulator.clock.advance(timedelta(hours=1))

    later = world.sync()

    assert len(drawn(later)) == 1
    assert checks(later).keys() > {"complete", "fresh", "no_day_missing"}


def test_a_sync_with_nothing_new_tells_of_a_check_that_changed(world: World) -> None:
    world.sync()
    world.pipeline.shops.store.set_enabled(world.shop_ids[1], is_enabled=False)
    world.materialize(key_of(world.shop_ids[0], DAY))
    before = world.sync(world.shop_ids[0])
    with world.database.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE tiktok_ops.sync_windows SET verdict = 'open'"
            " WHERE time_field = 'create_time'"
        )

    after = world.sync(world.shop_ids[0])

    assert "complete" not in checks(before)
    assert {name: check.passed for name, check in checks(after).items()} == {
        "complete": False
    }


def test_runs_are_tagged_with_kind_shop_and_trigger(world: World) -> None:
    one = world.materialize(key_of(world.shop_ids[0], DAY), tables=["orders"])
    every = world.sync()

    tags = [
        {name: tag for name, tag in run.tags.items() if name.startswith("tiktok/")}
        for run in map(world.instance.get_run_by_id, (one.run_id, every.run_id))
        if run
    ]
    assert tags == [
        {
            "tiktok/kind": "backfill",
            "tiktok/shop": world.shop_ids[0],
            "tiktok/trigger": "by hand",
        },
        {
            "tiktok/kind": "sync",
            "tiktok/shop": "3 shops",
            "tiktok/trigger": "by hand",
        },
    ]


def test_each_table_tells_its_rows_of_the_day(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.materialize(key_of(shop_id, DAY))

    for table in ("orders", "order_lines", "order_status_history", "order_recipients"):
        (figures,) = materialized(result, dg.AssetKey(["tiktok", table])).values()
        rows = count(world.database, f"tiktok.{table}")
        assert figures["dagster/partition_row_count"] == rows > 0
        assert "preview" in figures


def test_a_sync_tells_its_figures_with_the_days_it_touched(world: World) -> None:
    result = world.sync(world.shop_ids[0])

    (event, *_) = [
        event.asset_observation_data.asset_observation
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.ASSET_OBSERVATION
    ]
    figures: dict[str, Any] = {
        name: value.value for name, value in event.metadata.items()
    }
    assert figures["dagster/partition_row_count"] > 0
    assert figures["sync_rows_written"] > 0
    assert figures["sync_pages"] > 0
    assert figures["sync_lag_s"] == 60
    assert figures["sync_api_calls"] > 0
