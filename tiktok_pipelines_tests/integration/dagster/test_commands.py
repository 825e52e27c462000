"""Dagster's own commands, as people type them, on an empty DAGSTER_HOME."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from tiktok_pipelines.cli.main import main
from tiktok_pipelines.clock import SystemClock
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines_tests.integration.conftest import (
    LIMITLESS,
    Served,
    environment_of,
    new_database,
)
from tiktok_pipelines_tests.integration.dagster.world import key_of
from tiktok_pipelines_tests.integration.ingest.stored import scalar

MODULE = ("-m", "tiktok_pipelines.definitions")
# Whole days, also when a test runs at midnight.
TODAY = SystemClock().now().date()


@dataclass(frozen=True)
class Shell:
    """A shell with the settings exported, and shops connected."""

    folder: Path
    environment: Mapping[str, str]
    simulator: Simulator
    database: Database

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [Path(sys.executable).parent / "dagster", *arguments],
            env={"PATH": os.environ["PATH"], **self.environment},
            cwd=self.folder,
            capture_output=True,
            check=False,
            text=True,
            timeout=600,
        )

    def created_on(self, shop_id: str, day: date) -> int:
        return sum(
            datetime.fromtimestamp(int(str(order["create_time"])), UTC).date() == day
            for order in self.simulator.truth(shop_id)
        )

    def count(self, table: str, shop_id: str) -> int:
        statement = f"SELECT count(*) FROM tiktok.{table} WHERE shop_id = :shop_id"
        return scalar(self.database, statement, shop_id=shop_id)

    def green(self, table: str) -> set[str]:
        key = dg.AssetKey(["tiktok", table])
        with dg.DagsterInstance.from_config(self.environment["DAGSTER_HOME"]) as opened:
            return set(opened.get_materialized_partitions(key))


@pytest.fixture(scope="module")
def shell(
    postgres: EmbeddedServer, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Shell]:
    folder = tmp_path_factory.mktemp("shell")
    (folder / "dagster").mkdir()
    config = SimulatorConfig(shops=3, orders=30, days=4, rate_per_second=LIMITLESS)
    simulator = Simulator(config)
    with serve(simulator) as url, new_database(postgres) as database_url:
        environment = {
            **environment_of(Served(simulator, url), database_url, folder / "home"),
            "DAGSTER_HOME": str(folder / "dagster"),
            "TIKTOK_FIRST_SYNC_DAYS": "6",
        }
        _connect(simulator, environment)
        database = Database(database_url)
        yield Shell(folder, environment, simulator, database)
        database.close()


def _connect(simulator: Simulator, environment: Mapping[str, str]) -> None:
    """As a person does it: that adds the shops to the instance too."""
    for seller in simulator.sellers:
        arguments = ["shops", "connect", "--code", simulator.authorize(seller.id)]
        assert CliRunner(env=environment).invoke(main, arguments).exit_code == 0


def test_one_table_of_one_partition_is_materialized(shell: Shell) -> None:
    shop_id, day = shell.simulator.shops[0].id, TODAY - timedelta(days=2)
    arguments = ("--select", "tiktok/order_lines", "--partition", key_of(shop_id, day))

    done = shell.run("asset", "materialize", *MODULE, *arguments)

    assert done.returncode == 0, done.stderr
    assert shell.green("order_lines") == {key_of(shop_id, day)}
    assert shell.green("orders") == set()
    assert shell.count("orders", shop_id) == shell.created_on(shop_id, day) > 0
    assert shell.count("order_lines", shop_id) >= shell.count("orders", shop_id)


def test_a_range_of_days_is_materialized(shell: Shell) -> None:
    shop_id = shell.simulator.shops[1].id
    days = [TODAY - timedelta(days=number) for number in (3, 2, 1)]
    keys = [key_of(shop_id, day) for day in days]
    arguments = ("--select", "tiktok/orders", "--partition-range")

    done = shell.run(
        "asset", "materialize", *MODULE, *arguments, f"{keys[0]}...{keys[-1]}"
    )

    assert done.returncode == 0, done.stderr
    assert shell.green("orders") == set(keys)
    expected = sum(shell.created_on(shop_id, day) for day in days)
    assert shell.count("orders", shop_id) == expected > 0


def test_the_sync_runs_without_config(shell: Shell) -> None:
    shop = shell.simulator.shops[2]

    done = shell.run("job", "execute", *MODULE, "-j", "sync_orders")

    assert done.returncode == 0, done.stderr
    # Orders of the last minute come with the next sync.
    assert 0 <= shell.simulator.count(shop.id) - shell.count("orders", shop.id) <= 1
