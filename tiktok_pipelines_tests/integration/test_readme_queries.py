"""The queries of the README run as they are printed, and answer what they say."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import psycopg
import pytest
from psycopg.rows import dict_row

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.simulator import Simulator, SimulatorConfig
from tiktok_pipelines_tests.integration.conftest import LIMITLESS

README = Path(__file__).parents[2] / "README.md"
DAYS = 20
NO_SALE = ("UNPAID", "CANCELLED")
Row = dict[str, Any]


def today() -> datetime:
    """The present, as the queries mean it."""
    return datetime.now(UTC)  # noqa: TID251 - PostgreSQL asks the machine, too


def queries() -> list[str]:
    (block,) = re.findall(r"```sql\n(.*?)```", README.read_text(), flags=re.DOTALL)
    return block.strip().split("\n\n")


@pytest.fixture
def shops_config() -> SimulatorConfig:
    """Orders of the last days, since a query asks for the last thirty."""
    return SimulatorConfig(
        shops=2, orders=80, days=DAYS, now=today(), rate_per_second=LIMITLESS
    )


@pytest.fixture
def answers(pipeline: Pipeline, database_url: str) -> list[list[Row]]:
    """What each query answers when all orders were backfilled."""
    days = [(today() - timedelta(days=back)).date() for back in range(DAYS + 2)]
    shop_ids = [shop.shop_id for shop in pipeline.shops.enabled()]
    runs = OrderRuns(pipeline.shops, "readme", log=lambda _: None)
    runs.backfill(dict.fromkeys(shop_ids, days)).raise_if_failed()
    with psycopg.connect(database_url) as connection:
        cursor = connection.cursor(row_factory=dict_row)
        return [cursor.execute(query.encode()).fetchall() for query in queries()]


def test_the_queries_answer_what_they_say(
    answers: list[list[Row]], simulator: Simulator
) -> None:
    sales, sellers, speed, cancelled, complete = answers
    truth = [order for shop in simulator.shops for order in simulator.truth(shop.id)]
    orders = cast("list[Row]", truth)
    sold = [
        order
        for order in orders
        if order["status"] not in NO_SALE
        and not order["is_sample_order"]
        and not order["is_replacement_order"]
    ]
    reasons = Counter(
        order.get("cancel_reason") for order in orders if order["status"] == "CANCELLED"
    )

    assert sum(row["orders"] for row in sales) == len(sold)
    assert sum(row["gmv"] for row in sales) == sum(
        Decimal(order["payment"]["total_amount"]) for order in sold
    )
    assert sellers[0]["units"] == max(row["units"] for row in sellers)
    assert sum(row["orders"] for row in speed) == sum("rts_time" in o for o in orders)
    assert all(row["to_door"] is None or row["to_door"] > timedelta() for row in speed)
    told = Counter[str | None]()
    for row in cancelled:
        told[row["cancel_reason"]] += row["orders"]
    assert told == reasons
    assert {row["verdict"] for row in complete} == {"closed"}
    assert sum(row["api_total_count"] for row in complete) == len(orders)


def test_there_are_five_queries() -> None:
    assert [query[:6] for query in queries()] == [f"-- {n}. " for n in range(1, 6)]
