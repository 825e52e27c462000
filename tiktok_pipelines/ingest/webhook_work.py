"""A batch of events: reduced to the objects they are about, read again, settled.

An event is settled in the transaction of the rows that it announced. Where it is about
several objects, in that of the last one, or in one of its own after them.
"""

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import date
from functools import partial

from sqlalchemy import Connection, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import (
    DatabaseUnavailable,
    PipelineError,
    StorageError,
)
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.webhook_acts import perform
from tiktok_pipelines.ingest.webhook_loads import (
    LOADERS,
    SYNC_OF,
    Loaded,
    Loader,
)
from tiktok_pipelines.ingest.webhook_queue import (
    Event,
    Settlement,
    claim,
    count_statuses,
    next_try,
    settle,
)
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.webhook_routes import (
    CONVERSATIONS,
    Hint,
    Object,
    read_hint,
    redacted,
)

_SHOPS_AT_ONCE = 4
_MAKE_DUE = text("""
    UPDATE tiktok_ops.sync_schedules SET last_run_at = NULL
    WHERE shop_id = :shop_id AND sync = :sync AND is_active
""")
_LATER = ("packages", "products", "cancellations", "returns", "inventory", "orders")
"""The order in which the subjects of a shop are read; others come first."""

_LEFT = "{} are read by their sync: it was made due"

Key = tuple[str, Object]
"""A shop, and one object of it."""


