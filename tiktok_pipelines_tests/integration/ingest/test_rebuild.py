"""Tables rebuilt from the pages kept equal those they replace, in every column.

One story of several shops is told once; each test works on a copy of what it left.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple

import pytest
from sqlalchemy import make_url

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    NOW,
    Served,
    SimulatorClock,
    administer,
    connect_all,
    environment_of,
    new_database,
)
from tiktok_pipelines_tests.integration.ingest.loads import runs_of
from tiktok_pipelines_tests.integration.ingest.rebuilds import (
    REBUILT,
    SHADOWS,
    change,
    differences,
    held,
    places,
    rebuild,
)
from tiktok_pipelines_tests.integration.ingest.stored import Row, rows, scalar

DAYS = 6
FIRST = (NOW - timedelta(days=DAYS + 1)).date()
LAST = NOW.date() + timedelta(days=1)
DAY = date(2026, 1, 7)
ON_DAY = "created_at >= '2026-01-07T00:00Z' AND created_at < '2026-01-08T00:00Z'"


class Told(NamedTuple):
    """A database in which several shops lived, and their ids."""

    name: str
    shop_ids: Sequence[str]


@pytest.fixture(scope="module")
def told(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Told]:
    config = SimulatorConfig(
        shops=2, orders=50, days=DAYS, now=NOW, rate_per_second=LIMITLESS
    )
    simulator, home = Simulator(config), tmp_path_factory.mktemp("home")
    with serve(simulator) as url, new_database(postgres) as database_url:
        environment = environment_of(Served(simulator, url), database_url, home)
        settings = Settings.from_environment(environment, folder=home)
        tell(simulator, settings)
        ids = [shop.id for shop in simulator.shops]
        yield Told(make_url(database_url).database or "", ids)


def tell(simulator: Simulator, settings: Settings) -> None:
    """A backfill, syncs while the shops live on, and the backfill once more."""
    clock = SimulatorClock(simulator)
    ids = [shop.id for shop in simulator.shops]
    days = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
    with open_pipeline(settings, clock=clock, run_id="story") as pipeline:
        connect_all(pipeline, simulator)
        runs = runs_of(pipeline)
        runs.backfill(dict.fromkeys(ids, days[:-2])).raise_if_failed()
        for hours in (1, 7, 30):
            simulator.clock.advance(timedelta(hours=hours))
            runs.sync(ids, first_sync_days=7).raise_if_failed()
        runs.backfill(dict.fromkeys(ids, days)).raise_if_failed()


@pytest.fixture
def shops(postgres: EmbeddedServer, told: Told) -> Iterator[Database]:
    """A copy of what the story left."""
    administer(postgres, f"CREATE DATABASE retold TEMPLATE {told.name}")
    database = Database(postgres.dsn("retold"))
    yield database
    database.close()
    administer(postgres, "DROP DATABASE retold WITH (FORCE)")


def of_others(tables: dict[str, list[Row]], shop_id: str) -> dict[str, list[Row]]:
    return {
        name: [row for row in found if row["shop_id"] != shop_id]
        for name, found in tables.items()
    }


def test_empty_tables_become_what_they_were_in_every_column(shops: Database) -> None:
    before, recipients = held(shops), places(shops)["order_recipients"]
    change(shops, *(f"DELETE FROM tiktok.{name}" for name in REBUILT))

    report = rebuild(shops)

    assert held(shops) == before
    assert places(shops)["order_recipients"] == recipients
    assert min(map(len, before.values())) > 50
    assert [shop.is_applied for shop in report.shops] == [True] * 2


def test_the_story_changed_rows_again_and_again(shops: Database) -> None:
    before = held(shops)

    pages = {row["raw_page_id"] for row in before["orders"]}
    assert len(pages) > 10
    assert len(before["order_status_history"]) > len(before["orders"]) + 20


def test_tables_that_are_right_are_equal_and_not_rewritten(shops: Database) -> None:
    before = places(shops)

    report = rebuild(shops)

    assert differences(report) == {}
    assert report.is_equal
    assert places(shops) == before
    assert scalar(shops, SHADOWS) == 0


def test_damage_is_put_right_and_nothing_else_is_rewritten(shops: Database) -> None:
    before, where = held(shops), places(shops)
    change(
        shops,
        "UPDATE tiktok.orders SET status = 'LOST', total_amount = total_amount + 1"
        f" WHERE {ON_DAY} AND status <> 'LOST'",
        f"DELETE FROM tiktok.orders WHERE {ON_DAY} AND is_cod",
        "UPDATE tiktok.order_lines SET raw_page_id = NULL WHERE line_number = 2",
        "DELETE FROM tiktok.order_status_history WHERE status = 'DELIVERED'",
        "UPDATE tiktok.customers SET order_count = 99 WHERE order_count > 1",
    )
    damaged = places(shops)

    report = rebuild(shops)

    assert held(shops) == before
    found = differences(report)
    added, removed, changed, moved = found["orders"]
    assert added > 0
    assert changed > 0
    assert (removed, moved) == (0, 0)
    assert found["order_lines"][:3] == (0, 0, 0)
    assert found["order_status_history"][0] > 0
    columns = report.shops[0].differences[0].columns
    assert columns.keys() == {"status", "total_amount"}
    after = places(shops)
    for name, kept in where.items():  # what was not hit stands where it stood
        untouched = [row for row in kept if row in damaged[name]]
        assert [row for row in untouched if row not in after[name]] == []
    assert after["order_recipients"] == where["order_recipients"]


def test_one_shop_is_rebuilt_and_the_others_are_left(
    shops: Database, told: Told
) -> None:
    before = held(shops)
    change(shops, "UPDATE tiktok.orders SET status = 'LOST'")
    damaged = held(shops)

    rebuild(shops, told.shop_ids[1])

    after = held(shops)
    assert of_others(after, told.shop_ids[1]) == of_others(damaged, told.shop_ids[1])
    assert [row for row in after["orders"] if row["shop_id"] == told.shop_ids[1]] == [
        row for row in before["orders"] if row["shop_id"] == told.shop_ids[1]
    ]


def test_days_are_rebuilt_and_the_others_are_left(shops: Database) -> None:
    before = held(shops)
    change(
        shops,
        "UPDATE tiktok.orders SET status = 'LOST'",
        "UPDATE tiktok.order_lines SET sale_price = 0",
        "UPDATE tiktok.order_status_history SET seen_at = seen_at + interval '1 h'",
    )
    damaged = held(shops)

    rebuild(shops, days=CreationDays(DAY, DAY))

    after = held(shops)
    covered = {row["order_id"] for row in before["orders"] if is_on_day(row)}
    assert len(covered) > 5
    for name in ("orders", "order_lines", "order_status_history"):
        assert of_orders(after[name], covered) == of_orders(before[name], covered)
        rest = {row["order_id"] for row in before[name]} - covered
        assert of_orders(after[name], rest) == of_orders(damaged[name], rest)
    assert after["customers"] == before["customers"]


def is_on_day(row: Row) -> bool:
    created_at: datetime = row["created_at"]
    return created_at.astimezone(UTC).date() == DAY


def of_orders(found: Sequence[Row], order_ids: set[str]) -> list[Row]:
    return [row for row in found if row["order_id"] in order_ids]


def test_orders_of_the_days_that_are_missing_come_back_with_their_buyers(
    shops: Database,
) -> None:
    before = held(shops)
    change(
        shops,
        f"DELETE FROM tiktok.customers WHERE buyer_id IN"
        f" (SELECT buyer_id FROM tiktok.orders WHERE {ON_DAY})",
        f"DELETE FROM tiktok.order_lines WHERE order_id IN"
        f" (SELECT order_id FROM tiktok.orders WHERE {ON_DAY})",
        f"DELETE FROM tiktok.orders WHERE {ON_DAY}",
    )

    rebuild(shops, days=CreationDays(DAY, DAY))

    after = held(shops)
    for name in ("orders", "order_lines", "order_status_history", "order_recipients"):
        assert after[name] == before[name]
    assert counted(after["customers"]) == counted(before["customers"])


def counted(customers: Sequence[Row]) -> list[Row]:
    """Customers less where the count comes from: it is the rebuild's own."""
    origin = ("raw_page_id", "synced_at")
    return [
        {name: value for name, value in row.items() if name not in origin}
        for row in customers
    ]


