"""The views on orders as the pipeline loads them, against the simulator's own truth."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines_tests.integration.conftest import LIMITLESS, NOW
from tiktok_pipelines_tests.integration.marts.books import Books, Row

DAYS = 12
NO_SALE = ("UNPAID", "CANCELLED")
Order = dict[str, Any]
Figures = defaultdict[tuple[str, object], Decimal]


@pytest.fixture
def shops_config() -> SimulatorConfig:
    return SimulatorConfig(
        shops=3,
        orders=240,
        days=DAYS,
        now=NOW,
        future_days=0,
        rate_per_second=LIMITLESS,
    )


@pytest.fixture
def loaded(pipeline: Pipeline) -> Pipeline:
    days = [(NOW - timedelta(days=back)).date() for back in range(DAYS + 2)]
    shop_ids = [shop.shop_id for shop in pipeline.shops.enabled()]
    runs = OrderRuns(pipeline.shops, "marts", log=lambda _: None)
    runs.backfill(dict.fromkeys(shop_ids, days)).raise_if_failed()
    return pipeline


def truths(simulator: Simulator) -> Iterator[tuple[str, ZoneInfo, Order]]:
    """Every order that is no sample and no replacement, with its shop's clock."""
    for shop in simulator.shops:
        zone = ZoneInfo(shop.timezone)
        for order in cast("list[Order]", simulator.truth(shop.id)):
            if not order["is_sample_order"] and not order["is_replacement_order"]:
                yield shop.id, zone, order


def local_day(seconds: int, zone: ZoneInfo) -> object:
    return datetime.fromtimestamp(seconds, UTC).astimezone(zone).date()


def figures(rows: list[Row], name: str) -> dict[tuple[str, object], Decimal]:
    return {
        (row["shop_id"], row["local_date"]): Decimal(row[name])
        for row in rows
        if row[name]
    }


def test_the_days_of_shops_are_those_of_the_simulator(
    loaded: Pipeline, simulator: Simulator
) -> None:
    gmv, gross, net, units = (Figures(Decimal) for _ in range(4))
    for shop_id, zone, order in truths(simulator):
        if order.get("paid_time"):
            day = shop_id, local_day(order["paid_time"], zone)
            gmv[day] += Decimal(order["payment"]["total_amount"])
        if order["status"] in NO_SALE:
            continue
        day = shop_id, local_day(order["create_time"], zone)
        for line in order["line_items"]:
            if line["is_gift"] or line["display_status"] == "CANCELLED":
                continue
            price = Decimal(line["original_price"])
            units[day] += 1
            gross[day] += price
            net[day] += price - Decimal(line["seller_discount"])

    rows = list(Books(loaded.database).rows("agg_shop_daily"))

    assert figures(rows, "gmv_platform") == gmv
    assert figures(rows, "units") == units
    assert figures(rows, "gross_sales") == gross
    assert figures(rows, "net_sales") == net
    assert len(gmv) > DAYS


def test_deadlines_are_those_that_the_orders_name(
    loaded: Pipeline, simulator: Simulator
) -> None:
    rows = Books(loaded.database).rows("fct_shipments")

    told = {
        order["id"]: datetime.fromtimestamp(order["rts_sla_time"], UTC)
        for shop in simulator.shops
        for order in cast("list[Order]", simulator.truth(shop.id))
        if "rts_sla_time" in order
    }
    found = {row["order_id"]: row["ready_due_at"] for row in rows}
    named = {order_id: told[order_id] for order_id in found if order_id in told}
    assert len(named) > 50
    assert {order_id: found[order_id] for order_id in named} == named


def test_every_order_is_the_sum_of_its_lines(loaded: Pipeline) -> None:
    rows = Books(loaded.database).rows("rec_money_bridge", "link = 'lines_to_order'")

    assert {row["residual_class"] for row in rows} == {"agrees"}
    assert len(rows) > 200