@dataclass(slots=True)
class Batch:
    """What a batch did: counts by status, and what a person should know."""

    counts: dict[str, int] = field(default_factory=dict[str, int])
    rows_written: int = 0
    days: dict[str, set[date]] = field(default_factory=dict[str, set[date]])
    warnings: list[str] = field(default_factory=list[str])

    @property
    def size(self) -> int:
        """How many events there were."""
        return sum(self.counts.values())

    def add(self, other: "Batch") -> None:
        """Add what a later batch did."""
        for status, count in other.counts.items():
            self.counts[status] = self.counts.get(status, 0) + count
        self.rows_written += other.rows_written
        for shop_id, days in other.days.items():
            self.days.setdefault(shop_id, set()).update(days)


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

        Raises:
            DatabaseUnavailable: the server went away; events that were not settled
                are tried again.
        """
        events = claim(self.database, self.clock.now(), self.runs.run_id)
        if not events:
            return Batch()
        shops = {shop.shop_id: shop.is_enabled for shop in self.runs.shops.all()}
        pending = _Pending(self.clock, self.database)
        for event in events:
            pending.add(event, shops)
        self._read_again(pending)
        return pending.finish()

    def _read_again(self, pending: "_Pending") -> None:
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
        pending: "_Pending",
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


@dataclass(frozen=True, slots=True)
class _Open:
    """An event that waits for its objects."""

    event: Event
    hint: Hint
    needs: frozenset[Key]

    @property
    def guesses(self) -> frozenset[Key]:
        """Those of which one is enough; none, and their sync looks for them."""
        guessed = self.hint.guessed
        return frozenset(key for key in self.needs if key[1][0] == guessed)


@dataclass(slots=True)
class _Pending:
    """The events of a batch, and which of their objects are in the tables."""

    clock: Clock
    database: Database
    batch: Batch = field(default_factory=Batch)
    _open: list[_Open] = field(default_factory=list["_Open"])
    _at_once: list[tuple[Event, Hint, Settlement]] = field(
        default_factory=list[tuple[Event, Hint, Settlement]]
    )
    _done: set[Key] = field(default_factory=set[Key])
    _passed_over: dict[Key, str] = field(default_factory=dict[Key, str])
    _missing: dict[Key, str] = field(default_factory=dict[Key, str])
    _failures: dict[tuple[str, str], str] = field(
        default_factory=dict[tuple[str, str], str]
    )
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, event: Event, shops: Mapping[str, bool]) -> None:
        """Take an event in; some are settled by what they say alone."""
        try:
            hint = read_hint(event.event_type, event.body)
        except (ArithmeticError, ValueError, RecursionError) as error:
            told = _dead(event, str(error)[:300])
            self._at_once.append((event, Hint(), told))
            return
        ignored = hint.ignored or _why_ignored(event, hint, shops)
        if ignored:
            self._at_once.append((event, Hint(), _ignored(event, hint, ignored)))
        elif hint.objects and event.shop_id not in shops:
            why = f"shop {event.shop_id} is not connected: tiktok-pipelines shops list"
            failed = _failed(event, hint, why, self.clock)
            self._at_once.append((event, Hint(), failed))
        elif not hint.objects:
            self._at_once.append((event, hint, _processed(event, hint)))
        else:
            shop_id = event.shop_id or ""
            needs = frozenset((shop_id, each) for each in hint.objects)
            self._open.append(_Open(event, hint, needs))

    def wanted(self) -> Mapping[tuple[str, str], Sequence[str]]:
        """The ids to read, by shop and subject; each once, however many ask for it."""
        found: dict[tuple[str, str], dict[str, None]] = {}
        for each in self._open:
            for shop_id, (subject, name) in sorted(each.needs):
                found.setdefault((shop_id, subject), {})[name] = None
        return {place: list(ids) for place, ids in found.items()}

    def settle_with(
        self, shop_id: str, subject: str, connection: Connection, ids: Collection[str]
    ) -> None:
        """Settle what is complete with these objects, in their transaction.

        Nothing here remembers it: the transaction may still fail and be repeated.
        """
        now_done = {(shop_id, (subject, name)) for name in ids}
        with self._lock:
            known = self._done - self._missing.keys()
            known |= now_done | self._passed_over.keys()
            ready = [
                each
                for each in self._open
                if not now_done.isdisjoint(each.needs) and each.needs <= known
            ]
        self._settle(connection, ready)

    def take(
        self, shop_id: str, subject: str, ids: Sequence[str], loaded: Loaded
    ) -> None:
        """Objects were read again, and what was found is committed."""
        with self._lock:
            self._done.update((shop_id, (subject, name)) for name in ids)
            for name in loaded.missing:
                why = f"TikTok knows nothing of {name} in {subject}"
                self._missing[shop_id, (subject, name)] = why
            self.batch.rows_written += loaded.rows_written
            self.batch.days.setdefault(shop_id, set()).update(loaded.days)
            self.batch.warnings += loaded.new_bad

    def pass_over(self, shop_id: str, subject: str, ids: Sequence[str]) -> None:
        """Nothing reads this subject by id: its sync does, from the next tick on."""
        with self._lock:
            for name in ids:
                why = _LEFT.format(subject)
                self._passed_over[shop_id, (subject, name)] = why

    def fail(self, shop_id: str, subject: str, error: PipelineError) -> None:
        """A subject of a shop could not be read."""
        with self._lock:
            self._failures[shop_id, subject] = str(error)[:1000]
            self.batch.warnings.append(f"shop {shop_id}, {subject}: {error}")

    def finish(self) -> Batch:
        """Settle the rest, in a transaction of its own, and count all of it."""
        self.batch.counts = self.database.transact(self._finish)
        return self.batch

    def _finish(self, connection: Connection) -> dict[str, int]:
        now = self.clock.now()
        acted = [
            self._act(connection, event, hint, told)
            for event, hint, told in self._at_once
        ]
        settle(connection, acted, now)
        self._settle(connection, self._open)
        events = [event for event, _, _ in self._at_once]
        events += [each.event for each in self._open]
        return count_statuses(connection, [event.event_id for event in events])

    def _settle(self, connection: Connection, ready: Sequence[_Open]) -> None:
        """Settle events; those that are settled already are left alone."""
        now = self.clock.now()
        verdicts = [
            self._act(connection, each.event, each.hint, self._verdict(each))
            for each in ready
        ]
        settle(connection, verdicts, now)
        left = {key for each in ready for key in each.needs & self._passed_over.keys()}
        left |= {
            key for each in ready if self._finds_none(each) for key in each.guesses
        }
        _make_due(connection, {(shop_id, subject) for shop_id, (subject, _) in left})

    def _act(
        self, connection: Connection, event: Event, hint: Hint, told: Settlement
    ) -> Settlement:
        """Do what an event asks for; if that cannot be done, this event alone fails.

        Its content is anybody's: what it makes fail is undone, and its neighbours,
        settled in the same transaction, stay.
        """
        if hint.act is None:
            return told
        try:
            with self.database.telling(), connection.begin_nested():
                warning = perform(connection, event, hint, self.clock.now())
        except (ArithmeticError, ValueError, RecursionError, StorageError) as error:
            return _failed(event, hint, f"{hint.act}: {error}"[:1000], self.clock)
        if warning and warning not in self.batch.warnings:
            self.batch.warnings.append(warning)
        return told

    def _finds_none(self, each: _Open) -> bool:
        return bool(each.guesses) and each.guesses <= self._missing.keys()

    def _verdict(self, each: _Open) -> Settlement:
        """What becomes of an event, now that its objects were read, or not."""
        places = {(shop_id, subject) for shop_id, (subject, _) in each.needs}
        failures = [self._failures[place] for place in places & self._failures.keys()]
        missing = (each.needs - each.guesses) & self._missing.keys()
        failures += [self._missing[key] for key in missing]
        if failures:
            return _failed(each.event, each.hint, "; ".join(failures), self.clock)
        passed = {self._passed_over.get(key, "") for key in each.needs} - {""}
        if self._finds_none(each):
            told = (self._missing[key] for key in each.guesses)
            passed |= {f"{why}: {_LEFT.format(each.hint.guessed)}" for why in told}
        note = "; ".join(sorted(passed)) or None
        return replace(_processed(each.event, each.hint), error=note)


def _make_due(connection: Connection, places: Collection[tuple[str, str]]) -> None:
    """Let the syncs of shops' subjects run at the next tick; in a fixed order."""
    syncs = {(shop_id, SYNC_OF.get(subject, subject)) for shop_id, subject in places}
    for shop_id, sync in sorted(syncs):
        connection.execute(_MAKE_DUE, {"shop_id": shop_id, "sync": sync})


