"""``privacy``: rules, erasures and purges, as a person types them."""

import json
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
from click.testing import CliRunner, Result

from tiktok_pipelines.cli.main import main
from tiktok_pipelines.defs.partitions import tiktok_shops
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.cli.test_orders_pull import order_ids
from tiktok_pipelines_tests.integration.ingest.rebuilds import change
from tiktok_pipelines_tests.integration.ingest.stored import Row, count, table

RECIPIENTS = "tiktok.order_recipients"


@pytest.fixture
def loaded(connected: Commands, simulator: Simulator) -> Commands:
    """With a few orders of two shops."""
    ids = [*order_ids(simulator, 0, 3), *order_ids(simulator, 2, 2)]
    assert connected.run("orders", "pull", *ids).exit_code == 0
    return connected


def machines(commands: Commands, *arguments: str) -> Any:
    done = commands.run("privacy", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def typed(commands: Commands, word: str, *arguments: str) -> Result:
    runner = CliRunner(env=dict(commands.environment))
    return runner.invoke(main, ["privacy", *arguments], input=f"{word}\n")


def effects(commands: Commands) -> dict[tuple[str, str], str]:
    found: list[Row] = machines(commands, "list")["in_effect"]
    return {(each["region"], each["field"]): each["action"] for each in found}


def test_rules_are_set_listed_and_unset(commands: Commands) -> None:
    assert commands.run("privacy", "set", "*", "drop").exit_code == 0
    commands.run("privacy", "set", "buyer_email", "hash", "--region", "my")

    rules = machines(commands, "list")["rules"]
    held = effects(commands)
    undone = commands.run("privacy", "unset", "*")

    assert [(each["region"], each["field"], each["action"]) for each in rules] == [
        ("*", "*", "drop"),
        ("MY", "buyer_email", "hash"),
    ]
    assert held["MY", "buyer_email"] == "hash"
    assert held["*", "buyer_email"] == held["MY", "cpf"] == "drop"
    assert undone.exit_code == 0
    assert effects(commands)["MY", "cpf"] == "keep"


def test_the_list_for_people_tells_every_region_with_a_shop(
    connected: Commands, simulator: Simulator
) -> None:
    connected.run("privacy", "set", "recipient_address", "mask")

    told = connected.run("privacy", "list").stdout

    assert "mask  recipient_address in every region" in told
    assert [shop.region for shop in simulator.shops if shop.region not in told] == []
    assert "recipient_address.phone_number" in told


def test_without_a_rule_that_is_said(commands: Commands) -> None:
    done = commands.run("privacy", "list")

    assert done.exit_code == 0
    assert "buyer data is kept as received" in done.stderr


def test_setting_a_rule_tells_what_it_means_and_does_not(connected: Commands) -> None:
    done = connected.run("privacy", "set", "cpf", "drop", "--region", "QQ")

    assert "is not stored at all" in done.stderr
    assert "tiktok-pipelines privacy apply" in done.stderr
    assert "No connected shop is in QQ" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["recipient_address.nmae", "drop"], id="field"),
        pytest.param(["status", "drop"], id="no buyer field"),
        pytest.param(["cpf", "encrypt"], id="action"),
        pytest.param(["cpf", "drop", "--region", "Malaysia"], id="region"),
    ],
)
def test_a_rule_that_could_not_hold_is_refused(
    commands: Commands, arguments: list[str]
) -> None:
    done = commands.run("privacy", "set", *arguments)

    assert done.exit_code == 2
    assert machines(commands, "list")["rules"] == []


def test_a_rule_that_is_not_there_cannot_be_removed(commands: Commands) -> None:
    done = commands.run("privacy", "unset", "cpf")

    assert done.exit_code == 2
    assert done.stderr.strip().endswith("tiktok-pipelines privacy list")


