"""Read the files of the views: what each is, and the query it stands for.

A file is plain SQL that runs as it is: a head of comment lines and one query. The head
tells the view in words, then, after ``Columns:``, every column with its type. Both
reach the database as comments, Dagster's pages and ``docs/tables.md``.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from tiktok_pipelines.storage.catalog import ColumnFacts, TableFacts

SCHEMA = "tiktok_mart"
_COLUMN = re.compile(r"(?P<name>\w+) (?P<type>[\w\[\]]+): (?P<comment>.+)")
_GRAIN = re.compile(r"^Grain: ([\w, ]+?)[.;(]", re.MULTILINE)
_READS = re.compile(r"\b(tiktok(?:_ops|_mart)?)\.(\w+)")


@dataclass(frozen=True, slots=True)
class View:
    """A view; ``reads`` are the tables and views in its query, with their schemas."""

    facts: TableFacts
    query: str
    reads: frozenset[str]

    @property
    def name(self) -> str:
        """With its schema."""
        return self.facts.name

    @property
    def content_hash(self) -> str:
        """Of all that reaches the database."""
        told = f"{self.facts!r}\n{self.query}"
        return hashlib.blake2b(told.encode(), digest_size=16).hexdigest()


def parse(name: str, text: str) -> View:
    """A view by the text of its file.

    Raises:
        ValueError: the head names no column, or one that cannot be read.
    """
    head, query = _split(text)
    words, _, columns = head.partition("\nColumns:\n")
    comment = "\n".join(_joined(words.split("\n")))
    grain = _GRAIN.search(comment)
    keys = frozenset(re.findall(r"\w+", grain[1])) if grain else frozenset[str]()
    facts = TableFacts(
        f"{SCHEMA}.{name}",
        comment,
        tuple(_column(line, keys) for line in _joined(columns.split("\n"))),
    )
    reads = frozenset(".".join(found) for found in _READS.findall(_code(query)))
    return View(facts, query, reads)


def _split(text: str) -> tuple[str, str]:
    """The head without its dashes, and the query without its semicolon."""
    lines = text.strip().split("\n")
    height = next(i for i, line in enumerate(lines) if not line.startswith("--"))
    head = "\n".join(line[2:].removeprefix(" ") for line in lines[:height])
    return head, "\n".join(lines[height:]).strip().removesuffix(";")


def _joined(lines: Iterable[str]) -> Iterator[str]:
    """Paragraphs on one line each: a line that is indented continues the one before."""
    told = ""
    for line in lines:
        if line.startswith("  ") and told:
            told += " " + line.strip()
            continue
        if told:
            yield told
        told = line.strip()
    if told:
        yield told


def _column(line: str, keys: frozenset[str]) -> ColumnFacts:
    found = _COLUMN.fullmatch(line)
    if found is None:
        raise ValueError(f"no column, as 'name type: meaning': {line}")
    name = found["name"]
    is_key = name in keys
    return ColumnFacts(name, found["type"], found["comment"], not is_key, is_key)


def _code(query: str) -> str:
    """The query without its comments."""
    return re.sub(r"--[^\n]*", "", query)


@cache
def views() -> Mapping[str, View]:
    """Every view by its name, each after those that it reads."""
    folder = resources.files("tiktok_pipelines.storage.marts") / "sql"
    found = {
        file.name.removesuffix(".sql"): file.read_text("utf-8")
        for file in folder.iterdir()
        if file.name.endswith(".sql")
    }
    parsed = [parse(name, text) for name, text in sorted(found.items())]
    return {view.name: view for view in in_order(parsed)}


def in_order(unordered: Sequence[View]) -> list[View]:
    """Each view after those that it reads.

    Raises:
        ValueError: views read each other in a circle.
    """
    waiting = {view.name: view for view in unordered}
    ordered: list[View] = []
    while waiting:
        ready = [view for view in waiting.values() if not view.reads & waiting.keys()]
        if not ready:
            raise ValueError(f"views in a circle: {', '.join(sorted(waiting))}")
        ordered += ready
        for view in ready:
            del waiting[view.name]
    return ordered
