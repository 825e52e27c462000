"""A purged shop leaves no row behind, not even through loads that run."""

import threading
from collections.abc import Iterator
from concurrent import futures
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace

import pytest

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.assembly import Pipeline, open_pipeline
from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.cursors import move_cursor
from tiktok_pipelines.ingest.erasure import Subject
from tiktok_pipelines.ingest.ledger import record_window
from tiktok_pipelines.ingest.orders import load_created
from tiktok_pipelines.ingest.privacy_audit import proven_acts
from tiktok_pipelines.ingest.purge import (
    PROOFS,
    plan_purge,
    purge_shop,
    tables_of_shops,
)
from tiktok_pipelines.ingest.purged import refuse_purged
from tiktok_pipelines.ingest.window_pull import OrderSource
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.integration.conftest import SimulatorClock, connect_all
from tiktok_pipelines_tests.integration.ingest.loads import quiet, runs_of
from tiktok_pipelines_tests.integration.ingest.stored import rows, table
from tiktok_pipelines_tests.integration.privacy.world import (
    DAYS,
    backfill,
    erase_now,
    in_every_shop,
)

WINDOWS = [TimeWindow.of_day(day) for day in sorted(DAYS)]
PROVEN = {table.fullname for table in PROOFS}


def purge(pipeline: Pipeline, shop_id: str) -> None:
    done = purge_shop(pipeline.database, shop_id, pipeline.clock, quiet)
    assert set(done.after.values()) == {0}


def left_of(database: Database, shop_id: str) -> dict[str, int]:
    """Rows of the shop by table, found without the purge's own list."""
    names = rows(
        database,
        "SELECT table_schema || '.' || table_name AS name"
        " FROM information_schema.columns"
        " WHERE column_name = 'shop_id' AND table_schema LIKE 'tiktok%'",
    )
    counted = {
        row["name"]: len(
            rows(database, f"SELECT 1 FROM {row['name']} WHERE shop_id = :s", s=shop_id)
        )
        for row in names
    }
    assert "tiktok.orders" in counted
    return {name: left for name, left in counted.items() if left}


@dataclass
class Held:
    """A source that waits before its pages go on to be written."""

    source: OrderSource
    asked: threading.Event = field(default_factory=threading.Event)
    may_go: threading.Event = field(default_factory=threading.Event)

    def pages(self, query: OrderSearch) -> Iterator[Page]:
        for page in self.source.pages(query):
            self.asked.set()
            assert self.may_go.wait(timeout=60)
            yield page

    def detail(self, order_ids: object) -> Iterator[Page]:
        raise NotImplementedError


