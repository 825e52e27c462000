"""How many events a second the receiver lands, beside pgbench: see README.md."""

import argparse
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import httpx
import psycopg

from bench.webhook_load import APP_KEY, APP_SECRET, Sent, send
from tiktok_pipelines.settings.keys import generated_keys
from tiktok_pipelines.storage import bundled
from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade

LEAST_RATIO, MOST_P99_MS = 0.45, 100.0
_PORT = 41880
_TWIN = """
    CREATE TABLE bench_events (LIKE tiktok_ops.webhook_events INCLUDING ALL)
"""
_INSERT = """\
\\set n random(1, 9000000000000000)
INSERT INTO bench_events (app_key, dedupe_key, event_type, event_name, shop_id,
  pushed_at, received_at, body, headers, status, delivery_seconds)
VALUES ('bench_key', :n::text || '-' || :client_id, 1, 'ORDER_STATUS_CHANGE',
  '7494049642642441621', now(), now(), {body}, '{{"content-type": "application/json"}}',
  'pending', 0.5) ON CONFLICT (app_key, dedupe_key) DO NOTHING;
"""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: rows a second by pgbench, and what the receiver did."""

    pgbench: float
    receiver: Sent

    @property
    def ratio(self) -> float:
        return self.receiver.per_second / self.pgbench


@contextmanager
def open_receiver(url: str, folder: Path) -> Generator[int]:
    """The receiver as people start it."""
    environment = {
        **os.environ,
        "TIKTOK_APP_KEY": APP_KEY,
        "TIKTOK_APP_SECRET": APP_SECRET,
        "TIKTOK_DATABASE_URL": url,
        "TIKTOK_HOME": str(folder),
        "TIKTOK_ENCRYPTION_KEYS": generated_keys(folder / "key")[0].get_secret_value(),
    }
    program = str(Path(sys.executable).parent / "tiktok-pipelines")
    command = [program, "receiver", "--port", str(_PORT)]
    with subprocess.Popen(command, env=environment) as process:
        try:
            _wait(f"http://127.0.0.1:{_PORT}/healthz")
            yield _PORT
        finally:
            process.terminate()


def _wait(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(url, timeout=2).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise TimeoutError(url)


def pgbench(url: str, folder: Path, *, clients: int, seconds: float) -> float:
    """Single rows a second, each in a transaction of its own."""
    script = folder / "insert.sql"
    body = "'" + json.dumps({"type": 1, "data": {"order_id": "5" * 150}}) + "'"
    script.write_text(_INSERT.format(body=body))
    program = str(bundled.tools() / "pgbench")
    options = ["-n", "-M", "prepared", "-c", str(clients), "-j", "2"]
    told = [*options, "-T", str(round(seconds)), "-f", str(script), url]
    done = subprocess.run(
        [program, *told], capture_output=True, check=True, text=True, timeout=300
    )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    assert found, done.stdout
    return float(found[1])


def rounds_of(
    folder: Path, *, rounds: int, seconds: float, connections: int
) -> list[Round]:
    """Rounds of both, in turned order."""
    with EmbeddedServer(folder / "pg").running() as server:
        url = server.dsn()
        upgrade(url)
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_TWIN)
        with open_receiver(url, folder) as port:
            send(port, connections=connections, seconds=1, first=1)
            return [
                _round(url, folder, port, number, seconds, connections)
                for number in range(rounds)
            ]


def _round(
    url: str, folder: Path, port: int, number: int, seconds: float, connections: int
) -> Round:
    first = (number + 1) * 10**9
    if number % 2:
        sent = send(port, connections=connections, seconds=seconds, first=first)
        rows = pgbench(url, folder, clients=connections, seconds=seconds)
    else:
        rows = pgbench(url, folder, clients=connections, seconds=seconds)
        sent = send(port, connections=connections, seconds=seconds, first=first)
    return Round(rows, sent)


def main() -> int:
    """Tell each round; 1 if a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=8.0)
    parser.add_argument("--connections", type=int, default=64)
    asked = parser.parse_args()
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with TemporaryDirectory(prefix="tiktok-bench-") as folder:
        found = rounds_of(
            Path(folder),
            rounds=asked.rounds,
            seconds=asked.seconds,
            connections=asked.connections,
        )
    print("pgbench/s  receiver/s  ratio  p50 ms  p99 ms  refused")
    for each in found:
        sent = each.receiver
        print(
            f"{each.pgbench:9,.0f}  {sent.per_second:10,.0f}  {each.ratio:5.2f}"
            f"  {sent.quantile_ms(0.5):6.1f}  {sent.quantile_ms(0.99):6.1f}"
            f"  {sent.refused:7}"
        )
    ratio = median(each.ratio for each in found)
    p99 = median(each.receiver.quantile_ms(0.99) for each in found)
    refused = sum(each.receiver.refused for each in found)
    print(f"median ratio {ratio:.2f} (at least {LEAST_RATIO}), p99 {p99:.1f} ms")
    is_good = ratio >= LEAST_RATIO and p99 <= MOST_P99_MS and not refused
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
