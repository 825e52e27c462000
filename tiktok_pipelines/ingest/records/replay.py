"""Try records of other subjects in quarantine again, as ``quarantine_replay.py`` does.

What was kept is read by today's code first. What does not land so is asked for again:
by a sync of its subject, which reads anew every window and id that is in doubt.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import text

from tiktok_pipelines.api.decoding import as_text
from tiktok_pipelines.api.endpoints.table import called
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.clock import Clock
from tiktok_pipelines.ingest.purged import count_purges
from tiktok_pipelines.ingest.quarantine import (
    BadEntry,
    KeptRecord,
    find_bad,
    read_bad,
    settle,
)
from tiktok_pipelines.ingest.quarantine_replay import Outcome
from tiktok_pipelines.ingest.records.commit import commit_or_quarantine
from tiktok_pipelines.ingest.records.doubts import windows_stream
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.records.runs import SubjectRuns
from tiktok_pipelines.ingest.records.subject import Subject
from tiktok_pipelines.ingest.subjects import ALL, BY_NAME
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.privacy import PrivacyPolicy

_FORCE = text("""
    UPDATE tiktok_ops.rechecks SET asked_count = 1
    WHERE shop_id = :shop_id AND stream = ANY(:streams)
""")


def subject_of(stream: str) -> Subject | None:
    """The subject that a record in quarantine is of, or whose part it is."""
    tables = (each for each in ALL if stream in each.mapping.tables())
    return BY_NAME.get(stream) or next(tables, None)


def _may_be_a_part(subject: Subject, stream: str) -> bool:
    """Whether a subject has the name of a table of its parts, as external orders have.

    What quarantine holds under the name may be either, so it is asked for again.
    """
    return stream in subject.mapping.tables()[1:]


def land_kept_records(
    database: Database,
    entries: Sequence[BadEntry],
    *,
    policy_of: Callable[[str], PrivacyPolicy],
    run_id: str,
) -> Iterator[Outcome]:
    """Land the kept records that today's code can read; TikTok is asked nothing.

    One that lacks what the head of its answer said is left to be asked for again.

    Raises:
        DecryptionError: the policy of a shop needs a secret that no key reads.
    """
    for entry in entries:
        subject = BY_NAME.get(entry.stream)
        if subject is None or _may_be_a_part(subject, entry.stream):
            continue
        purges = count_purges(database, entry.shop_id)  # before it is read
        target = ShopRun(entry.shop_id, run_id, purges=purges)
        record = read_bad(database, entry.quarantine_id)
        page = _page_of(subject, record, policy_of(entry.shop_id))
        if page is None or not page.records or _lacks_head(page):
            continue
        for part, _ in commit_or_quarantine(database, target, [page]):
            for rows in part.records:
                settle(database, [entry.quarantine_id])
                told = f"landed as {subject.mapping.noun} {rows.record_id}"
                yield Outcome(entry, "resolved", f"{told} from what was kept")


def _page_of(
    subject: Subject, record: KeptRecord, policy: PrivacyPolicy
) -> RecordPage | None:
    """The record as the only one of an answer, which is kept like any other."""
    method, path = (as_text(record.request.get(name)) for name in ("method", "path"))
    endpoint = called(method, path)
    if endpoint is None:
        return None
    answer = Page(
        records=[record.content],
        total_count=None,
        next_page_token="",
        endpoint=endpoint,
        request=record.request,
        body=encode(record.content),
        fetched_at=record.entry.last_seen_at,
        request_id="",
        path_ids=endpoint.ids_of(path) or {},
    )
    return read_record_page(subject.mapping, answer, policy)


def _lacks_head(page: RecordPage) -> bool:
    """Whether columns are empty that are filled from what was not kept."""
    inherited = page.mapping.root.inherits
    return any(rows.row[name] is None for rows in page.records for name in inherited)


def ask_subjects_again(
    runs: SubjectRuns, database: Database, entries: Sequence[BadEntry], clock: Clock
) -> Iterator[Outcome]:
    """Sync the subjects of records, shop by shop; what fails stops no other."""
    for (shop_id, name), some in _grouped(entries).items():
        subject = BY_NAME[name]
        since = clock.now()
        _force(database, shop_id, subject)
        report = runs.sync([shop_id], [subject])
        failed = "; ".join(str(error) for _, error in report.failures)
        numbers = [entry.quarantine_id for entry in some]
        for entry in find_bad(database, numbers):
            yield _outcome(entry, since, failed)


def _grouped(
    entries: Sequence[BadEntry],
) -> Mapping[tuple[str, str], Sequence[BadEntry]]:
    grouped: dict[tuple[str, str], list[BadEntry]] = {}
    for entry in entries:
        subject = subject_of(entry.stream)
        if subject is not None:
            grouped.setdefault((entry.shop_id, subject.name), []).append(entry)
    return grouped


def _force(database: Database, shop_id: str, subject: Subject) -> None:
    """Let the sync ask for all that is in doubt, however often that was in vain."""
    streams = [subject.name, *subject.ledgers]
    told = {
        "shop_id": shop_id,
        "streams": [*streams, *map(windows_stream, streams)],
    }
    database.transact(lambda connection: connection.execute(_FORCE, told))


def _outcome(entry: BadEntry, since: datetime, failed: str) -> Outcome:
    if entry.resolved_at is not None:
        return Outcome(entry, "resolved", "a good answer landed")
    if entry.last_seen_at >= since:
        return Outcome(entry, "still_bad", entry.reason)
    why = failed or "the sync did not meet it again"
    return Outcome(entry, "not_answered", why)
