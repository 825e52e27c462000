"""Buyers and where they live, clear, masked or emptied.

Source: TikTok Shop API reference, "PII masking": name, phone and street are masked when
TikTok carries the parcel, clear when the seller does; old orders may come back with
every value masked, or with the block present and every value empty.
"""

from dataclasses import dataclass

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.markets import Market
from tiktok_pipelines.simulator.storefront import Storefront

Json = dict[str, object]

CLEAR, PARTLY_MASKED, MASKED, EMPTIED = "clear", "partly", "masked", "emptied"
_LINES = ("address_line2", "address_line3", "address_line4")
_BLANK = (
    "address_detail",
    "address_line1",
    *_LINES,
    "first_name",
    "full_address",
    "last_name",
    "name",
    "phone_number",
    "postal_code",
    "region_code",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a parcel goes; ``area`` is province, city, quarter, postal code."""

    given: str
    family: str
    phone: str
    street: str
    area: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Buyer:
    """Someone who orders, again and again."""

    email: str
    nickname: str
    avatar: str
    address: Address


def find_buyer(front: Storefront, buyer: int, *, has_moved: bool) -> Buyer:
    """The shop's buyer of that number; the same at each of his orders."""
    chance = Dice(front.seed, front.index, buyer, 0xB0)
    market = front.market
    given, family = chance.pick(market.given), chance.pick(market.family)
    phone = f"{chance.between(810_000_000, 999_999_999)}"
    tag = f"{chance.between(0, (1 << 40) - 1):010x}"
    home = _draw_home(chance, market)
    if has_moved:
        home = _draw_home(chance, market)
    return Buyer(
        email=f"{tag}@scs.tiktokw.example.invalid",
        nickname=f"{given.lower().replace(' ', '')}_{tag[:4]}",
        avatar=f"https://p16-sign.example.invalid/avatar/{tag}.jpeg",
        address=Address(given, family, phone, *home),
    )


def _draw_home(chance: Dice, market: Market) -> tuple[str, tuple[str, ...]]:
    street = f"{chance.between(1, 399)} {chance.pick(market.streets)}"
    return street, chance.pick(market.areas)


def recipient_block(market: Market, address: Address, *, shown: str) -> Json:
    """The ``recipient_address`` block, as much of it as is shown."""
    if shown == EMPTIED:
        blank: Json = dict.fromkeys(_BLANK, "")
        return blank | {"delivery_preferences": {"drop_off_location": ""}}
    if shown != CLEAR:
        address = _mask(address, keep=1 if shown == PARTLY_MASKED else 0)
    places = ", ".join((market.country, *address.area[:3]))
    return {
        "name": _full_name(market, address),
        "first_name": address.given,
        "last_name": address.family,
        "first_name_local_script": "",
        "last_name_local_script": "",
        "phone_number": f"(+{market.phone_code}){address.phone}",
        "full_address": f"{places}, {address.street}",
        "address_detail": address.street,
        "address_line1": address.street,
        **dict.fromkeys(_LINES, ""),
        "postal_code": address.area[3],
        "region_code": market.region,
        "district_info": _districts(market, address),
    }


def _full_name(market: Market, address: Address) -> str:
    if market.region == "VN":  # the family name leads
        return f"{address.family} {address.given}"
    return f"{address.given} {address.family}"


def _districts(market: Market, address: Address) -> list[Json]:
    names = (market.country, *address.area[:3])
    places: list[Json] = [
        {"address_level": f"L{level}", "address_level_name": kind, "address_name": name}
        for level, (kind, name) in enumerate(
            zip(market.level_names, names, strict=True)
        )
    ]
    places[0]["iso_code"] = market.region
    return places


def _mask(address: Address, *, keep: int) -> Address:
    province, city, quarter, postal = address.area
    return Address(
        given=_stars(address.given, keep),
        family=_stars(address.family, keep),
        phone=f"{address.phone[:keep]}******{address.phone[9 - 2 * keep :]}",
        street=_stars(address.street, keep * 2),
        area=(
            province,
            city if keep else _stars(city, 0),
            _stars(quarter, keep),
            _stars(postal, keep * 2) if postal else "",
        ),
    )


def _stars(text: str, keep: int) -> str:
    return text[:keep] + "*" * max(3, min(8, len(text) - keep))
