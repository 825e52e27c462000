"""Where a shop keeps its goods, and how they may leave.

The first two warehouses are the ones that orders name, the seller's own and TikTok's;
some shops have a third one, and all have one for returns. Source: TikTok Shop API
reference, "Warehouses"; ``distict`` is misspelled there.
"""

from dataclasses import dataclass

from tiktok_pipelines.simulator.chance import Dice, make_id
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.storefront import Storefront

_GLOBAL = (("Guangzhou", "SELLER"), ("Yiwu", "PLATFORM_COOPERATION"))
_DELIVERY = ("STANDARD", "EXPRESS", "SEND_BY_SELLER")
_SLOW = ("STANDARD", "ECONOMY")
_NAMES = ("Main Warehouse", "Fulfilled by TikTok", "Second Warehouse")


@dataclass(frozen=True, slots=True)
class Warehouse:
    """A warehouse; ``share_pct`` of what is stocked lies in it."""

    id: str
    name: str
    share_pct: int
    is_for_returns: bool = False


def warehouses_of(front: Storefront) -> tuple[Warehouse, ...]:
    """All warehouses of a shop, the default one first."""
    ids = [*front.warehouses]
    if front.index % 3 == 0:
        ids.append(front.make_id("727", 2))
    shares = (70, 30) if len(ids) == 2 else (60, 30, 10)
    back = Warehouse(front.make_id("727", 9), "Returns", 0, is_for_returns=True)
    selling = [Warehouse(*facts) for facts in zip(ids, _NAMES, shares, strict=False)]
    return (*selling, back)


def render_warehouse(front: Storefront, warehouse: Warehouse, place: int) -> Json:
    """A warehouse as the API returns it."""
    return {
        "id": warehouse.id,
        "entity_id": warehouse.id,
        "name": warehouse.name,
        "effect_status": "RESTRICTED" if place == 2 else "ENABLED",
        "type": "RETURN_WAREHOUSE" if warehouse.is_for_returns else "SALES_WAREHOUSE",
        "sub_type": "DOMESTIC_WAREHOUSE",
        "is_default": place == 0,
        "address": address_of(front, warehouse.id),
    }


def render_delivery_options(front: Storefront, warehouse: Warehouse) -> list[Json]:
    """The ways by which goods may leave a warehouse; who carries is not told."""
    is_metric = front.market.region != "US"
    return [
        {
            "id": front.make_id("695", place),
            "name": f"{kind.capitalize()} shipping",
            "type": kind,
            "description": f"{kind.capitalize()} shipping from {warehouse.name}",
            "dimension_limit": {
                "max_height": 60 if is_metric else 24,
                "max_length": 100 if is_metric else 40,
                "max_width": 80 if is_metric else 32,
                "unit": "CM" if is_metric else "INCH",
            },
            "weight_limit": {
                "max_weight": 30_000 if is_metric else 66,
                "min_weight": 1,
                "unit": "GRAM" if is_metric else "POUND",
            },
            "platform": ["TOKOPEDIA", "TIKTOK_SHOP"]
            if front.market.region == "ID"
            else ["TIKTOK_SHOP"],
        }
        for place, kind in enumerate(_DELIVERY if warehouse.share_pct > 30 else _SLOW)
    ]


def render_global_warehouses(seller_number: int) -> list[Json]:
    """The warehouses of a seller across borders, whichever of his shops is asked."""
    return [
        {
            "id": make_id("700", seller_number, serial=serial),
            "name": name,
            "ownership": ownership,
        }
        for serial, (name, ownership) in enumerate(_GLOBAL)
    ]


def address_of(front: Storefront, warehouse_id: str) -> Json:
    """Where a warehouse stands, and who answers for it."""
    market = front.market
    chance = Dice(front.seed, int(warehouse_id), 0x3E)
    state, city, quarter, postal = chance.pick(market.areas)
    street = f"{chance.between(1, 399)} {chance.pick(market.streets)}"
    return {
        "region": market.country,
        "region_code": market.region,
        "state": state,
        "city": city,
        "distict": quarter,
        "contact_person": f"{chance.pick(market.given)} {chance.pick(market.family)}",
        "phone_number": f"(+{market.phone_code}){chance.between(10**8, 10**9 - 1)}",
        "postal_code": postal,
        "full_address": f"{market.country}, {state}, {city}, {quarter}, {street}",
        "address_line1": street,
    }
