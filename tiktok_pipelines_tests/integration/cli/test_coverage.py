"""``coverage``: which days are there, for people and for machines."""

import json
from datetime import date, timedelta

import pytest

from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.ingest.ledgers import (
    put_day,
    put_shop,
    put_sync,
)

SHOP, OTHER = "7490000000000000001", "7490000000000000002"
TODAY = SystemClock().now().date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def local(bare: Commands, database_url: str, database: Database) -> Commands:
    """Two synced shops; of one, a day is open."""
    now = SystemClock().now()
    for shop_id in (SHOP, OTHER):
        put_shop(database, shop_id)
        put_sync(database, shop_id, now - timedelta(days=9), now)
    put_day(database, SHOP, ago(4))
    put_day(database, SHOP, ago(3), "open")
    return Commands({**bare.environment, "TIKTOK_DATABASE_URL": database_url})


def test_people_see_a_sign_for_each_day_and_what_to_backfill(local: Commands) -> None:
    done = local.run("coverage")

    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    (line,) = [each for each in lines if f"Shop {SHOP[:4]}" in each and "x" in each]
    assert "█x▓▓▓" in line
    assert f"{ago(3)}|{SHOP}: 1 day(s) to backfill" in done.stdout
    assert f'"{ago(3)}|{SHOP}...{ago(3)}|{SHOP}"' in done.stdout
    assert sum("100 %" in each for each in lines) == 1


def test_machines_get_runs_of_days_and_the_partitions_that_are_missing(
    local: Commands,
) -> None:
    done = local.run("coverage", "--json", "--shop", SHOP)

    (shop,) = json.loads(done.stdout)
    assert shop["missing"] == [f"{ago(3)}|{SHOP}"]
    assert shop["first_day"] == str(ago(8))
    assert (shop["days_due"], shop["days_complete"]) == (9, 8)
    assert {"state": "open", "first": str(ago(3)), "last": str(ago(3))} in shop["days"]


def test_an_unknown_shop_is_told_with_a_remedy(local: Commands) -> None:
    done = local.run("coverage", "--shop", "7")

    assert done.exit_code == 2
    assert "shops list" in done.stderr


def test_without_shops_the_command_says_how_to_connect_one(
    bare: Commands, database_url: str
) -> None:
    empty = Commands({**bare.environment, "TIKTOK_DATABASE_URL": database_url})

    done = empty.run("coverage")

    assert done.exit_code == 0
    assert "shops connect" in done.stderr
