"""The shadow tables of a rebuild: one shop at a time, in a schema of their own."""

from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection, Table, text

from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database

SHADOW = "tiktok_rebuild"
REBUILT = (
    tables.orders,
    tables.order_lines,
    tables.order_status_history,
    tables.customers,
)
"""What pages tell of; recipients are in no page, and go only with their orders."""

_DROP = f"DROP SCHEMA IF EXISTS {SHADOW} CASCADE"
_TABLE = "CREATE UNLOGGED TABLE {shadow}.{name} (LIKE tiktok.{name} INCLUDING ALL)"
_BESIDES = (
    f"CREATE UNLOGGED TABLE {SHADOW}.marks (mark uuid PRIMARY KEY)",
    f"CREATE UNLOGGED TABLE {SHADOW}.scope (order_id text PRIMARY KEY)",
    f"CREATE UNLOGGED TABLE {SHADOW}.buyers (buyer_id text PRIMARY KEY)",
)
_NOT_OURS = (
    text("""
        INSERT INTO tiktok_rebuild.orders
        SELECT * FROM tiktok.orders WHERE shop_id = :shop_id AND source <> 'api'
    """),
    text("""
        INSERT INTO tiktok_rebuild.customers (shop_id, buyer_id, first_order_at,
            last_order_at, order_count, extra, raw_page_id, synced_at)
        SELECT shop_id, buyer_id, o.first_at, o.last_at, o.order_count,
               c.extra, c.raw_page_id, c.synced_at
        FROM tiktok.customers AS c
        JOIN (SELECT buyer_id, min(created_at) AS first_at, max(created_at) AS last_at,
                     count(*) AS order_count
              FROM tiktok_rebuild.orders GROUP BY buyer_id) AS o USING (buyer_id)
        WHERE shop_id = :shop_id
    """),
)


_MARK = text("INSERT INTO tiktok_rebuild.marks SELECT gen_random_uuid() RETURNING mark")
_IS_MARKED = text(
    "SELECT count(*) = 1 FROM tiktok_rebuild.marks WHERE mark = CAST(:mark AS uuid)"
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """Shadow tables of one shop; the mark tells them from others of their name."""

    target: ShopRun
    mark: str

    def check(self, connection: Connection) -> None:
        """Hold these tables until the transaction ends.

        A crash of the server empties them (they are not logged), and a second rebuild
        replaces them, should the lock of the first have been lost.

        Raises:
            PipelineError: they are not what they were.
        """
        if not connection.execute(_IS_MARKED, {"mark": self.mark}).scalar_one():
            raise PipelineError(
                f"the shadow tables in {SHADOW} were lost (a crash of the server, or "
                "another rebuild), and nothing was changed: run the rebuild again"
            )


@contextmanager
def shadow_tables(
    database: Database, shop_id: str, mirrored: Sequence[Table] = REBUILT
) -> Generator[Shadow]:
    """Empty tables for one shop's rows, dropped at the end.

    What a killed rebuild left is dropped first: the caller holds the rebuilds' lock.
    """
    with database.begin() as connection:
        _drop(connection)
        connection.execute(text(f"CREATE SCHEMA {SHADOW}"))
        for table in mirrored:
            statement = _TABLE.format(shadow=SHADOW, name=table.name)
            connection.execute(text(statement))
        for statement in _BESIDES:
            connection.execute(text(statement))
        mark = str(connection.execute(_MARK).scalar_one())
    try:
        yield Shadow(ShopRun(shop_id, schema=SHADOW), mark)
    finally:
        with database.begin() as connection:
            _drop(connection)


def copy_foreign(database: Database, target: ShopRun) -> None:
    """Take over orders that come from no page, as buyers' counts include them."""
    with database.begin() as connection:
        for statement in _NOT_OURS:
            connection.execute(statement, {"shop_id": target.shop_id})


def refresh_statistics(database: Database, mirrored: Sequence[Table] = REBUILT) -> None:
    """Let the comparison know how many rows there are."""
    with database.begin() as connection:
        for table in mirrored:
            connection.execute(text(f"ANALYZE {SHADOW}.{table.name}"))


def _drop(connection: Connection) -> None:
    connection.execute(text("SET LOCAL client_min_messages = warning"))
    connection.execute(text(_DROP))
