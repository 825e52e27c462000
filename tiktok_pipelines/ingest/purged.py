"""Keep what a shop's purge deleted from coming back through loads that still run."""

from sqlalchemy import Connection, text

from tiktok_pipelines.errors import ConfigurationError
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_key

_COUNT = text("""
    SELECT count(*) FROM tiktok_ops.privacy_audit
    WHERE act = 'purge_shop' AND shop_id = :shop_id
""")
_SHARE = text("SELECT pg_advisory_xact_lock_shared(:key)")


def purge_lock(shop_id: str) -> str:
    """What a purge holds alone, and every writer of the shop's rows shares."""
    return f"purge {shop_id}"


def count_purges(database: Database, shop_id: str) -> int:
    """How often a shop was purged so far."""
    asked = {"shop_id": shop_id}
    return database.transact(
        lambda connection: connection.execute(_COUNT, asked).scalar_one()
    )


def refuse_purged(connection: Connection, target: ShopRun) -> None:
    """Let no purge begin before this transaction ends, unless one did already.

    Raises:
        ConfigurationError: the shop was purged since the load began.
    """
    if target.purges is None:
        return
    connection.execute(_SHARE, {"key": lock_key(purge_lock(target.shop_id))})
    purges = connection.execute(_COUNT, {"shop_id": target.shop_id}).scalar_one()
    refuse_more_purges(target, purges)


def refuse_more_purges(target: ShopRun, purges: int) -> None:
    """As ``refuse_purged``, for one who holds the lock and knows the count.

    Raises:
        ConfigurationError: the shop was purged since the load began.
    """
    if target.purges not in (None, purges):
        raise ConfigurationError(
            f"shop {target.shop_id} was purged while it was read, and nothing more was "
            "written: to have it again, tiktok-pipelines shops connect"
        )
