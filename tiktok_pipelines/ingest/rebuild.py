"""Rebuild tables from the pages that were kept, without one call of the API.

A shop's pages are replayed into shadow tables; under the shop's lock those are compared
with the real ones, and only what differs is applied, in the same transaction. So a kill
leaves the tables as they were, and rows that were right are not rewritten.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from sqlalchemy import text

from tiktok_pipelines.clock import Clock, SystemClock
from tiktok_pipelines.errors import PipelineError, RefusedValue
from tiktok_pipelines.ingest.order_writer import STREAM
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.rebuild_compare import (
    TableDifference,
    apply_differences,
    find_differences,
)
from tiktok_pipelines.ingest.rebuild_replay import OrderWays, Replay, Replayed
from tiktok_pipelines.ingest.rebuild_scope import CreationDays, fill_scope
from tiktok_pipelines.ingest.rebuild_shadow import (
    Shadow,
    copy_foreign,
    refresh_statistics,
    shadow_tables,
)
from tiktok_pipelines.storage.database import Database, lock_in_transaction, lock_key

LOCK = "rebuild orders"
"""Held by whoever uses the shadow tables, of whichever subject."""
_SHOPS = text("""
    SELECT shop_id FROM tiktok_raw.pages WHERE stream = :stream
    UNION SELECT shop_id FROM tiktok.orders
    UNION SELECT shop_id FROM tiktok.customers ORDER BY 1
""")
_IS_TAKEN = text("SELECT NOT pg_try_advisory_xact_lock(:key)")


@dataclass(frozen=True, slots=True)
class RebuildRequest:
    """What to rebuild, and how far to go.

    ``shop_ids`` empty: every shop. ``accepts_removals``: rows that no page tells of may
    be deleted.
    """

    shop_ids: Sequence[str] = ()
    days: CreationDays = field(default_factory=CreationDays)
    is_dry_run: bool = False
    accepts_removals: bool = False


@dataclass(frozen=True, slots=True)
class ShopRebuild:
    """What was found in one shop's tables; ``is_applied``: they are right now."""

    shop_id: str
    replayed: Replayed
    differences: tuple[TableDifference, ...]
    is_applied: bool

    @property
    def total(self) -> int:
        """Rows that differed."""
        return sum(each.total for each in self.differences)

    @property
    def removed(self) -> int:
        """Rows that no page tells of."""
        return sum(each.removed for each in self.differences)


@dataclass(frozen=True, slots=True)
class RebuildReport:
    """What a rebuild found and did, shop by shop."""

    request: RebuildRequest
    shops: tuple[ShopRebuild, ...]

    @property
    def is_equal(self) -> bool:
        """Whether every table was as its pages tell."""
        return not any(shop.total for shop in self.shops)

    def raise_if_left(self) -> None:
        """Say what still differs, and why it was not applied.

        Raises:
            PipelineError: tables differ from what the pages tell.
        """
        left = [shop for shop in self.shops if shop.total and not shop.is_applied]
        if not left:
            return
        rows, removed = sum(s.total for s in left), sum(s.removed for s in left)
        told = f"{rows} rows of {len(left)} shop(s) differ from what the pages tell"
        if removed:
            told += f", {removed} of them stand in no page"
        remedy = "run it again without --dry-run to apply it"
        if removed:
            remedy = f"with --accept-removals those {removed} are deleted"
        raise PipelineError(f"{told}, and nothing of these shops was changed: {remedy}")


def rebuild_orders(
    database: Database,
    request: RebuildRequest,
    *,
    log: Callable[[str], None],
    clock: Clock | None = None,
) -> RebuildReport:
    """Derive orders, lines, history and customers again from the pages kept.

    Loads may go on meanwhile: what they commit is replayed too. One rebuild works at a
    time, a second one waits. Recipients are in no page and stay as they are, but for
    those of orders that are removed.

    Raises:
        PipelineError: a shop is unknown, or pages or shadow tables were lost meanwhile.
        StorageError: a page is damaged.
        DatabaseUnavailable: the server went away; the tables are as before, or done
            shop by shop.
    """
    tell_if_taken(database, log)
    with database.lock(LOCK):
        return RebuildReport(
            request,
            tuple(
                _rebuild_shop(database, request, shop_id, log=log, clock=clock)
                for shop_id in _shops(database, request.shop_ids)
            ),
        )


def _shops(database: Database, wanted: Sequence[str]) -> Sequence[str]:
    with database.begin() as connection:
        known = connection.execute(_SHOPS, {"stream": STREAM}).scalars().all()
    unknown = sorted(set(wanted) - set(known))
    if unknown:
        raise PipelineError(
            f"no page and no row of shop {', '.join(unknown)} is there: expected one "
            "of those that tiktok-pipelines shops list names"
        )
    return list(dict.fromkeys(wanted)) or known


def tell_if_taken(database: Database, log: Callable[[str], None]) -> None:
    """Say that one has to wait."""
    with database.begin() as connection:
        if connection.execute(_IS_TAKEN, {"key": lock_key(LOCK)}).scalar_one():
            log("another rebuild is at work: waiting until it is done")


def _rebuild_shop(
    database: Database,
    request: RebuildRequest,
    shop_id: str,
    *,
    log: Callable[[str], None],
    clock: Clock | None,
) -> ShopRebuild:
    with shadow_tables(database, shop_id) as shadow:
        if request.days.is_all:
            copy_foreign(database, shadow.target)
        else:
            fill_scope(database, shop_id, request.days)
        clock = clock or SystemClock()
        ways = OrderWays(shadow.target, request.days)
        replay = Replay(database, shadow.target, ways, clock, log)
        replay.catch_up()
        refresh_statistics(database)
        return _compare_and_apply(replay, shadow, request)


def _compare_and_apply(
    replay: Replay[OrderPage], shadow: Shadow, request: RebuildRequest
) -> ShopRebuild:
    while True:
        before = replay.state
        try:
            return _finish(replay, shadow, request)
        except RefusedValue:  # in a page that came last: it takes the slow way
            replay.state = before
            if not replay.catch_up():
                raise


def _finish(
    replay: Replay[OrderPage], shadow: Shadow, request: RebuildRequest
) -> ShopRebuild:
    """With the shop's writers waiting: the last pages, the comparison, the changes."""
    target = shadow.target
    with replay.database.begin() as connection:
        lock_in_transaction(connection, f"orders {target.shop_id}")
        shadow.check(connection)
        replay.catch_up_within(connection)
        differences = find_differences(
            connection, target, is_limited=not request.days.is_all
        )
        found = ShopRebuild(target.shop_id, replay.state, differences, is_applied=False)
        if not may_apply(found, request):
            return found
        apply_differences(connection)
    return ShopRebuild(target.shop_id, replay.state, differences, is_applied=True)


def may_apply(found: ShopRebuild, request: RebuildRequest) -> bool:
    """Whether what was found is to be put right."""
    if request.is_dry_run or not found.total:
        return False
    return request.accepts_removals or not found.removed
