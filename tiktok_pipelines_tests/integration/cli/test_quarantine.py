"""``quarantine``: what waits, shown and replayed."""

import json
from typing import Any

import pytest

from tiktok_pipelines.ingest.order_commit import commit_order_pages
from tiktok_pipelines.ingest.quarantine import list_bad
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.simulator import answer_plainly
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.conftest import KEY
from tiktok_pipelines_tests.integration.ingest.answers import Json
from tiktok_pipelines_tests.integration.ingest.spoiled import spoiling
from tiktok_pipelines_tests.integration.ingest.stored import count, rows
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import line, order

SHOP, OTHER = "7490000000000000001", "7490000000000000002"


@pytest.fixture
def local(bare: Commands, database_url: str, database: Database) -> Commands:
    """Commands with a database alone; two records are in quarantine."""
    nameless = order(1, id="", seller_note="fragile")
    spoiled = order(2, line_items=[line(2, 1, id="")])
    commit_order_pages(database, ShopRun(SHOP, "run-1"), [read([nameless])])
    commit_order_pages(database, ShopRun(OTHER, "run-2"), [read([spoiled])])
    settings = {"TIKTOK_DATABASE_URL": database_url, "TIKTOK_ENCRYPTION_KEYS": KEY}
    return Commands({**bare.environment, **settings})


def ids(database: Database) -> list[int]:
    return [entry.quarantine_id for entry in list_bad(database)]


def resolve_all(database: Database) -> None:
    rows(
        database,
        "UPDATE tiktok_ops.quarantine_records SET resolved_at = now() RETURNING 1",
    )


def test_what_waits_is_listed_for_people(local: Commands, database: Database) -> None:
    done = local.run("quarantine", "list")

    assert done.exit_code == 0
    first, second = ids(database)
    told = [line for line in done.stdout.splitlines() if SHOP in line or OTHER in line]
    assert [str(first) in told[0], "the order has no id" in told[0]] == [True, True]
    assert [str(second) in told[1], f"{order(2)['id']}/1" in told[1]] == [True, True]
    assert "quarantine show" in done.stderr


def test_what_waits_is_listed_for_machines(local: Commands, database: Database) -> None:
    done = local.run("quarantine", "list", "--json", "--shop", OTHER)

    (entry,) = json.loads(done.stdout)
    assert entry == {
        "quarantine_id": ids(database)[1],
        "shop_id": OTHER,
        "stream": "order_lines",
        "record_key": f"{order(2)['id']}/1",
        "reason": entry["reason"],
        "is_retryable": True,
        "first_seen_at": "2026-01-10T12:00:00+00:00",
        "last_seen_at": "2026-01-10T12:00:00+00:00",
        "resolved_at": None,
    }


def test_what_is_resolved_is_listed_on_request(
    local: Commands, database: Database
) -> None:
    resolve_all(database)

    waiting, everything = (
        local.run("quarantine", "list", "--json", *more) for more in ((), ("--all",))
    )

    assert json.loads(waiting.stdout) == []
    assert all(entry["resolved_at"] for entry in json.loads(everything.stdout))
    assert len(json.loads(everything.stdout)) == 2


def test_an_empty_quarantine_is_told_aside(local: Commands, database: Database) -> None:
    resolve_all(database)

    done = local.run("quarantine", "list")

    assert (done.exit_code, done.stdout) == (0, "")
    assert "No record is in quarantine" in done.stderr


def test_a_record_is_shown_whole_less_its_buyer(
    local: Commands, database: Database
) -> None:
    number = str(ids(database)[0])

    people = local.run("quarantine", "show", number).stdout
    machines = local.run("quarantine", "show", number, "--json").stdout

    assert '  "seller_note": "fragile"' in people
    assert f"quarantine replay {number}" in people
    assert "run-1" in people
    assert json.loads(machines)["content"]["seller_note"] == "fragile"
    assert json.loads(machines)["request"]["method"] == "POST"
    buyer = ("Aminah", "example.invalid/buyer", "twice", "Jalan", "buyer1@")
    assert [each for each in buyer if each in people + machines] == []


def test_a_resolved_record_needs_nothing(local: Commands, database: Database) -> None:
    number = str(ids(database)[0])
    resolve_all(database)

    done = local.run("quarantine", "show", number)

    assert "Nothing is to be done" in done.stdout