def test_a_rule_holds_in_the_next_load(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    connected.run("privacy", "set", "buyer_email", "hash")

    connected.run("orders", "pull", *order_ids(simulator, 0, 2))

    emails = [row["buyer_email"] for row in table(database, RECIPIENTS)]
    assert emails
    assert all(email.startswith("hmac-sha256:") for email in emails)


def test_applying_shows_a_plan_and_needs_a_yes(
    loaded: Commands, database: Database
) -> None:
    loaded.run("privacy", "set", "buyer_email", "drop")
    before = table(database, RECIPIENTS)

    refused = loaded.run("privacy", "apply")
    mistyped = typed(loaded, "maybe", "apply")

    assert refused.exit_code == mistyped.exit_code == 2
    assert "3 of 3 orders" in refused.stderr
    assert "buyer_email: 3 orders" in refused.stderr
    assert refused.stderr.strip().endswith("or pass --yes")
    assert table(database, RECIPIENTS) == before


def test_applying_changes_the_rows_of_one_shop_or_all(
    loaded: Commands, simulator: Simulator, database: Database
) -> None:
    loaded.run("privacy", "set", "buyer_email", "drop")
    first = simulator.shops[0].id

    one = machines(loaded, "apply", "--shop", first, "--yes")
    rest = machines(loaded, "apply", "--yes")
    again = machines(loaded, "apply")

    assert [(each["shop_id"], each["changed"]) for each in one] == [(first, 3)]
    assert [each["changed"] for each in rest] == [2]
    assert again == []
    assert {row["buyer_email"] for row in table(database, RECIPIENTS)} == {None}


def test_a_typed_word_is_as_good_as_a_flag(
    loaded: Commands, database: Database
) -> None:
    loaded.run("privacy", "set", "*", "drop")

    assert typed(loaded, "apply", "apply").exit_code == 0

    assert count(database, RECIPIENTS) == 0


def test_an_erasure_tells_of_buyer_data_that_names_nobody(
    loaded: Commands, database: Database
) -> None:
    change(database, "DELETE FROM tiktok.orders", "DELETE FROM tiktok_raw.pages")

    asked = loaded.run("privacy", "erase", "--buyer", "7511")
    done = machines(loaded, "erase", "--buyer", "7511", "--yes")

    assert "buyer data of 5 orders names no buyer" in asked.stderr
    assert (done["rows_before"], done["rows_of_no_known_buyer"]) == (0, 5)


def test_an_order_is_erased_and_stays_so(
    loaded: Commands, simulator: Simulator, database: Database
) -> None:
    (name,) = order_ids(simulator, 0, 1)

    asked = loaded.run("privacy", "erase", "--order", name)
    done = machines(loaded, "erase", "--order", name, "--yes")
    again = machines(loaded, "erase", "--order", name, "--yes")
    loaded.run("orders", "pull", name)

    assert asked.exit_code == 2
    assert "buyer data of 1 will be deleted" in asked.stderr
    assert (done["rows_before"], done["rows_after"], done["was_erased"]) == (
        1,
        0,
        False,
    )
    assert (again["rows_before"], again["was_erased"]) == (0, True)
    assert name not in {row["order_id"] for row in table(database, RECIPIENTS)}
    assert name in {row["order_id"] for row in table(database, "tiktok.orders")}


def test_a_buyer_is_erased_from_all_orders(
    loaded: Commands, database: Database
) -> None:
    rows = table(database, "tiktok.orders")
    buyer = rows[0]["buyer_id"]
    theirs = {row["order_id"] for row in rows if row["buyer_id"] == buyer}

    done = machines(loaded, "erase", "--buyer", buyer, "--yes")

    assert done["orders"] == done["rows_before"] == len(theirs)
    left = {row["order_id"] for row in table(database, RECIPIENTS)}
    assert left == {row["order_id"] for row in rows} - theirs


def test_an_unknown_buyer_is_told_and_remembered(
    loaded: Commands, database: Database
) -> None:
    done = loaded.run("privacy", "erase", "--buyer", "123", "--yes")

    assert done.exit_code == 0
    assert "No such buyer is known" in done.stderr
    assert count(database, "tiktok_ops.erased_subjects") == 1


@pytest.mark.parametrize("names", [["erase", "--buyer", "123"], ["apply"]])
def test_a_shop_that_is_not_connected_is_refused(
    loaded: Commands, database: Database, names: list[str]
) -> None:
    done = loaded.run("privacy", *names, "--shop", "1", "--yes")

    assert done.exit_code == 2
    assert "shop 1 is not connected" in done.stderr
    assert count(database, "tiktok_ops.erased_subjects") == 0


@pytest.mark.parametrize("names", [[], ["--buyer", "1", "--order", "2"]])
def test_one_thing_is_erased_at_a_time(commands: Commands, names: list[str]) -> None:
    done = commands.run("privacy", "erase", *names, "--yes")

    assert done.exit_code == 2
    assert "--buyer ID or --order ID" in done.stderr


def test_a_purge_needs_the_id_typed(
    loaded: Commands, simulator: Simulator, database: Database
) -> None:
    shop = simulator.shops[0].id

    refused = typed(loaded, "yes", "purge-shop", shop)
    kept = count(database, "tiktok.orders")
    done = typed(loaded, shop, "purge-shop", shop)

    assert refused.exit_code == 2
    assert "tiktok.orders: 3 rows" in refused.stderr
    assert kept == 5
    assert done.exit_code == 0
    assert "0 left" in done.stdout
    assert {row["shop_id"] for row in table(database, "tiktok.orders")} == {
        simulator.shops[2].id
    }


def test_a_purge_for_machines_counts_before_and_after(
    loaded: Commands, simulator: Simulator
) -> None:
    shop = simulator.shops[0].id

    done = machines(loaded, "purge-shop", shop, "--yes")
    again = loaded.run("privacy", "purge-shop", shop, "--yes")

    assert done["rows_before"]["tiktok.orders"] == 3
    assert set(done["rows_after"].values()) == {0}
    assert again.exit_code == 2
    assert again.stderr.strip().endswith("see tiktok-pipelines shops list")


def test_a_purge_takes_the_partition_out_of_the_instance(
    connected: Commands,
    simulator: Simulator,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (home := tmp_path / "dagster").mkdir()
    monkeypatch.setenv("DAGSTER_HOME", str(home))
    first, *others = [shop.id for shop in simulator.shops]
    connected.run("shops", "register", DAGSTER_HOME=str(home))

    done = connected.run(
        "privacy", "purge-shop", first, "--yes", DAGSTER_HOME=str(home)
    )

    assert done.exit_code == 0
    with dg.DagsterInstance.get() as instance:
        left = instance.get_dynamic_partitions(str(tiktok_shops.name))
    assert sorted(left) == sorted(others)


def test_the_audit_tells_every_act_and_no_id(
    loaded: Commands, simulator: Simulator
) -> None:
    (name,) = order_ids(simulator, 0, 1)
    loaded.run("privacy", "set", "buyer_email", "mask")
    loaded.run("privacy", "apply", "--yes")
    loaded.run("privacy", "erase", "--order", name, "--yes")
    loaded.run("privacy", "unset", "buyer_email")
    loaded.run("privacy", "purge-shop", simulator.shops[0].id, "--yes")

    acts = machines(loaded, "audit")
    people = loaded.run("privacy", "audit")

    assert [act["act"] for act in acts] == [
        *("set_rule", "apply_rules", "apply_rules", "erase", "set_rule", "purge_shop")
    ]
    assert acts[0]["details"]["action"] == "mask"
    assert acts[3]["rows_after"] == {RECIPIENTS: 0}
    assert len(people.stdout.splitlines()) == len(acts)
    assert name not in people.stdout + json.dumps(acts)


def test_an_empty_audit_says_so(commands: Commands) -> None:
    assert machines(commands, "audit") == []
    assert "Nothing was done yet" in commands.run("privacy", "audit").stderr
