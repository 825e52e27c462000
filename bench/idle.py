"""What it costs when nothing happens: see README.md.

Real processes on an embedded PostgreSQL and simulated shops: Dagster's daemon while no
shop is due, and ``sync_orders`` when nothing has changed since the last sync. The CPU
of the shops and of PostgreSQL does not count.
"""

import argparse
import os
import resource
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.cli.dagster_home import prepare_dagster
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.conftest import (
    Served,
    connect_all,
    environment_of,
)

MOST_RATIO = 1.5
BIN = Path(sys.executable).parent
SYNC = ("dagster", "job", "execute", "-m", "tiktok_pipelines.definitions")
DAEMON = ("dagster-daemon", "run", "-w", "workspace.yaml")
NOT_DUE = """
    UPDATE tiktok_ops.sync_schedules SET last_run_at = now(), interval_minutes = 1440
"""
WRITTEN = """
    SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_user_tables
"""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shops", type=int, default=6)
    parser.add_argument("--minutes", type=float, default=6)
    parser.add_argument("--syncs", type=int, default=3)
    asked = parser.parse_args()
    ratio = loading()
    with home(asked.shops) as place:
        place.run(*SYNC, "-j", "sync_orders")
        for number in range(asked.syncs):
            told = f"sync {number + 1}, nothing new, {asked.shops} shops"
            place.report(told, lambda: place.run(*SYNC, "-j", "sync_orders"))
        place.change(NOT_DUE)
        place.report(
            f"daemon, {asked.minutes:g} minutes, no shop due",
            lambda: place.run_for(asked.minutes * 60, *DAEMON),
        )
    return int(ratio >= MOST_RATIO)


def loading() -> float:
    """Load the definitions as often as Dagster alone, in turn; print the ratio."""
    cpu: dict[str, list[float]] = {"dagster": [], "tiktok_pipelines.definitions": []}
    for _ in range(7):
        for module, spent in cpu.items():
            told = f"import time, {module}; print(time.process_time())"
            done = subprocess.check_output([sys.executable, "-c", told], text=True)
            spent.append(float(done))
    low, high = (statistics.median(spent) for spent in cpu.values())
    print(f"import dagster {low:.2f} CPU s, the definitions {high:.2f} CPU s:", end=" ")
    print(f"{high / low:.2f} times", flush=True)
    return high / low


@dataclass(frozen=True)
class Place:
    """A home with connected shops, and the databases that are looked at."""

    environment: Mapping[str, str]
    folder: Path
    dagster_dsn: str
    application_dsn: str

    def run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [BIN / program, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )

    def run_for(self, seconds: float, program: str, *arguments: str) -> None:
        with subprocess.Popen(
            [BIN / program, *arguments],
            env=self.environment,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            time.sleep(seconds)
            if process.poll() is not None:
                raise SystemExit(f"{program} ended by itself")
            process.terminate()

    def change(self, statement: str) -> None:
        with psycopg.connect(self.application_dsn) as connection:
            connection.execute(statement.encode())

    def report(self, what: str, act: Callable[[], None]) -> None:
        """Do it, and print its CPU and the rows that Dagster's database took."""
        before, cpu = self._written(), children_cpu_s()
        act()
        spent = children_cpu_s() - cpu
        rows = Counter(self._written())
        rows.subtract(before)
        told = ", ".join(f"{name} {n}" for name, n in rows.most_common() if n)
        print(f"{what}: {spent:.1f} CPU s, {rows.total()} rows ({told})", flush=True)

    def _written(self) -> dict[str, int]:
        """Rows added, changed or removed so far, by table; ended sessions told all."""
        time.sleep(2)
        with psycopg.connect(self.dagster_dsn) as connection:
            return dict(connection.execute(WRITTEN.encode()).fetchall())


@contextmanager
def home(shops: int) -> Generator[Place]:
    """A home of its own, as ``env`` makes it, with all shops connected."""
    simulator = Simulator(SimulatorConfig(shops=shops, orders=100, days=90))
    with (
        TemporaryDirectory(prefix="tiktok-bench-") as folder,
        EmbeddedServer(Path(folder)).running() as server,
        serve(simulator) as url,
    ):
        own = environment_of(Served(simulator, url), server.dsn("tiktok"), Path(folder))
        own["TIKTOK_RATE_LIMIT_PER_SECOND"] = "40"
        own["TIKTOK_DATABASE_URL"] = ""
        settings = Settings.from_environment(own, folder=Path(folder))
        upgrade(settings.database_url.libpq)
        prepare_dagster(settings)
        with open_pipeline(settings) as pipeline:
            connect_all(pipeline, simulator)
        environment = {"PATH": os.environ["PATH"], **own, **settings.exports()}
        environment |= {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}
        place = Place(
            environment,
            settings.dagster_home,
            server.dsn("dagster"),
            server.dsn("tiktok"),
        )
        place.run("tiktok-pipelines", "shops", "register")
        yield place


def children_cpu_s() -> float:
    """Of all processes that have ended, and their own children that had."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(main())
