"""A page of any subject as fetched → rows, before any database work."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

import msgspec

from tiktok_pipelines.api.decoding import as_object
from tiktok_pipelines.api.pages import Page
from tiktok_pipelines.transform.buyers import take_buyer
from tiktok_pipelines.transform.encoding import compress, encode
from tiktok_pipelines.transform.notes import BadRecord, Note
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.privacy import PrivacyPolicy
from tiktok_pipelines.transform.records import RecordRows, read_record, too_deep
from tiktok_pipelines.transform.unstorable import (
    may_be_unstorable,
    replace_unstorable,
)


@dataclass(frozen=True, slots=True)
class RecordPage:
    """One page of records, mapped.

    Attributes:
        kept: what was received, record by record: its id, "" where it has none, and
            the record less buyer data, as JSON.
        head: what the answer says beside its records, less buyer data.
        shape: where the records are in the answer's data; "" where they are all of it.
        is_one: whether one record stands there instead of a list.
        policy: was applied to the buyer data.
        page_id: set if it is read back from ``tiktok_raw.pages``.
    """

    mapping: RecordMap
    records: Sequence[RecordRows]
    bad: Sequence[BadRecord]
    notes: Sequence[tuple[str, Note]]
    kept: Sequence[tuple[str, msgspec.Raw]] = field(repr=False)
    head: Mapping[str, object] = field(repr=False)
    shape: str
    is_one: bool
    total_count: int | None
    next_page_token: str
    request: Mapping[str, object]
    request_id: str
    fetched_at: datetime
    policy: PrivacyPolicy
    page_id: int | None = None

    @property
    def body(self) -> bytes:
        """The answer's data less buyer data, as ``tiktok_raw.pages`` keeps it."""
        kept = [record for _, record in self.kept]
        if not self.shape:
            return compress(encode(kept[0] if kept else {}))
        data: dict[str, object] = {
            **self.head,
            self.shape: kept[0] if self.is_one and kept else kept,
            "next_page_token": self.next_page_token,
        }
        if self.total_count is not None:
            data["total_count"] = self.total_count
        return compress(encode(data))


def read_record_page(
    mapping: RecordMap, page: Page, policy: PrivacyPolicy
) -> RecordPage:
    """Map every record of a page; a bad one harms only itself.

    Of buyer data only what the policy allows leaves this function.
    """
    given, head = _given(page)
    suspicious = may_be_unstorable(page.body)
    found = [
        _read(mapping, page, record, given, suspicious=suspicious)
        for record in _records(mapping, page)
    ]
    records, bad, notes = _sorted_out(mapping, found)
    is_data = mapping.is_whole or not page.endpoint.records_key
    return RecordPage(
        mapping=mapping,
        records=[_less_private(rows, policy) for rows in records],
        bad=bad,
        notes=notes,
        kept=[(_id_of(result), kept) for result, kept, _ in found],
        head=head,
        shape="" if is_data else page.endpoint.records_key,
        is_one=page.endpoint.is_one,
        total_count=page.total_count,
        next_page_token=page.next_page_token,
        request=page.request,
        request_id=page.request_id,
        fetched_at=page.fetched_at,
        policy=policy,
    )


_Read = tuple[RecordRows | BadRecord, msgspec.Raw, Sequence[str]]


def _given(page: Page) -> tuple[Mapping[str, object], Mapping[str, object]]:
    """What a record inherits from its call and the head of the answer; that head."""
    head = dict(page.head)
    take_buyer(head)
    asked = {
        **as_object(page.request.get("query")),
        **as_object(page.request.get("body")),
    }
    return {**asked, **head, **page.path_ids}, head


def _records(mapping: RecordMap, page: Page) -> Sequence[object]:
    """The records; the whole answer is one, where the subject says so."""
    key = page.endpoint.records_key
    if not mapping.is_whole or not key:
        return page.records
    return [{**page.head, **({key: page.records} if page.records else {})}]


def _id_of(result: RecordRows | BadRecord) -> str:
    return result.record_id if isinstance(result, RecordRows) else ""


def _read(
    mapping: RecordMap,
    page: Page,
    record: object,
    given: Mapping[str, object],
    *,
    suspicious: bool,
) -> _Read:
    """The rows of a record, what may be kept of it, and where characters changed."""
    try:
        clean, replaced = replace_unstorable(record) if suspicious else (record, ())
        return *read_record(mapping, clean, page.fetched_at, given), replaced
    except RecursionError:
        return *too_deep(mapping, record), ()


def _sorted_out(
    mapping: RecordMap, found: Sequence[_Read]
) -> tuple[list[RecordRows], list[BadRecord], list[tuple[str, Note]]]:
    records: list[RecordRows] = []
    bad: list[BadRecord] = []
    notes: list[tuple[str, Note]] = []
    for result, _, replaced in found:
        if isinstance(result, BadRecord):
            bad.append(result)
            continue
        records.append(result)
        bad.extend(result.bad)
        kind = mapping.root.layout.kind
        odd = [Note(kind, "replaced_characters", path[:200]) for path in replaced]
        notes.extend((result.record_id, note) for note in (*result.notes, *odd))
    return records, bad, notes


def _less_private(rows: RecordRows, policy: PrivacyPolicy) -> RecordRows:
    if rows.buyer is None or not policy.rules:
        return rows
    return replace(rows, buyer=policy.apply(rows.buyer))
