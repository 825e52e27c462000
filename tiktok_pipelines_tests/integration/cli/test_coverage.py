"""``coverage``: which days are there, for people and for machines."""

import json
from datetime import UTC, date, datetime, time, timedelta

import pytest

from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.ingest.ledgers import (
    put_day,
    put_shop,
    put_sync,
    put_watermark,
)

SHOP, OTHER = "7490000000000000001", "7490000000000000002"
TODAY = SystemClock().now().date()


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.fixture
def local(bare: Commands, database_url: str, database: Database) -> Commands:
    """Two synced shops; of one a day is open, and subjects are there in part."""
    now = SystemClock().now()
    for shop_id in (SHOP, OTHER):
        put_shop(database, shop_id)
        put_sync(database, shop_id, now - timedelta(days=9), now)
    put_day(database, SHOP, ago(4))
    put_day(database, SHOP, ago(3), "open")
    yesterday = datetime.combine(ago(1), time(), UTC)
    put_sync(
        database,
        SHOP,
        now - timedelta(days=9),
        yesterday,
        of=("packages", "update_time"),
    )
    put_watermark(database, SHOP, "warehouses", now - timedelta(minutes=25))
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


def test_people_see_every_subject_and_what_pulls_it_again(local: Commands) -> None:
    done = local.run("coverage")

    lines = done.stdout.splitlines()
    assert any(line.startswith("returns ") and "% of days" in line for line in lines)
    assert any(
        line.startswith("warehouses ") and "read whole" in line for line in lines
    )
    assert "the next sync_returns reads it again" in done.stdout
    assert f"--partition {SHOP}" in done.stdout


def test_one_subject_is_shown_by_day(local: Commands) -> None:
    done = local.run("coverage", "--subject", "packages", "--shop", SHOP)

    (line,) = [each for each in done.stdout.splitlines() if f"Shop {SHOP[:4]}" in each]
    assert "▓▓▓▓▓" in line
    assert "x" in line
    assert "--select tiktok/packages" in done.stdout


def test_one_subject_by_day_is_shown_with_what_is_read_again_by_id(
    local: Commands,
) -> None:
    done = local.run("coverage", "--subject", "returns", "--shop", SHOP)
    told = local.run("coverage", "--subject", "returns", "--shop", SHOP, "--json")

    assert any(
        line.startswith("returns open ") and "read by id" in line
        for line in done.stdout.splitlines()
    )
    (shop,) = json.loads(told.stdout)
    (again,) = shop["readings"]
    assert (again["subject"], again["reading"]) == ("returns", "returns_open")


def test_one_subject_that_is_read_whole_is_shown_with_its_age(local: Commands) -> None:
    done = local.run("coverage", "--subject", "warehouses")

    assert "closed: 25 min ago" in done.stdout
    assert "missing: never" in done.stdout
    assert "--select tiktok/warehouses" in done.stdout


def test_what_heads_a_subject_is_told_with_it(local: Commands) -> None:
    done = local.run("coverage", "--subject", "unsettled_totals", "--json")

    told = json.loads(done.stdout)
    assert {each["subject"] for each in told} == {"unsettled_transactions"}
    assert len(told) == 2


def test_what_no_shop_has_is_said_so(local: Commands) -> None:
    done = local.run("coverage", "--subject", "payments")

    assert done.exit_code == 0
    assert "No shop has payments" in done.stderr


def test_machines_get_every_subject_of_a_shop(local: Commands) -> None:
    done = local.run("coverage", "--json", "--shop", SHOP)

    (shop,) = json.loads(done.stdout)
    by_day = {each["subject"]: each for each in shop["subjects"]}
    readings = {each["subject"]: each for each in shop["readings"]}
    assert by_day["packages"]["missing"] == [f"{ago(1)}|{SHOP}"]
    assert "--select tiktok/packages" in by_day["packages"]["commands"][0]
    assert readings["warehouses"]["state"] == "closed"
    assert readings["products"]["state"] == "missing"


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