def test_nothing_of_the_shop_is_left_and_the_others_are_whole(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    first, _, last = [shop.id for shop in simulator.shops]
    for shop_id in (first, last):
        backfill(pipeline, shop_id)
        runs_of(pipeline).sync([shop_id], first_sync_days=30).raise_if_failed()
    before = in_every_shop(database)

    purge(pipeline, first)

    assert left_of(database, first).keys() <= PROVEN
    after = in_every_shop(database)
    assert before[last] <= after[last]


def test_the_tokens_go_with_the_last_shop_of_their_seller(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shops = {shop.shop_id: shop.seller for shop in pipeline.shops.all()}
    first, second, *_ = [shop.id for shop in simulator.shops]
    assert shops[first] == shops[second]

    purge(pipeline, first)
    with_one_left = {row["seller"] for row in table(database, "tiktok_ops.credentials")}
    purge(pipeline, second)

    sellers = {row["seller"] for row in table(database, "tiktok_ops.credentials")}
    assert shops[first] in with_one_left
    assert shops[first] not in sellers
    assert len(sellers) == 1


def test_a_purge_proves_itself(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shop_id = simulator.shops[0].id
    backfill(pipeline, shop_id)
    plan = plan_purge(database, shop_id)

    purge(pipeline, shop_id)

    (act,) = [act for act in proven_acts(database) if act.act == "purge_shop"]
    assert act.shop_id == shop_id
    assert act.rows_before["tiktok.orders"] == plan["tiktok.orders"] > 0
    assert set(act.rows_after.values()) == {0}
    assert act.rows_after.keys() == act.rows_before.keys()
    assert plan_purge(database, shop_id) == {}


def test_every_table_with_a_shop_is_purged_but_the_proofs() -> None:
    found = {
        each.fullname
        for each in tables.metadata.sorted_tables
        if "shop_id" in each.columns
    }

    assert {each.fullname for each in tables_of_shops()} == found - PROVEN
    assert {"tiktok_ops.privacy_audit", "tiktok_ops.erased_subjects"} == PROVEN


def test_a_load_that_runs_fails_and_writes_nothing_more(
    pipeline: Pipeline,
    simulator: Simulator,
    database: Database,
    settings: Settings,
    clock: SimulatorClock,
) -> None:
    shop_id = simulator.shops[0].id
    with open_pipeline(settings, clock=clock, run_id="running") as other:
        load = runs_of(other).load_of(shop_id)
        source = Held(load.source)
        load = replace(load, source=source)
        with ThreadPoolExecutor(1) as pool:
            running = pool.submit(load_created, load, WINDOWS, quiet)
            assert source.asked.wait(timeout=60)
            purge(pipeline, shop_id)
            source.may_go.set()
            with pytest.raises(ConfigurationError, match="was purged while"):
                running.result(timeout=60)

    assert left_of(database, shop_id).keys() == {"tiktok_ops.privacy_audit"}


def test_neither_the_ledger_nor_a_watermark_comes_back(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    load = runs_of(pipeline).load_of(simulator.shops[0].id)
    target, now = load.target, load.clock.now()
    (result,) = load_created(load, WINDOWS[-1:], quiet)
    purge(pipeline, target.shop_id)

    with pytest.raises(ConfigurationError, match="was purged while"):
        record_window(database, target, "orders", result)
    with pytest.raises(ConfigurationError, match="was purged while"):
        move_cursor(database, target, "orders", watermark=now, now=now)

    assert left_of(database, target.shop_id).keys() == {"tiktok_ops.privacy_audit"}


def test_a_purge_waits_for_what_is_being_written(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    load = runs_of(pipeline).load_of(simulator.shops[0].id)
    with ThreadPoolExecutor(1) as pool:
        with database.begin() as connection:
            refuse_purged(connection, load.target)
            purging = pool.submit(purge, pipeline, load.target.shop_id)
            early, _ = futures.wait([purging], timeout=0.3)
        purging.result(timeout=60)

    assert not early


def test_a_sync_that_runs_fails_and_names_the_shop(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    shop_id = simulator.shops[0].id
    runs = runs_of(pipeline)
    purge(pipeline, shop_id)

    report = runs.sync([shop_id], first_sync_days=30)

    assert [name for name, _ in report.failures] == [shop_id]


def test_a_shop_that_is_connected_again_is_loaded_as_new(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shop_id = simulator.shops[0].id
    backfill(pipeline, shop_id)
    before = left_of(database, shop_id)["tiktok.orders"]
    purge(pipeline, shop_id)

    connect_all(pipeline, simulator)
    backfill(pipeline, shop_id, "run-2")

    assert left_of(database, shop_id)["tiktok.orders"] == before


def test_who_was_erased_stays_erased_in_a_shop_that_returns(
    pipeline: Pipeline, simulator: Simulator, database: Database
) -> None:
    shop_id = simulator.shops[0].id
    backfill(pipeline, shop_id)
    erased = table(database, "tiktok.order_recipients")[0]["order_id"]
    erase_now(pipeline, Subject("order", erased, shop_id))
    purge(pipeline, shop_id)

    connect_all(pipeline, simulator)
    backfill(pipeline, shop_id, "run-2")

    held = {row["order_id"] for row in table(database, "tiktok.order_recipients")}
    assert held
    assert erased not in held
