"""One record of any subject, as received → its row, its parts' rows, its buyer data.

``read_record`` applies a ``RecordMap``. It is lossless: each field received is in a
column, in ``extra``, or is buyer data; ``give_back_record`` proves it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

import msgspec

from tiktok_pipelines.moments import microseconds
from tiktok_pipelines.transform.buyers import (
    BuyerData,
    buyer_data,
    harmless,
    may_hold_buyer,
    take_buyer,
)
from tiktok_pipelines.transform.encoding import digest, encode
from tiktok_pipelines.transform.notes import UNIDENTIFIED, BadRecord, Note
from tiktok_pipelines.transform.part_rows import (
    Piece,
    Reading,
    holder_of,
    is_fit,
    take_parts,
    take_row,
)
from tiktok_pipelines.transform.parts import Part, RecordMap
from tiktok_pipelines.transform.versions import Version

_INDEX = re.compile(r"\.\d+(?=\.)")
_LONGEST_PATH = 200
_NOTHING: Mapping[str, object] = {}


@dataclass(frozen=True, slots=True)
class RecordRows:
    """What one received record becomes.

    Attributes:
        key: the values of the root's key columns.
        row: column values of the root, less shop and page.
        parts: by table the rows of its parts; a table that is missing had no usable
            list: rows known earlier stay.
        buyer: what the record says of a buyer, for each of ``order_ids``.
        bad: elements of lists that could not become rows, by table.
    """

    key: tuple[object, ...]
    version: Version
    row: Mapping[str, object] = field(repr=False)
    parts: Mapping[str, Sequence[Mapping[str, object]]] = field(repr=False)
    buyer: BuyerData | None
    order_ids: Sequence[str]
    notes: Sequence[Note]
    bad: Sequence[BadRecord]

    @property
    def record_id(self) -> str:
        """The key as one text."""
        return id_of(self.key)


def id_of(key: Sequence[object]) -> str:
    """A key as one text."""
    return "/".join(map(str, key))


def read_record(
    mapping: RecordMap,
    record: object,
    fetched_at: datetime,
    given: Mapping[str, object] = _NOTHING,
) -> tuple[RecordRows | BadRecord, msgspec.Raw]:
    """Map one received record, and return beside it what may be kept of it, as JSON.

    ``given`` is what the call was asked with and the head of its answer, by TikTok's
    names. Only a record that is no object or has no key is bad; all else lands.
    """
    if not isinstance(record, dict):
        kept = harmless(record)
        bad = _bad(mapping, f"the {mapping.noun} is no object", kept)
        return bad, msgspec.Raw(encode(kept))
    own = dict(cast("dict[str, object]", record))
    _clean_lists(mapping.root, own)
    kept, taken = encode(own), _NOTHING
    if mapping.buyers or may_hold_buyer(kept):
        taken = take_buyer(own, mapping.buyers)
        kept = encode(own)
    fetched_us = microseconds(fetched_at)
    reading = Reading(fetched_us)
    row, rest = take_row(mapping.root, own, given, reading)
    key = tuple(row[name] for name in mapping.root.keys)
    if not all(map(is_fit, key)):
        bad = _bad(mapping, f"the {mapping.noun} has no fit id", own)
        return bad, msgspec.Raw(kept)
    reading.record_id = id_of(key)
    keys = dict(zip(mapping.root.keys, key, strict=True))
    take_parts(Piece(mapping.root, own, row, rest, keys), reading)
    row["extra"] = encode(rest)
    told = kept + _inherited(mapping.root, row) + _period_of(mapping, fetched_us)
    row["content_hash"] = digest(told)
    reading.notes += _general_notes(mapping, own, taken, kept)
    version = Version(cast("int", row.get("updated_at") or 0), fetched_us)
    rows = RecordRows(
        key,
        version,
        row,
        reading.parts,
        buyer_data(taken, version) if taken else None,
        mapping.order_ids(row, reading.parts) if taken else (),
        reading.notes,
        reading.bad,
    )
    return rows, msgspec.Raw(kept)


def _inherited(root: Part, row: Mapping[str, object]) -> bytes:
    """What a record has from its call and the head of its answer: content as well."""
    if not root.inherits:
        return b""
    return encode({column: row[column] for column in root.inherits})


def _period_of(mapping: RecordMap, fetched_us: int) -> bytes:
    """What makes content of another period other content."""
    if mapping.period is None:
        return b""
    return b"%d" % (fetched_us // (mapping.period // timedelta(microseconds=1)))


def too_deep(mapping: RecordMap, record: object) -> tuple[BadRecord, msgspec.Raw]:
    """A record that is nested too deep to be read; nothing of it is kept."""
    fields = cast("dict[str, object]", record) if isinstance(record, dict) else {}
    kept = {"fields": len(fields)}
    bad = _bad(mapping, f"a {mapping.noun} is nested too deep", kept)
    return bad, msgspec.Raw(encode(kept))


def _clean_lists(root: Part, own: dict[str, object]) -> None:
    """Elements that should be objects and are none may be anything, a name too."""
    for part in root.parts:
        around, holder, name = holder_of(own, part.path)
        listed = holder.get(name)
        if isinstance(listed, list) and not part.scalar:
            items = cast("list[object]", listed)
            if not all(isinstance(item, dict) for item in items):
                clean: list[object] = [
                    item if isinstance(item, dict) else harmless(item) for item in items
                ]
                if around:
                    own[around] = {**holder, name: clean}
                else:
                    own[name] = clean


def _general_notes(
    mapping: RecordMap,
    own: Mapping[str, object],
    taken: Mapping[str, object],
    kept: bytes,
) -> Iterator[Note]:
    kind = mapping.root.layout.kind
    if b"null" in kept:
        for path in dict.fromkeys(_nulls(own, "")):
            yield Note(kind, "null_value", path[:_LONGEST_PATH])
    for path in taken:
        if "." in path and path.rpartition(".")[2] not in mapping.buyers:
            yield Note(kind, "unknown_field", _INDEX.sub("[]", path)[:_LONGEST_PATH])


def _nulls(value: object, path: str) -> Iterator[str]:
    """Where null stands: TikTok leaves out what has no value."""
    if isinstance(value, dict):
        for name, item in cast("dict[str, object]", value).items():
            yield from _nulls(item, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from _nulls(item, f"{path}[]")
    elif value is None:
        yield path


def _bad(mapping: RecordMap, reason: str, content: object) -> BadRecord:
    key = UNIDENTIFIED + digest(encode(content)).hex()
    return BadRecord(mapping.stream, key, reason, content)
