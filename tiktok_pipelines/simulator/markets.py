"""The markets: currencies, names, places and goods, read from ``markets.json``."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import msgspec


@dataclass(frozen=True, slots=True)
class SkuOffer:
    """One variant; ``price`` is in the smallest unit of the currency."""

    name: str
    seller_sku: str
    price: int


@dataclass(frozen=True, slots=True)
class ProductOffer:
    """A product as the market's shops list it."""

    name: str
    skus: tuple[SkuOffer, ...]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Who carries parcels; tracking numbers start with ``prefix``."""

    id: str
    name: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Market:
    """All that differs between the countries; ``areas`` end with the postal code."""

    region: str
    currency: str
    decimals: int
    timezone: str
    utc_offset_h: int
    phone_code: str
    country: str
    level_names: tuple[str, ...]
    shop_names: tuple[str, ...]
    given: tuple[str, ...]
    family: tuple[str, ...]
    streets: tuple[str, ...]
    areas: tuple[tuple[str, ...], ...]
    carriers: tuple[Carrier, ...]
    payment_methods: tuple[str, ...]
    cod: bool
    products: tuple[ProductOffer, ...]
    reasons: dict[str, str]
    messages: tuple[str, ...]
    notes: tuple[str, ...]


SOUTHEAST_ASIA = ("MY", "SG", "TH", "VN", "PH", "ID")


@cache
def load_markets() -> tuple[Market, ...]:
    """All markets; shops are spread over those of Southeast Asia in this order."""
    text = files("tiktok_pipelines.simulator").joinpath("markets.json").read_bytes()
    return msgspec.json.decode(text, type=tuple[Market, ...])
