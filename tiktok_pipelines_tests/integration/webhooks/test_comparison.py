"""Polling and webhooks compared: what each of them missed."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from tiktok_pipelines.ingest.webhook_compare import compare_day, comparisons
from tiktok_pipelines_tests.integration.ingest.stored import scalar
from tiktok_pipelines_tests.integration.webhooks.conftest import World
from tiktok_pipelines_tests.integration.webhooks.syncs import (
    first_sync,
    first_sync_of,
)

DAY = timedelta(days=1)


def test_the_comparison_tells_what_polling_and_webhooks_each_missed(
    announced: World,
) -> None:
    first_sync(announced)
    announced.live_on(hours=6)
    announced.settle_all()
    postman = announced.simulator.postman
    postman.set_address("")
    announced.simulator.clock.advance(timedelta(hours=5))
    first_sync(announced)
    shop_id = announced.shop_ids[0]
    announced.receiver.send(
        1, shop_id, order_id="580000000000000001", order_status="DELIVERED"
    )
    announced.settle_all()
    now = announced.pipeline.clock.now()

    compare_day(announced.database, now.date(), now)

    told = [
        row
        for row in comparisons(announced.database, now.date())
        if row.subject == "orders"
    ]
    found = {row.shop_id: row for row in told}
    assert found.keys() == set(announced.shop_ids)
    assert all(row.announced > 0 for row in told)
    assert all(row.unannounced > 0 for row in told)
    assert found[shop_id].for_nothing == 1
    assert found[shop_id].examples["for_nothing"] == ["580000000000000001"]
    assert sum(row.for_nothing for row in told) == 1


def compared(world: World, subject: str, day: date) -> Sequence[int]:
    """Changes of all shops, those announced, and events for nothing."""
    compare_day(world.database, day, world.pipeline.clock.now())
    rows = [
        row
        for row in comparisons(world.database, day)
        if (row.day, row.subject) == (day, subject)
    ]
    counts = [(row.changes, row.announced, row.for_nothing) for row in rows]
    return [sum(column) for column in zip(*counts, strict=True)]


@pytest.mark.parametrize(
    ("subject", "sync"), [("products", "products"), ("packages", "fulfillment")]
)
def test_products_and_packages_are_compared_too(
    announced: World, subject: str, sync: str
) -> None:
    first_sync_of(announced, sync)
    today = announced.pipeline.clock.now().date()
    announced.live_on(hours=12)
    announced.settle_all()
    announced.simulator.postman.set_address("")
    announced.simulator.clock.advance(timedelta(days=2))
    first_sync_of(announced, sync)

    _, told, idle = compared(announced, subject, today)
    later_changes, later_told, _ = compared(announced, subject, today + DAY)

    assert (told > 0, idle) == (True, 0)
    assert (later_changes > 0, later_told) == (True, 0)


def test_packages_that_nothing_announces_are_not_compared(world: World) -> None:
    first_sync_of(world, "fulfillment")
    yesterday = world.pipeline.clock.now().date() - DAY

    changes, _, _ = compared(world, "packages", yesterday)

    made = "SELECT count(*) FROM tiktok.packages WHERE CAST(created_at AS date) = :day"
    assert 0 < changes < scalar(world.database, made, day=yesterday)
