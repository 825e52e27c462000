"""What changed between two answers about one thing, path by path."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, cast

MISSING = object()
"""Beside a value: the other answer has nothing at the path."""


class Change(NamedTuple):
    """Values at a path; one of the two may be ``MISSING``."""

    path: str
    old: object
    new: object


def changes_between(old: object, new: object, path: str = "") -> Iterator[Change]:
    """The smallest parts that differ; things with an id are found by it, not by place.

    Numbers, texts and so on are no parts of each other: 1 and "1" differ.
    """
    old_parts, new_parts = _parts(old), _parts(new)
    is_same_kind = type(old) is type(new)
    if old_parts is None or new_parts is None or not is_same_kind:
        if not is_same_kind or old != new:
            yield Change(path, old, new)
        return
    for name in dict.fromkeys((*old_parts, *new_parts)):
        yield from changes_between(
            old_parts.get(name, MISSING),
            new_parts.get(name, MISSING),
            f"{path}.{name}" if path else name,
        )


def _parts(value: object) -> Mapping[str, object] | None:
    """An object's fields, or a list's items; None for what has no parts."""
    if isinstance(value, dict):
        return cast("dict[str, object]", value)
    if not isinstance(value, list):
        return None
    items = cast("list[object]", value)
    ids = [_id_of(item) for item in items]
    names = ids if all(ids) and len(set(ids)) == len(ids) else _numbers(items)
    return dict(zip(names, items, strict=True))


def _numbers(items: Sequence[object]) -> list[str]:
    return [str(number) for number in range(len(items))]


def _id_of(item: object) -> str:
    found = cast("dict[str, object]", item).get("id") if isinstance(item, dict) else ""
    return str(found or "")
