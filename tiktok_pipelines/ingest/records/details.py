"""Records that are listed in short and read in detail, as far as they changed."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.ingest.records.batch import Batch
from tiktok_pipelines.ingest.records.known import known_records
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.transform.records import RecordRows

ABOUT_AN_ID = frozenset(
    {12019150, 12052032, 21008111, 25001001, 25020005, 36009004, 98001004}
)
"""Codes that may mean one id of a call only.

Source: docs/tiktok-shop-api.md, "Error codes".
"""


@dataclass(frozen=True, slots=True)
class Detail:
    """How records are read by id.

    Attributes:
        read: the pages of some ids.
        at_once: how many ids a call takes.
        about_an_id: codes that mean that one of the ids is not to be had.
    """

    read: Callable[[ShopClient, Sequence[str]], Iterator[Page]]
    at_once: int = 1
    about_an_id: frozenset[int] = ABOUT_AN_ID


def pages_by_id(
    work: Work, detail: Detail, ids: Sequence[str]
) -> Iterator[tuple[Sequence[str], Page]]:
    """The pages of ids, with the ids that were asked for together.

    An id that spoils a call is left out, not its neighbours.
    """
    for start in range(0, len(ids), detail.at_once):
        yield from _pages(work, detail, ids[start : start + detail.at_once])


def _pages(
    work: Work, detail: Detail, ids: Sequence[str]
) -> Iterator[tuple[Sequence[str], Page]]:
    work.stop.raise_if_asked()
    try:
        for page in detail.read(work.shop, ids):
            yield ids, page
    except ApiError as error:
        if error.code not in detail.about_an_id:
            raise
        half = len(ids) // 2
        for part in (ids[:half], ids[half:]) if half else ():
            yield from _pages(work, detail, part)


def add_in_detail(
    batch: Batch, detail: Detail, page: Page, *, is_forced: bool
) -> RecordPage:
    """Read in detail what a listed page holds that is new; return the listed page.

    What has no detail, such as something deleted, lands as it is listed.
    """
    work = batch.work
    listed = read_record_page(work.mapping, page, work.policy)
    batch.tally.take_listed(listed)
    if listed.bad:
        batch.add_read(replace(listed, records=(), notes=(), kept=()))
    wanted = {rows.record_id for rows in _news(work, listed, is_forced=is_forced)}
    found: set[str] = set()
    for _, answer in pages_by_id(work, detail, sorted(wanted)):
        found.update(rows.record_id for rows in batch.add(answer).records)
    if left := wanted - found:
        batch.add_read(_only(listed, left))
    return listed


def _news(work: Work, listed: RecordPage, *, is_forced: bool) -> Sequence[RecordRows]:
    """The records that the tables do not have in this version."""
    keys = [rows.key for rows in listed.records]
    known = work.database.transact(
        lambda connection: known_records(connection, work.target, work.mapping, keys)
    )
    return [
        rows
        for rows in listed.records
        if is_forced
        or (held := known.get(rows.key)) is None
        or held.is_deleted
        or held.version.updated_us != rows.version.updated_us
    ]


def _only(page: RecordPage, ids: set[str]) -> RecordPage:
    """A page with some of its records alone."""
    return replace(
        page,
        records=[rows for rows in page.records if rows.record_id in ids],
        kept=[pair for pair in page.kept if pair[0] in ids],
        notes=[(name, note) for name, note in page.notes if name in ids],
        bad=(),
    )
