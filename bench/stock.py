"""Take stock of a large shop some times over, and print what that took: see README.md.

Answers lie ready, as JSON; what is measured is the way from there into the tables.
"""

import argparse
import random
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from bench.metering import cpu_of_server
from bench.stage import open_stage
from tiktok_pipelines.api.decoding import as_list, as_object
from tiktok_pipelines.api.endpoints.table import INVENTORY_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.ingest.records.commit import commit_record_pages
from tiktok_pipelines.ingest.records.pages import read_record_page
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines.transform.stock import INVENTORY, skus_of

NOON = datetime(2026, 1, 10, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
SKUS_A_CALL, SKUS_A_PRODUCT = 600, 4
MOST_US_A_LEVEL = 100
"""CPU of client and server together, for a level and its copy."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The answers of one hour; another ``seed``, other quantities."""

    skus: int
    warehouses: int
    seed: int

    def answers(self) -> Iterator[bytes]:
        """The answers, as bytes."""
        chance = random.Random(self.seed)  # noqa: S311 - quantities, no secrets
        for first in range(0, self.skus, SKUS_A_CALL):
            last = min(first + SKUS_A_CALL, self.skus)
            products = [
                self._product(number, chance)
                for number in range(first, last, SKUS_A_PRODUCT)
            ]
            yield msgspec.json.encode({"inventory": products})

    def _product(self, number: int, chance: random.Random) -> dict[str, object]:
        skus = [self._sku(number + place, chance) for place in range(SKUS_A_PRODUCT)]
        return {"product_id": f"173{number:016}", "skus": skus}

    def _sku(self, number: int, chance: random.Random) -> dict[str, object]:
        levels = [
            {
                "warehouse_id": f"727{place:016}",
                "available_quantity": chance.randint(0, 400),
                "committed_quantity": chance.randint(0, 9),
            }
            for place in range(self.warehouses)
        ]
        return {
            "id": f"172{number:016}",
            "seller_sku": f"SKU-{number}",
            "total_available_quantity": 400,
            "total_committed_quantity": 9,
            "warehouse_inventory": levels,
            "total_available_inventory_distribution": {
                "in_shop_inventory": {"quantity": 400}
            },
        }


def take_stock(database: Database, answers: Sequence[bytes], at: datetime) -> int:
    """Write the answers of one hour; the rows written."""
    written = 0
    for body in answers:
        page = read_record_page(INVENTORY, _page(body, at), KEEP_ALL)
        for committed in commit_record_pages(database, ShopRun("7400"), [page]):
            written += committed.rows_written
    return written


def _page(body: bytes, at: datetime) -> Page:
    listed = as_list(as_object(msgspec.json.decode(body)).get("inventory"))
    return Page(
        records=[sku for product in listed for sku in skus_of(product)],
        total_count=None,
        next_page_token="",
        endpoint=INVENTORY_SEARCH,
        request={},
        body=body,
        fetched_at=at,
        request_id="",
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--skus", type=int, default=200_000)
    parser.add_argument("--warehouses", type=int, default=3)
    asked = parser.parse_args()
    with open_stage() as stage, stage.database("stock") as url:
        print(
            "what                  wall s   client CPU s   server CPU s   rows written"
        )
        database = Database(url)
        still, moved = (
            list(Shelf(asked.skus, asked.warehouses, seed).answers()) for seed in (1, 2)
        )
        hours = (
            ("first hour", NOON, still),
            ("the same hour again", NOON, still),
            ("next, nothing moved", NOON + HOUR, still),
            ("next, all moved", NOON + 2 * HOUR, moved),
        )
        dearest = max(
            measure(database, stage.postmaster, what, at, answers)
            for what, at, answers in hours
        )
        database.close()
    a_level = dearest / (asked.skus * asked.warehouses) * 1e6
    print(f"{a_level:.0f} µs of CPU for a level and its copy at most")
    return int(a_level > MOST_US_A_LEVEL)


def measure(
    database: Database,
    postmaster: int,
    what: str,
    at: datetime,
    answers: Sequence[bytes],
) -> float:
    """Take stock once, print what it took, and return the CPU seconds."""
    before = cpu_of_server(postmaster)
    wall, client = time.monotonic(), time.process_time()
    written = take_stock(database, answers, at)
    wall_s = time.monotonic() - wall
    client_s = time.process_time() - client
    server_s = cpu_of_server(postmaster) - before
    figures = f"{wall_s:7.1f}   {client_s:12.1f}   {server_s:12.1f}   {written:12}"
    print(f"{what:19}  {figures}", flush=True)
    return client_s + server_s


if __name__ == "__main__":
    sys.exit(main())
