"""From a JSON value to a column's value, saying whether the column can give it back.

Each reader returns ``(value, outcome)``. ``EXACT``: the column alone restores what was
received. ``KEPT``: the value is right, but what was received (a number for an id, a
zero for "not yet", milliseconds) must be kept beside it. ``UNREADABLE``: there is no
value; what was received is kept and noted as drift.

Source: docs/tiktok-shop-api.md, "Times", "Money" and "Identifiers".
"""

import re
from collections.abc import Callable
from decimal import Decimal
from enum import Enum
from typing import TypeAlias, cast

from tiktok_pipelines.transform.encoding import encode


class Outcome(Enum):
    """How well a column holds what was received."""

    EXACT = "exact"
    KEPT = "kept"
    UNREADABLE = "unreadable"


EXACT, KEPT, UNREADABLE = Outcome.EXACT, Outcome.KEPT, Outcome.UNREADABLE

Reader: TypeAlias = Callable[[object], tuple[object, Outcome]]

_MONEY = re.compile(r"-?[0-9]{1,40}(\.[0-9]{1,20})?")
PLAIN_AMOUNT = re.compile(
    r"(?:-(?=[0-9.]*[1-9]))?(?:0|[1-9][0-9]{0,39})(?:\.[0-9]{1,20})?"
)
"""An amount as PostgreSQL prints it: no leading zeros, no negative zero."""
FIRST_MILLISECONDS = 10**11
"""Numbers from here on are milliseconds: as seconds this is the year 5138."""
_LARGEST = 2**63 - 1
_WHOLE = re.compile(r"-?[0-9]{1,18}")
_LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
LONGEST_ID = 200
MICROSECONDS = 1_000_000
"""In a second; moments are counted in them, since 1970."""


def read_text(raw: object) -> tuple[object, Outcome]:
    """Text; a number becomes its digits, since ids arrive as numbers at times."""
    if type(raw) is str:
        return raw, EXACT
    if isinstance(raw, bool) or raw is None:
        return None, KEPT if raw is None else UNREADABLE
    if isinstance(raw, int):
        return str(raw), KEPT
    return None, UNREADABLE


def read_money(raw: object) -> tuple[object, Outcome]:
    """An exact amount, as decimal text; a number is taken, and kept as received."""
    if type(raw) is str:
        if PLAIN_AMOUNT.fullmatch(raw):
            return raw, EXACT
        if _MONEY.fullmatch(raw):
            return f"{Decimal(raw):f}", KEPT
        return None, KEPT if not raw else UNREADABLE
    if raw is None:
        return None, KEPT
    if isinstance(raw, int | Decimal) and not isinstance(raw, bool):
        text = f"{Decimal(raw):f}"
        return (text, KEPT) if _MONEY.fullmatch(text) else (None, UNREADABLE)
    return None, UNREADABLE


def read_time(raw: object) -> tuple[object, Outcome]:
    """A moment from Unix seconds; 0 is "not yet", 10^11 and more is milliseconds.

    The moment is in microseconds since 1970.
    """
    if type(raw) is str and raw.isascii() and raw.isdecimal():
        value, outcome = _from_number(int(raw[:20]))
        return value, KEPT if outcome is EXACT else outcome
    if type(raw) is int:
        return _from_number(raw)
    return None, KEPT if raw is None or raw == "" else UNREADABLE


def _from_number(number: int) -> tuple[object, Outcome]:
    if 0 < number < FIRST_MILLISECONDS:
        return number * MICROSECONDS, EXACT
    if number == 0:
        return None, KEPT
    if FIRST_MILLISECONDS <= number <= _LAST_SECOND * 1000:
        return number * 1000, KEPT
    return None, UNREADABLE


def read_flag(raw: object) -> tuple[object, Outcome]:
    """True or false; the words and the digits are taken, and kept as received."""
    if isinstance(raw, bool):
        return raw, EXACT
    if raw is None:
        return None, KEPT
    known = {"true": True, "false": False, "1": True, "0": False, "": None}
    word = str(raw).lower()
    return (known[word], KEPT) if word in known else (None, UNREADABLE)


def read_number(raw: object) -> tuple[object, Outcome]:
    """A whole number that fits 64 bits; text of digits is taken, kept as received."""
    if type(raw) is int:
        return (raw, EXACT) if abs(raw) <= _LARGEST else (None, UNREADABLE)
    if isinstance(raw, str) and _WHOLE.fullmatch(raw):
        return int(raw), KEPT
    if isinstance(raw, Decimal) and raw == raw.to_integral_value():
        return int(raw), KEPT
    return None, KEPT if raw is None or raw == "" else UNREADABLE


def read_milliseconds(raw: object) -> tuple[object, Outcome]:
    """A moment from Unix milliseconds, or from seconds where TikTok tells those."""
    number, outcome = read_number(raw)
    if not isinstance(number, int):
        return None, outcome
    if number >= FIRST_MILLISECONDS:
        moment = number * 1000 if number <= _LAST_SECOND * 1000 else None
        return moment, UNREADABLE if moment is None else outcome
    return read_time(number)[0], KEPT if number >= 0 else UNREADABLE


def read_words(raw: object) -> tuple[object, Outcome]:
    """A list of words, or a text where TikTok tells one, as JSON."""
    return (encode(raw), EXACT) if isinstance(raw, str) else read_document(raw)


def read_document(raw: object) -> tuple[object, Outcome]:
    """A list or an object as it is, as JSON."""
    if isinstance(raw, list | dict):
        return encode(cast("object", raw)), EXACT
    return None, KEPT if raw is None else UNREADABLE
