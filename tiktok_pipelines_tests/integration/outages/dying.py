"""Ways for a database to die, and loads beside which it happens."""

import asyncio
import os
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import psycopg
from starlette.responses import Response

from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.ingest.cursors import read_cursor
from tiktok_pipelines.ingest.order_runs import Report
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import NOW
from tiktok_pipelines_tests.integration.ingest.answers import SEARCH
from tiktok_pipelines_tests.integration.ingest.compared import (
    customers_counted,
    lines_by_column,
    order_keys,
    orders_by_column,
    orders_given_back,
    truth_of,
)
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows, scalar

DAYS = [(NOW - timedelta(days=number)).date() for number in range(3)]


@dataclass(slots=True)
class AtSearch:
    """Lets something happen once, while TikTok answers the n-th search."""

    number: int
    happens: Callable[[], object]
    searches: list[str] = field(default_factory=list[str])

    async def around(self, visit: Visit, answer: Answer) -> Response:
        if visit.path == SEARCH:
            self.searches.append(visit.shop_id)
            if len(self.searches) == self.number:
                await asyncio.to_thread(self.happens)
        return answer()


def stop(server: EmbeddedServer) -> None:
    """As ``db stop`` does."""
    server.stop()


def stop_at_once(server: EmbeddedServer) -> None:
    """An immediate shutdown: recovers when it is started again."""
    signal_server(server, signal.SIGQUIT)


def kill(server: EmbeddedServer) -> None:
    signal_server(server, signal.SIGKILL)


def signal_server(server: EmbeddedServer, number: int) -> None:
    pid = server.status().pid
    assert pid is not None
    os.kill(pid, number)
    while server.status().is_running:
        threading.Event().wait(0.02)


def kill_child(server: EmbeddedServer) -> None:
    """The server ends all sessions when one was killed, and recovers by itself."""
    with psycopg.connect(server.dsn("postgres")) as connection:
        row = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = 'tiktok'"
        ).fetchone()
    assert row is not None
    os.kill(row[0], signal.SIGKILL)


def backfill(pipeline: Pipeline, simulator: Simulator, run_id: str = "run") -> Report:
    days = {shop.id: DAYS for shop in simulator.shops}
    return runs_of(pipeline, run_id).backfill(days)


def sync(pipeline: Pipeline, simulator: Simulator, run_id: str = "run") -> Report:
    shops = [shop.id for shop in simulator.shops]
    return runs_of(pipeline, run_id).sync(shops, first_sync_days=4)


LOADS = {"backfill": backfill, "sync": sync}


def assert_nothing_is_half_written(pipeline: Pipeline) -> None:
    """Every order has its lines, its history and the page it is from."""
    bare = scalar(
        pipeline.database,
        """SELECT count(*) FROM tiktok.orders AS o WHERE NOT EXISTS (
               SELECT 1 FROM tiktok.order_lines AS l WHERE l.order_id = o.order_id)
           OR NOT EXISTS (SELECT 1 FROM tiktok.order_status_history AS h
               WHERE h.order_id = o.order_id)
           OR NOT EXISTS (SELECT 1 FROM tiktok_raw.pages AS p
               WHERE p.page_id = o.raw_page_id)""",
    )
    assert bare == 0


def watermark(pipeline: Pipeline, simulator: Simulator) -> datetime | None:
    return read_cursor(pipeline.database, simulator.shops[0].id, "orders")


def assert_watermark_is_true(pipeline: Pipeline, simulator: Simulator) -> None:
    """Whatever changed before it is in the table."""
    reached = watermark(pipeline, simulator)
    told = rows(pipeline.database, "SELECT order_id FROM tiktok.orders")
    there = {row["order_id"] for row in told}
    (orders,) = truth_of(simulator).values()
    missing = {
        order["update_time"] for order in orders.values() if order["id"] not in there
    }
    assert missing
    assert reached is None or reached.timestamp() <= min(missing)


def assert_equals_the_truth(pipeline: Pipeline, simulator: Simulator) -> None:
    database, truth = pipeline.database, truth_of(simulator)
    for compare in (
        order_keys,
        orders_given_back,
        orders_by_column,
        lines_by_column,
        customers_counted,
    ):
        pair = compare(database, truth)
        assert pair.found == pair.expected
