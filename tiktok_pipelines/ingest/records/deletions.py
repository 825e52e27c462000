"""What is listed no longer: marked, never removed, and told by a page of our own.

TikTok does not tell of it, a whole list without it does. So that the rows can be made
anew from ``tiktok_raw.pages``, what was concluded is kept there as well.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from sqlalchemy import Connection

from tiktok_pipelines.api.decoding import as_list, as_object
from tiktok_pipelines.ingest.purged import refuse_purged
from tiktok_pipelines.ingest.records.commit import stream_lock
from tiktok_pipelines.ingest.records.keys import (
    Key,
    asked_keys,
    key_arrays,
    key_of,
    table_of,
)
from tiktok_pipelines.ingest.records.raw import keep_pages, next_page_ids
from tiktok_pipelines.ingest.records.subject import Work
from tiktok_pipelines.ingest.target import ShopRun
from tiktok_pipelines.storage.database import lock_in_transaction
from tiktok_pipelines.transform.encoding import compress, decode, encode
from tiktok_pipelines.transform.parts import RecordMap

NOT_LISTED = "not_listed"
_REQUEST: Mapping[str, object] = {"method": "", "path": NOT_LISTED}


@dataclass(frozen=True, slots=True)
class Deletion:
    """A page of our own: the keys of what a whole list did not hold."""

    keys: Sequence[Key]
    fetched_at: datetime

    request = _REQUEST
    request_id = ""

    @property
    def kept(self) -> Sequence[object]:
        """The keys."""
        return self.keys

    @property
    def body(self) -> bytes:
        """The keys as JSON."""
        return compress(encode({NOT_LISTED: [list(key) for key in self.keys]}))


def is_deletion(request: Mapping[str, object]) -> bool:
    """Whether a kept page tells of a deletion."""
    return request.get("path") == NOT_LISTED


def read_deletion(body: bytes, fetched_at: datetime) -> Deletion:
    """A deletion from its page's body, decompressed."""
    listed = as_list(as_object(decode(body)).get(NOT_LISTED))
    keys = [tuple(cast("list[object]", key)) for key in listed]
    return Deletion(keys, fetched_at)


def mark_deleted(work: Work, listed: Collection[Key], *, listed_at: datetime) -> int:
    """Mark what was there before a list was asked for, and is not in it; how many."""

    def mark(connection: Connection) -> int:
        lock_in_transaction(connection, stream_lock(work.stream, work.target.shop_id))
        refuse_purged(connection, work.target)
        gone = _gone(connection, work.target, work.mapping, listed, listed_at)
        if not gone:
            return 0
        deletion = Deletion(gone, listed_at)
        (page_id,) = next_page_ids(connection, 1)
        keep_pages(connection, work.target, work.stream, [(page_id, deletion)])
        return write_deletion(
            connection, work.target, work.mapping, deletion, page_id=page_id
        )

    return work.database.transact(mark)


def _gone(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    listed: Collection[Key],
    listed_at: datetime,
) -> Sequence[Key]:
    root = mapping.root
    table = table_of(root.table)
    same = " AND ".join(f"held.{key} = asked.{key}" for key in root.keys)
    statement = target.sql(
        f"SELECT {', '.join(root.keys)} FROM {{schema}}.{root.table} AS held"
        " WHERE shop_id = :shop_id AND deleted_at IS NULL AND synced_at < :listed_at"
        f" AND NOT EXISTS (SELECT FROM {asked_keys(table, root.keys)} WHERE {same})"
    )
    asked = {
        "shop_id": target.shop_id,
        "listed_at": listed_at,
        **key_arrays(table, root.keys, listed),
    }
    found = connection.execute(statement, asked).mappings()
    return [key_of(row, table, root.keys) for row in found]


def write_deletion(
    connection: Connection,
    target: ShopRun,
    mapping: RecordMap,
    deletion: Deletion,
    *,
    page_id: int,
) -> int:
    """Mark rows as deleted, unless they were seen since; how many."""
    root = mapping.root
    table = table_of(root.table)
    same = " AND ".join(f"held.{key} = asked.{key}" for key in root.keys)
    statement = target.sql(
        f"UPDATE {{schema}}.{root.table} AS held"
        " SET deleted_at = :at, deleted_reason = :reason, raw_page_id = :page_id"
        f" FROM {asked_keys(table, root.keys)}"
        f" WHERE held.shop_id = :shop_id AND {same}"
        " AND deleted_at IS NULL AND synced_at < :at"
    )
    asked = {
        "shop_id": target.shop_id,
        "at": deletion.fetched_at,
        "reason": NOT_LISTED,
        "page_id": page_id,
        **key_arrays(table, root.keys, deletion.keys),
    }
    return connection.execute(statement, asked).rowcount
