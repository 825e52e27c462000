"""Try records in quarantine again: from what was kept of them, or by asking TikTok.

Every step can be killed and run again: what landed stays, and what was not yet noted
as resolved is tried once more.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from tiktok_pipelines.api.endpoints.table import ORDER_SEARCH
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.errors import (
    ApiError,
    ConfigurationError,
    DecryptionError,
    NeedsConsent,
)
from tiktok_pipelines.ingest.order_commit import commit_or_quarantine
from tiktok_pipelines.ingest.order_ids import IDS_AT_ONCE, load_by_id
from tiktok_pipelines.ingest.order_runs import OrderRuns
from tiktok_pipelines.ingest.pages import OrderPage, read_order_page
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.quarantine import (
    LINE_STREAM,
    BadEntry,
    KeptRecord,
    find_bad,
    read_bad,
    settle,
    settle_lines,
)
from tiktok_pipelines.ingest.quarantine_request import AskedWindow, ids_of, windows_of
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.ingest.window_pull import OrderLoad, pull_window
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.privacy import PrivacyPolicy

State = Literal["resolved", "still_bad", "not_answered"]
_QUIET = timedelta(seconds=5)
_UNASKABLE = (
    "its call names neither orders nor a window: backfill the days around its first "
    "meeting"
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a record, in a word and in a sentence."""

    entry: BadEntry
    state: State
    told: str


@dataclass(frozen=True, slots=True)
class Question:
    """What TikTok is asked, orders or windows, and the records that it may settle."""

    entries: Sequence[BadEntry]
    order_ids: Sequence[str] = ()
    windows: Sequence[AskedWindow] = ()


@dataclass(slots=True)
class Told:
    """Tells at most every five seconds how many records were tried."""

    total: int
    clock: Clock
    log: Callable[[str], None]
    done: int = 0
    _told_at: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._told_at = self.clock.now()

    def take(self, number: int) -> None:
        """Count records that were tried."""
        self.done += number
        now = self.clock.now()
        if now - self._told_at >= _QUIET:
            self._told_at = now
            self.log(f"{self.done} of {self.total} records tried again")


def land_kept(
    database: Database,
    entries: Sequence[BadEntry],
    *,
    policy_of: Callable[[str], PrivacyPolicy],
    run_id: str,
) -> Sequence[Outcome]:
    """Read kept records as today's code does, and land those that are orders now.

    Only records without an id are tried: for the others TikTok is the better source.
    ``policy_of`` a shop holds as in a load: a record may name an erased buyer. Returns
    the outcomes of those that landed; TikTok is asked nothing.

    Raises:
        DecryptionError: the policy of a shop needs a secret that no key reads.
    """
    landed: list[Outcome] = []
    for entry in entries:
        if entry.order_id is None:
            purges = count_purges(database, entry.shop_id)  # before it is read
            target = ShopRun(entry.shop_id, run_id, purges=purges)
            landed += _land(database, entry, target, policy_of(entry.shop_id))
    return landed


def _land(
    database: Database, entry: BadEntry, target: ShopRun, policy: PrivacyPolicy
) -> Iterator[Outcome]:
    page = _page_of(read_bad(database, entry.quarantine_id), policy)
    if not page.orders:
        return
    parts = list(commit_or_quarantine(database, target, page))
    for part, _ in parts:
        for rows in part.orders:
            settle(database, [entry.quarantine_id])
            yield Outcome(
                entry,
                "resolved",
                f"landed as order {rows.order_id} from what was kept; for the buyer: "
                f"tiktok-pipelines orders pull {rows.order_id} --shop {entry.shop_id}",
            )


def _page_of(record: KeptRecord, policy: PrivacyPolicy) -> OrderPage:
    """The record as the only one of an answer, which is kept like any other."""
    answer = Page(
        records=[record.content],
        total_count=None,
        next_page_token="",
        endpoint=ORDER_SEARCH,
        request=record.request,
        body=encode(record.content),
        fetched_at=record.entry.last_seen_at,
        request_id="",
    )
    return read_order_page(answer, policy)


