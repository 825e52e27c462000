"""Days that do not close: what is red, and who names them."""

from datetime import UTC, datetime, timedelta

import dagster as dg
import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Visit, answer_plainly
from tiktok_pipelines_tests.integration.dagster.world import (
    ORDERS,
    World,
    checks,
    key_of,
    materialized,
    why,
)
from tiktok_pipelines_tests.integration.ingest.answers import Json, changing
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

DAY, LIE, LAST = "2026-01-06", "2026-01-07", "2026-01-08"


def lie(simulator: Simulator, shop_id: str, day: str) -> None:
    """Count one order too many wherever all orders of an answer are of that day."""

    def change(visit: Visit, data: Json) -> None:
        orders = data.get("orders", [])
        days = {datetime.fromtimestamp(o["create_time"], UTC).date() for o in orders}
        is_meant = {each.isoformat() for each in days} == {day}
        data["total_count"] += is_meant and visit.shop_id == shop_id

    simulator.around = changing(change)


@pytest.fixture
def lied_to(world: World) -> dg.ExecuteInProcessResult:
    """A run over three days, in whose middle the API counts wrong."""
    shop_id = world.shop_ids[0]
    lie(world.simulator, shop_id, LIE)
    return world.materialize(key_of(shop_id, DAY), key_of(shop_id, LAST))


def test_an_open_day_is_not_green_and_its_neighbours_are(
    world: World, lied_to: dg.ExecuteInProcessResult
) -> None:
    shop_id = world.shop_ids[0]
    neighbours = {key_of(shop_id, DAY), key_of(shop_id, LAST)}

    assert materialized(lied_to).keys() == neighbours
    assert world.green() == neighbours
    assert {
        row["window_start"].date().isoformat(): row["verdict"]
        for row in rows(world.database, "SELECT * FROM tiktok_ops.sync_windows")
    } == {DAY: "closed", LIE: "open", LAST: "closed"}


def test_an_open_day_fails_the_run_which_names_it(
    world: World, lied_to: dg.ExecuteInProcessResult
) -> None:
    assert not lied_to.success
    assert world.shop_ids[0] in why(lied_to)
    assert LIE in why(lied_to)
    assert DAY not in why(lied_to)


def test_an_open_day_fails_the_check_which_names_the_partition(
    world: World, lied_to: dg.ExecuteInProcessResult
) -> None:
    check = checks(lied_to)["complete"]

    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.ERROR
    assert key_of(world.shop_ids[0], LIE) in str(check.metadata["named"].value)
    assert DAY not in str(check.metadata["named"].value)


def test_the_tables_filled_with_an_open_day_are_not_green(
    world: World, lied_to: dg.ExecuteInProcessResult
) -> None:
    assert not lied_to.success
    assert key_of(world.shop_ids[0], LIE) not in world.green("order_lines")


@pytest.mark.usefixtures("lied_to")
def test_a_later_good_pull_turns_the_day_green(world: World) -> None:
    world.simulator.around = answer_plainly
    world.simulator.clock.advance(timedelta(minutes=1))
    key = key_of(world.shop_ids[0], LIE)

    again = world.materialize(key)

    assert again.success
    assert key in world.green()
    assert checks(again)["complete"].passed


def test_the_checks_alone_can_be_asked_and_pull_nothing(
    world: World, lied_to: dg.ExecuteInProcessResult
) -> None:
    assert not lied_to.success
    before = world.simulator.calls.total()
    only = dg.AssetSelection.checks_for_assets(ORDERS)
    job = dg.define_asset_job("ask", only)  # pyright: ignore[reportUnknownMemberType] - Dagster types it in part

    asked = dg.Definitions.merge(world.definitions(), dg.Definitions(jobs=[job]))
    result = asked.resolve_job_def("ask").execute_in_process(instance=world.instance)

    assert not checks(result)["complete"].passed
    assert world.simulator.calls.total() == before


def test_a_failed_run_of_the_orders_alone_still_tells_what_it_closed(
    world: World,
) -> None:
    shop_id = world.shop_ids[0]
    lie(world.simulator, shop_id, LIE)

    result = world.materialize(
        key_of(shop_id, LIE), key_of(shop_id, LAST), tables=["orders"]
    )

    assert not result.success
    assert world.green() == {key_of(shop_id, LAST)}
    assert not checks(result)["complete"].passed


def test_a_failed_run_of_another_table_still_tells_of_the_checks(world: World) -> None:
    shop_id = world.shop_ids[0]
    lie(world.simulator, shop_id, LIE)

    result = world.materialize(key_of(shop_id, LIE), tables=["order_lines"])

    assert not result.success
    assert not checks(result)["complete"].passed


def test_a_revoked_shop_fails_alone_and_is_not_retried(world: World) -> None:
    revoked, fine = world.simulator.shops[0], world.simulator.shops[2]
    world.simulator.revoke(revoked.seller_id)

    result = world.sync(revoked.id, fine.id)

    assert not result.success
    assert revoked.id in why(result)
    assert fine.id not in why(result)
    assert world.retried == [False]
    assert no_retry(result)
    assert count(world.database, "tiktok.orders") == world.simulator.count(fine.id)


def no_retry(result: dg.ExecuteInProcessResult) -> bool:
    return dg.DagsterEventType.STEP_UP_FOR_RETRY not in {
        event.event_type for event in result.all_events
    }


def test_a_backfill_finishes_the_other_shops_and_turns_them_green(world: World) -> None:
    revoked = world.simulator.shops[2]
    world.simulator.revoke(revoked.seller_id)
    first, last = world.shop_ids[0], revoked.id

    result = world.materialize(key_of(first, DAY), key_of(last, DAY))

    assert not result.success
    assert revoked.id in why(result)
    assert no_retry(result)
    assert world.green() == {key_of(shop_id, DAY) for shop_id in world.shop_ids[:2]}


def test_a_revoked_shop_is_in_error_with_the_remedy(world: World) -> None:
    revoked, fine = world.simulator.shops[0], world.simulator.shops[2]
    world.simulator.revoke(revoked.seller_id)

    world.sync(revoked.id, fine.id)

    shop, other = (world.pipeline.shops.get(each.id) for each in (revoked, fine))
    assert (shop.sync_status, other.sync_status) == ("error", "idle")
    assert "shops connect" in str(shop.last_error_message)
    assert other.last_error_message is None


def test_a_revoked_shop_is_late_and_the_check_names_it(world: World) -> None:
    revoked, fine = world.simulator.shops[0], world.simulator.shops[2]
    world.sync()
    world.simulator.revoke(revoked.seller_id)
    world.simulator.clock.advance(timedelta(hours=2))

    check = checks(world.sync(revoked.id, fine.id))["fresh"]

    named = str(check.metadata["named"].value)
    assert (check.passed, check.severity) == (False, dg.AssetCheckSeverity.WARN)
    assert revoked.id in named
    assert fine.id not in named
