"""What pages of records change, given what the tables hold: pure decisions.

As with orders: newer is the greater (update time, fetch time), older never overwrites
newer, yet an older answer may still add rows of a part that the newer ones lacked. So
any order of the same answers ends in the same rows.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from tiktok_pipelines.transform.buyers import BuyerData, merge
from tiktok_pipelines.transform.encoding import encode
from tiktok_pipelines.transform.parts import RecordMap, Row
from tiktok_pipelines.transform.records import RecordRows
from tiktok_pipelines.transform.versions import Version

NEVER = Version(0, 0)
Key = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class KnownRecord:
    """What the table holds of one record.

    ``parts`` has the versions of the tables whose rows come from another answer.
    """

    version: Version
    content_hash: bytes | None
    parts: Mapping[str, Version]
    is_deleted: bool = False


@dataclass(frozen=True, slots=True)
class Received:
    """One record of a page; ``page`` counts the pages of the batch from 0."""

    page: int
    rows: RecordRows


PageRow = tuple[int, Row]
"""A row, and the page it comes from."""


@dataclass(slots=True)
class RecordPlan:
    """What to write, each with the page it comes from.

    Attributes:
        rows: of the root's table.
        parts: rows by table; of ``replaced`` records all others go, with the page
            that said so.
        dated: records whose parts alone come from another answer now.
        sights: rows that accumulate, by table.
        buyers: what answers say of buyers, by order.
    """

    rows: list[PageRow] = field(default_factory=list[PageRow])
    parts: dict[str, list[PageRow]] = field(default_factory=dict[str, list[PageRow]])
    replaced: dict[str, dict[Key, int]] = field(
        default_factory=dict[str, dict[Key, int]]
    )
    dated: list[tuple[int, Key, bytes]] = field(
        default_factory=list[tuple[int, Key, bytes]]
    )
    sights: dict[str, list[PageRow]] = field(default_factory=dict[str, list[PageRow]])
    buyers: dict[str, tuple[int, BuyerData]] = field(
        default_factory=dict[str, tuple[int, BuyerData]]
    )


def plan_records(
    mapping: RecordMap,
    received: Iterable[Received],
    known: Mapping[Key, KnownRecord],
) -> RecordPlan:
    """Decide what a batch of pages changes."""
    plan = RecordPlan()
    tables = [table for table in mapping.tables() if table != mapping.root.table]
    dated = mapping.accumulating(dated=True)
    sights = mapping.accumulating() - dated
    replaced = [table for table in tables if table not in sights | dated]
    for key, answers in _by_key(received).items():
        held = known.get(key)
        _plan_record(plan, _distinct(answers), held, replaced)
        _plan_sights(plan, answers, held, sights)
        _plan_sights(plan, answers, None, dated)
        _plan_buyers(plan, answers)
    return plan


def _by_key(received: Iterable[Received]) -> dict[Key, list[Received]]:
    """Answers by record, oldest first: windows overlap, and rows move while read."""
    grouped: dict[Key, list[Received]] = {}
    for answer in received:
        grouped.setdefault(answer.rows.key, []).append(answer)
    for answers in grouped.values():
        answers.sort(key=lambda answer: _strength(answer.rows))
    return grouped


def _distinct(answers: Sequence[Received]) -> Sequence[Received]:
    """Less those that say the same as the one before.

    The first of them counts, as it would if each page had come by itself, which is how
    a rebuild reads them.
    """
    return [
        answer
        for place, answer in enumerate(answers)
        if not place or _hash(answer.rows) != _hash(answers[place - 1].rows)
    ]


def _strength(rows: RecordRows) -> tuple[Version, bytes]:
    return rows.version, _hash(rows)


def _hash(rows: RecordRows) -> bytes:
    return cast("bytes", rows.row["content_hash"])


def _plan_record(
    plan: RecordPlan,
    answers: Sequence[Received],
    known: KnownRecord | None,
    tables: Sequence[str],
) -> None:
    newest = answers[-1]
    is_same = (
        known is not None
        and not known.is_deleted
        and known.content_hash == _hash(newest.rows)
    )
    taken = {
        table: answer
        for table in tables
        if not (is_same and table in newest.rows.parts)
        and (answer := _plan_part(plan, answers, known, table))
    }
    versions = {table: _held(known, table) for table in tables}
    versions |= {table: answer.rows.version for table, answer in taken.items()}
    if known is None or (not is_same and _strength(newest.rows) > _known(known)):
        row = {**newest.rows.row}
        row["part_versions"] = _told(versions, newest.rows.version)
        plan.rows.append((newest.page, row))
    elif taken:
        page = next(iter(taken.values())).page
        plan.dated.append((page, newest.rows.key, _told(versions, known.version)))


def _known(known: KnownRecord) -> tuple[Version, bytes]:
    return known.version, known.content_hash or b""


def _held(known: KnownRecord | None, table: str) -> Version:
    """The version of the answer that a table's rows come from."""
    return known.parts.get(table, known.version) if known else NEVER


def _told(versions: Mapping[str, Version], own: Version) -> bytes:
    """The versions of tables that differ from the row's, as ``part_versions``."""
    other = {table: version for table, version in versions.items() if version != own}
    return encode(other) if other else b"{}"


def _plan_part(
    plan: RecordPlan,
    answers: Sequence[Received],
    known: KnownRecord | None,
    table: str,
) -> Received | None:
    """Take a table's rows from the newest answer that has any; return that one."""
    for answer in reversed(answers):
        rows = answer.rows
        if table not in rows.parts or not _is_newer(rows, known, table):
            continue
        found = plan.parts.setdefault(table, [])
        found += [(answer.page, {**row}) for row in rows.parts[table]]
        if known and not any(bad.stream == table for bad in rows.bad):
            plan.replaced.setdefault(table, {})[rows.key] = answer.page
        return answer
    return None


def _is_newer(rows: RecordRows, known: KnownRecord | None, table: str) -> bool:
    """Whether a table's rows give way; of one moment, to those that the record does."""
    if known and table not in known.parts:
        return _strength(rows) > _known(known)
    return rows.version > _held(known, table)


def _plan_sights(
    plan: RecordPlan,
    answers: Sequence[Received],
    known: KnownRecord | None,
    tables: Iterable[str],
) -> None:
    """Rows that may be new, or were seen earlier than the table says."""
    for table in tables:
        plan.sights.setdefault(table, []).extend(
            (answer.page, {**row})
            for answer in answers
            if known is None
            or known.content_hash != _hash(answer.rows)
            or answer.rows.version < known.version
            for row in answer.rows.parts.get(table, ())
        )


def _plan_buyers(plan: RecordPlan, answers: Sequence[Received]) -> None:
    for answer in answers:
        buyer = answer.rows.buyer
        for order_id in answer.rows.order_ids if buyer else ():
            if buyer is None:
                continue
            _, held = plan.buyers.get(order_id, (answer.page, None))
            merged = merge(held, buyer) if held else buyer
            plan.buyers[order_id] = (answer.page, merged)