def _why_ignored(event: Event, hint: Hint, shops: Mapping[str, bool]) -> str:
    """Why nothing is read because of it; "" if something is."""
    if hint.objects and not event.shop_id:
        return "it names no shop"
    if hint.objects and shops.get(event.shop_id or "") is False:
        return "the shop is switched off: tiktok-pipelines shops enable"
    return ""


def _told(event: Event, hint: Hint) -> Callable[..., Settlement]:
    return partial(
        Settlement,
        event_id=event.event_id,
        subject=hint.subject,
        object_ids=",".join(hint.object_ids) or None,
        told_status=hint.told_status,
        changed_at=hint.changed_at or event.pushed_at,
    )


def _processed(event: Event, hint: Hint) -> Settlement:
    return _told(event, hint)(status="processed")


def _ignored(event: Event, hint: Hint, why: str) -> Settlement:
    body = None
    if event.event_type in CONVERSATIONS:
        body = _without_text(event.body)
    return _told(event, hint)(status="ignored", error=why, body=body)


def _without_text(body: bytes) -> bytes:
    """What buyers wrote does not stay; a body that cannot be read goes whole."""
    try:
        return encode(redacted(body))
    except (ValueError, RecursionError):
        return b"{}"


def _failed(event: Event, hint: Hint, why: str, clock: Clock) -> Settlement:
    again_at = next_try(event.failures + 1, clock.now())
    status = "failed" if again_at else "dead"
    return _told(event, hint)(status=status, error=why, next_attempt_at=again_at)


def _dead(event: Event, why: str) -> Settlement:
    return Settlement(event_id=event.event_id, status="dead", error=why)
