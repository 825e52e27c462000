"""Commit pages of records: every page in one transaction with its rows.

All writers of a shop's stream take the same lock for the length of their transaction,
so what was asked first still holds when it is written.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlalchemy import Connection

from tiktok_pipelines.errors import RefusedValue
from tiktok_pipelines.ingest.findings import keep_bad, keep_notes, resolve_records
from tiktok_pipelines.ingest.rechecks import usual_drift
from tiktok_pipelines.ingest.records.doubts import Doubt, keep_doubt
from tiktok_pipelines.ingest.records.known import known_records
from tiktok_pipelines.ingest.records.pages import RecordPage
from tiktok_pipelines.ingest.records.plan import Received, plan_records
from tiktok_pipelines.ingest.records.settling import settle
from tiktok_pipelines.ingest.records.writer import RecordWriter
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import Database, lock_in_transaction
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.notes import BadRecord
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.records import RecordRows


@dataclass(frozen=True, slots=True)
class Committed:
    """What the commit of one page changed.

    ``is_kept``: the page went to ``tiktok_raw.pages``. ``oddities`` is what was odd in
    it and is not usual, in words: a reason to ask again.
    """

    rows_written: int
    records_written: int
    is_kept: bool
    new_bad: tuple[str, ...]
    oddities: frozenset[str]


def stream_lock(stream: str, shop_id: str) -> str:
    """What every writer of a shop's stream holds alone."""
    return f"{stream} {shop_id}"


def commit_record_pages(
    database: Database,
    target: ShopRun,
    pages: Sequence[RecordPage],
    *,
    doubt: Doubt | None = None,
) -> Sequence[Committed]:
    """Write pages of one subject with their rows in one transaction, or nothing.

    ``doubt`` is kept with them if one is odd. Running it twice with the same pages
    changes nothing the second time.

    Raises:
        DatabaseUnavailable: the server went away; nothing was written.
    """
    mapping = pages[0].mapping
    with database.begin() as connection:
        lock = stream_lock(mapping.stream, target.shop_id)
        lock_in_transaction(connection, lock)
        writer = write_pages(connection, target, mapping, pages)
        if target.alongside:
            target.alongside(connection, _ids(pages))
        done = [
            Committed(
                rows_written=writer.rows[number],
                records_written=writer.records[number],
                is_kept=number in writer.kept,
                oddities=_oddities(connection, target, page),
                new_bad=_keep_findings(connection, target, page),
            )
            for number, page in enumerate(pages)
        ]
        oddities = frozenset[str]().union(*(one.oddities for one in done))
        if doubt and oddities:
            keep_doubt(connection, target, doubt, oddities)
        return done


def _ids(pages: Sequence[RecordPage]) -> set[str]:
    """The records in pages, those among them that could not become rows too."""
    good = {rows.record_id for page in pages for rows in page.records}
    return good.union(bad.key for page in pages for bad in page.bad)


def write_pages(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    pages: Sequence[RecordPage],
) -> RecordWriter:
    """Write the rows of pages and, unless they are kept already, the pages.

    The caller holds the stream's lock, or nobody else writes to the target's tables.
    """
    received = [
        Received(number, rows)
        for number, page in enumerate(pages)
        for rows in page.records
    ]
    keys = {answer.rows.key for answer in received}
    known = known_records(connection, target, mapping, keys)
    writer = RecordWriter(connection, target, mapping, pages)
    writer.write(plan_records(mapping, received, known))
    ids = sorted({answer.rows.record_id for answer in received})
    settle(connection, target, mapping.stream, ids)
    return writer


def _oddities(
    connection: Connection, target: ShopRun, page: RecordPage
) -> frozenset[str]:
    """Before the page's own notes are kept: what it says first is not usual."""
    usual = usual_drift(connection, target, page)
    found = {
        str(note)
        for _, note in page.notes
        if (note.object, note.kind, note.path, note.value) not in usual
    }
    return frozenset(found | {f"bad {bad.stream}" for bad in page.bad})