def test_an_unknown_record_fails_with_the_remedy(local: Commands) -> None:
    done = local.run("quarantine", "show", "4711")

    assert (done.exit_code, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("see tiktok-pipelines quarantine list --all")


@pytest.mark.parametrize("arguments", [(), ("1", "--all"), ("1", "--shop", SHOP)])
def test_a_replay_is_of_records_or_of_all(
    local: Commands, arguments: tuple[str, ...]
) -> None:
    done = local.run("quarantine", "replay", *arguments)

    assert done.exit_code == 2
    assert "--all" in done.stderr


def make_readable(database: Database, order_id: str) -> None:
    """As if this version could tell the id of the kept order."""
    rows(
        database,
        "UPDATE tiktok_ops.quarantine_records"
        " SET content = jsonb_set(content, '{id}', to_jsonb(CAST(:id AS text)))"
        " WHERE stream = 'orders' RETURNING 1",
        id=order_id,
    )


def test_what_was_kept_of_an_erased_buyers_order_takes_its_buyer_data_away(
    local: Commands, database: Database
) -> None:
    known = order(1)
    commit_order_pages(database, ShopRun(SHOP), [read([order(1, user_id=...)])])
    assert count(database, "tiktok.order_recipients") == 2
    local.run("privacy", "erase", "--buyer", known["user_id"], "--yes")
    make_readable(database, known["id"])

    done = local.run("quarantine", "replay", "--shop", SHOP)

    assert (done.exit_code, done.stderr) == (0, "")
    assert count(database, "tiktok.order_recipients") == 1


def test_what_lands_from_what_was_kept_needs_no_app(
    local: Commands, database: Database
) -> None:
    make_readable(database, "580000000000000001")

    done = local.run("quarantine", "replay", "--shop", SHOP)

    assert done.exit_code == 0
    assert "resolved: landed as order 580000000000000001" in done.stdout
    assert count(database, "tiktok.orders") == 2


def test_to_ask_tiktok_the_app_is_needed_and_named(local: Commands) -> None:
    done = local.run("quarantine", "replay", "--all")

    assert done.exit_code == 2
    assert "TIKTOK_APP_KEY" in done.stderr


def spoil_lines(received: Json) -> Json:
    return received | {"line_items": [line | {"id": ""} for line in lines(received)]}


def with_a_line_that_is_none(received: Json) -> Json:
    return received | {"line_items": [*lines(received), "odd"]}


def lines(received: Json) -> list[Json]:
    return received["line_items"]


@pytest.fixture
def spoiled(connected: Commands, simulator: Simulator) -> Commands:
    """Commands after an answer whose lines had no id; the next one is good."""
    wanted = [str(one["id"]) for one in simulator.truth(simulator.shops[0].id)[:2]]
    simulator.around = spoiling(spoil_lines)
    assert connected.run("orders", "pull", *wanted).exit_code == 1
    simulator.around = answer_plainly
    return connected


def test_a_replay_brings_home_what_is_good_by_now(
    spoiled: Commands, database: Database
) -> None:
    before = ids(database)

    done = spoiled.run("quarantine", "replay", "--all")

    assert (done.exit_code, ids(database)) == (0, [])
    assert len(done.stdout.splitlines()) == len(before) > 1
    assert all("resolved" in each for each in done.stdout.splitlines())
    assert count(database, "tiktok.order_lines") >= len(before)


def test_a_replay_that_leaves_a_record_fails_and_says_which(
    spoiled: Commands, simulator: Simulator, database: Database
) -> None:
    simulator.around = spoiling(spoil_lines)
    number = ids(database)[0]

    done = spoiled.run("quarantine", "replay", str(number), "--json")

    assert done.exit_code == 1
    (told,) = json.loads(done.stdout)
    assert (told["quarantine_id"], told["state"]) == (number, "still_bad")
    assert "1 of 1 record(s) stay in quarantine" in done.stderr
    assert done.stderr.strip().endswith("see tiktok-pipelines quarantine list")


def test_a_replay_that_meets_new_bad_records_fails_and_names_them(
    spoiled: Commands, simulator: Simulator, database: Database
) -> None:
    before = ids(database)
    simulator.around = spoiling(with_a_line_that_is_none)

    done = spoiled.run("quarantine", "replay", str(before[0]))

    assert done.exit_code == 1
    assert "resolved" in done.stdout
    assert "the answers held 1 new bad record(s): line " in done.stderr


def test_what_was_resolved_before_counts_as_resolved(
    local: Commands, database: Database
) -> None:
    numbers = [str(number) for number in ids(database)]
    resolve_all(database)

    done = local.run("quarantine", "replay", *numbers, "--json")

    assert done.exit_code == 0
    told: list[dict[str, Any]] = json.loads(done.stdout)
    assert [str(each["quarantine_id"]) for each in told] == numbers
    assert {each["state"] for each in told} == {"resolved"}
