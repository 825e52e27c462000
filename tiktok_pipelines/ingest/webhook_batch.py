"""A batch: events of one shop, which of their objects were read, and what follows.

An event is settled in the transaction of the rows that it announced. Where it is about
several objects, in that of the last one, or in one of its own after them.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection, text

from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import PipelineError, StorageError
from tiktok_pipelines.ingest.webhook_acts import perform
from tiktok_pipelines.ingest.webhook_loads import SYNC_OF, Loaded
from tiktok_pipelines.ingest.webhook_queue import (
    Event,
    Settlement,
    count_statuses,
    settle,
)
from tiktok_pipelines.ingest.webhook_settlements import (
    dead,
    failed,
    ignored,
    processed,
    why_ignored,
)
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.webhook_routes import Hint, Object, read_hint

_MAKE_DUE = text("""
    UPDATE tiktok_ops.sync_schedules SET last_run_at = NULL
    WHERE shop_id = :shop_id AND sync = :sync AND is_active
""")
_MAY_VANISH = frozenset({"packages"})
"""Combining and splitting ends some; their sync makes sure that nothing was missed."""
_LEFT = "{} are read by their sync: it was made due"


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
        """Add what another batch did, less its warnings, which are told at once."""
        for status, count in other.counts.items():
            self.counts[status] = self.counts.get(status, 0) + count
        self.rows_written += other.rows_written
        for shop_id, days in other.days.items():
            self.days.setdefault(shop_id, set()).update(days)


@dataclass(frozen=True, slots=True)
class _Open:
    """An event that waits for its objects."""

    event: Event
    hint: Hint
    needs: frozenset[Object]

    @property
    def guesses(self) -> frozenset[Object]:
        """Those of which one is enough; none, and their sync looks for them."""
        guessed = self.hint.guessed
        return frozenset(key for key in self.needs if key[0] == guessed)


@dataclass(slots=True)
class Pending:
    """The events of a batch, and which of their objects are in the tables.

    Attributes:
        shop_id: whose events they are; "" for those that name no shop.
    """

    clock: Clock
    database: Database
    shop_id: str
    batch: Batch = field(default_factory=Batch)
    _open: list[_Open] = field(default_factory=list["_Open"])
    _at_once: list[tuple[Event, Hint, Settlement]] = field(
        default_factory=list[tuple[Event, Hint, Settlement]]
    )
    _done: set[Object] = field(default_factory=set[Object])
    _passed_over: dict[Object, str] = field(default_factory=dict[Object, str])
    _missing: dict[Object, str] = field(default_factory=dict[Object, str])
    _failures: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, event: Event, shops: Mapping[str, bool]) -> None:
        """Take an event in; some are settled by what they say alone."""
        try:
            hint = read_hint(event.event_type, event.body)
        except (ArithmeticError, ValueError, RecursionError) as error:
            told = dead(event, str(error)[:300])
            self._at_once.append((event, Hint(), told))
            return
        why = hint.ignored or why_ignored(event, hint, shops)
        if why:
            self._at_once.append((event, Hint(), ignored(event, hint, why)))
        elif hint.objects and self.shop_id not in shops:
            why = f"shop {self.shop_id} is not connected: tiktok-pipelines shops list"
            told = failed(event, hint, why, self.clock)
            self._at_once.append((event, Hint(), told))
        elif not hint.objects:
            self._at_once.append((event, hint, processed(event, hint)))
        else:
            self._open.append(_Open(event, hint, frozenset(hint.objects)))

    def wanted(self) -> Mapping[str, Sequence[str]]:
        """The ids to read, by subject; each once, however many events ask for it."""
        found: dict[str, dict[str, None]] = {}
        for each in self._open:
            for subject, name in sorted(each.needs):
                found.setdefault(subject, {})[name] = None
        return {subject: list(ids) for subject, ids in found.items()}

    def settle_with(
        self, subject: str, connection: Connection, ids: Collection[str]
    ) -> None:
        """Settle what is complete with these objects, in their transaction.

        Nothing here remembers it: the transaction may still fail and be repeated.
        """
        now_done = {(subject, name) for name in ids}
        known = self._done - self._missing.keys()
        known |= now_done | self._passed_over.keys()
        ready = [
            each
            for each in self._open
            if not now_done.isdisjoint(each.needs) and each.needs <= known
        ]
        self._settle(connection, ready)

    def take(self, subject: str, ids: Sequence[str], loaded: Loaded) -> None:
        """Objects were read again, and what was found is committed."""
        self._done.update((subject, name) for name in ids)
        for name in loaded.missing:
            why = f"TikTok knows nothing of {name} in {subject}"
            self._missing[subject, name] = why
        self.batch.rows_written += loaded.rows_written
        self.batch.days.setdefault(self.shop_id, set()).update(loaded.days)
        self.batch.warnings += loaded.new_bad

    def pass_over(self, subject: str, ids: Sequence[str]) -> None:
        """Nothing reads this subject by id: its sync does, from the next tick on."""
        why = _LEFT.format(subject)
        self._passed_over.update(((subject, name), why) for name in ids)

    def fail(self, subject: str, error: PipelineError) -> None:
        """A subject could not be read."""
        self._failures[subject] = str(error)[:1000]
        self.batch.warnings.append(f"shop {self.shop_id}, {subject}: {error}")

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
        left = {key for each in ready for key in self._left(each)}
        _make_due(connection, self.shop_id, {subject for subject, _ in left})

    def _left(self, each: _Open) -> Mapping[Object, str]:
        """What is left to its sync, and why."""
        left = {k: why for k, why in self._passed_over.items() if k in each.needs}
        is_none_found = bool(each.guesses) and each.guesses <= self._missing.keys()
        gone = {key for key in each.needs if key[0] in _MAY_VANISH}
        gone |= each.guesses if is_none_found else set()
        for key in gone & self._missing.keys():
            left[key] = f"{self._missing[key]}: {_LEFT.format(key[0])}"
        return left

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
            return failed(event, hint, f"{hint.act}: {error}"[:1000], self.clock)
        if warning and warning not in self.batch.warnings:
            self.batch.warnings.append(warning)
        return told

    def _verdict(self, each: _Open) -> Settlement:
        """What becomes of an event, now that its objects were read, or not."""
        subjects = {subject for subject, _ in each.needs} & self._failures.keys()
        failures = [self._failures[subject] for subject in sorted(subjects)]
        left = self._left(each)
        missing = (each.needs - each.guesses - left.keys()) & self._missing.keys()
        failures += [self._missing[key] for key in sorted(missing)]
        if failures:
            return failed(each.event, each.hint, "; ".join(failures), self.clock)
        note = "; ".join(sorted(set(left.values()))) or None
        return replace(processed(each.event, each.hint), error=note)


def _make_due(connection: Connection, shop_id: str, subjects: Collection[str]) -> None:
    """Let the syncs of a shop's subjects run at the next tick; in a fixed order."""
    for sync in sorted({SYNC_OF.get(subject, subject) for subject in subjects}):
        connection.execute(_MAKE_DUE, {"shop_id": shop_id, "sync": sync})
