"""Which subjects there are beside orders: names alone, for whoever only shows them.

``ingest/subjects/`` says how each is loaded; a test holds both together. A code server
loads often, so nothing here imports anything heavy.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SubjectFacts:
    """One subject.

    Attributes:
        name: the stream, as pages, ledger and quarantine call it.
        sync: the sync it is part of, as ``tiktok_ops.sync_schedules`` calls it.
        tables: what it fills, with schema; the one whose rows are its records first.
        how: what fills them, in words.
    """

    name: str
    sync: str
    tables: tuple[str, ...]
    how: str


@dataclass(frozen=True, slots=True)
class Sync:
    """Subjects that one run loads.

    Attributes:
        name: as ``tiktok_ops.sync_schedules`` calls it.
        job: the Dagster job.
        what: what the job does, in words.
        every: how often, in words.
    """

    name: str
    job: str
    what: str
    every: str


SUBJECTS: tuple[SubjectFacts, ...] = (
    SubjectFacts(
        "warehouses",
        "products",
        ("tiktok.warehouses",),
        "Get Warehouse List, all in one call.",
    ),
    SubjectFacts(
        "cancellations",
        "returns",
        ("tiktok.cancellations", "tiktok.cancellation_lines"),
        "Search Cancellations, by update time; open ones again each day.",
    ),
    SubjectFacts(
        "returns",
        "returns",
        ("tiktok.returns", "tiktok.return_lines"),
        "Search Returns, by update time; open ones again each day.",
    ),
)

SYNCS: tuple[Sync, ...] = (
    Sync(
        "products",
        "sync_products",
        "Pulls products and what is about them: changes since the last sync, and what"
        " is listed whole.",
        "hourly",
    ),
    Sync(
        "inventory",
        "snapshot_inventory",
        "Takes stock: what is there now, and a copy with the hour.",
        "hourly",
    ),
    Sync(
        "fulfillment",
        "sync_fulfillment",
        "Pulls packages and their ways, promotions and coupons.",
        "hourly",
    ),
    Sync(
        "returns",
        "sync_returns",
        "Pulls cancellations and returns that changed, and those that are open.",
        "hourly",
    ),
    Sync(
        "finance",
        "sync_finance",
        "Pulls statements, what they are made of, payouts and estimates.",
        "daily",
    ),
)
"""Every sync beside orders and tokens; those without subjects have no job."""


def subjects_of(sync: str) -> tuple[SubjectFacts, ...]:
    """The subjects of a sync, in the order in which they are loaded."""
    return tuple(each for each in SUBJECTS if each.sync == sync)


def facts_of(name: str) -> SubjectFacts:
    """One subject by its name."""
    return next(each for each in SUBJECTS if each.name == name)
