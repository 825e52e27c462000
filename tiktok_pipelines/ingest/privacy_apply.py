"""Apply the privacy policy of today to buyer data stored under an older one.

It only ever takes away: what was dropped, masked or hashed does not come back. Each
batch is a transaction under the shop's lock; killed and run again it goes on, as what
was treated does not change again.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, RowMapping, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.erased import erased_orders
from tiktok_pipelines.ingest.erasure import RECIPIENTS
from tiktok_pipelines.ingest.privacy_audit import Act, complete_act, record_act
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.storage import tables
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.storage.upsert import merge_different
from tiktok_pipelines.tokens.cipher import TokenCipher
from tiktok_pipelines.transform.buyers import BuyerData, from_row, to_row
from tiktok_pipelines.transform.privacy import PrivacyPolicy

Log = Callable[[str], None]

_AT_ONCE = 500
_SHOPS = text("SELECT DISTINCT shop_id FROM tiktok.order_recipients ORDER BY shop_id")
_BATCH = text("""
    SELECT * FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id > :after
    ORDER BY order_id LIMIT :count
""")
_DELETE = text("""
    DELETE FROM tiktok.order_recipients
    WHERE shop_id = :shop_id AND order_id = ANY(:ids)
""")


@dataclass(slots=True)
class Deviation:
    """What of a shop's stored buyer data the policy does not allow.

    ``fields`` counts the orders by field; ``deleted`` are orders of which nothing is
    left; ``changed`` counts them and those of which something is.
    """

    rows: int = 0
    changed: int = 0
    deleted: int = 0
    fields: Counter[str] = field(default_factory=Counter[str])


@dataclass(slots=True)
class _Batch:
    """What to do with some rows."""

    new: list[dict[str, object]] = field(default_factory=list[dict[str, object]])
    gone: list[str] = field(default_factory=list[str])


def shops_with_buyers(database: Database) -> Sequence[str]:
    """The shops that hold buyer data."""
    with database.begin() as connection:
        return connection.execute(_SHOPS).scalars().all()


def plan_apply(
    database: Database, cipher: TokenCipher, shop_id: str, clock: Clock
) -> Deviation:
    """What ``apply_policy`` would change in a shop."""
    policy = load_policy(database, cipher, shop_id, now=clock.now())
    told, after = Deviation(), ""
    while True:
        with database.begin() as connection:
            rows = _rows(connection, shop_id, after)
            _sort_out(connection, shop_id, policy, rows, told)
        if not rows:
            return told
        after = rows[-1]["order_id"]


def apply_policy(
    database: Database, cipher: TokenCipher, shop_id: str, clock: Clock, log: Log
) -> Deviation:
    """Treat a shop's stored buyer data as if it arrived today; return what changed.

    Raises:
        DecryptionError: no key reads the secret of the hashes; nothing was changed.
    """
    found = plan_apply(database, cipher, shop_id, clock)
    act = Act("apply_rules", clock.now(), shop_id=shop_id, details={"is_done": False})
    with database.begin() as connection:
        before = {RECIPIENTS: found.changed}
        audit_id = record_act(
            connection, act, before=before, after=before, finished_at=act.started_at
        )
    policy = load_policy(database, cipher, shop_id, now=clock.now())
    done = Deviation()
    for _ in _treat(database, policy, shop_id, done):
        log(f"shop {shop_id}: {done.rows:,} of {found.rows:,} orders looked at")
    left = plan_apply(database, cipher, shop_id, clock)
    with database.begin() as connection:
        complete_act(
            connection,
            audit_id,
            details={"is_done": True, **as_details(done)},
            after={RECIPIENTS: left.changed},
            finished_at=clock.now(),
        )
    return done


def as_details(found: Deviation) -> Mapping[str, object]:
    """A deviation for machines."""
    return {
        "rows": found.rows,
        "changed": found.changed,
        "deleted": found.deleted,
        "fields": dict(sorted(found.fields.items())),
    }


def _treat(
    database: Database, policy: PrivacyPolicy, shop_id: str, done: Deviation
) -> Iterator[None]:
    """Treat batch after batch, each in a transaction of its own."""
    after: str = ""
    while True:
        with database.begin() as connection:
            lock_in_transaction(connection, f"orders {shop_id}")
            rows = _rows(connection, shop_id, after)
            batch = _sort_out(connection, shop_id, policy, rows, done)
            merge_different(connection, tables.order_recipients, batch.new)
            told = {"shop_id": shop_id, "ids": batch.gone}
            connection.execute(_DELETE, told)
        if not rows:
            return
        after = rows[-1]["order_id"]
        yield


def _rows(connection: Connection, shop_id: str, after: str) -> Sequence[RowMapping]:
    asked = {"shop_id": shop_id, "after": after, "count": _AT_ONCE}
    return connection.execute(_BATCH, asked).mappings().all()


def _sort_out(
    connection: Connection,
    shop_id: str,
    policy: PrivacyPolicy,
    rows: Sequence[RowMapping],
    told: Deviation,
) -> _Batch:
    """What becomes of rows, added up in ``told``."""
    ids = {row["order_id"]: () for row in rows}
    erased = erased_orders(connection, shop_id, policy, ids)
    batch = _Batch()
    for row in rows:
        order_id, held = row["order_id"], from_row(dict(row))
        allowed = None if order_id in erased else policy.apply(held)
        told.rows += 1
        if allowed is not None and allowed.fields == held.fields:
            continue
        told.changed += 1
        told.fields.update(_differing(held, allowed))
        if allowed is None:
            told.deleted += 1
            batch.gone.append(order_id)
        else:
            own = {"shop_id": shop_id, "order_id": order_id}
            batch.new.append({**own, **to_row(allowed)})
    return batch


def _differing(held: BuyerData, allowed: BuyerData | None) -> Iterator[str]:
    left: Mapping[str, object] = allowed.fields if allowed else {}
    for path, value in held.fields.items():
        if path not in left or left[path] != value:
            yield path
