"""A run over several shops: who fails, who goes on, what is said."""

from datetime import date, timedelta

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import (
    IncompleteWindow,
    NeedsConsent,
    QuarantinedRecords,
    ShopsFailed,
)
from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Visit
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json, changing
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import count, rows

DAYS = [(NOW - timedelta(days=number)).date() for number in range(6)]


def backfill(pipeline: Pipeline, run_id: str = "run-1") -> Report:
    shops = {shop.shop_id: DAYS for shop in pipeline.shops.enabled()}
    return runs_of(pipeline, run_id).backfill(shops)


def statuses(pipeline: Pipeline) -> dict[str, str]:
    return {shop.shop_id: shop.sync_status for shop in pipeline.shops.all()}


def spoil(data: Json) -> None:
    """Take the id of the first order away."""
    if data.get("orders"):
        data["orders"][0]["id"] = ""


def test_every_shop_is_backfilled(pipeline: Pipeline, simulator: Simulator) -> None:
    report = backfill(pipeline)

    report.raise_if_failed()
    assert len(report.windows) == len(DAYS) * 3
    assert count(pipeline.database, "tiktok.orders") == 120
    assert set(statuses(pipeline).values()) == {"idle"}
    assert simulator.refusals == {}


def test_a_shop_that_fails_does_not_stop_the_others_and_is_named(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    broken, *fine = [shop.id for shop in simulator.shops]

    def lie(visit: Visit, data: Json) -> None:
        data["total_count"] += visit.shop_id == broken

    simulator.around = changing(lie)

    report = runs_of(pipeline).sync([broken, *fine], first_sync_days=5)

    with pytest.raises(ShopsFailed, match=broken) as caught:
        report.raise_if_failed()
    assert [shop_id for shop_id, _ in caught.value.failures] == [broken]
    assert not caught.value.retryable  # three pulls are enough for one run
    assert statuses(pipeline) == {broken: "error", **dict.fromkeys(fine, "idle")}
    assert report.syncs.keys() == set(fine)
    assert pipeline.shops.get(broken).last_error_message


def test_a_shop_that_works_again_is_idle_without_a_message(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = simulator.shops[0].id
    pipeline.shops.set_status(shop_id, "error", error_at=NOW, message="it failed")

    runs_of(pipeline).sync([shop_id], first_sync_days=1).raise_if_failed()

    shop = pipeline.shops.get(shop_id)
    assert (shop.sync_status, shop.last_error_message) == ("idle", None)


def test_days_that_stay_open_fail_the_shop_and_are_named(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    def lie(_: Visit, data: Json) -> None:
        data["total_count"] += 1

    simulator.around = changing(lie)

    report = backfill(pipeline)

    assert {type(error) for _, error in report.failures} == {IncompleteWindow}
    assert "6 day(s) are not complete: 2026-01-05" in str(report.failures[0][1])
    assert count(pipeline.database, "tiktok.orders") == 120


def test_a_retry_of_the_same_run_skips_the_days_it_closed(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    backfill(pipeline)
    before = simulator.calls.total()

    again = backfill(pipeline)

    assert (len(again.resumed), again.windows) == (len(DAYS) * 3, [])
    assert set(again.closed.values()) == {None}
    assert simulator.calls.total() == before


def test_another_run_reads_the_days_again(pipeline: Pipeline) -> None:
    backfill(pipeline)

    again = backfill(pipeline, "run-2")

    assert again.resumed == []
    assert {result.rows_written for _, result in again.windows} == {0}


def test_a_bad_record_fails_the_first_run_and_only_warns_later(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = changing(lambda _, data: spoil(data))

    first, second = backfill(pipeline), backfill(pipeline, "run-2")

    with pytest.raises(QuarantinedRecords, match="the order has no id"):
        first.raise_if_failed()
    second.raise_if_failed()
    spoiled = len({result.window for _, result in first.windows if result.new_bad})
    assert spoiled > 1
    orders = count(pipeline.database, "tiktok.orders")
    assert orders + count(pipeline.database, "tiktok_ops.quarantine_records") == 120


def test_a_bad_record_is_told_in_the_ledger_of_its_closed_window(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = changing(lambda _, data: spoil(data))

    backfill(pipeline)

    found = rows(
        pipeline.database,
        "SELECT verdict, note FROM tiktok_ops.sync_windows WHERE api_total_count > 0",
    )
    assert {row["verdict"] for row in found} == {"closed"}
    assert all("quarantine_records" in row["note"] for row in found)


def test_a_revoked_seller_fails_his_shops_alone(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    revoked, fine = simulator.shops[0], simulator.shops[-1]
    simulator.revoke(revoked.seller_id)

    report = runs_of(pipeline).sync([revoked.id, fine.id], first_sync_days=2)

    assert [shop_id for shop_id, _ in report.failures] == [revoked.id]
    assert isinstance(report.failures[0][1], NeedsConsent)
    assert not report.failures[0][1].retryable
    assert fine.id in report.syncs


def test_a_pull_reads_single_orders(pipeline: Pipeline, simulator: Simulator) -> None:
    shop_id = simulator.shops[0].id
    wanted = str(simulator.truth(shop_id)[0]["id"])

    result = runs_of(pipeline).pull(shop_id, [wanted])

    assert (result.found, result.missing) == (1, ())
    assert result.days == {date(2026, 1, 5)}


def test_every_call_stands_in_the_log_without_a_secret(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    backfill(pipeline)
    simulator.clock.advance(timedelta(seconds=1))

    log = wait_for_log(pipeline, simulator.calls.total())

    assert {row["path"] for row in log} >= {SEARCH, "/api/v2/token/get"}
    assert simulator.config.app_secret not in repr(log)
    assert "sign" not in repr(log)


def wait_for_log(pipeline: Pipeline, calls: int) -> list[dict[str, object]]:
    statement = "SELECT * FROM tiktok_ops.tiktok_api_logs"
    for _ in range(200):
        found = rows(pipeline.database, statement)
        if len(found) >= calls:
            return found
        rows(pipeline.database, "SELECT pg_sleep(0.02)::text")
    raise AssertionError(f"{calls} calls were made, the log knows fewer")
