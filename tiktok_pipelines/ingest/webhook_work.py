"""Work on events: reduced to the objects they are about, read again, settled."""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import DatabaseUnavailable, PipelineError
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.webhook_batch import Batch, Pending
from tiktok_pipelines.ingest.webhook_loads import LOADERS, Loader
from tiktok_pipelines.ingest.webhook_queue import claim, claim_suspect
from tiktok_pipelines.storage.database import Database

_SHOPS_AT_ONCE = 4
_LATER = ("packages", "products", "cancellations", "returns", "inventory", "orders")
"""The order in which the subjects of a shop are read; others come first."""


@dataclass(frozen=True, slots=True)
class WebhookWork:
    """Works on events for one run."""

    runs: OrderRuns
    loaders: Mapping[str, Loader] = field(default_factory=lambda: LOADERS)

    @property
    def database(self) -> Database:
        """Where the events and the tables are."""
        return self.runs.shops.store.database

    @property
    def clock(self) -> Clock:
        """The present."""
        return self.runs.shops.clock

    def next_batch(self) -> Batch:
        """Claim some events and settle each of them; an empty batch if none is due.

        What may be what killed earlier processes comes last, one event at a time.

        Raises:
            DatabaseUnavailable: the server went away; events that were not settled
                are tried again.
        """
        told = (self.database, self.clock.now(), self.runs.run_id)
        events = claim(*told) or claim_suspect(*told)
        if not events:
            return Batch()
        shops = {shop.shop_id: shop.is_enabled for shop in self.runs.shops.all()}
        pending = Pending(self.clock, self.database)
        for event in events:
            pending.add(event, shops)
        self._read_again(pending)
        return pending.finish()

    def _read_again(self, pending: Pending) -> None:
        """Each shop in a thread of its own: a slow one holds up no other."""
        wanted = pending.wanted()
        by_shop: dict[str, list[str]] = {}
        for shop_id, subject in sorted(wanted, key=_rank):
            by_shop.setdefault(shop_id, []).append(subject)
        with ThreadPoolExecutor(_SHOPS_AT_ONCE) as pool:
            works = [
                pool.submit(self._read_shop, pending, shop_id, subjects, wanted)
                for shop_id, subjects in by_shop.items()
            ]
        for work in works:
            work.result()

    def _read_shop(
        self,
        pending: Pending,
        shop_id: str,
        subjects: Sequence[str],
        wanted: Mapping[tuple[str, str], Sequence[str]],
    ) -> None:
        for subject in subjects:
            ids = wanted[shop_id, subject]
            loader = self.loaders.get(subject)
            if loader is None:
                pending.pass_over(shop_id, subject, ids)
                continue
            alongside = partial(pending.settle_with, shop_id, subject)
            try:
                loaded = loader(self.runs, shop_id, ids, alongside)
            except DatabaseUnavailable:
                raise
            except PipelineError as error:
                pending.fail(shop_id, subject, error)
            else:
                pending.take(shop_id, subject, ids, loaded)


def _rank(place: tuple[str, str]) -> tuple[str, int, str]:
    shop_id, subject = place
    rank = _LATER.index(subject) if subject in _LATER else -1
    return shop_id, rank, subject
