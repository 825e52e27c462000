"""What was odd in an answer: notes on what landed, and records that could not land."""

import re
from dataclasses import dataclass, field

_NAME = re.compile(r"([a-z][A-Za-z0-9_]{0,59})?(\[\])*( \(a name\))?")
_NO_NAME = "(no plain name)"


@dataclass(frozen=True, slots=True)
class Note:
    """Something in an answer that the documentation does not foresee.

    ``kind`` is one of unknown_field, lost_field, new_value, null_value, other_type,
    unreadable and replaced_characters. Notes are told in logs and runs: what is no
    name of a field, and may be what a buyer wrote, is left out of ``path``.
    """

    object: str
    kind: str
    path: str
    value: str = ""

    def __post_init__(self) -> None:
        steps = self.path.split(".")
        if not all(map(_NAME.fullmatch, steps)):
            told = (step if _NAME.fullmatch(step) else _NO_NAME for step in steps)
            object.__setattr__(self, "path", ".".join(told))

    def __str__(self) -> str:
        place = f"{self.object}.{self.path}" if self.path else self.object
        return f"{self.kind} {place}"


@dataclass(frozen=True, slots=True)
class BadRecord:
    """A record that cannot become a row; ``content`` is without buyer data.

    ``retryable``: whether asking TikTok again may help.
    """

    stream: str
    key: str
    reason: str
    content: object = field(repr=False)
    retryable: bool = True


UNIDENTIFIED = "hash:"
"""Begins the key of a record without an id."""
