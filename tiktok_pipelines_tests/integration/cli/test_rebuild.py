"""``rebuild orders``: the tables from the kept pages, as a person types it."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.ingest.rebuilds import (
    SHOP,
    change,
    commit,
    held,
    places,
)
from tiktok_pipelines_tests.unit.transform.samples import order


@pytest.fixture
def no_app(bare: Commands, database_url: str) -> Commands:
    """Commands that know the database and nothing of TikTok."""
    return Commands({**bare.environment, "TIKTOK_DATABASE_URL": database_url})


@pytest.fixture
def kept(database: Database) -> Database:
    """Two orders, created on 5 January, in the tables and in a page."""
    commit(database, order(1), order(2))
    return database


def told(done: Result) -> Any:
    return json.loads(done.stdout)


def test_damage_is_told_and_put_right_without_an_app(
    no_app: Commands, kept: Database
) -> None:
    before = held(kept)
    change(kept, "UPDATE tiktok.orders SET status = 'LOST'")

    done = no_app.run("rebuild", "orders")

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        f"shop {SHOP.shop_id}: 1 pages, 2 orders read: 2 rows differed, put right",
        "  tiktok.orders: 0 missing, 0 in no page, 2 changed, 0 from another page",
        "    changed columns: status (2)",
        f"    changed, e.g. {order(1)['id']}; {order(2)['id']}",
    ]
    assert "page 1 of 1 (100 %)" in done.stderr
    assert held(kept) == before


def test_equal_tables_are_told_as_equal(no_app: Commands, kept: Database) -> None:
    del kept

    done = no_app.run("rebuild", "orders", "--dry-run")

    assert done.exit_code == 0
    assert done.stdout == f"shop {SHOP.shop_id}: 1 pages, 2 orders read: equal\n"


def test_a_dry_run_that_finds_differences_fails_and_changes_nothing(
    no_app: Commands, kept: Database
) -> None:
    change(kept, "UPDATE tiktok.orders SET status = 'LOST'")
    before = places(kept)

    done = no_app.run("rebuild", "orders", "--dry-run")

    assert done.exit_code == 1
    assert "2 rows differ\n" in done.stdout
    assert "run it again without --dry-run" in done.stderr
    assert places(kept) == before


def test_rows_in_no_page_need_a_word_of_their_own(
    no_app: Commands, kept: Database
) -> None:
    before = held(kept)
    change(
        kept,
        "INSERT INTO tiktok.orders (shop_id, order_id, synced_at)"
        f" VALUES ('{SHOP.shop_id}', 'x-1', now())",
    )

    refused = no_app.run("rebuild", "orders")
    accepted = no_app.run("rebuild", "orders", "--accept-removals")

    assert refused.exit_code == 1
    assert "with --accept-removals those 1 are deleted" in refused.stderr
    assert "in no page, e.g. x-1" in refused.stdout
    assert accepted.exit_code == 0
    assert held(kept) == before


def test_buyer_data_that_goes_with_its_order_is_told(
    no_app: Commands, kept: Database
) -> None:
    change(kept, "DELETE FROM tiktok_raw.pages")

    done = no_app.run("rebuild", "orders", "--accept-removals")

    assert done.exit_code == 0
    told = "tiktok.order_recipients: 0 missing, 2 in no page, 0 changed"
    assert told in done.stdout
    assert held(kept)["order_recipients"] == []


def test_the_report_for_machines(no_app: Commands, kept: Database) -> None:
    change(kept, "UPDATE tiktok.orders SET status = 'LOST', is_cod = NULL")

    report = told(no_app.run("rebuild", "orders", "--json"))

    assert (report["is_equal"], report["is_dry_run"]) == (False, False)
    (shop,) = report["shops"]
    tables = {each.pop("table"): each for each in shop.pop("tables")}
    assert shop == {
        "shop_id": SHOP.shop_id,
        "page_count": 1,
        "order_count": 2,
        "refused_count": 0,
        "refused": [],
        "is_applied": True,
    }
    assert tables["tiktok.orders"] == {
        "added": 0,
        "removed": 0,
        "changed": 2,
        "moved": 0,
        "columns": {"status": 2, "is_cod": 2},
        "rows": {"changed": [order(1)["id"], order(2)["id"]]},
    }
    assert tables.keys() == {
        *("tiktok.orders", "tiktok.order_lines", "tiktok.customers"),
        *("tiktok.order_status_history", "tiktok.order_recipients"),
    }


@pytest.mark.parametrize(
    ("options", "is_covered"),
    [
        (["--from", "2026-01-05", "--to", "2026-01-05"], True),
        (["--from", "2026-01-06"], False),
        (["--to", "2026-01-04"], False),
        (["--shop", SHOP.shop_id], True),
    ],
    ids=str,
)
def test_both_days_count(
    no_app: Commands, kept: Database, options: list[str], *, is_covered: bool
) -> None:
    change(kept, "UPDATE tiktok.orders SET status = 'LOST'")

    report = told(no_app.run("rebuild", "orders", "--json", *options))

    assert report["is_equal"] is not is_covered


@pytest.mark.parametrize(
    ("options", "remedy"),
    [
        (["--from", "2026-01-06", "--to", "2026-01-05"], "expected the first day"),
        (["--shop", "4711"], "shops list"),
    ],
    ids=["days", "shop"],
)
def test_a_wrong_option_is_told_with_its_remedy(
    no_app: Commands, kept: Database, options: list[str], remedy: str
) -> None:
    del kept

    done = no_app.run("rebuild", "orders", *options)

    assert done.exit_code != 0
    assert remedy in done.stderr


def test_without_a_server_the_remedy_is_told(bare: Commands, tmp_path: Path) -> None:
    done = bare.run("rebuild", "orders", TIKTOK_HOME=str(tmp_path / "nowhere"))

    assert done.exit_code == 1
    assert "tiktok-pipelines db start" in done.stderr
