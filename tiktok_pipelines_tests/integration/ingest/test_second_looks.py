"""What odd answers hid is asked for again, as soon as answers are good."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from typing import cast

import pytest
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_ids import load_by_id
from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines.simulator.simulator import Answer, Visit, answer_plainly
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH, Json
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import (
    orders_as_received,
    rows,
    scalar,
)

TICK = timedelta(minutes=15)
DETAIL = "/order/202507/orders"
Spoil = Callable[[Json, int], object]


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """One shop that places no new orders."""
    return SimulatorConfig(
        shops=1, orders=60, days=5, now=NOW, future_days=0, rate_per_second=LIMITLESS
    )


@dataclass
class Spoiler:
    """Replaces orders in the answers to some calls; counts the calls."""

    spoil: Spoil
    paths: tuple[str, ...] = (SEARCH, DETAIL)
    calls: dict[str, int] = field(default_factory=dict[str, int])

    async def around(self, visit: Visit, answer: Answer) -> Response:
        response = answer()
        self.calls[visit.path] = self.calls.get(visit.path, 0) + 1
        if visit.path not in self.paths:
            return response
        told = cast("Json", decode(bytes(response.body)))
        orders = told["data"].get("orders", [])
        told["data"]["orders"] = [
            self.spoil(order, number) for number, order in enumerate(orders)
        ]
        return Response(encode(told), media_type="application/json")


def no_status(order: Json, _number: int) -> object:
    """An order whose status is null."""
    return order | {"status": None, "seller_note": None}


def every_fifth_nameless(order: Json, number: int) -> object:
    """Every fifth order has no id."""
    return order if number % 5 else {k: v for k, v in order.items() if k != "id"}


def every_fifth_too_large(order: Json, _number: int) -> object:
    """Every fifth order holds a number that PostgreSQL does not take."""
    huge = {"seller_note": Decimal("1E+140000")}
    return order if int(order["id"]) % 5 else order | huge


def sync(pipeline: Pipeline, simulator: Simulator, run_id: str = "sync") -> Report:
    simulator.clock.advance(TICK)
    while is_busy(simulator):
        simulator.clock.advance(timedelta(minutes=2))
    return runs_of(pipeline, run_id).sync([simulator.shops[0].id], first_sync_days=7)


def is_busy(simulator: Simulator) -> bool:
    """Whether an order changed so lately that a sync leaves it to the next."""
    now = simulator.clock.epoch()
    return max(order["update_time"] for order in truth_of(simulator)) > now - 90


def truth_of(simulator: Simulator) -> list[Json]:
    """Every order of the only shop."""
    return cast("list[Json]", simulator.truth(simulator.shops[0].id))


def differences(pipeline: Pipeline, simulator: Simulator) -> list[str]:
    """Orders that the tables do not hold as they are."""
    shop_id = simulator.shops[0].id
    held = orders_as_received(pipeline.database, shop_id)
    truth = {order["id"]: order for order in truth_of(simulator)}
    buyers = ("recipient_address", "buyer_email", "buyer_message", "buyer_avatar")
    return [
        name
        for name in held.keys() | truth.keys()
        if less(held.get(name, {}), buyers) != less(truth.get(name, {}), buyers)
    ]


def less(order: Json, names: tuple[str, ...]) -> Json:
    return {name: value for name, value in order.items() if name not in names}


def doubted(pipeline: Pipeline) -> int:
    return scalar(pipeline.database, "SELECT count(*) FROM tiktok_ops.rechecks")


@pytest.mark.parametrize(
    "spoil",
    [no_status, every_fifth_nameless, every_fifth_too_large],
    ids=lambda spoil: spoil.__name__,
)
def test_what_odd_answers_hid_is_there_after_one_quiet_sync(
    pipeline: Pipeline, simulator: Simulator, spoil: Spoil
) -> None:
    simulator.around = Spoiler(spoil).around
    sync(pipeline, simulator, "noisy")
    sync(pipeline, simulator, "noisy too")
    hidden = differences(pipeline, simulator)
    simulator.around = answer_plainly

    sync(pipeline, simulator).raise_if_failed()

    assert len(hidden) > 5
    assert differences(pipeline, simulator) == []
    assert doubted(pipeline) == 0
    left = "SELECT count(*) FROM tiktok_ops.quarantine_records"
    assert scalar(pipeline.database, f"{left} WHERE resolved_at IS NULL") == 0


def test_an_order_that_stays_odd_costs_one_call_a_sync(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    spoiler = Spoiler(no_status)
    simulator.around = spoiler.around
    sync(pipeline, simulator)
    spoiler.calls.clear()

    sync(pipeline, simulator)

    assert doubted(pipeline) > 50
    assert spoiler.calls[DETAIL] == 1


def test_a_window_that_stays_bad_is_pulled_in_vain_three_times_at_most(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    spoiler = Spoiler(every_fifth_nameless)
    simulator.around = spoiler.around
    sync(pipeline, simulator)
    spoiler.calls.clear()

    report = sync(pipeline, simulator)

    (result,) = report.syncs.values()
    news = sum(window.pages for window in result.windows)
    assert spoiler.calls[SEARCH] - news <= 3 * 4  # a pull may count again


def test_what_was_odd_five_times_is_asked_for_once_a_day(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = Spoiler(lambda order, _: order | {"seller_note": None}).around
    sync(pipeline, simulator)
    with pipeline.database.begin() as connection:
        connection.exec_driver_sql("UPDATE tiktok_ops.rechecks SET asked_count = 5")
    asked = (
        "SELECT count(*) FROM tiktok_ops.rechecks AS r JOIN tiktok.orders AS o"
        " ON o.order_id = r.record_key WHERE r.asked_count > 5"
        " AND o.status IN ('COMPLETED', 'CANCELLED')"  # open ones are read in any case
    )

    sync(pipeline, simulator)
    lately = scalar(pipeline.database, asked)
    simulator.clock.advance(timedelta(days=1))
    sync(pipeline, simulator)

    assert lately == 0
    assert scalar(pipeline.database, asked) > 0


def test_a_record_of_nothing_in_two_windows_has_both_pulled_again(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = Spoiler(lambda _order, _number: None).around
    sync(pipeline, simulator)
    simulator.around = answer_plainly

    report = sync(pipeline, simulator)

    (result,) = report.syncs.values()
    assert differences(pipeline, simulator) == []
    assert result.rows_written > 0
    assert doubted(pipeline) == 0


def test_a_new_field_is_no_doubt_once_it_has_come_for_a_day(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    simulator.around = Spoiler(lambda order, _: order | {"loyalty": "gold"}).around
    sync(pipeline, simulator)
    with pipeline.database.begin() as connection:
        connection.exec_driver_sql("DELETE FROM tiktok_ops.rechecks")
        connection.exec_driver_sql(
            "UPDATE tiktok_ops.api_drift"
            " SET first_seen_at = first_seen_at - interval '2 days'"
        )
        connection.exec_driver_sql("DELETE FROM tiktok_ops.sync_cursors")

    sync(pipeline, simulator)

    assert doubted(pipeline) == 0


def test_an_id_that_a_nameless_record_may_hide_is_asked_for_again(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    sync(pipeline, simulator)
    shop_id = simulator.shops[0].id
    ids = [order["id"] for order in truth_of(simulator)][:10]
    simulator.around = Spoiler(every_fifth_nameless).around

    result = load_by_id(runs_of(pipeline).load_of(shop_id), ids)

    assert set(result.missing) == {ids[0], ids[5]}
    found = rows(pipeline.database, "SELECT record_key FROM tiktok_ops.rechecks")
    assert {row["record_key"] for row in found} == {ids[0], ids[5]}


def emptied(times: int) -> Callable[[Visit, Answer], Awaitable[Response]]:
    """A door at which the first searches are answered with nothing at all."""
    left = [times]

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path != SEARCH or left[0] == 0:
            return response
        left[0] -= 1
        told = cast("Json", decode(bytes(response.body)))
        told["data"] = dict[str, object]()
        return Response(encode(told), media_type="application/json")

    return around


def test_an_answer_without_anything_is_not_taken_for_an_empty_window(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    day = (NOW - timedelta(days=2)).date()
    simulator.around = emptied(1)

    report = runs_of(pipeline).backfill({simulator.shops[0].id: [day]})

    ((_, result),) = report.windows
    assert result.counts.ids > 0
    assert result.verdict.is_closed
    assert result.attempts == 2


def test_a_window_that_stays_without_anything_is_empty(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    day = (NOW - timedelta(days=2)).date()
    simulator.around = emptied(10**6)

    report = runs_of(pipeline).backfill({simulator.shops[0].id: [day]})

    ((_, result),) = report.windows
    assert (result.counts.api_total, result.verdict.is_closed) == (0, True)
