"""Objects of a ``Part`` → rows: fields, nested blocks, lists with their own tables."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from tiktok_pipelines.transform.buyers import harmless
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.fields import Field
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.notes import BadRecord, Note
from tiktok_pipelines.transform.parts import Block, Part, ReadRow, Row
from tiktok_pipelines.transform.readers import (
    EXACT,
    UNREADABLE,
    Reader,
    read_document,
    read_flag,
    read_money,
    read_text,
    read_time,
)

_WORD = re.compile(r"[A-Za-z0-9_ -]{1,80}")
_LONGEST_ID = 200
_TYPES: Mapping[Reader, type] = {
    read_text: str,
    read_money: str,
    read_time: int,
    read_flag: bool,
}


@dataclass(slots=True)
class Reading:
    """What has been taken from one record so far."""

    fetched_us: int
    record_id: str = ""
    parts: dict[str, list[Row]] = field(default_factory=dict[str, list[Row]])
    notes: list[Note] = field(default_factory=list[Note])
    bad: list[BadRecord] = field(default_factory=list[BadRecord])
    seen: set[tuple[object, ...]] = field(default_factory=set[tuple[object, ...]])


@dataclass(frozen=True, slots=True)
class Piece:
    """An object that is being taken apart.

    ``keys`` are its key columns and those of the parts around it; ``number`` is its
    place within the record, as ``2.1``; "" for the record itself.
    """

    part: Part
    received: ReadRow
    row: Row
    rest: dict[str, object]
    keys: ReadRow
    number: str = ""


def is_fit(key: object) -> bool:
    """Whether a value may be part of a key."""
    return 0 < len(key) <= _LONGEST_ID if isinstance(key, str) else key is not None


def take_row(
    part: Part, received: ReadRow, above: ReadRow, reading: Reading
) -> tuple[Row, dict[str, object]]:
    """The row of an object, and what of it has no column.

    ``above`` fills what is inherited: the row of the parent.
    """
    row: Row = {column: above.get(name) for column, name in part.inherits.items()}
    rest = _take_fields(part, received, row, reading.notes)
    row["synced_at"] = reading.fetched_us
    if part.adds:
        row.update(part.adds(row))
    if part.computed:
        row.update(part.computed(received, row))
    kind = part.layout.kind
    for column, known in part.values.items():
        value = row[column]
        if isinstance(value, str) and value not in known:
            told = value if _WORD.fullmatch(value) else "(no plain word)"
            reading.notes.append(Note(kind, "new_value", column, told))
    for name in part.missed(received) if part.missed else ():
        reading.notes.append(Note(kind, "lost_field", name))
    return row, rest


def _take_fields(
    shape: Part | Block, received: ReadRow, row: Row, notes: list[Note]
) -> dict[str, object]:
    taken = shape.layout.take(received)
    row.update(taken.row)
    notes += taken.notes
    rest = taken.rest
    if not taken.is_exact:
        notes += _other_types(shape.layout, received)
    for item in shape.others:
        _take_other(shape, item, rest, row, notes)
    for block in shape.blocks:
        _take_block(block, rest, row, notes)
    return rest


def _other_types(layout: Layout, received: ReadRow) -> Iterator[Note]:
    """Fields of another JSON type than documented, whether or not they are read."""
    for item in layout.fields:
        value = received.get(item.name)
        if value is None or isinstance(value, _TYPES.get(item.reader, object)):
            continue
        yield Note(layout.kind, "other_type", f"{layout.prefix}{item.name}")


def _take_other(
    shape: Part | Block,
    item: Field,
    rest: dict[str, object],
    row: Row,
    notes: list[Note],
) -> None:
    row[item.column] = None
    if item.name not in rest:
        return
    row[item.column], outcome = item.reader(rest[item.name])
    if outcome is EXACT:
        del rest[item.name]
    elif outcome is UNREADABLE or not _is_documented(item, rest[item.name]):
        path = f"{shape.layout.prefix}{item.name}"
        kind = "unreadable" if outcome is UNREADABLE else "other_type"
        notes.append(Note(shape.layout.kind, kind, path))


def _is_documented(item: Field, value: object) -> bool:
    """Whether a number is told as one; null has a note of its own."""
    return value is None or item.reader is read_document or isinstance(value, int)


def _take_block(
    block: Block, rest: dict[str, object], row: Row, notes: list[Note]
) -> None:
    """Move a nested object into columns; whatever else it is stays as received."""
    received = rest.get(block.path)
    found = held_by(block, received)
    if found is None:
        _empty(block, row)
        if received is not None and not _may_be(block, received):
            notes.append(Note(block.layout.kind, "unreadable", block.layout.prefix))
        return
    left = _take_fields(block, found, row, notes)
    if left or not found:
        rest[block.path] = [left] if block.in_list else left
    else:
        del rest[block.path]


def _may_be(block: Block, received: object) -> bool:
    """Whether it is a list of several objects, or of none."""
    if not block.in_list or not isinstance(received, list):
        return False
    return all(isinstance(item, dict) for item in cast("list[object]", received))


def held_by(block: Block, received: object) -> dict[str, object] | None:
    """The object of a block; None if there is none, or not just one."""
    if block.in_list:
        items = cast("list[object]", received) if isinstance(received, list) else []
        received = items[0] if len(items) == 1 else None
    return cast("dict[str, object]", received) if isinstance(received, dict) else None


def _empty(block: Block, row: Row) -> None:
    row.update({item.column: None for item in (*block.layout.fields, *block.others)})
    for inner in block.blocks:
        _empty(inner, row)


def take_parts(piece: Piece, reading: Reading) -> None:
    """Move the lists of an object out of it, into rows of their own tables."""
    for derived in piece.part.derived:
        rows = reading.parts.setdefault(derived.table, [])
        given = {"extra": b"{}", "synced_at": reading.fetched_us, **piece.keys}
        rows += [{**given, **made} for made in derived.make(piece.received, piece.row)]
    for part in piece.part.parts:
        items = _items(part, piece, reading)
        if items or piece.number or part.missing_is_none:
            for table in part.tables():
                reading.parts.setdefault(table, [])
        for place, item in enumerate(items, start=1):
            here = f"{piece.number}.{place}" if piece.number else str(place)
            counted = len(items) + 1 - place if part.counts_back else place
            if not _take_item(part, item, piece, reading, here=here, place=counted):
                reading.bad.append(_bad(part, item, here, reading.record_id))


def _items(part: Part, piece: Piece, reading: Reading) -> Sequence[object]:
    """The objects of a part, taken out of what is left; what is no list stays."""
    around, holder, name = holder_of(piece.rest, part.path)
    listed = holder.get(name)
    if listed is None or listed == []:
        return ()
    kind = dict if part.is_one else list
    if not isinstance(listed, kind):
        layout = piece.part.layout
        note = Note(layout.kind, "unreadable", f"{layout.prefix}{part.path}")
        reading.notes.append(note)
        return ()
    del holder[name]
    if around and not holder:
        del piece.rest[around]
    items = cast("list[object]", [listed] if part.is_one else listed)
    return [{part.scalar: item} for item in items] if part.scalar else items


def holder_of(
    received: dict[str, object], path: str
) -> tuple[str, dict[str, object], str]:
    """Where the list of a part is: in which block, in which object, by which name."""
    around, _, name = path.rpartition(".")
    found = received.get(around) if around else received
    holder = cast("dict[str, object]", found) if isinstance(found, dict) else {}
    return around, holder, name


def _take_item(
    part: Part,
    item: object,
    above: Piece,
    reading: Reading,
    *,
    here: str,
    place: int,
) -> bool:
    """Take one object of a list; whether it became a row."""
    if not isinstance(item, dict):
        return False
    received = cast("dict[str, object]", item)
    row, rest = take_row(part, received, above.row, reading)
    for column, value in above.keys.items():
        row.setdefault(column, value)
    if part.place:
        row[part.place] = place
    keys = {name: row[name] for name in part.keys}
    mark = (part.table, *keys.values())
    if mark in reading.seen or not all(map(is_fit, keys.values())):
        return False
    reading.seen.add(mark)
    reading.parts[part.table].append(row)
    inner = Piece(part, received, row, rest, {**above.keys, **keys}, here)
    take_parts(inner, reading)
    row["extra"] = encode(rest)
    return True


def _bad(part: Part, item: object, here: str, record_id: str) -> BadRecord:
    reason = f"{part.path} {here} of {record_id} is no object with a key of its own"
    return BadRecord(part.table, f"{record_id}/{here}", reason, harmless(item))
