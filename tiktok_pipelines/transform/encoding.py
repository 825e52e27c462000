"""JSON and compression as the raw pages and ``extra`` hold them."""

import hashlib
import threading
from decimal import Decimal
from typing import TypeVar

import msgspec
import zstandard

_Kind = TypeVar("_Kind")

_encoder = msgspec.json.Encoder(decimal_format="number", order="deterministic")
_decoder = msgspec.json.Decoder(float_hook=Decimal)
_local = threading.local()
_PIECE = 2047  # bytes; from 2048 on hashlib works without the interpreter's lock


def encode(value: object) -> bytes:
    """Compact JSON with sorted names; exact for numbers of any size."""
    return _encoder.encode(value)


def decode(data: bytes) -> object:
    """The inverse; numbers with a fraction become Decimal."""
    return _decoder.decode(data)


def decoder_of(kind: type[_Kind]) -> msgspec.json.Decoder[_Kind]:
    """What decodes to objects of a kind, and refuses others; exact as ``decode``."""
    return msgspec.json.Decoder(kind, float_hook=Decimal)


def digest(data: bytes) -> bytes:
    """A 128-bit fingerprint of content.

    Piece by piece: with longer ones hashlib lets go of the interpreter, and where
    other threads are at work it takes milliseconds to have it back, for microseconds.
    """
    found = hashlib.blake2b(data[:_PIECE], digest_size=16)
    for start in range(_PIECE, len(data), _PIECE):
        found.update(data[start : start + _PIECE])
    return found.digest()


def compress(data: bytes) -> bytes:
    """A zstd frame; compressors are reused, one per thread."""
    compressor = getattr(_local, "compressor", None)
    if compressor is None:
        compressor = _local.compressor = zstandard.ZstdCompressor(level=1)
    return compressor.compress(data)


def decompress(data: bytes) -> bytes:
    """The inverse."""
    return zstandard.ZstdDecompressor().decompress(data)