def _keep_findings(
    connection: Connection, target: ShopRun, page: RecordPage
) -> tuple[str, ...]:
    """Note what was odd; return the reasons of the bad records met first."""
    if page.records:
        resolve_records(
            connection,
            target,
            page.mapping.stream,
            came=[rows.record_id for rows in page.records],
            whole=[pair for rows in page.records for pair in _whole(rows)],
            seen_at=page.fetched_at,
        )
    keep_notes(connection, target, page)
    return keep_bad(connection, target, page)


def _whole(rows: RecordRows) -> Iterator[tuple[str, str]]:
    """The tables of parts of which no row was bad, with the record's id."""
    bad = {one.stream for one in rows.bad}
    for table in rows.parts:
        if table not in bad:
            yield table, rows.record_id


Parts = Sequence[tuple[RecordPage, Committed]]
"""Pages as they were committed: whole, or less what PostgreSQL refused."""


def commit_or_quarantine(
    database: Database,
    target: ShopRun,
    pages: Sequence[RecordPage],
    *,
    doubt: Doubt | None = None,
) -> Parts:
    """Commit pages; if PostgreSQL refuses a value, find the record that holds it.

    That record goes to quarantine, its neighbours land.

    Raises:
        DatabaseUnavailable: the server went away; nothing of the pages was written.
    """
    try:
        commit = partial(commit_record_pages, database, target, pages, doubt=doubt)
        return list(zip(pages, database.outlast(commit), strict=True))
    except RefusedValue:
        return [
            done
            for page in pages
            for done in _commit_in_parts(database, target, page, doubt)
        ]


def _commit_in_parts(
    database: Database, target: ShopRun, page: RecordPage, doubt: Doubt | None
) -> Iterator[tuple[RecordPage, Committed]]:
    try:
        commit = partial(commit_record_pages, database, target, [page], doubt=doubt)
        (committed,) = database.outlast(commit)
        yield page, committed
    except RefusedValue as error:
        for part in _parts(page, error):
            yield from _commit_in_parts(database, target, part, doubt)


def _parts(page: RecordPage, error: RefusedValue) -> Sequence[RecordPage]:
    """Halves of the page; of one record alone, its place in quarantine.

    The content of bad records is the first suspect: as text it is taken.
    """
    if any(not isinstance(bad.content, str) for bad in page.bad):
        return [replace(page, bad=[_as_text(bad) for bad in page.bad])]
    if not page.records:
        raise error
    if len(page.records) == 1:
        return [_quarantined(page, error)]
    half = len(page.records) // 2
    second = {rows.record_id for rows in page.records[half:]}
    first = _part(page, page.records[:half], lambda name: name not in second)
    last = _part(page, page.records[half:], lambda name: name in second)
    return [first, replace(last, bad=())]


def _quarantined(page: RecordPage, error: RefusedValue) -> RecordPage:
    record_id = page.records[0].record_id
    refused = [kept for name, kept in page.kept if name == record_id]
    bad = BadRecord(
        page.mapping.stream,
        record_id,
        f"{page.mapping.noun} {record_id}: {error}",
        encode(refused).decode(),
        retryable=False,
    )
    return replace(page, records=(), bad=(*page.bad, bad), notes=(), kept=())


def _part(
    page: RecordPage, records: Sequence[RecordRows], holds: Callable[[str], bool]
) -> RecordPage:
    """Some records of a page, with what is kept and noted of them only."""
    return replace(
        page,
        records=records,
        kept=[pair for pair in page.kept if holds(pair[0])],
        notes=[(name, note) for name, note in page.notes if holds(name)],
    )


def _as_text(bad: BadRecord) -> BadRecord:
    """What no column takes may be no number for ``jsonb`` either."""
    if isinstance(bad.content, str):
        return bad
    return replace(bad, content=encode(bad.content).decode())
