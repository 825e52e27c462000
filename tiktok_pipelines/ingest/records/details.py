"""Records that are listed in short and read in detail, as far as they changed."""

from collections.abc import (
    Callable,
    Container,
    Iterator,
    Mapping,
    MutableMapping,
    Sequence,
)
from dataclasses import dataclass, replace

from sqlalchemy import Connection

from tiktok_pipelines.api.client import ShopClient
from tiktok_pipelines.api.decoding import as_object, as_text
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.errors import ApiError
from tiktok_pipelines.ingest.records.batch import Batch
from tiktok_pipelines.ingest.records.keys import Key
from tiktok_pipelines.ingest.records.known import known_marks, known_records
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.ingest.records.plan import KnownRecord
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.records import RecordRows

VAGUE = frozenset({21008111, 25001001, 25020005, 36009004, 98001004})
"""Codes that may mean one id of a call, or that each call is wrong, or the cipher."""
ABOUT_AN_ID = VAGUE | {12019150, 12052032}
"""Codes that may mean one id of a call only.

Source: docs/tiktok-shop-api.md, "Error codes".
"""

_Held = tuple[Mapping[Key, KnownRecord], Mapping[Key, object]]


@dataclass(frozen=True, slots=True)
class Detail:
    """How records are read by id.

    Attributes:
        read: the pages of some ids.
        at_once: how many ids a call takes.
        about_an_id: codes that mean that one of the ids is not to be had.
        by_state: codes that tell of the state that an id is in: each id may be refused
            by one, and no call is wrong for that.
        completes: whether the list tells what the detail does not: records are both
            together, and where both tell something, the detail does.
        mark: a column that tells one state of a listed record from another, where the
            update time alone may not.
    """

    read: Callable[[ShopClient, Sequence[str]], Iterator[Page]]
    at_once: int = 1
    about_an_id: frozenset[int] = ABOUT_AN_ID
    by_state: Container[int] = ()
    completes: bool = False
    mark: str = ""

    def leaves_out(self, error: ApiError) -> bool:
        """Whether an error means one of the ids, not the call."""
        is_about = error.code in self.about_an_id or error.code in self.by_state
        return is_about and not error.retryable

    def tells_state(self, error: ApiError) -> bool:
        """Whether an error certainly means the id that it refuses."""
        return error.code in self.by_state and error.code not in VAGUE


def pages_by_id(
    work: Work,
    detail: Detail,
    ids: Sequence[str],
    refused: MutableMapping[str, ApiError] | None = None,
) -> Iterator[tuple[Sequence[str], Page]]:
    """The pages of ids, with the ids that were asked for together.

    An id that spoils a call is left out, not its neighbours; ``refused`` takes it.
    """
    left_out: MutableMapping[str, ApiError] = {} if refused is None else refused
    for start in range(0, len(ids), detail.at_once):
        yield from _pages(work, detail, ids[start : start + detail.at_once], left_out)


def _pages(
    work: Work,
    detail: Detail,
    ids: Sequence[str],
    refused: MutableMapping[str, ApiError],
) -> Iterator[tuple[Sequence[str], Page]]:
    work.stop.raise_if_asked()
    try:
        for page in detail.read(work.shop, ids):
            yield ids, page
    except ApiError as error:
        if not detail.leaves_out(error):
            raise
        half = len(ids) // 2
        if not half:
            refused.update(dict.fromkeys(ids, error))
            return
        for part in (ids[:half], ids[half:]):
            yield from _pages(work, detail, part, refused)


def add_in_detail(
    batch: Batch, detail: Detail, page: Page, *, is_forced: bool
) -> RecordPage:
    """Read in detail what a listed page holds that is new; return the listed page.

    What has no detail, such as something deleted, lands as it is listed; it is in doubt
    if that need not mean it.
    """
    work = batch.work
    listed = read_record_page(work.mapping, page, work.policy)
    batch.tally.take_listed(listed)
    if listed.bad:
        batch.add_read(replace(listed, records=(), notes=(), kept=()))
    news = listed.records if is_forced else _news(work, detail, listed)
    wanted = {rows.record_id for rows in news}
    found, refused = set[str](), dict[str, ApiError]()
    for _, told in pages_by_id(work, detail, sorted(wanted), refused):
        answer = _completed(told, listed) if detail.completes else told
        found.update(rows.record_id for rows in batch.add(answer).records)
    for code in {error.code for error in refused.values()} & VAGUE:
        batch.throw_doubt(f"details are refused with code {code}")
    if left := wanted - found:
        batch.add_read(_only(listed, left))
    return listed


def _completed(answer: Page, listed: RecordPage) -> Page:
    """An answer in detail, with what only the list tells of its records."""
    known = dict(listed.kept)
    records = map(as_object, answer.records)
    both = [
        {**as_object(decode(bytes(known[name]))), **record}
        for record in records
        if (name := as_text(record.get(answer.endpoint.id_key))) in known
    ]
    return replace(answer, records=both)


def _news(work: Work, detail: Detail, listed: RecordPage) -> Sequence[RecordRows]:
    """The records that the tables do not have in this version."""
    keys = [rows.key for rows in listed.records]

    def ask(connection: Connection) -> _Held:
        asked = (connection, work.target, work.mapping)
        known = known_records(*asked, keys)
        return known, known_marks(*asked, detail.mark, keys) if detail.mark else known

    known, marks = work.database.transact(ask)
    return [
        rows
        for rows in listed.records
        if (held := known.get(rows.key)) is None
        or held.is_deleted
        or held.version.updated_us != rows.version.updated_us
        or (detail.mark and marks.get(rows.key) != rows.row[detail.mark])
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
