"""Who works on events: one process at a time, which lingers for more.

Starting a process takes seconds, so one that has nothing to do waits for the receiver's
notification; the events that follow the first one are in the tables at once.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import DatabaseUnavailable
from tiktok_pipelines.ingest.webhook_batch import Batch
from tiktok_pipelines.ingest.webhook_queue import CHANNEL, WORKER_LOCK, release_orphans
from tiktok_pipelines.ingest.webhook_work import WebhookWork
from tiktok_pipelines.storage.listening import Listener, listening

LOOKS_EVERY_S = 5.0
"""A notification may get lost with the session, and failed events become due."""
_WAITS_FOR_DATABASE = timedelta(minutes=2)

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long a worker lingers without events, and how long it lives at most."""

    idle: timedelta = timedelta(minutes=5)
    life: timedelta = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class WebhookWorker:
    """Works on events until there have been none for a while."""

    work: WebhookWork
    patience: Patience
    log: Log

    @property
    def _clock(self) -> Clock:
        return self.work.clock

    def batches(self) -> Iterator[Batch]:
        """Each batch that was settled, and an empty one whenever there is no more.

        Ends at once if another process works on events. A database that goes away is
        waited for, two minutes at most; what was claimed then is tried again.

        Raises:
            DatabaseUnavailable: it did not come back.
        """
        began = last = self._clock.now()
        lost_at: datetime | None = None
        while True:
            try:
                for batch in self._session(began, last):
                    last = self._clock.now() if batch.size else last
                    lost_at = None
                    yield batch
            except DatabaseUnavailable:
                lost_at = lost_at or self._clock.now()
                if self._clock.now() - lost_at > _WAITS_FOR_DATABASE:
                    raise
                self._clock.sleep(1.0)
            else:
                return

    def _session(self, began: datetime, last: datetime) -> Iterator[Batch]:
        """Batches for as long as the session lives that holds the worker's lock."""
        database = self.work.database
        with listening(database, channel=CHANNEL, lock=WORKER_LOCK) as listener:
            if listener is None:
                self.log("another process works on webhooks")
                return
            orphans = release_orphans(
                database, self._clock.now(), self.work.runs.run_id
            )
            if orphans:
                self.log(f"{orphans} events were left by a process that died")
            try:
                yield from self._linger(listener, began, last)
            finally:
                self.work.rest()  # before the lock goes

    def _linger(
        self, listener: Listener, began: datetime, last: datetime
    ) -> Iterator[Batch]:
        while True:
            batch = self.work.next_batch()
            now = self._clock.now()
            last = now if batch.size else last
            yield batch
            if now - began > self.patience.life:
                yield self.work.rest()
                return
            if batch.size:
                continue
            if now - last >= self.patience.idle:
                return
            left_s = (self.patience.idle - (now - last)).total_seconds()
            listener.wait(min(LOOKS_EVERY_S, left_s))
