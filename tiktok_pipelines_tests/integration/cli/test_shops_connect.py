"""``shops connect``: from the consent link to enabled shops."""

import json
import os
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import dagster as dg
import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.cli.conftest import Commands
from tiktok_pipelines_tests.integration.conftest import administer

LINK = {
    "TIKTOK_SERVICE_ID": "7",
    "TIKTOK_CONSENT_URL_US": "https://us.example.com/agree",
    "TIKTOK_CONSENT_URL_ROW": "https://row.example.com/agree",
}


def partitions(home: Path) -> set[str]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        return set(instance.get_dynamic_partitions("tiktok_shops"))


def stored(database: Database, column: str, table: str) -> list[object]:
    with database.begin() as connection:
        statement = f"SELECT {column} FROM tiktok_ops.{table} ORDER BY 1"
        return list(connection.exec_driver_sql(statement).scalars())


@pytest.fixture
def dagster_home(tmp_path: Path) -> Path:
    home = tmp_path / "dagster"
    home.mkdir()
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    return home


@pytest.mark.parametrize(
    ("arguments", "host"),
    [
        ((), "row.example.com"),
        (("--region", "row"), "row.example.com"),
        (("--region", "us"), "us.example.com"),
        (("--region", "US"), "us.example.com"),
    ],
)
def test_the_link_of_the_region_stands_alone_on_stdout(
    bare: Commands, arguments: tuple[str, ...], host: str
) -> None:
    done = bare.run("shops", "connect", *arguments, **LINK)

    link = urlsplit(done.stdout.strip())
    assert len(done.stdout.splitlines()) == 1
    assert (link.netloc, link.path) == (host, "/agree")
    assert parse_qs(link.query)["service_id"] == ["7"]
    assert "shops connect --code -" in done.stderr


def test_each_link_has_a_state_of_its_own(bare: Commands) -> None:
    links = [bare.run("shops", "connect", **LINK).stdout for _ in range(2)]

    states = [parse_qs(urlsplit(link.strip()).query)["state"][0] for link in links]
    assert states[0] != states[1]
    assert min(map(len, states)) >= 32


def test_machines_get_the_link_with_its_state(bare: Commands) -> None:
    done = bare.run("shops", "connect", "--json", **LINK)

    told = json.loads(done.stdout)
    assert told["consent_link"].endswith(f"state={told['state']}")


def test_without_a_service_id_the_setting_is_named(bare: Commands) -> None:
    done = bare.run("shops", "connect")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: TIKTOK_SERVICE_ID is not set: expected")


def test_a_code_becomes_encrypted_tokens_and_enabled_shops(
    commands: Commands, simulator: Simulator, database: Database
) -> None:
    seller = simulator.sellers[0]

    done = commands.run("shops", "connect", "--code", simulator.authorize(seller.id))

    assert done.exit_code == 0
    assert [line.split()[:2] for line in done.stdout.splitlines()] == [
        ["connected", shop.id] for shop in seller.shops
    ]
    assert stored(database, "shop_id", "shops") == [shop.id for shop in seller.shops]
    assert stored(database, "is_enabled", "shops") == [True] * len(seller.shops)
    # What Fernet gives begins so.
    assert str(stored(database, "access_token", "credentials")[0]).startswith("gAAAA")
    assert str(stored(database, "cipher", "shops")[0]).startswith("gAAAA")


def test_machines_get_the_shops_just_connected(
    connected: Commands, simulator: Simulator
) -> None:
    seller = simulator.sellers[1]
    code = simulator.authorize(seller.id)

    done = connected.run("shops", "connect", "--json", "--code", code)

    told = json.loads(done.stdout)
    assert [shop["shop_id"] for shop in told] == [shop.id for shop in seller.shops]
    assert {shop["is_enabled"] for shop in told} == {True}


def test_a_used_code_is_one_line(commands: Commands, simulator: Simulator) -> None:
    code = simulator.authorize(simulator.sellers[0].id)
    commands.run("shops", "connect", "--code", code)

    done = commands.run("shops", "connect", "--code", code)

    assert (done.exit_code, done.stdout) == (1, "")
    assert len(done.stderr.splitlines()) == 1
    assert "tiktok-pipelines shops connect" in done.stderr
    assert code not in done.stderr


@pytest.mark.parametrize("code", ["wrong", "null", " "])
def test_a_wrong_code_stores_nothing(
    commands: Commands, database: Database, code: str
) -> None:
    done = commands.run("shops", "connect", "--code", code)

    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert "tiktok-pipelines shops connect" in done.stderr
    assert stored(database, "seller", "credentials") == []


