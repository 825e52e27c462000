"""Write pages of orders: every page in one transaction with its rows.

All writers of a shop's orders take the same lock for the length of their
transaction, so what was asked first still holds when it is written.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import cast

import msgspec
from sqlalchemy import Connection

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.errors import RefusedValue
from tiktok_pipelines.ingest.findings import keep_bad, keep_notes, resolve
from tiktok_pipelines.ingest.known_orders import known_orders
from tiktok_pipelines.ingest.order_plan import OrderPlan, Received, plan_orders
from tiktok_pipelines.ingest.order_writer import OrderWriter
from tiktok_pipelines.ingest.pages import OrderPage
from tiktok_pipelines.ingest.purged import purge_lock, refuse_more_purges
from tiktok_pipelines.ingest.rechecks import note_doubts
from tiktok_pipelines.ingest.shop_state import ShopState, shop_state
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.moments import moment_of
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.transform.encoding import decode, encode
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.orders import OrderRows
from tiktok_pipelines.transform.readers import read_text


@dataclass(frozen=True, slots=True)
class Committed:
    """What the commit of one page changed.

    ``days`` are the creation days (UTC) of the orders written; ``is_kept``: the page
    went to ``tiktok_raw.pages``.
    """

    rows_written: int
    orders_written: int
    is_kept: bool
    days: frozenset[date]
    new_bad: tuple[str, ...]


def commit_order_pages(
    database: Database, target: ShopRun, pages: Sequence[OrderPage]
) -> Sequence[Committed]:
    """Write pages with their rows in one transaction, or nothing at all.

    Running it twice with the same pages changes nothing the second time.

    Raises:
        DatabaseUnavailable: the server went away; nothing was written.
    """
    with database.begin() as connection:
        _lock(connection, target)
        state = shop_state(connection, target.shop_id)
        plan, writer = write_pages(connection, target, pages, state)
        days = _days(plan)
        new_bad = _keep_findings(connection, target, pages, state)
        if target.alongside:
            target.alongside(connection, _ids(pages))
        return [
            Committed(
                rows_written=writer.rows[number],
                orders_written=writer.orders[number],
                is_kept=number in writer.kept,
                days=frozenset(days.get(number, ())),
                new_bad=new_bad[number],
            )
            for number in range(len(pages))
        ]


def _lock(connection: Connection, target: ShopRun) -> None:
    """Keep other writers of the shop's orders, and a purge, waiting until the end."""
    shares = purge_lock(target.shop_id)
    lock_in_transaction(connection, f"orders {target.shop_id}", shares=shares)


def _ids(pages: Sequence[OrderPage]) -> set[str]:
    """The orders in pages, those among them that could not become rows too."""
    good = {rows.order_id for page in pages for rows in page.orders}
    return good.union(bad.key for page in pages for bad in page.bad)


def write_pages(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[OrderPage],
    state: ShopState,
) -> tuple[OrderPlan, OrderWriter]:
    """Write the rows of pages and, unless they are kept already, the pages.

    The caller holds the shop's lock, or nobody else writes to the target's tables.

    Raises:
        ConfigurationError: the shop was purged since the load began.
    """
    refuse_more_purges(target, state.purges)
    received = [
        Received(number, rows)
        for number, page in enumerate(pages)
        for rows in page.orders
    ]
    answers = [answer.rows for answer in received]
    plan = plan_orders(received, known_orders(connection, target, answers))
    writer = OrderWriter(connection, target, pages, state)
    writer.write(plan)
    return plan, writer


def _keep_findings(
    connection: Connection,
    target: ShopRun,
    pages: Sequence[OrderPage],
    state: ShopState,
) -> Sequence[tuple[str, ...]]:
    """Note what was odd; by page, the reasons of the bad records met first."""
    doubted = state.has_doubts
    new_bad: list[tuple[str, ...]] = []
    for page in pages:
        noted = note_doubts(connection, target, page, has_doubts=doubted)
        doubted = doubted or bool(noted)
        resolve(connection, target, page, noted)
        keep_notes(connection, target, page)
        new_bad.append(keep_bad(connection, target, page))
    return new_bad


def commit_or_quarantine(
    database: Database, target: ShopRun, page: OrderPage
) -> Iterator[tuple[OrderPage, Committed]]:
    """Commit a page; if PostgreSQL refuses a value, find the order that holds it.

    That order goes to quarantine, its neighbours land, in as many parts as it takes.
    """
    try:
        commit = partial(commit_order_pages, database, target, [page])
        (committed,) = database.outlast(commit)
        yield page, committed
    except RefusedValue as error:
        for part in _parts(page, error):
            yield from commit_or_quarantine(database, target, part)


def _parts(page: OrderPage, error: RefusedValue) -> Sequence[OrderPage]:
    """Halves of the page; of one order alone, its place in quarantine.

    The content of bad records is the first suspect: as text it is taken.
    """
    if any(not isinstance(bad.content, str) for bad in page.bad):
        return [replace(page, bad=[_as_text(bad) for bad in page.bad])]
    if not page.orders:
        raise error
    if len(page.orders) == 1:
        order_id = page.orders[0].order_id
        refused = [record for record in page.kept if _id_of(record) == order_id]
        bad = BadRecord(
            "orders",
            order_id,
            f"order {order_id}: {error}",
            encode(refused).decode(),
            retryable=False,
        )
        return [replace(page, orders=(), bad=(*page.bad, bad), notes=(), kept=())]
    half = len(page.orders) // 2
    second = {rows.order_id for rows in page.orders[half:]}
    first = _part(page, page.orders[:half], lambda name: name not in second)
    last = _part(page, page.orders[half:], lambda name: name in second)
    return [first, replace(last, bad=())]


def _part(
    page: OrderPage, orders: Sequence[OrderRows], holds: Callable[[str], bool]
) -> OrderPage:
    """Some orders of a page, with what is kept and noted of them only."""
    return replace(
        page,
        orders=orders,
        kept=[record for record in page.kept if holds(_id_of(record))],
        notes=[(name, note) for name, note in page.notes if holds(name)],
    )


def _id_of(record: msgspec.Raw) -> str:
    found = as_object(decode(bytes(record))).get("id")
    return str(read_text(found)[0] or "")


def _as_text(bad: BadRecord) -> BadRecord:
    """What no column takes may be no number for ``jsonb`` either."""
    if isinstance(bad.content, str):
        return bad
    return replace(bad, content=encode(bad.content).decode())


def _days(plan: OrderPlan) -> Mapping[int, set[date]]:
    """Creation days (UTC) of the orders that the plan writes, by page."""
    days: dict[int, set[date]] = {}
    for page, row in plan.orders:
        if row["created_at"] is not None:
            created_at = moment_of(cast("int", row["created_at"]))
            days.setdefault(page, set()).add(created_at.date())
    return days
