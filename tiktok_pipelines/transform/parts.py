"""How records of one subject become rows: declared as data, the same for every subject.

A ``RecordMap`` names the stream and its root ``Part``: the table that has one row for
each record. Nested objects whose fields fill columns of the same row are ``Block``s, a
nested list is a ``Part`` of its own, with rows in a table of its own; parts nest. What
is declared nowhere stays in ``extra`` of the row it belongs to, nested as received.
``transform/records.py`` applies a map, ``transform/record_back.py`` inverts it.

A return, in short::

    REFUND = Layout("return", [*texts("currency"), *amounts("refund_total")],
                    known=..., expected=..., prefix="refund_amount.")
    LINE = Part("return_lines", Layout("return_line", ...), keys=("return_line_id",),
                path="return_line_items", inherits=same("order_id"))
    RETURNS = RecordMap("returns", Part(
        "returns", Layout("return", [*texts(return_id="return_id"), ...], ...),
        keys=("return_id",),
        blocks=(Block("refund_amount", REFUND),),
        parts=(LINE,),
    ))

What a table needs besides the columns of its layouts, blocks and ``others``:

- every table: ``shop_id`` and ``keys`` as primary key, and ``loaded()``;
- the root: ``updated_at`` where TikTok tells an update time, and ``*versioned()``;
- a part, at any depth: the keys of the parts around it, by the same names (they come by
  themselves), and what it ``inherits``. The keys of the root want an index, as all rows
  of a record are replaced together.

Lists of bare ids become rows through ``scalar``. Rows that are worked out rather than
taken (sums in long form, a copy by day) are ``Derived``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias

from tiktok_pipelines.transform.fields import Field
from tiktok_pipelines.transform.layout import Layout

Row: TypeAlias = dict[str, object]
"""Values for columns, as ``Taken`` has them; ``extra`` is JSON."""
ReadRow: TypeAlias = Mapping[str, object]
Names: TypeAlias = Mapping[str, str]
"""Columns, each with the name of what fills it."""
Values: TypeAlias = Mapping[str, frozenset[str]]
"""Texts that a column is known to hold; others land too, and are noted."""


def same(*names: str) -> Names:
    """Columns that are called like what fills them."""
    return {name: name for name in names}


@dataclass(frozen=True, slots=True)
class Block:
    """A nested object whose fields fill columns of the row that holds it.

    ``path`` is its name in the object around it. ``in_list``: TikTok wraps it in a
    list; one of a single object is taken, any other stays in ``extra``. ``others`` are
    fields with readers that a ``Layout`` does not know, such as ``numbers``.
    """

    path: str
    layout: Layout
    others: Sequence[Field] = ()
    in_list: bool = False
    blocks: tuple["Block", ...] = ()


@dataclass(frozen=True, slots=True)
class Derived:
    """Rows of a table that are worked out from a part's object and its row.

    ``make`` gets the object as received, less buyer data, and the row; nothing leaves
    ``extra`` for it. The keys of the parts around and an empty ``extra`` are added to
    its rows. They are replaced whenever the record is written anew; those that
    ``accumulate`` stay, and come from older answers too, such as states that were
    seen: their table has ``seen_at``, and the earliest sight of a key wins.
    ``is_dated``: the key tells when the answer was asked for, so that an unchanged
    record has new rows too, such as a copy by day.
    """

    table: str
    keys: tuple[str, ...]
    make: Callable[[ReadRow, ReadRow], Iterable[Row]]
    accumulate: bool = False
    is_dated: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """A table, filled with one row for each object of a kind.

    Attributes:
        table: its name in schema ``tiktok``.
        layout: the fields with a column.
        keys: the primary key, less ``shop_id``: columns of the layout, inherited, or
            ``place``.
        path: where the objects are in the object around; "" for the root. One dot leads
            into a block of it.
        others: fields with readers that a ``Layout`` does not know.
        blocks: nested objects that fill columns of the same row.
        inherits: columns filled from the row of the parent; those of the root from
            what the call was given or its head says, ``Page.path_ids`` and ``head``.
        scalar: for a list of bare values: the name under which the layout finds one.
        is_one: whether a single object stands there instead of a list.
        missing_is_none: whether a list that is left out, or empty, means that there is
            nothing; else rows known earlier stay. Within another part it always does.
        place: the column that tells the place in the list, from 1.
        counts_back: whether the last in the list is the first: a list that grows at its
            head gives what it held before the same places.
        values: texts that columns are known to hold.
        missed: names that an object with such content always has, and this one lacks:
            they are noted, and asked for again.
        adds: more columns, worked out from the row.
        parts: lists within, each with a table of its own.
        derived: tables worked out from it.
        computed: columns worked out from the object, less buyer data, and its row so
            far: they say nothing that is not told elsewhere.
    """

    table: str
    layout: Layout
    keys: tuple[str, ...]
    path: str = ""
    others: Sequence[Field] = ()
    blocks: tuple[Block, ...] = ()
    inherits: Names = field(default_factory=dict[str, str])
    scalar: str = ""
    is_one: bool = False
    missing_is_none: bool = False
    place: str = ""
    counts_back: bool = False
    values: Values = field(default_factory=dict[str, frozenset[str]])
    missed: Callable[[ReadRow], Iterable[str]] | None = None
    adds: Callable[[ReadRow], Row] | None = None
    parts: tuple["Part", ...] = ()
    derived: tuple[Derived, ...] = ()
    computed: Callable[[ReadRow, ReadRow], ReadRow] | None = None

    def below(self) -> Iterable["Part"]:
        """Every part within, at any depth."""
        for part in self.parts:
            yield part
            yield from part.below()

    def tables(self) -> Iterable[str]:
        """Its table, those of its parts, and what is derived."""
        for part in (self, *self.below()):
            yield part.table
            yield from (derived.table for derived in part.derived)


PartRows: TypeAlias = Mapping[str, Sequence[ReadRow]]
"""Rows of parts, by table."""
OrderIds: TypeAlias = Callable[[ReadRow, PartRows], Sequence[str]]
"""The orders that a record's buyer data belongs to, from its row and its parts."""