def test_without_tables_the_code_is_kept_for_later(
    commands: Commands, simulator: Simulator, postgres: EmbeddedServer
) -> None:
    administer(postgres, "CREATE DATABASE without_tables")
    url = postgres.dsn("without_tables")
    code = simulator.authorize(simulator.sellers[0].id)
    arguments = ("shops", "connect", "--code", code)

    done = commands.run(*arguments, TIKTOK_DATABASE_URL=url)

    assert done.exit_code == 2
    assert done.stderr.strip().endswith("tiktok-pipelines db upgrade")
    upgrade(url)
    assert commands.run(*arguments, TIKTOK_DATABASE_URL=url).exit_code == 0


def test_a_dagster_home_that_cannot_work_keeps_the_code_for_later(
    commands: Commands, simulator: Simulator
) -> None:
    code = simulator.authorize(simulator.sellers[0].id)

    done = commands.run("shops", "connect", "--code", code, DAGSTER_HOME="nowhere")

    assert done.exit_code == 2
    assert done.stderr.startswith("Error: DAGSTER_HOME nowhere is no absolute path")
    assert commands.run("shops", "connect", "--code", code).exit_code == 0


def test_the_shops_become_partitions_of_dagster_home(
    commands: Commands, simulator: Simulator, dagster_home: Path
) -> None:
    seller = simulator.sellers[0]
    code = simulator.authorize(seller.id)
    home = str(dagster_home)

    done = commands.run("shops", "connect", "--code", code, DAGSTER_HOME=home)

    assert done.exit_code == 0
    assert partitions(dagster_home) == {shop.id for shop in seller.shops}


def test_an_instance_that_fails_leaves_the_shops_stored(
    commands: Commands, simulator: Simulator, database: Database, dagster_home: Path
) -> None:
    (dagster_home / "dagster.yaml").write_text("storage: [")
    code = simulator.authorize(simulator.sellers[0].id)
    home = str(dagster_home)

    done = commands.run("shops", "connect", "--code", code, DAGSTER_HOME=home)

    assert done.exit_code == 2
    assert "the shops are stored" in done.stderr
    assert done.stderr.strip().endswith("tiktok-pipelines shops register")
    assert stored(database, "shop_id", "shops") != []


def test_register_adds_all_shops_and_can_be_repeated(
    connected: Commands, simulator: Simulator, dagster_home: Path
) -> None:
    every = {shop.id for shop in simulator.shops}
    home = str(dagster_home)

    first = connected.run("shops", "register", DAGSTER_HOME=home)
    again = connected.run("shops", "register", DAGSTER_HOME=home)

    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "knows all 3 shops, 3 of them newly" in first.stderr
    assert "knows all 3 shops, 0 of them newly" in again.stderr
    assert partitions(dagster_home) == every


def test_register_without_dagster_home_names_it(connected: Commands) -> None:
    done = connected.run("shops", "register")

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith("Error: DAGSTER_HOME is not set")


def test_register_without_shops_names_connect(
    commands: Commands, dagster_home: Path
) -> None:
    done = commands.run("shops", "register", DAGSTER_HOME=str(dagster_home))

    assert done.exit_code == 2
    assert "tiktok-pipelines shops connect" in done.stderr


@pytest.mark.parametrize(
    "written", ["storage: [", "no_such_key: 3\n"], ids=["no YAML", "no instance"]
)
def test_register_names_an_instance_that_cannot_be_used(
    connected: Commands, dagster_home: Path, written: str
) -> None:
    (dagster_home / "dagster.yaml").write_text(written)

    done = connected.run("shops", "register", DAGSTER_HOME=str(dagster_home))

    assert done.exit_code == 2
    assert "check its dagster.yaml" in done.stderr


def test_only_a_storage_that_is_switched_on_needs_its_url(
    connected: Commands, dagster_home: Path
) -> None:
    file = dagster_home / "dagster.yaml"
    home = str(dagster_home)
    file.write_text("#     postgres_url: {env: DAGSTER_PG_URL}\n")
    assert connected.run("shops", "register", DAGSTER_HOME=home).exit_code == 0

    file.write_text("storage: {postgres: {postgres_url: {env: DAGSTER_PG_URL}}}\n")
    done = connected.run("shops", "register", DAGSTER_HOME=home)

    assert done.exit_code == 2
    assert "needs DAGSTER_PG_URL" in done.stderr
    assert "DAGSTER_PG_URL" not in os.environ
