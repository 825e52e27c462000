"""What TikTok sends otherwise than documented, or not well, as Dagster tells it."""

from datetime import timedelta
from typing import cast

import dagster as dg

from tiktok_pipelines.ingest.health import open_syncs
from tiktok_pipelines.ingest.quarantine import list_bad
from tiktok_pipelines.ingest.quarantine_replay import ask_again
from tiktok_pipelines.simulator.simulator import Visit, answer_plainly
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.dagster.world import World, checks, key_of, why
from tiktok_pipelines_tests.integration.ingest.answers import Json, changing
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.spoiled import spoiling
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar

DAY = "2026-01-07"


def with_tier(received: Json) -> Json:
    return received | {"tier": "gold"}


def is_spoiled(received: Json) -> bool:
    return int(received["id"]) % 5 == 0


def every_fifth_nameless(received: Json) -> Json:
    return received | {"id": ""} if is_spoiled(received) else received


def test_new_drift_warns_in_words_and_fails_nothing(world: World) -> None:
    world.simulator.around = spoiling(with_tier)

    result = world.materialize(key_of(world.shop_ids[0], DAY))

    check = checks(result)["no_new_drift"]
    example = scalar(world.database, "SELECT min(example) FROM tiktok_ops.api_drift")
    assert result.success
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert check.metadata["named"].value == (
        "- TikTok sends a field we do not know: order.tier"
        f" (since 2026-01-10 12:00 UTC, e.g. order {example})"
    )
    assert "tiktok-pipelines drift list" in str(check.description)


def test_drift_is_new_for_a_day_even_while_it_goes_on(world: World) -> None:
    world.simulator.around = spoiling(with_tier)
    first, second = (key_of(shop_id, DAY) for shop_id in world.shop_ids[:2])
    world.materialize(first)
    world.simulator.clock.advance(timedelta(hours=25))

    check = checks(world.materialize(second))["no_new_drift"]

    assert check.passed
    assert count(world.database, "tiktok_ops.api_drift") == 2


def test_good_answers_are_no_drift(world: World) -> None:
    result = world.sync()

    assert result.success
    assert checks(result)["no_new_drift"].passed


def test_a_sync_that_meets_a_bad_record_finishes_then_fails_and_names_it(
    world: World,
) -> None:
    world.simulator.around = spoiling(every_fifth_nameless)

    result = world.sync()

    bad = list_bad(world.database)
    told = why(result)
    assert not result.success
    assert {entry.shop_id for entry in bad} == set(world.shop_ids)
    assert "the order has no id" in told
    assert "tiktok_ops.quarantine_records" in told
    assert world.retried == [False]
    landed = rows(world.database, "SELECT order_id FROM tiktok.orders")
    assert {row["order_id"] for row in landed} == {
        one["id"]
        for shop_id in world.shop_ids
        for one in cast("list[Json]", world.simulator.truth(shop_id))
        if not is_spoiled(one) and one["update_time"] < NOW.timestamp() - 60
    }


def test_a_later_sync_that_meets_it_again_only_warns(world: World) -> None:
    world.simulator.around = spoiling(every_fifth_nameless)
    world.sync()
    world.simulator.clock.advance(timedelta(minutes=1))

    again = world.sync()

    check = checks(again)["no_new_quarantine"]
    assert again.success
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert "the order has no id" in str(check.metadata["named"].value)
    assert "tiktok-pipelines quarantine list" in str(check.description)


def test_a_bad_record_that_was_replayed_warns_no_more(world: World) -> None:
    world.simulator.around = spoiling(every_fifth_nameless)
    key = key_of(world.shop_ids[0], DAY)
    world.materialize(key)
    world.simulator.around = answer_plainly
    world.simulator.clock.advance(timedelta(minutes=1))

    ask_again(
        runs_of(world.pipeline, "replay"),
        list_bad(world.database),
        world.pipeline.clock,
    )

    result = world.materialize(key)
    assert result.success
    assert checks(result)["no_new_quarantine"].passed


def test_a_window_pulled_again_does_not_hide_that_the_sync_is_behind(
    world: World,
) -> None:
    shop_id = world.shop_ids[0]
    world.simulator.around = spoiling(every_fifth_nameless)
    world.sync(shop_id)
    world.simulator.clock.advance(timedelta(hours=1))
    world.simulator.around = changing(overcount)
    world.sync(shop_id)
    behind = open_syncs(world.database)
    world.simulator.around = answer_plainly
    rows(
        world.database,
        "UPDATE tiktok_ops.quarantine_records SET resolved_at = NULL RETURNING 1",
    )

    ask_again(
        runs_of(world.pipeline, "replay"),
        list_bad(world.database),
        world.pipeline.clock,
    )

    assert [shop for shop, _ in behind] == [shop_id]
    assert open_syncs(world.database) == behind
    world.simulator.clock.advance(timedelta(minutes=1))
    assert checks(world.sync(shop_id))["complete"].passed


def overcount(_: Visit, data: Json) -> None:
    data["total_count"] += 1
