"""From bytes to JSON values to the envelope: tolerant, exact and in one pass.

What the values mean belongs elsewhere.
"""

import codecs
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, cast, overload

import msgspec

_DECODER = msgspec.json.Decoder(float_hook=Decimal)
_ABOUT_BULK = ("errors", "next_page_token", "total_count")
_INCREMENTAL = codecs.getincrementaldecoder("utf-8")
_PIECE = 4096  # bytes
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


@cache
def _decoder_of_one(name: str) -> msgspec.json.Decoder[Any]:
    """What decodes objects to nothing but one text, called ``field``."""
    one = msgspec.defstruct("One", [("field", str, "")], rename={"field": name})
    return msgspec.json.Decoder(one)


class Records(Sequence[object]):
    """The elements of a list, decoded anew each time they are looked at.

    Most are read in a way of their own, from ``raw``.
    """

    def __init__(self, raw: Sequence[msgspec.Raw]) -> None:
        self.raw = raw

    @overload
    def __getitem__(self, place: int) -> object: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[object]: ...

    def __getitem__(self, place: int | slice) -> object:
        """Decode.

        Raises:
            ValueError: as in ``decode_json``.
        """
        if isinstance(place, slice):
            return Records(self.raw[place])
        return decode_json(bytes(self.raw[place]))

    def __len__(self) -> int:
        return len(self.raw)

    def texts_of(self, name: str) -> list[str]:
        """The field of this name in each record, as ``as_text``; none is left out."""
        return [text_in(raw, name) for raw in self.raw]


def text_in(raw: msgspec.Raw, name: str) -> str:
    """One field of an object that was not decoded, as ``as_text``.

    "" also where the object holds what cannot be read, such as numbers too large.
    """
    try:
        return cast("str", _decoder_of_one(name).decode(raw).field)
    except (ValueError, RecursionError):
        pass
    try:
        return as_text(as_object(decode_json(bytes(raw))).get(name))
    except ValueError:
        return ""


def as_object(value: object) -> Mapping[str, object]:
    """The value if it is an object, else an empty one."""
    return cast("dict[str, object]", value) if isinstance(value, dict) else {}


def as_list(value: object) -> Sequence[object]:
    """The value if it is a list, else an empty one; its elements may be anything."""
    is_list = isinstance(value, list | Records)
    return cast("Sequence[object]", value) if is_list else ()


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


def open_envelope(body: bytes, bulk: str = "") -> Envelope:
    """Read the envelope of an answer; missing and null data are an empty object.

    Args:
        body: the answer.
        bulk: what of the data is to be ``Records``, if it is a list and there is
            nothing beside it but what tells about pages.

    Raises:
        ValueError: no JSON, no object, no readable code, or data of another kind.
    """
    outer = as_object((bulk and _decode_around(body, bulk)) or decode_json(body))
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


def _decode_around(body: bytes, bulk: str) -> Mapping[str, object] | None:
    """An answer with the elements of one list left as they are, if it has this form.

    What is left as it is is JSON; whether it is UTF-8 only shows when it is read.
    """
    try:
        _check_text(body)
        outer = _decoder_around(bulk).decode(body)
    except (ValueError, RecursionError):
        return None
    told = {name: getattr(outer.data, name) for name in _ABOUT_BULK}
    about = {name: value for name, value in told.items() if value is not None}
    return {
        "code": outer.code,
        "message": outer.message,
        "request_id": outer.request_id,
        "data": {**about, bulk: Records(outer.data.bulk)},
    }


def _check_text(body: bytes) -> None:
    """Whether it is UTF-8, a piece at a time: the text of a page takes megabytes.

    Raises:
        UnicodeDecodeError: it is not.
    """
    text = _INCREMENTAL()
    for start in range(0, len(body), _PIECE):
        text.decode(body[start : start + _PIECE])
    text.decode(b"", final=True)


@cache
def _decoder_around(bulk: str) -> msgspec.json.Decoder[Any]:
    """What decodes an answer, but for the elements of one list."""
    about = [(name, object, None) for name in _ABOUT_BULK]
    data = msgspec.defstruct(
        "Data",
        [("bulk", list[msgspec.Raw]), *about],
        rename={"bulk": bulk},
        forbid_unknown_fields=True,
    )
    texts = [(name, str, "") for name in ("message", "request_id")]
    outer = msgspec.defstruct("Outer", [("code", int), ("data", data), *texts])
    return msgspec.json.Decoder(outer, float_hook=Decimal)
