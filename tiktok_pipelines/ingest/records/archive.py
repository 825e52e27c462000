"""Pages of any subject as they were kept, read back by today's code."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from tiktok_pipelines.api.decoding import as_int, as_object, as_text
from tiktok_pipelines.api.endpoints.table import called
from tiktok_pipelines.api.pages import Page, head_of, records_of
from tiktok_pipelines.errors import StorageError
from tiktok_pipelines.ingest.archive import KeptPage, pages_of
from tiktok_pipelines.ingest.records.deletions import (
    NOT_LISTED,
    is_deletion,
    read_deletion,
)
from tiktok_pipelines.ingest.records.pages import RecordPage, read_record_page
from tiktok_pipelines.storage.database import Database
from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.privacy import KEEP_ALL
from tiktok_pipelines.transform.records import id_of


def page_of(kept: KeptPage) -> Page:
    """A kept page as the client gave it, less buyer data.

    Raises:
        StorageError: its call is unknown, or it is damaged.
    """
    method, path = (as_text(kept.request.get(name)) for name in ("method", "path"))
    endpoint = called(method, path)
    if endpoint is None:
        raise StorageError(
            f"page {kept.page_id} of tiktok_raw.pages is of a call that this version "
            f"does not know, {method} {path}: update this project"
        )
    data = kept.data()
    return Page(
        records=records_of(endpoint, data),
        total_count=as_int(data.get("total_count")),
        next_page_token=as_text(data.get("next_page_token")),
        endpoint=endpoint,
        request=kept.request,
        body=kept.answer(),
        fetched_at=kept.fetched_at,
        request_id=kept.request_id,
        path_ids=endpoint.ids_of(path) or {},
        head=head_of(endpoint, data),
    )


def read_kept_records(mapping: RecordMap, kept: KeptPage) -> RecordPage:
    """A kept page mapped by today's code; it keeps its number.

    It gives no buyer data: what older code did not know as such is left out as well.
    """
    mapped = read_record_page(mapping, page_of(kept), KEEP_ALL)
    records = [replace(rows, buyer=None) for rows in mapped.records]
    return replace(mapped, records=records, page_id=kept.page_id)


def sights_of_record(
    database: Database,
    mapping: RecordMap,
    shop_id: str,
    record_id: str,
    *,
    since: datetime | None = None,
) -> Iterator[tuple[KeptPage, Mapping[str, object]]]:
    """Every kept page that tells of a record, oldest first, and what it says of it."""
    trace = record_id.partition("/")[0].encode()
    for kept in pages_of(database, shop_id, stream=mapping.stream, since=since):
        if is_deletion(kept.request):
            gone = read_deletion(kept.answer(), kept.fetched_at)
            if record_id in {id_of(key) for key in gone.keys}:
                yield kept, {NOT_LISTED: True}
        elif trace in kept.answer() or trace.decode() in str(kept.request):
            for name, record in read_kept_records(mapping, kept).kept:
                if name == record_id:
                    yield kept, as_object(decode(bytes(record)))
