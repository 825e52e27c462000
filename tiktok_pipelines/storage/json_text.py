"""JSON text for ``jsonb``: exact for numbers of any size."""

import msgspec

_encoder = msgspec.json.Encoder(decimal_format="number")


def dumps(value: object) -> bytes:
    """Compact JSON; Decimals become numbers."""
    return _encoder.encode(value)
