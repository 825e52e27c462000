"""Categories, their attributes and rules, and brands: small sets for each region.

Source: TikTok Shop API reference, "Categories and brands": root categories have the
parent "0", and ``is_requried`` is spelled so.
"""

from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shelf import OPENED
from tiktok_pipelines.simulator.storefront import Storefront

_TREE = (
    ("Fashion", "Muslim Fashion", "Scarves"),
    ("Beauty & Personal Care", "Skincare", "Serums"),
    ("Food & Beverages", "Drinks", "Bottled Drinks"),
    ("Home Supplies", "Laundry", "Drying Racks"),
    ("Phones & Electronics", "Accessories", "Chargers"),
    ("Womenswear & Underwear", "Tops", "T-shirts"),
)
_BRANDS = ("Seri", "Luma", "Nara", "Kenari", "Bulan", "Tala", "Mira", "Ombak", "Rumah")
_ATTRIBUTES = (
    ("Material", True, ("Cotton", "Steel", "Glass", "Plastic")),
    ("Country of Origin", True, ("Malaysia", "Thailand", "Vietnam", "Indonesia")),
    ("Occasion", False, ("Daily", "Birthday", "Wedding")),
)
_CERTIFICATE: Json = {
    "id": "602362",
    "name": "Halal Certificate",
    "is_required": False,
    "document_details": "Number, owner and date of expiry must be readable.",
    "requirement_conditions": [
        {
            "condition_type": "VALUE_ID_MATCH",
            "attribute_id": "100149",
            "attribute_value_id": "1000854",
        }
    ],
}


def category_chain(front: Storefront, number: int) -> list[Json]:
    """The way from the root to the leaf of the product of that number."""
    place = number % len(_TREE)
    names = _TREE[place]
    ids = ["0", *(_category_id(front, place, depth) for depth in range(len(names)))]
    return [
        {
            "id": ids[depth + 1],
            "parent_id": ids[depth],
            "local_name": name,
            "is_leaf": depth == len(names) - 1,
        }
        for depth, name in enumerate(names)
    ]


def render_categories(front: Storefront) -> list[Json]:
    """Every category that the shop may use."""
    return [
        row | {"permission_statuses": ["AVAILABLE"]}
        for place in range(len(_TREE))
        for row in category_chain(front, place)
    ]


def render_attributes(category_id: str) -> list[Json]:
    """The attributes of a category."""
    return [
        {
            "id": _attribute_id(number),
            "name": name,
            "type": "PRODUCT_PROPERTY",
            "is_requried": is_required,
            "is_multiple_selection": False,
            "is_customizable": not is_required,
            "values": [
                {"id": _value_id(number, place), "name": value}
                for place, value in enumerate(values)
            ],
        }
        for number, (name, is_required, values) in enumerate(_ATTRIBUTES)
        if is_required or int(category_id) % 2
    ]


def render_rules(front: Storefront, category_id: str) -> Json:
    """What must be told of the products of a leaf category."""
    is_odd = int(category_id) % 2
    return {
        "product_certifications": [_CERTIFICATE] if is_odd else [],
        "size_chart": {
            "is_required": False,
            "is_supported": not is_odd,
        },
        "cod": {"is_supported": front.market.cod},
        "package_dimension": {"is_required": True},
        "epr": {"is_required": False},
    }


def attributes_of(number: int) -> list[Json]:
    """The attributes that a product of that number has."""
    return [
        {
            "id": _attribute_id(place),
            "name": name,
            "values": [
                {
                    "id": _value_id(place, number % len(values)),
                    "name": values[number % len(values)],
                }
            ],
        }
        for place, (name, _, values) in enumerate(_ATTRIBUTES[:2])
    ]


def brand_of(front: Storefront, number: int) -> Json:
    """The brand of a product of that number."""
    place = (number + front.index) % len(_BRANDS)
    return {"id": _brand_id(front, place), "name": _brand_name(front, place)}


def list_brands(front: Storefront) -> list[Course]:
    """The region's brands, as records."""
    return [
        Course(
            _brand_id(front, place),
            (OPENED,),
            ("AVAILABLE",),
            {
                "brand_name": (_brand_name(front, place),),
                "is_authorized": (str(place % 2 == 0).lower(),),
            },
        )
        for place in range(len(_BRANDS))
    ]


def render_brand(brand: Course, _now: int) -> Json:
    """A brand as the API returns it."""
    is_ours = brand.named["is_authorized"] == ("true",)
    return {
        "id": brand.id,
        "name": brand.named["brand_name"][0],
        "authorized_status": "AUTHORIZED" if is_ours else "UNAUTHORIZED",
        "is_t1_brand": False,
        "brand_status": "AVAILABLE",
    }


def _region_number(front: Storefront) -> int:
    return int.from_bytes(front.market.region.encode(), "big")


def _category_id(front: Storefront, place: int, depth: int) -> str:
    # Trees share their upper categories no more than their leaves.
    return f"{600_000 + _region_number(front) * 3 % 9_000 + place * 10_000 + depth}"


def _attribute_id(number: int) -> str:
    return f"{100_149 + number * 341}"


def _value_id(number: int, place: int) -> str:
    return f"{1_000_854 + number * 1_000 + place}"


def _brand_id(front: Storefront, place: int) -> str:
    return f"70{_region_number(front):07d}{place:010d}"


def _brand_name(front: Storefront, place: int) -> str:
    return f"{_BRANDS[place]} {front.market.country}"
