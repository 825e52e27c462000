"""Amounts as TikTok writes them: decimal text in major units."""

from functools import lru_cache


@lru_cache(maxsize=50_000)
def amount_text(units: int, decimals: int) -> str:
    """Text of an amount in smallest units, trailing zeros dropped (``"4.9"``).

    Source: TikTok Shop API reference, "Money": zeros are dropped, VND and IDR have no
    decimals.
    """
    if units < 0:
        return "-" + amount_text(-units, decimals)
    if not decimals or not units:
        return str(units)
    whole, rest = divmod(units, 10**decimals)
    if not rest:
        return str(whole)
    return f"{whole}.{rest:0{decimals}d}".rstrip("0")
