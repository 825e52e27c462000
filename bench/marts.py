"""How long each view for people takes over a month of one large shop.

Tables are filled by SQL (``marts.sql``): what counts is their size, not their content.
On a machine that is busy otherwise CPU is judged instead of time: one process works.
"""

import argparse
import os
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psycopg

from bench.metering import cpu_of_server
from bench.stage import Stage, ask_one, open_stage
from tiktok_pipelines.storage.marts.views import views

_SQL = Path(__file__).with_suffix(".sql")
_LARGE, _SMALL = "S1", "S2"
_FROM, _UNTIL = "2026-05-01", "2026-06-01"
_BOUND_S = 2.0
_BUSY = 2.5  # two cores, one of which the bench itself takes
_SIZE = "SELECT pg_size_pretty(pg_database_size(current_database()))"
_WHOLE = ("dim_shops", "dim_products", "dim_skus", "ops_freshness")
_BY = {
    "fct_orders": ("created_date", "paid_date", "created_at"),
    "fct_order_skus": ("created_date", "created_at"),
    "fct_shipments": ("created_date", "created_at"),
    "fct_returns": ("created_date", "refunded_date"),
    "fct_cancellations": ("created_date", "refunded_date"),
    "fct_stock_daily": ("local_date",),
    "fct_order_finance": ("created_date", "created_at"),
    "agg_shop_daily": ("local_date",),
    "agg_sku_daily": ("local_date",),
    "rec_payouts": ("covered_date", "statement_at"),
    "rec_money_bridge": ("since_date", "since_at"),
    "ops_completeness": ("window_date", "window_start"),
    "ops_api_usage": ("usage_date",),
}
"""By which columns a month is asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A view, and the part of it that is read."""

    view: str
    column: str = ""
    shop: str = _LARGE

    @property
    def query(self) -> str:
        """All columns of a shop, of a month if the view has dates."""
        query = f"SELECT * FROM tiktok_mart.{self.view} WHERE shop_id = '{self.shop}'"
        if not self.column:
            return query
        return f"{query} AND {self.column} >= '{_FROM}' AND {self.column} < '{_UNTIL}'"

    @property
    def name(self) -> str:
        """For people."""
        shop = f" of {self.shop}" if self.shop != _LARGE else ""
        return f"`{self.view}`{shop} | {self.column and f'`{self.column}`'}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a question took: medians of the rounds."""

    wall_s: float
    cpu_s: float
    rows: int


def questions() -> list[Question]:
    """Every view, by each of its dates; stock also where it was taken every day."""
    asked = [Question(view) for view in _WHOLE]
    asked += [Question(view, column) for view, of in _BY.items() for column in of]
    return [*asked, Question("fct_stock_daily", "local_date", _SMALL)]


def fill(url: str, *, orders: int, skus: int) -> None:
    """So many orders of four shops, and what hangs on them."""
    text = _SQL.read_text("utf-8")
    numbers = {"{orders}": str(orders), "{skus}": str(skus)}
    for name, number in numbers.items():
        text = text.replace(name, number)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET synchronous_commit = off")
        for statement in re.split(r"^--.*\n", text, flags=re.MULTILINE):
            if statement.strip():
                connection.execute(statement.encode())
        connection.execute("VACUUM (ANALYZE)")


def answer(stage: Stage, url: str, question: Question, rounds: int) -> Answer:
    """Read all rows to the end, as text; the client throws them away."""
    took: list[tuple[float, float]] = []
    copying = f"COPY ({question.query}) TO STDOUT".encode()
    rows = 0
    with psycopg.connect(url, autocommit=True) as connection:
        for _ in range(rounds):
            cpu, started = cpu_of_server(stage.postmaster), time.monotonic()
            with connection.cursor() as cursor:
                with cursor.copy(copying) as copy:
                    for _ in copy:
                        pass
                rows = cursor.rowcount
            wall_s = time.monotonic() - started
            took.append((wall_s, cpu_of_server(stage.postmaster) - cpu))
    return Answer(median(t for t, _ in took), median(c for _, c in took), rows)


def plan(url: str, question: Question) -> str:
    """How PostgreSQL goes about it, with what it found."""
    explain = f"EXPLAIN (ANALYZE, BUFFERS) {question.query}".encode()
    with psycopg.connect(url) as connection:
        return "\n".join(str(row[0]) for row in connection.execute(explain).fetchall())


def main() -> int:
    asked = _parser().parse_args()
    with open_stage() as stage, stage.database("marts") as url:
        started = time.monotonic()
        fill(url, orders=asked.orders, skus=asked.skus)
        print(f"filled in {time.monotonic() - started:.0f} s: {ask_one(url, _SIZE)}\n")
        slow = _tell(stage, url, asked.rounds)
        for question in slow:
            print(f"\n{question.name}\n{plan(url, question)}")
    return 1 if slow else 0


def _tell(stage: Stage, url: str, rounds: int) -> Sequence[Question]:
    """Ask everything; those that take too long are given back."""
    print("| view | a month by | rows | wall s | server CPU s |\n|---|---|---|---|---|")
    slow: list[Question] = []
    for question in questions():
        found = answer(stage, url, question, rounds)
        times = f"{found.wall_s:.2f} | {found.cpu_s:.2f}"
        print(f"| {question.name} | {found.rows:,} | {times} |", flush=True)
        took_s = found.cpu_s if os.getloadavg()[0] > _BUSY else found.wall_s
        if took_s > _BOUND_S:
            slow.append(question)
    return slow


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=1_000_000, help="of four shops")
    parser.add_argument("--skus", type=int, default=200_000, help="of the large shop")
    parser.add_argument("--rounds", type=int, default=3)
    return parser


if {f"tiktok_mart.{name}" for name in (*_WHOLE, *_BY)} != set(views()):
    raise ValueError("a view is not measured: name it in _WHOLE or _BY")

if __name__ == "__main__":
    sys.exit(main())
