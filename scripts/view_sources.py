"""Where the columns of a view come from: its query with the tables in full.

Read off the query: a short name is followed through what it stands for, a table or
queries within. Of an expression that grows long the columns that it uses are told.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache

from tiktok_pipelines.storage.marts.views import View, views
from tiktok_pipelines.storage.tables import metadata

_WORKED_OUT = "worked out, by the rules"
_LONGEST = 100
_DISTINCT = "DISTINCT\x01FROM"  # its FROM begins nothing
_MOST = 6
_UNKNOWN, _OR = "?", " or "
_TABLE = re.compile(r"(tiktok\w*\.\w+)(?: AS (\w+))?")
_INNER = re.compile(r"(?<!\w)\x00(\d+)\x00 AS (\w+)")
_CALL = re.compile(r"\w\x00(\d+)\x00 AS (\w+)")
_FIRSTS = re.compile(r"^DISTINCT ON \x00\d+\x00 ")
_DAY = re.compile(r"tiktok_mart\.dates AS (\w+) ON \1\.day = \x00(\d+)\x00::date")
_USE = re.compile(r"(?<![.'\w])([a-z]\w*)(?:\.(\w+))?(?![.'\w(])")
_FULL = re.compile(r"tiktok\w*\.\w+(?:\.\w+)?")


@dataclass(frozen=True, slots=True)
class _Query:
    """One SELECT: its columns in order, and what its short names stand for.

    ``inner`` are queries within, several where they are put together; ``made`` are rows
    made from an expression: of the calendar, or of a JSON column; ``around`` is the
    query that it stands in, whose short names it may use.
    """

    columns: Sequence[tuple[str, str]]
    tables: Mapping[str, str]
    inner: Mapping[str, Sequence["_Query"]]
    made: Mapping[str, str]
    around: Sequence["_Query"] = field(default_factory=list["_Query"])

    def column(self, name: str) -> str:
        """What fills a column, tables in full."""
        for place, (known, _) in enumerate(self.columns):
            if known == name:
                return self.at(place)
        star = self.columns[0][1].removesuffix("*").removesuffix(".")
        return self.under(star, name) if star else self._bare(name)

    def at(self, place: int) -> str:
        """The same by its place."""
        return self._in_full(self.columns[place][1])

    def _in_full(self, expression: str) -> str:
        if expression.startswith("(SELECT"):
            (query,) = _read(expression[1:-1], self)
            return query.at(0)
        parts: list[str] = []
        last = 0
        for use in _USE.finditer(expression):
            found = self.under(use[1], use[2]) if use[2] else self._bare(use[1])
            parts += [expression[last : use.start()], found]
            last = use.end()
        return self._counted("".join([*parts, expression[last:]]))

    def _counted(self, told: str) -> str:
        """Rows of the only table, named."""
        if len(self.tables) == 1 and not self.inner:
            (table,) = self.tables.values()
            return told.replace("count(*)", f"count({table})")
        return told

    def _bare(self, name: str) -> str:
        """A name alone: a column of the only table, or a word of SQL."""
        if len(self.tables) + len(self.inner) != 1:
            return name
        for table in self.tables.values():
            return f"{table}.{name}" if name in _columns()[table] else name
        (queries,) = self.inner.values()
        is_there = name in dict(queries[0].columns)
        return _of_all(queries, name) if is_there else name

    def under(self, alias: str, name: str) -> str:
        """What fills a column of what a short name stands for."""
        if alias in self.made:
            return self._in_full(self.made[alias])
        if alias in self.tables:
            return f"{self.tables[alias]}.{name}"
        if alias in self.inner:
            return _of_all(self.inner[alias], name)
        return self.around[0].under(alias, name) if self.around else _UNKNOWN


def _of_all(queries: Sequence[_Query], name: str) -> str:
    """A column of queries that are put together: what each has in its place."""
    names = [known for known, _ in queries[0].columns]
    if len(queries) == 1 or name not in names:
        told = [query.column(name) for query in queries]
    else:
        told = [query.at(names.index(name)) for query in queries]
    return _OR.join(dict.fromkeys(one for one in told if "tiktok" in one))


def view_sources(view: View) -> Mapping[str, str]:
    """The columns of a view, each with what fills it."""
    (query,) = _read(re.sub(r"--[^\n]*", "", view.query))
    return {
        column.name: _shown(query.column(column.name)) for column in view.facts.columns
    }


def _shown(told: str) -> str:
    used = sorted(set(_FULL.findall(told)))
    if not used:
        return _WORKED_OUT
    if len(told) <= _LONGEST and _UNKNOWN not in told and _OR not in told:
        return told
    if len(used) > _MOST:
        used = sorted({".".join(name.split(".")[:2]) for name in used})
    return f"worked out from {', '.join(used)}"


@cache
def _columns() -> Mapping[str, frozenset[str]]:
    """The names of the columns of every table and view."""
    tables = metadata.tables.items()
    return {
        **{str(name): frozenset(table.columns.keys()) for name, table in tables},
        **{
            name: frozenset(column.name for column in view.facts.columns)
            for name, view in views().items()
        },
    }


def _read(text: str, *around: _Query) -> Sequence[_Query]:
    """The queries of a text: several where they are put together."""
    flat, held = _flattened(text)
    flat = " ".join(flat.split()).replace("DISTINCT FROM", _DISTINCT)
    return [_read_one(part, held, around) for part in flat.split(" UNION ALL ")]


def _read_one(flat: str, held: Sequence[str], around: Sequence[_Query]) -> _Query:
    head, _, rest = flat.partition("SELECT ")[2].partition(" FROM ")
    inner: dict[str, Sequence[_Query]] = {}
    query = _Query(
        [_named(item) for item in _items(_FIRSTS.sub("", head), held)],
        {alias or table: table for table, alias in _TABLE.findall(rest)},
        inner,
        {
            **{alias: held[int(number)] for number, alias in _CALL.findall(rest)},
            **{alias: f"({held[int(n)]})::date" for alias, n in _DAY.findall(rest)},
        },
        around,
    )
    for number, alias in _INNER.findall(rest):
        inner[alias] = _read(held[int(number)], query)
    return query


def _flattened(text: str) -> tuple[str, Sequence[str]]:
    """A text with a number for what stands in each of its outermost brackets."""
    flat, held, depth = "", list[str](), 0
    for sign in text:
        depth -= sign == ")"
        if depth:
            held[-1] += sign
        elif sign == ")":
            flat += f"\x00{len(held) - 1}\x00"
        elif sign == "(":
            held.append("")
        else:
            flat += sign
        depth += sign == "("
    return flat, held


def _items(head: str, held: Sequence[str]) -> Iterator[str]:
    """The columns of a SELECT, brackets put back."""
    for item in head.split(","):
        told = re.sub(r"\x00(\d+)\x00", lambda found: f"({held[int(found[1])]})", item)
        yield " ".join(told.split()).replace(_DISTINCT, "DISTINCT FROM")


def _named(item: str) -> tuple[str, str]:
    """A column's name, and its expression."""
    made, _, name = item.rpartition(" AS ")
    return (name, made) if made else (item.rpartition(".")[2], item)
