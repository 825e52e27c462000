"""Load a small and a large shop, and print what each took: see README.md."""

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from tiktok_pipelines.storage.embedded import EmbeddedServer
from tiktok_pipelines.storage.migrate import upgrade
from tiktok_pipelines_tests.integration.chaos.measured import Measured, measure

DAYS = 90
MOST_MB = 150
MOST_GROWTH = 1.1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, nargs="+", default=[10_000, 200_000])
    parser.add_argument("--days", type=int, default=DAYS)
    asked = parser.parse_args()
    with (
        TemporaryDirectory(prefix="tiktok-bench-") as folder,
        EmbeddedServer(Path(folder)).running() as server,
    ):
        print("orders   peak MB   CPU s   wall s   open orders read again")
        loads = [load(server, orders, asked.days) for orders in asked.orders]
    growth = max(one.peak_mb for one in loads) / loads[0].peak_mb
    print(f"the largest peak is {growth:.2f} of the first")
    return int(growth > MOST_GROWTH or max(one.peak_mb for one in loads) > MOST_MB)


def load(server: EmbeddedServer, orders: int, days: int) -> Measured:
    """Load a shop into a database of its own, and print what that took."""
    name = f"orders_{orders}"
    with psycopg.connect(server.dsn("postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
    upgrade(server.dsn(name))
    home = server.home / name  # in the server's own home its URL would mean another
    done = measure(orders, days, database_url=server.dsn(name), home=home)
    figures = f"{done.peak_mb:7.1f}   {done.cpu_s:5.0f}   {done.wall_s:6.0f}"
    print(f"{orders:6}   {figures}   {done.reread}", flush=True)
    return done


if __name__ == "__main__":
    sys.exit(main())
