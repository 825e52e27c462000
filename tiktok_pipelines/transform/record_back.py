"""A record as TikTok sent it, from its rows: the proof that nothing was lost."""

from collections.abc import Mapping, Sequence
from typing import cast

from tiktok_pipelines.transform.encoding import decode
from tiktok_pipelines.transform.fields import give_back
from tiktok_pipelines.transform.order_back import put_back
from tiktok_pipelines.transform.part_rows import held_by, holder_of
from tiktok_pipelines.transform.parts import Block, Part, ReadRow, RecordMap

_Rows = Mapping[str, Sequence[ReadRow]]
_NOTHING: Mapping[str, object] = {}


def give_back_record(
    mapping: RecordMap,
    row: ReadRow,
    parts: _Rows,
    buyer: Mapping[str, object] = _NOTHING,
) -> dict[str, object]:
    """The record as TikTok sent it, less what only the call said.

    ``row`` and ``parts`` hold values as they were read, or as PostgreSQL gives them;
    lists without a ``place`` keep the order in which their rows are given. ``buyer``
    is the record's buyer data by path.
    """
    record = _object(mapping.root, row, parts, set(mapping.root.keys))
    for path, value in buyer.items():
        put_back(record, path.split("."), value)
    return record


def _object(
    part: Part, row: ReadRow, parts: _Rows, around: set[str]
) -> dict[str, object]:
    """One object; ``around`` are the key columns of it and the parts around it."""
    received = _fields(part, row, _extra_of(row))
    for below in part.parts:
        mine = [
            one
            for one in parts.get(below.table, ())
            if all(one[name] == row[name] for name in around)
        ]
        if below.place:
            mine.sort(
                key=lambda one: cast("int", one[below.place]),
                reverse=below.counts_back,
            )
        if mine:
            inner = around | set(below.keys)
            items = [_element(below, one, parts, inner) for one in mine]
            block, holder, name = holder_of(received, below.path)
            holder[name] = items[0] if below.is_one else items
            if block:
                received[block] = holder
    return received


def _element(part: Part, row: ReadRow, parts: _Rows, around: set[str]) -> object:
    received = _object(part, row, parts, around)
    return received[part.scalar] if part.scalar else received


def _fields(
    shape: Part | Block, row: ReadRow, received: dict[str, object]
) -> dict[str, object]:
    give_back(row, (*shape.layout.fields, *shape.others), received)
    for block in shape.blocks:
        _give_back_block(block, row, received)
    return received


def _give_back_block(block: Block, row: ReadRow, received: dict[str, object]) -> None:
    is_there = block.path in received
    held = held_by(block, received[block.path]) if is_there else {}
    if held is None:
        return
    whole = _fields(block, row, dict(held))
    if whole or is_there:
        received[block.path] = [whole] if block.in_list else whole


def _extra_of(row: ReadRow) -> dict[str, object]:
    """What has no column: JSON in a row that is on its way, an object in one read."""
    extra = row["extra"]
    if isinstance(extra, bytes):
        extra = decode(extra)
    return dict(cast("dict[str, object]", extra))
