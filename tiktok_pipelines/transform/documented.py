"""Objects that are just as documented, read in one go.

A ``Layout`` takes apart whatever comes, value by value. Nearly all that comes has known
names only, lacks none that is expected, and each value is of its kind. From the same
layout ``Documented`` makes a type that takes such objects and no others, so that
msgspec does the work; what becomes of them is the same.
"""

from collections.abc import Callable, Iterable, Mapping
from operator import attrgetter
from typing import Annotated, Any, NamedTuple, TypeAlias

import msgspec
from msgspec import Meta, Struct

from tiktok_pipelines.transform.fields import Field
from tiktok_pipelines.transform.known import KNOWN_PARTS, NUMBER_FIELDS
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.readers import (
    FIRST_MILLISECONDS,
    LONGEST_ID,
    MICROSECONDS,
    PLAIN_AMOUNT,
    read_flag,
    read_money,
    read_text,
    read_time,
)

_Type: TypeAlias = Any  # what msgspec decodes to
_Getter: TypeAlias = Callable[[Struct], tuple[Any, ...]]

_MOST_AMOUNTS = 10_000

_ID: _Type = Annotated[str, Meta(min_length=1, max_length=LONGEST_ID)]
_KINDS: Mapping[object, _Type] = {
    read_text: str,
    read_money: str,
    read_time: Annotated[int, Meta(gt=0, lt=FIRST_MILLISECONDS)],
    read_flag: bool,
}


class Apart(NamedTuple):
    """A field that is no column's: of which type; ``in_rest``: it stays in the rest."""

    type: _Type
    in_rest: bool = False
    is_needed: bool = False


class Documented:
    """One kind of object, as documented.

    Attributes:
        type: what msgspec decodes it to. Encoded, it gives the object as received, its
            names sorted.

    Args:
        layout: what is known of the kind; it needs an id if a field is called so.
        apart: fields that others take apart.
        refused: known names that are not taken here.
    """

    def __init__(
        self,
        layout: Layout,
        apart: Mapping[str, Apart] | None = None,
        refused: frozenset[str] = frozenset(),
    ) -> None:
        apart = apart or {}
        own = {item.name: item for item in layout.fields}
        plain = layout.known - own.keys() - apart.keys() - refused
        rest = sorted(plain | {name for name, each in apart.items() if each.in_rest})
        self.type = _struct(
            layout.kind,
            {name: _optional(_kind_of_rest(name)) for name in plain}
            | {name: _field(item, layout) for name, item in own.items()}
            | {name: _apart(each) for name, each in apart.items()},
        )
        others, amounts, moments = layout.in_kinds
        self._values_of = _getter([i.name for i in (*others, *amounts, *moments)])
        self._amounts = slice(len(others), len(others) + len(amounts))
        self._moments = slice(self._amounts.stop, None)
        self._rest_of = _getter(rest)
        self._nothing = (None,) * len(rest)
        self._rest = _struct(
            "Rest", {name: _optional(object) for name in rest}, by_place=True
        )

    def take(self, received: Struct) -> list[object]:
        """A value for each of the layout's columns, as ``Layout.take`` gives it.

        Raises:
            ValueError: an amount is not as documented.
        """
        values = self._values_of(received)
        amounts = values[self._amounts]
        if not _plain.issuperset(amounts):
            _learn(amounts)
        taken = list(values)
        taken[self._moments] = [
            None if moment is None else moment * MICROSECONDS
            for moment in values[self._moments]
        ]
        return taken

    def rest_of(self, received: Struct, **changed: Struct | None) -> Struct | None:
        """What has no column, to be encoded; None if that is nothing.

        ``changed`` takes the place of what was received by these names.
        """
        values = self._rest_of(received)
        if values == self._nothing:
            return None
        rest = self._rest(*values)
        for name, value in changed.items():
            setattr(rest, name, value)
        return rest


_plain: set[str | None] = {None}
"""Amounts met that are as PostgreSQL prints them: most come again and again."""


def _learn(amounts: Iterable[str | None]) -> None:
    """Look at amounts.

    Raises:
        ValueError: one is not as documented.
    """
    if len(_plain) >= _MOST_AMOUNTS:
        _plain.clear()
    for amount in amounts:
        if amount is not None and not PLAIN_AMOUNT.fullmatch(amount):
            raise ValueError
    _plain.update(amounts, (None,))


_Field: TypeAlias = tuple[_Type, Any]


def _struct(
    name: str, fields: Mapping[str, _Field], *, by_place: bool = False
) -> type[Struct]:
    """A type that takes these names only; None stands for what is absent, not null."""
    return msgspec.defstruct(
        name.title().replace("_", ""),
        [(each, *fields[each]) for each in sorted(fields)],
        forbid_unknown_fields=True,
        omit_defaults=True,
        kw_only=not by_place,
        gc=False,
    )


def _optional(kind: _Type) -> _Field:
    return kind, None


def _needed(kind: _Type) -> _Field:
    return kind, msgspec.field()


def _field(item: Field, layout: Layout) -> _Field:
    if item.name == "id":
        return _needed(_ID)
    kind = _KINDS[item.reader]
    return _needed(kind) if item.name in layout.expected else _optional(kind)


def _apart(each: Apart) -> _Field:
    return _needed(each.type) if each.is_needed else _optional(each.type)


def _kind_of_rest(name: str) -> _Type:
    if name in KNOWN_PARTS:
        part = _struct(name, {each: _optional(str) for each in KNOWN_PARTS[name]})
        return part | list[part]
    return int if name in NUMBER_FIELDS else str | bool


def _getter(names: list[str]) -> _Getter:
    if len(names) < 2:  # attrgetter gives no tuple then
        return lambda received: tuple(getattr(received, name) for name in names)
    return attrgetter(*names)
