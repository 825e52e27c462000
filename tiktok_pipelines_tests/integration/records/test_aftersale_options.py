"""What may be answered to requests, and asked for orders: not asked for too often."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tiktok_pipelines.simulator import Fault
from tiktok_pipelines.simulator.paths import (
    ELIGIBILITY,
    OLD_ELIGIBILITY,
    REJECT_REASONS,
)
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar
from tiktok_pipelines_tests.integration.records.stories import World, world
from tiktok_pipelines_tests.integration.records.test_finance import (
    CONFIG,
    DAY,
    gb,
    sync,
)

HELD = "SELECT count(*) FROM tiktok.reject_reasons WHERE shop_id = :shop_id"


@pytest.fixture
def shops(database_url: str, tmp_path: Path) -> Iterator[World]:
    """Shops of which only orders, cancellations and returns were read yet."""
    with world(database_url, tmp_path, CONFIG) as opened:
        opened.sync_orders()
        sync(opened, "cancellations", "returns")
        yield opened


def calls_of(world: World, path: str) -> int:
    """How often a call was made, for the shop in Britain."""
    calls = world.simulator.calls
    return sum(
        count
        for (_, called, shop_id), count in calls.items()
        if called == path and shop_id == gb(world)
    )


def ask_again(world: World) -> int:
    """Sync all that eligibility follows from, then it; how many orders were asked."""
    before = calls_of(world, ELIGIBILITY)
    world.sync_orders()
    sync(world, "cancellations", "returns", "aftersale_eligibilities")
    return calls_of(world, ELIGIBILITY) - before


def types_of_requests(world: World) -> int:
    found = rows(
        world.pipeline.database,
        "SELECT DISTINCT 'return' AS kind, type FROM tiktok.returns"
        " WHERE shop_id = :shop_id UNION"
        " SELECT DISTINCT 'cancellation', type FROM tiktok.cancellations"
        " WHERE shop_id = :shop_id",
        shop_id=gb(world),
    )
    return len(found)


def test_a_few_requests_of_each_type_are_asked_for_their_reject_reasons(
    shops: World,
) -> None:
    sync(shops, "reject_reasons")

    types = types_of_requests(shops)
    assert types > 2
    assert types <= calls_of(shops, REJECT_REASONS) <= 3 * types
    assert scalar(shops.pipeline.database, HELD, shop_id=gb(shops)) == 6


def test_reject_reasons_are_asked_for_once_a_day(shops: World) -> None:
    sync(shops, "reject_reasons")
    asked = calls_of(shops, REJECT_REASONS)
    shops.simulator.clock.advance(DAY / 2)

    sync(shops, "reject_reasons")

    assert calls_of(shops, REJECT_REASONS) == asked
    shops.simulator.clock.advance(DAY / 2)
    sync(shops, "reject_reasons")
    assert calls_of(shops, REJECT_REASONS) > asked


def test_refusals_that_tell_a_state_fail_nothing(shops: World) -> None:
    shops.simulator.faults.add(Fault("error_code", path=REJECT_REASONS, code=25011007))

    sync(shops, "reject_reasons")

    (told,) = rows(
        shops.pipeline.database,
        "SELECT verdict, note FROM tiktok_ops.sync_windows"
        " WHERE stream = 'reject_reasons' AND shop_id = :shop_id",
        shop_id=gb(shops),
    )
    assert told["verdict"] == "closed"
    assert "of them did not come" in told["note"]


def test_a_refusal_that_may_mean_the_call_itself_is_a_failure(shops: World) -> None:
    shops.simulator.faults.add(Fault("error_code", path=REJECT_REASONS, code=25001001))

    with pytest.raises(AssertionError, match="25001001"):
        sync(shops, "reject_reasons")


OPEN_ORDERS = (
    "SELECT count(*) FROM tiktok.orders WHERE shop_id = :shop_id"
    " AND status NOT IN ('UNPAID', 'CANCELLED', 'COMPLETED')"
)


def test_open_orders_are_asked_about_once(shops: World) -> None:
    asked = ask_again(shops)

    assert asked == scalar(shops.pipeline.database, OPEN_ORDERS, shop_id=gb(shops)) > 5
    assert ask_again(shops) == 0


def test_an_order_is_asked_about_again_when_something_of_it_changed(
    shops: World,
) -> None:
    ask_again(shops)
    shops.simulator.clock.advance(3 * DAY)

    asked_again = ask_again(shops)

    assert asked_again > 2
    finished = rows(
        shops.pipeline.database,
        "SELECT DISTINCT o.status, r.is_eligible FROM tiktok.orders AS o"
        " JOIN tiktok.aftersale_eligibility_requests AS r USING (shop_id, order_id)"
        " WHERE o.status IN ('CANCELLED', 'COMPLETED')",
    )
    assert {row["is_eligible"] for row in finished} == {False}


def test_a_shop_without_202602_is_asked_by_the_older_call(shops: World) -> None:
    shops.simulator.faults.add(Fault("error_code", path=ELIGIBILITY, code=36009014))

    ask_again(shops)

    held = (
        "SELECT count(*) FROM tiktok.aftersale_eligibilities WHERE shop_id = :shop_id"
    )
    told = scalar(shops.pipeline.database, held, shop_id=gb(shops))
    assert told == calls_of(shops, OLD_ELIGIBILITY) > 5
