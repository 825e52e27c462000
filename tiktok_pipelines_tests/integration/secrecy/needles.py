"""A search for thousands of texts, in every form that bytes may give them, at once."""

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import quote, quote_plus

import numpy as np
from numpy.typing import NDArray

SHORTEST = 6
_CHUNK = 1 << 20
_BUCKET_BITS = 22
_SIX_BYTES = np.uint64((1 << 48) - 1)
_SPREAD = np.uint64(0x9E3779B97F4A7C15)


@dataclass(frozen=True, slots=True)
class Needle:
    """A text that must not be found; ``kind`` says what it is."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Find:
    """A needle that was found: where, in what form, and what stood around it."""

    place: str
    kind: str
    text: str
    form: str
    around: bytes


def forms_of(text: str) -> Iterator[tuple[str, bytes]]:
    """The text as programs write it; one that is like the plain text comes again."""
    plain = text.encode("utf-8", "surrogatepass")
    escaped = json.dumps(text)[1:-1]
    bare = json.dumps(text, ensure_ascii=False)[1:-1]
    yield "plain", plain
    yield "JSON", escaped.encode()
    yield "JSON in JSON", json.dumps(escaped)[1:-1].encode()
    yield "JSON, not ASCII", bare.encode("utf-8", "surrogatepass")
    yield "JSON in JSON, not ASCII", json.dumps(bare, ensure_ascii=False)[1:-1].encode()
    yield "bytes as Python prints them", repr(plain)[2:-1].encode()
    yield "percent", quote(plain, safe="").encode()
    yield "form", quote_plus(plain).encode()
    yield "hex", plain.hex().encode()
    yield "UTF-16LE", text.encode("utf-16-le", "surrogatepass")
    yield "UTF-16BE", text.encode("utf-16-be", "surrogatepass")
    for start in range(3):
        yield f"base64 at {start}", _base64_within(plain, start)
        yield f"base64url at {start}", _base64_within(plain, start, altchars=b"-_")


def _base64_within(plain: bytes, start: int, *, altchars: bytes = b"+/") -> bytes:
    """The digits that tell the text alone, when it begins at such a place."""
    told = base64.b64encode(bytes(start) + plain, altchars)
    first = (start * 8 + 5) // 6
    return told[first : (start + len(plain)) * 8 // 6]


class Search:
    """Looks for all needles in one pass over the bytes.

    Six bytes of each form, rare ones, are looked for by a table of marks;
    wherever they stand, the whole form is compared.
    """

    def __init__(self, needles: Iterable[Needle]) -> None:
        forms: dict[bytes, tuple[Needle, str]] = {}
        for needle in needles:
            if len(needle.text) < SHORTEST:
                raise ValueError(f"{needle} is too short to be looked for")
            for form, told in forms_of(needle.text):
                forms.setdefault(told, (needle, form))
        self._forms = forms
        self._by_gram = _by_rarest_gram(forms)
        self._marks = np.zeros(1 << _BUCKET_BITS, dtype=np.bool_)
        self._marks[_buckets(b"".join(self._by_gram))[::SHORTEST]] = True

    def __len__(self) -> int:
        return len(self._forms)

    def finds(self, place: str, data: bytes) -> Iterator[Find]:
        """Every needle in the data, as often as it stands there."""
        for start in range(0, len(data), _CHUNK):
            chunk = data[start : start + _CHUNK + SHORTEST - 1]
            for at in np.flatnonzero(self._marks[_buckets(chunk)]):
                yield from self._at(place, data, start + int(at))

    def _at(self, place: str, data: bytes, at: int) -> Iterator[Find]:
        for offset, told in self._by_gram.get(data[at : at + SHORTEST], ()):
            start = at - offset
            if start >= 0 and _stands_at(data, told, start):
                needle, form = self._forms[told]
                around = data[max(start - 60, 0) : start + len(told) + 30]
                yield Find(place, needle.kind, needle.text, form, around)


def _stands_at(data: bytes, told: bytes, start: int) -> bool:
    """Whether it stands there; a number must not be a part of a longer one."""
    if not data.startswith(told, start):
        return False
    end = start + len(told)
    beside = data[max(start - 1, 0) : start] + data[end : end + 1]
    return not told.isdigit() or not any(byte in b"0123456789" for byte in beside)


def _by_rarest_gram(forms: Iterable[bytes]) -> dict[bytes, list[tuple[int, bytes]]]:
    seen = Counter(told[at : at + SHORTEST] for told in forms for at in _offsets(told))
    chosen: dict[bytes, list[tuple[int, bytes]]] = {}
    for told in forms:
        offset = min(_offsets(told), key=lambda at: seen[told[at : at + SHORTEST]])
        gram = told[offset : offset + SHORTEST]
        chosen.setdefault(gram, []).append((offset, told))
    return chosen


def _offsets(told: bytes) -> tuple[int, ...]:
    """Where six bytes may be taken from: counting all of them would take long."""
    last = len(told) - SHORTEST
    return (0, last // 3, 2 * last // 3, last)


def _buckets(data: bytes) -> NDArray[np.uint64]:
    """For each place of the data, the mark of the six bytes from there on."""
    count = max(len(data) - SHORTEST + 1, 0)
    rows = (count + 7) // 8
    padded = data + bytes(8 * rows + 8 - len(data))
    # Eight bytes from every eighth place, from the next one, and so on: no shifting.
    columns = [np.frombuffer(padded, "<u8", rows, start) for start in range(8)]
    grams = np.stack(columns, axis=1).ravel()[:count] & _SIX_BYTES
    return (grams * _SPREAD) >> np.uint64(64 - _BUCKET_BITS)
