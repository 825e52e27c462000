"""Work on events: reduced to the objects they are about, read again, settled."""

from collections.abc import Collection, Generator, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import DatabaseUnavailable, PipelineError
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.webhook_batch import Batch, Pending
from tiktok_pipelines.ingest.webhook_loads import LOADERS, Loader
from tiktok_pipelines.ingest.webhook_queue import Event, claim, claim_suspect
from tiktok_pipelines.storage.database import Database

_SHOPS_AT_ONCE = 4
_LOOKS_EVERY_S = 0.2
"""For events of free shops, while others are read."""
_LATER = ("packages", "products", "cancellations", "returns", "inventory", "orders")
"""The order in which the subjects of a shop are read; others come first."""


def _pool() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_SHOPS_AT_ONCE, thread_name_prefix="webhooks")


@dataclass(frozen=True, slots=True)
class WebhookWork:
    """Works on events for one run: several shops at a time, each in its own thread.

    A shop has one batch at a time, so that its events are read in order; one that is
    slow holds up no other. Only one thread may ask for batches.
    """

    runs: OrderRuns
    loaders: Mapping[str, Loader] = field(default_factory=lambda: LOADERS)
    _threads: ThreadPoolExecutor = field(
        default_factory=_pool, init=False, repr=False, compare=False
    )
    _running: dict[Future[Batch], str] = field(
        default_factory=dict["Future[Batch]", str], init=False, compare=False
    )

    @property
    def database(self) -> Database:
        """Where the events and the tables are."""
        return self.runs.shops.store.database

    @property
    def clock(self) -> Clock:
        """The present."""
        return self.runs.shops.clock

    def next_batch(self) -> Batch:
        """What the next shops that are done did; an empty batch if nothing is due.

        Meanwhile events of shops that are free are claimed. What may be what killed
        earlier processes comes last, one event at a time and nothing beside it.

        Raises:
            DatabaseUnavailable: the server went away; events that were not settled
                are tried again.
        """
        with self._ending_together():
            self._begin()
            while self._running:
                if done := wait(self._running, _LOOKS_EVERY_S, FIRST_COMPLETED).done:
                    return self._take(done)
                self._begin()
            return self._read_suspect()

    def rest(self) -> Batch:
        """Wait for what was begun, and begin nothing more.

        Raises:
            DatabaseUnavailable: the server went away.
        """
        with self._ending_together():
            return self._take(wait(self._running).done)

    @contextmanager
    def _ending_together(self) -> Generator[None]:
        """Who leaves with an error leaves no thread behind."""
        try:
            yield
        except BaseException:
            for each in self._running:
                each.cancel()
            wait(self._running)
            self._running.clear()
            raise

    def _begin(self) -> None:
        """Claim events of shops that are free, and let each have its batch."""
        busy = self._running.values()
        now = self.clock.now()
        events = claim(self.database, now, self.runs.run_id, busy=busy)
        if not events:
            return
        by_shop: dict[str, list[Event]] = {}
        for event in events:
            by_shop.setdefault(event.shop_id or "", []).append(event)
        shops = self._shops()
        for shop_id, some in by_shop.items():
            batch = self._threads.submit(self._settle, shop_id, some, shops)
            self._running[batch] = shop_id

    def _take(self, done: Collection[Future[Batch]]) -> Batch:
        total = Batch()
        for each in done:
            del self._running[each]
            batch = each.result()
            total.add(batch)
            total.warnings += batch.warnings
        return total

    def _read_suspect(self) -> Batch:
        events = claim_suspect(self.database, self.clock.now(), self.runs.run_id)
        if not events:
            return Batch()
        return self._settle(events[0].shop_id or "", events, self._shops())

    def _shops(self) -> Mapping[str, bool]:
        """The shops that are connected, and whether they are switched on."""
        return {shop.shop_id: shop.is_enabled for shop in self.runs.shops.all()}

    def _settle(
        self, shop_id: str, events: Sequence[Event], shops: Mapping[str, bool]
    ) -> Batch:
        """Work on a batch of one shop."""
        pending = Pending(self.clock, self.database, shop_id)
        for event in events:
            pending.add(event, shops)
        wanted = pending.wanted()
        for subject in sorted(wanted, key=_rank):
            self._read(pending, subject, wanted[subject])
        return pending.finish()

    def _read(self, pending: Pending, subject: str, ids: Sequence[str]) -> None:
        loader = self.loaders.get(subject)
        if loader is None:
            pending.pass_over(subject, ids)
            return
        alongside = partial(pending.settle_with, subject)
        try:
            loaded = loader(self.runs, pending.shop_id, ids, alongside)
        except DatabaseUnavailable:
            raise
        except PipelineError as error:
            pending.fail(subject, error)
        else:
            pending.take(subject, ids, loaded)


def _rank(subject: str) -> tuple[int, str]:
    return _LATER.index(subject) if subject in _LATER else -1, subject
