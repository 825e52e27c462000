"""Old snapshots of stock are thinned: of each day the last one stays."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from tiktok_pipelines.ingest.stock_thinning import thin_snapshots
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.ingest.stored import rows

SHOP, OTHER = "7400000000000000001", "7400000000000000002"
NOW = datetime(2026, 3, 15, 10, 30, tzinfo=UTC)
TODAY = datetime(2026, 3, 15, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def shops(database: Database) -> None:
    """Two shops with the usual policy."""
    run(
        database,
        "INSERT INTO tiktok_ops.sync_schedules (shop_id, sync, interval_minutes)"
        " VALUES (:one, 'inventory', 60), (:other, 'inventory', 60)",
        one=SHOP,
        other=OTHER,
    )


def run(database: Database, statement: str, **told: object) -> None:
    with database.begin() as connection:
        connection.execute(text(statement), told)


def snapshot(database: Database, *moments: datetime, sku: str = "1") -> None:
    for shop_id in (SHOP, OTHER):
        for moment in moments:
            run(
                database,
                "INSERT INTO tiktok.inventory_snapshots (shop_id, sku_id, warehouse_id,"
                " snapshot_at, seen_at, synced_at) VALUES (:shop_id, :sku, '9', :at,"
                " :at, :at)",
                shop_id=shop_id,
                sku=sku,
                at=moment,
            )


def keep_hourly(database: Database, days: str) -> None:
    run(
        database,
        "UPDATE tiktok_ops.sync_schedules SET settings = CAST(:told AS jsonb)"
        " WHERE shop_id = :shop_id",
        shop_id=SHOP,
        told=f'{{"keep_hourly_days": {days}}}',
    )


def left(database: Database, shop_id: str = SHOP) -> list[tuple[str, datetime]]:
    found = rows(
        database,
        "SELECT sku_id, snapshot_at FROM tiktok.inventory_snapshots"
        " WHERE shop_id = :shop_id ORDER BY 1, 2",
        shop_id=shop_id,
    )
    return [(row["sku_id"], row["snapshot_at"]) for row in found]


def test_of_an_old_day_the_last_snapshot_stays(database: Database) -> None:
    old = TODAY - 40 * DAY
    snapshot(database, old, old + 5 * HOUR, old + 23 * HOUR, old + DAY)

    removed = thin_snapshots(database, NOW)

    assert removed == 4  # two of each shop
    assert left(database) == [("1", old + 23 * HOUR), ("1", old + DAY)]


def test_days_are_those_of_the_shop(database: Database) -> None:
    """In Kuala Lumpur they begin at 16:00 UTC; of the other shop nothing is known."""
    run(
        database,
        "INSERT INTO tiktok_ops.shops (shop_id, name, region, cipher, seller,"
        " api_version) VALUES (:shop_id, 'One', 'MY', '-', '-', '202309')",
        shop_id=SHOP,
    )
    old, first_kept = TODAY - 40 * DAY, TODAY - 31 * DAY + 16 * HOUR
    ends = [old + 15 * HOUR, old + 23 * HOUR, first_kept, first_kept + HOUR]
    snapshot(database, old, old + 16 * HOUR, *ends)

    thin_snapshots(database, NOW)

    assert left(database) == [("1", moment) for moment in ends]
    assert left(database, OTHER) == [("1", ends[1]), ("1", ends[3])]


def test_within_thirty_days_every_hour_stays(database: Database) -> None:
    kept = [TODAY - 30 * DAY, TODAY - 30 * DAY + HOUR, TODAY, TODAY + HOUR]
    snapshot(database, *kept)

    assert thin_snapshots(database, NOW) == 0
    assert left(database) == [("1", moment) for moment in kept]


def test_the_day_before_these_is_thinned(database: Database) -> None:
    day = TODAY - 31 * DAY
    snapshot(database, day, day + HOUR)

    thin_snapshots(database, NOW)

    assert left(database) == [("1", day + HOUR)]


def test_what_has_no_later_snapshot_on_its_day_stays(database: Database) -> None:
    day = TODAY - 40 * DAY
    snapshot(database, day, day + HOUR)
    snapshot(database, day + HOUR / 2, sku="2")

    thin_snapshots(database, NOW)

    assert left(database) == [("1", day + HOUR), ("2", day + HOUR / 2)]


def test_a_second_time_removes_nothing(database: Database) -> None:
    day = TODAY - 40 * DAY
    snapshot(database, day, day + HOUR)
    thin_snapshots(database, NOW)

    assert thin_snapshots(database, NOW) == 0


def test_the_settings_of_a_shop_say_how_long(database: Database) -> None:
    day = TODAY - 40 * DAY
    snapshot(database, day, day + HOUR)
    keep_hourly(database, "90")

    thin_snapshots(database, NOW)

    assert len(left(database)) == 2
    assert len(left(database, OTHER)) == 1


@pytest.mark.parametrize("told", ['"soon"', "-1", "null", "1.5"])
def test_a_setting_that_is_no_number_of_days_counts_as_not_told(
    database: Database, told: str
) -> None:
    kept = [TODAY - 20 * DAY, TODAY - 20 * DAY + HOUR]
    old = TODAY - 40 * DAY
    snapshot(database, *kept, old, old + HOUR)
    keep_hourly(database, told)

    thin_snapshots(database, NOW)

    assert left(database) == [("1", old + HOUR), *(("1", moment) for moment in kept)]
