"""From an event's arrival to the row, through Dagster: see README.md.

Database, receiver and Dagster's daemon as ``up`` starts them, beside a simulator; one
event at a time, each about another order.
"""

import argparse
import os
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import psycopg

from tiktok_pipelines.assembly import open_pipeline
from tiktok_pipelines.cli.processes import program
from tiktok_pipelines.cli.simulator import exports
from tiktok_pipelines.cli.up import start_database, start_receiver, supervise
from tiktok_pipelines.settings import Settings
from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve

FIRST_WITHIN_S, NEXT_WITHIN_S = 30.0, 2.0
_RECEIVER, _PATIENCE_S = 41890, 240.0


def settings_of(home: Path, url: str, config: SimulatorConfig) -> Settings:
    """A home of its own, pointed at the simulator."""
    port = int(url.rpartition(":")[2])
    environment = {**exports(config, port), "TIKTOK_HOME": str(home)}
    return Settings.from_environment(environment, folder=home)


def processed(url: str) -> list[float]:
    """Seconds from arrival to row, in the order of arrival."""
    statement = """
        SELECT processing_seconds FROM tiktok_ops.webhook_events
        WHERE status = 'processed' ORDER BY received_at
    """
    with psycopg.connect(url) as connection:
        return [float(row[0]) for row in connection.execute(statement)]


def _wait(url: str, count: int) -> None:
    end = time.monotonic() + _PATIENCE_S
    while len(processed(url)) < count:
        if time.monotonic() > end:
            raise TimeoutError(f"event {count} was not processed")
        time.sleep(0.1)


def measure(simulator: Simulator, url: str, home: Path, count: int) -> list[float]:
    """Send events one after another; how long each took."""
    settings = settings_of(home, url, simulator.config)
    with ExitStack() as stack:
        is_ours = start_database(settings, stack)
        with open_pipeline(settings) as pipeline:
            for seller in simulator.sellers:
                pipeline.connector.connect(simulator.authorize(seller.id))
        supervisor = stack.enter_context(
            supervise(
                settings,
                is_ours=is_ours,
                environment={**exports(simulator.config, int(url.rpartition(":")[2]))},
            )
        )
        start_receiver(supervisor, _RECEIVER, is_quiet=True)
        workspace = str(settings.dagster_home / "workspace.yaml")
        daemon = [program("dagster-daemon"), "run", "-w", workspace]
        supervisor.start("daemon", daemon, is_quiet=True)
        supervisor.wait(_is_up, timeout_s=_PATIENCE_S)
        ticks = settings.dagster_database_url.libpq
        supervisor.wait(lambda: _looks(ticks), timeout_s=_PATIENCE_S)
        simulator.postman.set_address(f"http://127.0.0.1:{_RECEIVER}/webhooks/tiktok")
        database = settings.database_url.libpq
        for number, event in enumerate(_events(simulator, count), 1):
            httpx.post(f"{url}/_sim/webhooks", json=event)
            _wait(database, number)
        return processed(database)


def _events(simulator: Simulator, count: int) -> Iterator[dict[str, object]]:
    shop = simulator.shops[0]
    for order in simulator.truth(shop.id)[:count]:
        data = {"order_id": order["id"], "order_status": order["status"]}
        yield {"type": 1, "shop_id": shop.id, "data": data}


def _looks(url: str) -> bool:
    """Whether the sensors look, as they do every few seconds from then on."""
    with psycopg.connect(url) as connection:
        is_made = connection.execute("SELECT to_regclass('job_ticks')").fetchone()
        if not is_made or not is_made[0]:
            return False
        row = connection.execute("SELECT count(*) FROM job_ticks").fetchone()
    return row is not None and row[0] >= 6


def _is_up() -> bool:
    try:
        answer = httpx.get(f"http://127.0.0.1:{_RECEIVER}/healthz", timeout=2)
    except httpx.HTTPError:
        return False
    return answer.status_code == 200


def main() -> int:
    """Tell the first and the following; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=31)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    simulator = Simulator(SimulatorConfig(shops=2, orders=max(asked.events, 40)))
    with TemporaryDirectory(prefix="tiktok-bench-") as home, serve(simulator) as url:
        first, *following = measure(simulator, url, Path(home), asked.events)
    print(f"first event {first:.1f} s (at most {FIRST_WITHIN_S:.0f})")
    middle, slowest = median(following), max(following)
    print(
        f"the {len(following)} that followed: median {middle:.2f} s (at most "
        f"{NEXT_WITHIN_S:.0f}), slowest {slowest:.2f} s"
    )
    return 0 if first <= FIRST_WITHIN_S and middle <= NEXT_WITHIN_S else 1


if __name__ == "__main__":
    sys.exit(main())