def ask_again(
    runs: OrderRuns, entries: Sequence[BadEntry], clock: Clock
) -> Sequence[Outcome]:
    """Ask TikTok again for records; a shop that cannot be asked stops no other."""
    told = Told(len(entries), clock, runs.log)
    outcomes: list[Outcome] = []
    for shop_id, some in _by_shop(entries).items():
        outcomes += _ask_shop(runs, shop_id, some, told)
    return outcomes


def _by_shop(entries: Sequence[BadEntry]) -> Mapping[str, Sequence[BadEntry]]:
    grouped: dict[str, list[BadEntry]] = {}
    for entry in entries:
        grouped.setdefault(entry.shop_id, []).append(entry)
    return grouped


def _ask_shop(
    runs: OrderRuns, shop_id: str, entries: Sequence[BadEntry], told: Told
) -> Iterator[Outcome]:
    left = {entry.quarantine_id: entry for entry in entries}
    try:
        load = runs.load_of(shop_id)
        for question in _questions(load.database, entries):
            for outcome in _ask(load, question):
                del left[outcome.entry.quarantine_id]
                yield outcome
            told.take(len(question.entries))
    except (ApiError, NeedsConsent, DecryptionError, ConfigurationError) as error:
        for entry in left.values():
            yield Outcome(entry, "not_answered", str(error))


def _questions(database: Database, entries: Sequence[BadEntry]) -> Iterator[Question]:
    """As few calls as it takes: orders by id together, each window once."""
    known = [entry for entry in entries if entry.order_id]
    for first in range(0, len(known), IDS_AT_ONCE):
        some = known[first : first + IDS_AT_ONCE]
        ids = dict.fromkeys(entry.order_id or "" for entry in some)
        yield Question(some, order_ids=list(ids))
    grouped: dict[tuple[tuple[str, ...], tuple[AskedWindow, ...]], list[BadEntry]] = {}
    for entry in entries:
        if entry.order_id is None:
            request = read_bad(database, entry.quarantine_id).request
            asked = (tuple(ids_of(request)), tuple(windows_of(request)))
            grouped.setdefault(asked, []).append(entry)
    for (ids, windows), some in grouped.items():
        yield Question(some, order_ids=ids, windows=windows)


def _ask(load: OrderLoad, question: Question) -> Iterator[Outcome]:
    """Ask, and look what the answer made of the records."""
    since = load.clock.now()
    unanswered = _unanswered(load, question)
    answered = [
        entry for entry in question.entries if entry.quarantine_id not in unanswered
    ]
    orders = [one.quarantine_id for one in answered if one.stream != LINE_STREAM]
    lines = [one.quarantine_id for one in answered if one.stream == LINE_STREAM]
    settle(load.database, orders, since=since)
    settle_lines(load.database, lines)
    numbers = [entry.quarantine_id for entry in question.entries]
    for entry in find_bad(load.database, numbers):
        yield _outcome(entry, since, unanswered.get(entry.quarantine_id))


def _unanswered(load: OrderLoad, question: Question) -> Mapping[int, str]:
    """Ask, and tell for which records TikTok gave no answer, and why."""
    if question.windows:
        why = _pull_windows(load, question.windows)
    elif not question.order_ids:
        why = _UNASKABLE
    else:
        missing = set(load_by_id(load, question.order_ids).missing)
        return {
            entry.quarantine_id: "TikTok does not answer for its order"
            for entry in question.entries
            if missing and (entry.order_id is None or entry.order_id in missing)
        }
    return {entry.quarantine_id: why for entry in question.entries if why}


def _pull_windows(load: OrderLoad, windows: Sequence[AskedWindow]) -> str:
    """Pull windows; why what they hold is not known for sure, empty if it is."""
    results = [
        pull_window(load, window, time_field, cut=time_field == "create_time")
        for time_field, window in windows
    ]
    return "; ".join(
        f"{result.window} is not complete ({result.verdict.note}): try again later"
        for result in results
        if not result.verdict.is_closed
    )


def _outcome(entry: BadEntry, since: datetime, why: str | None) -> Outcome:
    if entry.resolved_at is not None:
        return Outcome(entry, "resolved", "a good answer landed")
    if why is not None and entry.last_seen_at < since:
        return Outcome(entry, "not_answered", why)
    return Outcome(entry, "still_bad", entry.reason)
