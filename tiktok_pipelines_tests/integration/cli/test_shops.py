"""``shops list``, ``enable`` and ``disable``."""

import json
import subprocess
import sys

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines_tests.integration.cli.conftest import CommandLine, Commands

PROMISED = {
    "shop_id",
    "name",
    "region",
    "seller",
    "is_enabled",
    "sync_status",
    "last_error_message",
}


def listed(commands: Commands) -> dict[str, dict[str, object]]:
    told = json.loads(commands.run("shops", "list", "--json").stdout)
    return {shop["shop_id"]: shop for shop in told}


def break_shops(database: Database, message: str) -> None:
    statement = (
        "UPDATE tiktok_ops.shops SET sync_status = 'error', last_error_message = %s"
    )
    with database.begin() as connection:
        connection.exec_driver_sql(statement, (message,))


def test_the_list_for_machines_holds_what_is_promised(
    connected: Commands, simulator: Simulator
) -> None:
    shops = listed(connected)

    assert {name: shop["region"] for name, shop in shops.items()} == {
        shop.id: shop.region for shop in simulator.shops
    }
    assert {frozenset(shop) for shop in shops.values()} == {frozenset(PROMISED)}
    assert {shop["sync_status"] for shop in shops.values()} == {"idle"}
    assert {shop["last_error_message"] for shop in shops.values()} == {None}


def test_without_a_shop_the_list_is_empty_and_connect_is_named(
    commands: Commands,
) -> None:
    for_machines = commands.run("shops", "list", "--json")
    for_people = commands.run("shops", "list")

    assert json.loads(for_machines.stdout) == []
    assert (for_people.exit_code, for_people.stdout) == (0, "")
    assert "tiktok-pipelines shops connect" in for_people.stderr


def test_the_list_for_people_cuts_nothing(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    break_shops(database, "[bold]the seller[/bold] must authorise again")

    told = connected.run("shops", "list").stdout

    assert [shop.id for shop in simulator.shops if shop.id not in told] == []
    assert [shop.name for shop in simulator.shops if shop.name not in told] == []
    assert "[bold]the seller[/bold] must authorise again" in told


def test_the_list_needs_no_app(connected: Commands) -> None:
    without = Commands({**connected.environment, "TIKTOK_APP_KEY": ""})

    assert len(listed(without)) == 3


def test_the_program_writes_nothing_but_the_list_to_stdout(
    connected: Commands, fresh: CommandLine
) -> None:
    done = fresh.run("shops", "list", "--json", **connected.environment)

    assert len(json.loads(done.stdout)) == 3
    assert done.stderr == ""


def test_the_list_holds_no_secret(connected: Commands, simulator: Simulator) -> None:
    told = connected.run("shops", "list", "--json").stdout

    assert "gAAAA" not in told
    assert [shop.cipher for shop in simulator.shops if shop.cipher in told] == []


def test_a_shop_is_disabled_alone_and_enabled_again(
    connected: Commands, simulator: Simulator
) -> None:
    name = simulator.shops[1].id

    assert connected.run("shops", "disable", name).exit_code == 0
    disabled = [
        shop for shop, row in listed(connected).items() if not row["is_enabled"]
    ]
    assert disabled == [name]

    assert connected.run("shops", "enable", name).exit_code == 0
    assert all(row["is_enabled"] for row in listed(connected).values())


@pytest.mark.parametrize("command", ["enable", "disable"])
def test_an_unknown_shop_names_the_list(connected: Commands, command: str) -> None:
    done = connected.run("shops", command, "1")

    assert done.exit_code != 0
    assert done.stderr.strip().endswith(
        "shop 1 is not connected: see tiktok-pipelines shops list"
    )


def test_connecting_again_enables_and_clears_the_error(
    connected: Commands, simulator: Simulator, database: Database
) -> None:
    name = simulator.shops[0].id
    connected.run("shops", "disable", name)
    break_shops(database, "the seller must authorise again")

    code = simulator.authorize(simulator.sellers[0].id)
    connected.run("shops", "connect", "--code", code)

    row = listed(connected)[name]
    assert (row["is_enabled"], row["sync_status"]) == (True, "idle")
    assert row["last_error_message"] is None


def test_without_a_server_one_line_names_the_command(bare: Commands) -> None:
    done = bare.run("shops", "list")

    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.strip().endswith("tiktok-pipelines db start")


def test_dagster_is_not_imported_before_it_is_needed() -> None:
    program = (
        "import sys\n"
        "from tiktok_pipelines.cli import shop_connect, shop_list, shop_switch, shops\n"
        "from tiktok_pipelines.cli import order_pull, orders\n"
        "print('dagster' in sys.modules)"
    )

    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, check=True, text=True
    ).stdout

    assert told.strip() == "False"
