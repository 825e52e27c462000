"""The job ``sync_orders``: whom it serves, what it notes of the days it touched."""

from datetime import timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines_tests.integration.dagster.world import (
    World,
    checks,
    key_of,
    materialized,
    observed,
    why,
)
from tiktok_pipelines_tests.integration.ingest.answers import Json, changing
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, scalar

DAY = "2026-01-07"


def orders_by_shop(world: World) -> dict[str, int]:
    statement = "SELECT shop_id, count(*) AS n FROM tiktok.orders GROUP BY 1"
    return {row["shop_id"]: row["n"] for row in rows(world.database, statement)}


def spoil(_: Visit, data: Json) -> None:
    """Take the id of the first order away."""
    if data.get("orders"):
        data["orders"][0]["id"] = ""


def test_without_config_every_enabled_shop_is_served(world: World) -> None:
    disabled, *enabled = world.shop_ids
    world.pipeline.shops.store.set_enabled(disabled, is_enabled=False)

    result = world.sync()

    assert result.success
    assert orders_by_shop(world) == {
        shop_id: world.simulator.count(shop_id) for shop_id in enabled
    }


def test_with_shops_named_only_these_are_served(world: World) -> None:
    named = world.shop_ids[1]

    result = world.sync(named)

    assert result.success
    assert orders_by_shop(world).keys() == {named}


def test_a_sync_observes_what_it_touched_and_turns_nothing_green(world: World) -> None:
    shop_id = world.shop_ids[0]

    result = world.sync(shop_id)

    days = {
        key_of(shop_id, row["day"])
        for row in rows(
            world.database,
            "SELECT DISTINCT (created_at AT TIME ZONE 'UTC')::date AS day"
            " FROM tiktok.orders",
        )
    }
    assert set(observed(result)) == days
    assert len(days) == 6
    assert world.green() == set()


def test_a_sync_materializes_only_the_days_that_the_ledger_closed(
    world: World,
) -> None:
    shop_id = world.shop_ids[0]
    closed = key_of(shop_id, DAY)
    world.materialize(closed)
    world.sync(shop_id)
    world.simulator.clock.advance(timedelta(days=1))

    result = world.sync(shop_id)

    assert materialized(result).keys() == {closed}
    assert closed not in set(observed(result))
    assert len(set(observed(result))) > 2
    assert world.green() == {closed}


def test_a_second_sync_touches_only_what_changed(world: World) -> None:
    world.sync()

    again = world.sync()

    assert again.success
    assert list(observed(again)) == []


def test_a_new_bad_record_fails_the_run_at_its_end_which_names_it(
    world: World,
) -> None:
    world.simulator.around = changing(spoil)
    first, last = world.shop_ids[0], world.shop_ids[-1]

    result = world.materialize(key_of(first, DAY), key_of(last, DAY))

    assert not result.success
    assert "the order has no id" in why(result)
    assert "tiktok_ops.quarantine_records" in why(result)
    assert world.retried == [False]
    assert orders_by_shop(world).keys() == set(world.shop_ids)
    assert world.green() == {key_of(shop_id, DAY) for shop_id in world.shop_ids}


def test_a_bad_record_that_is_known_only_warns(world: World) -> None:
    world.simulator.around = changing(spoil)
    key = key_of(world.shop_ids[0], DAY)
    world.materialize(key)

    second = world.materialize(key)

    check = checks(second)["no_new_quarantine"]
    assert second.success
    assert (check.passed, check.severity.value) == (False, "WARN")
    assert "the order has no id" in str(check.metadata["named"].value)
    assert count(world.database, "tiktok_ops.quarantine_records") == 1


def test_a_sync_evaluates_the_checks_too(world: World) -> None:
    result = world.sync()

    assert {name: check.passed for name, check in checks(result).items()} == {
        "complete": True,
        "fresh": True,
        "no_new_quarantine": True,
        "no_new_drift": True,
        "no_day_missing": True,
    }


def test_refreshing_tokens_replaces_those_that_are_due(
    world: World, pipeline: Pipeline
) -> None:
    statement = "SELECT max(refreshed_at) FROM tiktok_ops.credentials"
    before = scalar(pipeline.database, statement)
    job = world.definitions().resolve_job_def("refresh_tokens")
    job.execute_in_process(instance=world.instance)
    early = scalar(pipeline.database, statement)
    pipeline.clock.sleep(6.5 * 86400)

    result = job.execute_in_process(instance=world.instance)

    assert result.success
    assert early == before
    assert scalar(pipeline.database, statement) > before


def test_a_seller_who_must_consent_fails_the_refresh_which_names_him(
    world: World, pipeline: Pipeline
) -> None:
    seller = world.simulator.sellers[0]
    pipeline.clock.sleep(6.5 * 86400)
    world.simulator.revoke(seller.id)
    job = world.definitions().resolve_job_def("refresh_tokens")

    result = job.execute_in_process(instance=world.instance, raise_on_error=False)

    assert not result.success
    assert seller.open_id in why(result)


@pytest.mark.parametrize("shop_id", ["7000000000000000000", "x|y"])
def test_an_unknown_shop_fails_the_run_with_a_remedy(
    world: World, shop_id: str
) -> None:
    result = world.sync(shop_id)

    assert not result.success
    assert "shops list" in why(result)
