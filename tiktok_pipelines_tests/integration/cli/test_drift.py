"""``drift list``: what the documentation does not foresee, told in sentences."""

import json
from datetime import timedelta

import pytest

from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON, line, order

FIRST, SECOND = "7490000000000000001", "7490000000000000002"


@pytest.fixture
def local(bare: Commands, database_url: str, database: Database) -> Commands:
    """Commands with a database alone; two shops met what was not foreseen."""
    odd = order(1, tier="gold", status="NEW", line_items=[line(1, 1, colour="red")])
    commit_order_pages(database, ShopRun(FIRST), [read([odd])])
    later = NOON + timedelta(hours=2)
    commit_order_pages(database, ShopRun(SECOND), [read([order(2, tier="x")], later)])
    fresh = read([order(3, moon="full")], SystemClock().now() - timedelta(hours=30))
    commit_order_pages(database, ShopRun(FIRST), [fresh])
    return Commands({**bare.environment, "TIKTOK_DATABASE_URL": database_url})


def test_drift_is_told_to_people_by_kind_with_a_sentence(local: Commands) -> None:
    done = local.run("drift", "list")

    assert done.exit_code == 0
    told = done.stdout.splitlines()
    assert told[0].startswith("TikTok sends a value we do not know (new_value)")
    assert told[1].startswith("  order.status NEW  2026-01-10 12:00 to ")
    assert told[2].startswith("TikTok sends a field we do not know (unknown_field)")
    assert [each.split()[0] for each in told[3:]] == [
        "order.moon",
        "order.tier",
        "order_line.colour",
    ]


def test_drift_is_told_to_machines_once_for_all_shops(local: Commands) -> None:
    done = local.run("drift", "list", "--json")

    (tier,) = [each for each in json.loads(done.stdout) if each["path"] == "tier"]
    assert tier == {
        "object": "order",
        "kind": "unknown_field",
        "path": "tier",
        "value": "",
        "example": order(2)["id"],
        "first_seen_at": "2026-01-10T12:00:00+00:00",
        "last_seen_at": "2026-01-10T14:00:00+00:00",
        "shop_ids": [FIRST, SECOND],
    }


def test_drift_of_one_shop_is_told_as_that_shop_saw_it(local: Commands) -> None:
    done = local.run("drift", "list", "--json", "--shop", SECOND)

    (tier,) = json.loads(done.stdout)
    assert (tier["path"], tier["shop_ids"]) == ("tier", [SECOND])
    assert tier["first_seen_at"] == "2026-01-10T14:00:00+00:00"


@pytest.mark.parametrize(
    ("since", "paths"),
    [
        ("2", ["moon"]),
        ("1", []),
        ("2026-01-11", ["moon"]),
        ("2026-01-10", ["status", "moon", "tier", "colour"]),
    ],
)
def test_drift_since_is_what_was_first_met_since(
    local: Commands, since: str, paths: list[str]
) -> None:
    done = local.run("drift", "list", "--json", "--since", since)

    assert [each["path"] for each in json.loads(done.stdout)] == paths


@pytest.mark.parametrize("since", ["soon", "2026-13-01", "-1"])
def test_a_wrong_since_is_named(local: Commands, since: str) -> None:
    done = local.run("drift", "list", "--since", since)

    assert done.exit_code == 2
    assert since in done.stderr


def test_no_drift_is_told_aside(local: Commands) -> None:
    done = local.run("drift", "list", "--since", "0")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "Nothing unforeseen was met" in done.stderr
