"""Load, load again with some orders changed, and again with nothing changed."""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import psycopg

from bench.metering import Cost, measure
from bench.orders import LATER, NOW
from bench.page_server import CHANGE
from bench.stage import Pages, Stage, open_stage, serve_pages, settings_of

_DAYS = 90
_ROWS = """
    SELECT coalesce(sum(n_tup_ins), 0), coalesce(sum(n_tup_upd), 0),
           coalesce(sum(n_tup_del), 0)
    FROM pg_stat_user_tables WHERE schemaname = ANY(%s)
"""
_DATA = ["tiktok", "tiktok_raw"]
_OWN = ["tiktok_ops"]
_HOUR = timedelta(hours=1)
_AGAIN = (
    ("backfill, {changed_pct} % changed", "backfill", LATER),
    ("backfill, nothing changed since", "backfill", LATER + _HOUR),
    ("first sync, nothing changed since", "sync", LATER + 2 * _HOUR),
    ("sync, nothing new", "sync", LATER + 2.25 * _HOUR),
)


@dataclass(frozen=True, slots=True)
class Written:
    """Rows added, changed and deleted, and bytes of WAL, since the server began."""

    data: tuple[int, ...]
    own: tuple[int, ...]
    wal: int

    def since(self, before: "Written") -> "Written":
        return Written(
            tuple(new - old for new, old in zip(self.data, before.data, strict=True)),
            tuple(new - old for new, old in zip(self.own, before.own, strict=True)),
            self.wal - before.wal,
        )


def written_in(url: str) -> Written:
    """What PostgreSQL has counted up to now."""
    with psycopg.connect(url) as connection:
        data, own = (
            tuple(map(int, connection.execute(_ROWS, [schemas]).fetchone() or ()))
            for schemas in (_DATA, _OWN)
        )
        told = connection.execute("SELECT pg_current_wal_lsn() - '0/0'").fetchone()
    return Written(data, own, int(told[0]) if told else 0)


@dataclass(frozen=True, slots=True)
class Course:
    """One database that is loaded again and again."""

    stage: Stage
    pages: Pages
    url: str

    def load(self, what: str, at: datetime) -> tuple[Cost, Written]:
        """Load in a fresh process, as of that time."""
        before = written_in(self.url)
        command = [sys.executable, "-m", "bench.ours", what, "--at", at.isoformat()]
        command += ["--days", str(_DAYS + (at - NOW).days)]
        cost = measure(
            command,
            environment=settings_of(self.pages, self.url, self.stage.folder / "home"),
            postmaster=self.stage.postmaster,
            api=self.pages.pid,
        )
        return cost, written_in(self.url).since(before)


def reload(stage: Stage, orders: int, changed_pct: int) -> Sequence[Written]:
    """Print what each load costs; return what each wrote."""
    with (
        serve_pages(orders=orders, days=_DAYS, changed_pct=changed_pct) as pages,
        stage.database("reload") as url,
    ):
        course = Course(stage, pages, url)
        print(_HEAD, flush=True)
        done = [_told("first backfill", course.load("backfill", NOW))]
        pages.ask(CHANGE)
        for name, what, at in _AGAIN:
            told = name.format(changed_pct=changed_pct)
            done.append(_told(told, course.load(what, at)))
    return done


_COLUMNS = (
    *("load", "wall s", "client CPU s", "server CPU s"),
    *("rows added", "changed", "deleted", "own rows", "WAL MB"),
)
_HEAD = f"\n| {' | '.join(_COLUMNS)} |\n{'|---' * len(_COLUMNS)}|"


def _told(name: str, done: tuple[Cost, Written]) -> Written:
    cost, written = done
    times = f"{cost.wall_s:.1f} | {cost.cpu_s:.1f} | {cost.server_cpu_s:.1f}"
    rows = " | ".join(f"{count:,}" for count in written.data)
    own, wal_mb = sum(written.own), written.wal / 1024 / 1024
    print(f"| {name} | {times} | {rows} | {own:,} | {wal_mb:.1f} |", flush=True)
    return written


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--orders", type=int, default=100_000)
    parser.add_argument("--changed-pct", type=int, default=30)
    asked = parser.parse_args()
    with open_stage() as stage:
        _, _, *unchanged = reload(stage, asked.orders, asked.changed_pct)
    rewritten = sum(sum(written.data) for written in unchanged)
    print(f"\nrows written although nothing had changed: {rewritten}")
    return int(rewritten > 0)


if __name__ == "__main__":
    sys.exit(main())
