"""From bytes to JSON values to the envelope: tolerant, exact and in one pass.

What the values mean belongs elsewhere.
"""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import cast

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_WHOLE_NUMBER = re.compile(r"-?[0-9]{1,30}")


def decode_json(body: bytes) -> object:
    """Decode one JSON document; integers and decimals stay exact.

    Raises:
        ValueError: the bytes are no JSON, not even by Python's lenient reading.
    """
    try:
        return _DECODER.decode(body)
    except (ValueError, ArithmeticError, RecursionError):
        return _decode_leniently(body)


def _decode_leniently(body: bytes) -> object:
    """Take lone surrogates, which buyers do send, and NaN, kept as its text."""
    try:
        return cast("object", json.loads(body, parse_float=Decimal, parse_constant=str))
    except (ArithmeticError, RecursionError) as error:
        raise ValueError("numbers too large or values too deep") from error


def as_object(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[object]:
    """The value if it is a list, else an empty one; its elements may be anything."""
    return cast("list[object]", value) if isinstance(value, list) else ()


def as_text(value: object) -> str:
    """A string, or an integer as text; "" for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return ""


def as_int(value: object) -> int | None:
    """An integer, also when it came as text; None for everything else."""
    text = as_text(value).strip()
    return int(text) if _WHOLE_NUMBER.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class Envelope:
    """What wraps each answer; success is ``code`` 0 and nothing else."""

    code: int
    message: str
    request_id: str
    data: Mapping[str, object]


def open_envelope(body: bytes) -> Envelope:
    """Read the envelope of an answer; missing and null data are an empty object.

    Raises:
        ValueError: no JSON, no object, no readable code, or data of another kind.
    """
    outer = as_object(decode_json(body))
    code = as_int(outer.get("code"))
    if code is None:
        raise ValueError("the answer has no code")
    data = as_object(outer.get("data"))
    if outer.get("data") and not data and code == 0:
        raise ValueError("the answer's data is no object")
    return Envelope(
        code=code,
        message=as_text(outer.get("message")),
        request_id=as_text(outer.get("request_id")),
        data=data,
    )
