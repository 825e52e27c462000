"""How each subject is read again by id: a registry that events look into.

A loader is told whom to call in each transaction that writes rows, with the ids that
are in it, so that events are settled together with what they announced.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from tiktok_pipelines.ingest.order_ids import load_by_id
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.target import Alongside


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


LOADERS: Mapping[str, Loader] = {"orders": load_orders}
