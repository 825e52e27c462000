"""Delete everything of a shop, with proof, while loads may run.

One transaction under the locks that every writer of the shop takes or shares: killed
at any moment, nothing was done. Loads that began before write nothing afterwards.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, Table, delete, func, select, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.privacy_audit import Act, record_act
from tiktok_pipelines.ingest.purged import purge_lock
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database, lock_in_transaction

Log = Callable[[str], None]

PROOFS = (tables.privacy_audit, tables.erased_subjects)
"""What stays: proof, and hashes of those who must stay erased if the shop returns."""
_SELLER = text("SELECT seller FROM tiktok_ops.shops WHERE shop_id = :shop_id")
_HOLD_SELLER = text("""
    SELECT seller FROM tiktok_ops.credentials WHERE seller = :seller FOR UPDATE
""")
_LAST = """
    FROM tiktok_ops.credentials AS c
    WHERE c.seller = :seller AND NOT EXISTS (
        SELECT FROM tiktok_ops.shops AS s
        WHERE s.seller = c.seller AND s.shop_id <> :shop_id)
"""
_COUNT_LAST = text(f"SELECT count(*) {_LAST}")
_DELETE_LAST = text(f"DELETE {_LAST}")


@dataclass(frozen=True, slots=True)
class Purge:
    """Rows by table before and after; tables without any are left out of ``before``."""

    before: Mapping[str, int]
    after: Mapping[str, int]


def tables_of_shops() -> Sequence[Table]:
    """Every table with rows of single shops, less the proofs."""
    return [
        table
        for table in tables.metadata.sorted_tables
        if "shop_id" in table.columns and table not in PROOFS
    ]


def plan_purge(database: Database, shop_id: str) -> Mapping[str, int]:
    """The rows that ``purge_shop`` would delete, by table; empty if there are none."""
    with database.begin() as connection:
        return _filled(_count(connection, shop_id, _seller(connection, shop_id)))


def purge_shop(database: Database, shop_id: str, clock: Clock, log: Log) -> Purge:
    """Delete every row of a shop, and its seller's tokens if no other shop uses them.

    Twice does no harm. Running loads of the shop fail with their next page.
    """
    started_at = clock.now()
    with database.begin() as connection:
        lock_in_transaction(connection, f"orders {shop_id}")
        lock_in_transaction(connection, purge_lock(shop_id))
        seller = _seller(connection, shop_id)
        connection.execute(_HOLD_SELLER, {"seller": seller})
        before = _count(connection, shop_id, seller)
        _delete(connection, shop_id, seller, log)
        after = _count(connection, shop_id, seller)
        record_act(
            connection,
            Act("purge_shop", started_at, shop_id=shop_id),
            before=before,
            after=after,
            finished_at=clock.now(),
        )
    return Purge(_filled(before), after)


def _seller(connection: Connection, shop_id: str) -> str | None:
    return connection.execute(_SELLER, {"shop_id": shop_id}).scalar_one_or_none()


def _count(
    connection: Connection, shop_id: str, seller: str | None
) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    for table in tables_of_shops():
        rows = select(func.count()).where(table.c.shop_id == shop_id)
        counts[table.fullname] = connection.execute(rows).scalar_one()
    told = {"shop_id": shop_id, "seller": seller}
    counts[tables.credentials.fullname] = connection.execute(
        _COUNT_LAST, told
    ).scalar_one()
    return counts


def _delete(connection: Connection, shop_id: str, seller: str | None, log: Log) -> None:
    connection.execute(_DELETE_LAST, {"shop_id": shop_id, "seller": seller})
    for table in tables_of_shops():
        deleted = connection.execute(delete(table).where(table.c.shop_id == shop_id))
        if deleted.rowcount:
            log(f"{table.fullname}: {deleted.rowcount:,} rows deleted")


def _filled(counts: Mapping[str, int]) -> Mapping[str, int]:
    return {name: rows for name, rows in counts.items() if rows}