@pytest.mark.parametrize(
    "days",
    [CreationDays(DAY), CreationDays(None, DAY), CreationDays(DAY, DAY)],
    ids=["from", "to", "both"],
)
def test_days_that_are_right_are_equal(shops: Database, days: CreationDays) -> None:
    before = places(shops)

    assert differences(rebuild(shops, days=days)) == {}
    assert places(shops) == before


def test_rows_that_no_page_tells_of_stay_unless_their_removal_is_accepted(
    shops: Database, told: Told
) -> None:
    before = held(shops)
    change(
        shops,
        "INSERT INTO tiktok.orders (shop_id, order_id, synced_at)"
        f" VALUES ('{told.shop_ids[0]}', 'x-1', now())",
        "UPDATE tiktok.orders SET status = 'LOST' WHERE order_id <> 'x-1'",
    )
    damaged = places(shops)

    with pytest.raises(PipelineError, match=r"1 of them stand in no page.*accept-rem"):
        rebuild(shops, told.shop_ids[0]).raise_if_left()
    assert places(shops) == damaged

    rebuild(shops, accepts_removals=True).raise_if_left()
    assert held(shops) == before


def test_a_shop_with_such_rows_does_not_keep_the_others_from_being_rebuilt(
    shops: Database, told: Told
) -> None:
    change(
        shops,
        "INSERT INTO tiktok.orders (shop_id, order_id, synced_at)"
        f" VALUES ('{told.shop_ids[0]}', 'x-1', now())",
        "UPDATE tiktok.orders SET status = 'LOST' WHERE order_id <> 'x-1'",
    )

    report = rebuild(shops)

    lost = rows(shops, "SELECT DISTINCT shop_id FROM tiktok.orders WHERE status='LOST'")
    assert [row["shop_id"] for row in lost] == [told.shop_ids[0]]
    assert {shop.shop_id: shop.is_applied for shop in report.shops} == {
        shop_id: shop_id != told.shop_ids[0] for shop_id in told.shop_ids
    }


def test_a_dry_run_tells_the_differences_and_writes_nothing(shops: Database) -> None:
    change(shops, "UPDATE tiktok.orders SET status = 'LOST'")
    before = places(shops)

    report = rebuild(shops, is_dry_run=True)

    assert places(shops) == before
    assert differences(report).keys() == {"orders"}
    assert scalar(shops, SHADOWS) == 0
    with pytest.raises(PipelineError, match="without --dry-run"):
        report.raise_if_left()
