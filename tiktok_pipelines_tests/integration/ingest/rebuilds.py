"""Rebuilds in tests: how they are asked for, and what they find."""

import threading
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import event, text

from tiktok_pipelines.ingest.order_commit import Committed, commit_order_pages
from tiktok_pipelines.ingest.rebuild import (
    RebuildReport,
    RebuildRequest,
    rebuild_orders,
)
from tiktok_pipelines.ingest.rebuild_scope import CreationDays
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import compress, encode
from tiktok_pipelines_tests.integration.ingest.loads import quiet
from tiktok_pipelines_tests.integration.ingest.stored import Row, rows, table
from tiktok_pipelines_tests.unit.ingest.pages import read
from tiktok_pipelines_tests.unit.transform.samples import NOON

SHOP = ShopRun("7490000000000000001", "run-1")
REBUILT = ("orders", "order_lines", "order_status_history", "customers")
TABLES = (*REBUILT, "order_recipients")
SHADOWS = "SELECT count(*) FROM pg_namespace WHERE nspname = 'tiktok_rebuild'"

READ = "ANALYZE tiktok_rebuild.customers"  # all pages are replayed, no lock is held

Counts = tuple[int, int, int, int]
"""Rows added, removed, changed, moved."""


def commit(
    database: Database, *records: object, at: datetime = NOON, shop: ShopRun = SHOP
) -> Committed:
    (done,) = commit_order_pages(database, shop, [read(records, at)])
    return done


def rebuild(
    database: Database,
    *shop_ids: str,
    days: CreationDays | None = None,
    is_dry_run: bool = False,
    accepts_removals: bool = False,
    log: Callable[[str], None] = quiet,
) -> RebuildReport:
    request = RebuildRequest(
        shop_ids, days or CreationDays(), is_dry_run, accepts_removals
    )
    return rebuild_orders(database, request, log=log)


def held(database: Database) -> dict[str, list[Row]]:
    """Every column of every table of ``tiktok``, provenance too."""
    return {name: table(database, f"tiktok.{name}") for name in TABLES}


def places(database: Database) -> dict[str, list[Row]]:
    """Which transaction wrote each row, and where it stands."""
    return {
        name: rows(
            database, f"SELECT ctid::text, xmin::text FROM tiktok.{name} ORDER BY 1"
        )
        for name in TABLES
    }


def change(database: Database, *statements: str) -> None:
    """Damage tables by hand; each statement must hit something."""
    with database.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount, statement


def differences(report: RebuildReport) -> Mapping[str, Counts]:
    """What was found, by table, over all shops; nothing of tables that are equal."""
    found: dict[str, list[Counts]] = {}
    for shop in report.shops:
        for each in shop.differences:
            counts = (each.added, each.removed, each.changed, each.moved)
            found.setdefault(each.table.removeprefix("tiktok."), []).append(counts)
    summed = {name: _sum(counts) for name, counts in found.items()}
    return {name: counts for name, counts in summed.items() if any(counts)}


def _sum(counts: list[Counts]) -> Counts:
    added, removed, changed, moved = (
        sum(column) for column in zip(*counts, strict=True)
    )
    return added, removed, changed, moved


@contextmanager
def after(
    database: Database, statement: str, act: Callable[[], object]
) -> Generator[None]:
    """Do something, once, after a statement of a rebuild."""
    done = threading.Event()

    def listen(_c: object, _cursor: object, executed: str, *_: object) -> None:
        if statement in executed and not done.is_set():
            done.set()
            act()

    event.listen(database.engine, "after_cursor_execute", listen)
    yield
    event.remove(database.engine, "after_cursor_execute", listen)
    assert done.is_set(), f"{statement} was not met"


def spill(database: Database, *records: object) -> None:
    """Leave in every page what code that knew fewer buyer fields would have kept."""
    body = compress(encode({"orders": records}))
    with database.begin() as connection:
        statement = text("UPDATE tiktok_raw.pages SET body = :body")
        connection.execute(statement, {"body": body})


def keep_page(database: Database, *records: object, shop: ShopRun = SHOP) -> None:
    """A page as a load would keep it, with no rows."""
    page = read(records, NOON)
    statement = (
        "INSERT INTO tiktok_raw.pages"
        " (shop_id, stream, request, fetched_at, record_count, body)"
        " VALUES (:shop_id, 'orders', '{}', :at, 1, :body)"
    )
    values = {"shop_id": shop.shop_id, "at": NOON, "body": page.body}
    with database.begin() as connection:
        connection.execute(text(statement), values)
