"""How each subject is read again by id: a registry that events look into.

A loader is told whom to call in each transaction that writes rows, with the ids that
are in it, so that events are settled together with what they announced.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from tiktok_pipelines.ingest.order_ids import load_by_id
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.privacy_rules import load_policy
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.records.by_ids import ByIds, read_ids
from tiktok_pipelines.ingest.records.doubts import Doubt
from tiktok_pipelines.ingest.records.subject import Subject, Work
from tiktok_pipelines.ingest.records.tally import RecordTally
from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.ingest.subjects.fulfillment import (
    PACKAGE,
    PACKAGE_DETAILS,
    PACKAGES,
)
from tiktok_pipelines.ingest.subjects.products import DETAIL as PRODUCT
from tiktok_pipelines.ingest.subjects.products import PRODUCTS
from tiktok_pipelines.ingest.target import Alongside, ShopRun
from tiktok_pipelines.ingest.webhook_objects import read_packages, read_products

SUBJECTS: Mapping[str, tuple[str, ...]] = {
    "cancellations": ("cancellations",),
    "inventory": ("inventory", "inventory_levels"),
    "returns": ("returns",),
}
"""What routes call a subject whose detail is all of it, and how it may be declared."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What reading objects again found; ``days`` are those of creation, UTC."""

    rows_written: int = 0
    missing: tuple[str, ...] = ()
    days: frozenset[date] = frozenset()
    new_bad: tuple[str, ...] = ()


Loader = Callable[[OrderRuns, str, Sequence[str], Alongside], Loaded]
"""Reads objects of a shop again: runs, shop id, ids, alongside."""


def load_orders(
    runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
) -> Loaded:
    """Orders, fifty a call."""
    load = runs.load_of(shop_id, alongside=alongside)
    result = load_by_id(load, ids)
    return Loaded(result.rows_written, result.missing, result.days, result.new_bad)


def load_records(
    subject: Subject,
    load: ByIds,
    runs: OrderRuns,
    shop_id: str,
    ids: Sequence[str],
    alongside: Alongside,
) -> Loaded:
    """Records of a subject, in as few calls as its way by id takes.

    What comes odd is in doubt as if that load had asked for it.
    """
    work = _work(subject, runs, shop_id, alongside)
    doubt = Doubt(load.name, ids, work.clock.now())
    return _loaded(read_ids(work, load.detail, doubt, {}), ids)


def load_packages(
    runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
) -> Loaded:
    """Packages and their details."""
    listed = _work(PACKAGES, runs, shop_id, alongside)
    detailed = _work(PACKAGE_DETAILS, runs, shop_id, None)
    return _loaded(read_packages(listed, detailed, PACKAGE, ids), ids)


def load_products(
    runs: OrderRuns, shop_id: str, ids: Sequence[str], alongside: Alongside
) -> Loaded:
    """Products, with what only their search tells."""
    work = _work(PRODUCTS, runs, shop_id, alongside)
    return _loaded(read_products(work, PRODUCT, ids), ids)


def _loaded(tally: RecordTally, ids: Sequence[str]) -> Loaded:
    missing = tuple(name for name in ids if name not in tally.ids)
    return Loaded(tally.rows_written, missing, new_bad=tuple(tally.new_bad))


def _work(
    subject: Subject, runs: OrderRuns, shop_id: str, alongside: Alongside | None
) -> Work:
    shops = runs.shops
    database, now = shops.store.database, shops.clock.now()
    purges = count_purges(database, shop_id)  # before the shop is asked for
    return Work(
        mapping=subject.mapping,
        shop=shops.client_of(shop_id),
        database=database,
        target=ShopRun(shop_id, runs.run_id, purges=purges, alongside=alongside),
        clock=shops.clock,
        policy=load_policy(database, shops.store.cipher, shop_id, now=now),
        since=now,
        log=runs.log,
    )


def _by_id(subject: Subject) -> ByIds | None:
    """The load that reads the subject's records by id, if any does so."""
    return next((load for load in subject.loads if isinstance(load, ByIds)), None)


def _loaders() -> Mapping[str, Loader]:
    loaders: dict[str, Loader] = {
        "orders": load_orders,
        "packages": load_packages,
        "products": load_products,
    }
    for name, declared in SUBJECTS.items():
        subject = next((BY_NAME[one] for one in declared if one in BY_NAME), None)
        load = _by_id(subject) if subject else None
        if subject and load:
            loaders[name] = partial(load_records, subject, load)
    return loaders


LOADERS: Mapping[str, Loader] = _loaders()
"""By subject; a subject that is not here is read by its sync, which is made due."""
SYNC_OF: Mapping[str, str] = {
    "cancellations": "returns",
    "inventory": "inventory",
    "orders": "orders",
    "packages": "fulfillment",
    "products": "products",
    "returns": "returns",
}
"""The sync that reads a subject, as ``tiktok_ops.sync_schedules`` calls it."""
