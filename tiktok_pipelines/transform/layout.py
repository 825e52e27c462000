"""Take objects of one kind apart: into columns, and into what has none.

Millions of objects have a few dozen sets of names between them. What follows from the
names alone is worked out once for each set; what is left to do for an object is to
look at the type of each value.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from tiktok_pipelines.transform.fields import Field
from tiktok_pipelines.transform.notes import Note
from tiktok_pipelines.transform.readers import (
    EXACT,
    FIRST_MILLISECONDS,
    MICROSECONDS,
    PLAIN_AMOUNT,
    UNREADABLE,
    read_flag,
    read_money,
    read_text,
    read_time,
)

_is_plain_amount = PLAIN_AMOUNT.fullmatch
_MOST_SHAPES = 1000
_LONGEST_PATH = 200

Pair = tuple[str, str]
"""The column and the field that fills it."""


class Taken(NamedTuple):
    """One object, taken apart.

    ``row`` has a value for every column of the layout: text, amounts as exact decimal
    text, moments as microseconds since 1970, flags. ``rest`` are the fields without a
    column, and those that their column cannot give back exactly. ``is_exact`` says
    that every field with a column was of the documented kind.
    """

    row: dict[str, object]
    rest: dict[str, object]
    notes: Sequence[Note]
    is_exact: bool


@dataclass(frozen=True, slots=True)
class _Shape:
    """What follows from the names of an object's fields."""

    empty: Mapping[str, object]
    rest: Sequence[str]
    notes: Sequence[Note]
    texts: Sequence[Pair]
    amounts: Sequence[Pair]
    moments: Sequence[Pair]
    flags: Sequence[Pair]


@dataclass(slots=True)
class Layout:
    """The fields of one kind of object.

    Attributes:
        kind: what notes call the object.
        fields: those with a column.
        known: the names that the documentation knows; others are noted.
        expected: the names that every recorded object has; a lost one is noted.
        prefix: what notes put before a name, for a part of an object.
    """

    kind: str
    fields: Sequence[Field]
    known: frozenset[str]
    expected: frozenset[str]
    prefix: str = ""
    _shapes: dict[tuple[str, ...], _Shape] = field(
        default_factory=dict[tuple[str, ...], _Shape], init=False, repr=False
    )
    _by_name: dict[str, Field] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._by_name = {item.name: item for item in self.fields}

    @property
    def in_kinds(self) -> Sequence[Sequence[Field]]:
        """The fields with a column: texts and flags, amounts, moments."""
        kinds = ((read_text, read_flag), (read_money,), (read_time,))
        return [[item for item in self.fields if item.reader in kind] for kind in kinds]

    @property
    def columns(self) -> Sequence[str]:
        """The columns, kind by kind."""
        return [item.column for kind in self.in_kinds for item in kind]

    def take(self, received: Mapping[str, object]) -> Taken:
        """Take an object apart; the object stays as it is."""
        names = tuple(received)
        shape = self._shapes.get(names) or self._learn(names)
        row = dict(shape.empty)
        rest = {name: received[name] for name in shape.rest}
        odd = _take_words(shape, received, row)
        odd += _take_numbers(shape, received, row)
        notes = shape.notes
        if odd:
            notes = [*notes, *self._take_odd(odd, received, row, rest)]
        return Taken(row, rest, notes, not odd)

    def _take_odd(
        self,
        names: Sequence[str],
        received: Mapping[str, object],
        row: dict[str, object],
        rest: dict[str, object],
    ) -> Iterator[Note]:
        """Read values of other kinds; note those that no column takes."""
        for name in names:
            item = self._by_name[name]
            row[item.column], outcome = item.reader(received[name])
            if outcome is not EXACT:
                rest[name] = received[name]
            if outcome is UNREADABLE:
                yield self._note("unreadable", name)

    def _learn(self, names: tuple[str, ...]) -> _Shape:
        if len(self._shapes) >= _MOST_SHAPES:
            self._shapes.clear()  # whoever sends ever new names: it costs time only
        present = set(names)
        lost, unknown = self.expected - present, present - self.known
        pairs = {
            reader: [
                (item.column, item.name)
                for item in self.fields
                if item.name in present and item.reader is reader
            ]
            for reader in (read_text, read_money, read_time, read_flag)
        }
        shape = self._shapes[names] = _Shape(
            empty={item.column: None for item in self.fields},
            rest=[name for name in names if name not in self._by_name],
            notes=[
                *(self._note("unknown_field", name) for name in sorted(unknown)),
                *(self._note("lost_field", name) for name in sorted(lost)),
            ],
            texts=pairs[read_text],
            amounts=pairs[read_money],
            moments=pairs[read_time],
            flags=pairs[read_flag],
        )
        return shape

    def _note(self, kind: str, name: str) -> Note:
        return Note(self.kind, kind, f"{self.prefix}{name}"[:_LONGEST_PATH])


def _take_words(
    shape: _Shape, received: Mapping[str, object], row: dict[str, object]
) -> list[str]:
    """Texts and amounts; the names of those that are neither."""
    odd: list[str] = []
    for column, name in shape.texts:
        value = received[name]
        if type(value) is str:
            row[column] = value
        else:
            odd.append(name)
    for column, name in shape.amounts:
        value = received[name]
        if type(value) is str and _is_plain_amount(value):
            row[column] = value
        else:
            odd.append(name)
    return odd


def _take_numbers(
    shape: _Shape, received: Mapping[str, object], row: dict[str, object]
) -> list[str]:
    """Moments and flags; the names of those that are neither."""
    odd: list[str] = []
    for column, name in shape.moments:
        value = received[name]
        if type(value) is int and 0 < value < FIRST_MILLISECONDS:
            row[column] = value * MICROSECONDS
        else:
            odd.append(name)
    for column, name in shape.flags:
        value = received[name]
        if type(value) is bool:
            row[column] = value
        else:
            odd.append(name)
    return odd