def of_its_order(row: ReadRow, _: PartRows) -> Sequence[str]:
    """The order that the record's row names."""
    order_id = row.get("order_id")
    return [order_id] if isinstance(order_id, str) and order_id else []


def of_no_order(_row: ReadRow, _parts: PartRows) -> Sequence[str]:
    """None: the record tells of no order, and what it holds of a buyer is not kept."""
    return ()


@dataclass(frozen=True, slots=True)
class RecordMap:
    """One subject's records: what they are called, and how they become rows.

    Attributes:
        stream: what pages, ledger, quarantine and locks call it.
        root: the table with one row for each record.
        noun: what messages call a record, such as ``return``.
        is_whole: whether the data of an answer, head and list together, is one record.
        order_ids: to which orders buyer data belongs; what belongs to none is not kept.
        buyers: names under which such records hold buyer data, besides the usual ones.
        period: content counts anew in each period of this length, even if it is the
            same: for what is copied by hour or by day.
    """

    stream: str
    root: Part
    noun: str
    is_whole: bool = False
    order_ids: OrderIds = of_its_order
    buyers: frozenset[str] = frozenset()
    period: timedelta | None = None

    def tables(self) -> tuple[str, ...]:
        """Every table that its records fill, the root's first."""
        return tuple(dict.fromkeys(self.root.tables()))

    def keys_of(self, table: str) -> tuple[str, ...]:
        """The primary key of one of them, less ``shop_id``."""
        for part in (self.root, *self.root.below()):
            for held in (part, *part.derived):
                if held.table == table:
                    return held.keys
        raise KeyError(table)

    def accumulating(self, *, dated: bool = False) -> frozenset[str]:
        """The tables whose rows are not replaced with their record.

        ``dated``: only those that have rows of records that did not change.
        """
        parts = (self.root, *self.root.below())
        return frozenset(
            derived.table
            for part in parts
            for derived in part.derived
            if derived.accumulate and (derived.is_dated or not dated)
        )
