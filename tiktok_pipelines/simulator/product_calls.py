"""Calls of the Product API, and the warehouses of the Logistics API.

Source: TikTok Shop API reference, "Products", "Inventory", "Categories and brands" and
"Warehouses". That Get Product finds frozen and deleted products follows its newest
description; which of the two codes it answers to an unknown id is assumed.
"""

import msgspec

from tiktok_pipelines.simulator import taxonomy
from tiktok_pipelines.simulator.asking import Paging, among, read_body
from tiktok_pipelines.simulator.calls import Admission, Call, Endpoint
from tiktok_pipelines.simulator.life import Wanted
from tiktok_pipelines.simulator.paths import (
    ATTRIBUTES,
    BRANDS,
    CATEGORIES,
    DELIVERY_OPTIONS,
    GLOBAL_WAREHOUSES,
    INVENTORY,
    PRODUCT,
    PRODUCT_SEARCH,
    RULES,
    WAREHOUSES,
)
from tiktok_pipelines.simulator.products import DELETED, STATUSES
from tiktok_pipelines.simulator.refusals import Refusal, bad_request
from tiktok_pipelines.simulator.warehouses import (
    render_delivery_options,
    render_global_warehouses,
    warehouses_of,
)

MAX_PRODUCTS, MAX_SKUS = 100, 600
_MAX_CODES = 10
_AUDITS = ("AUDITING", "FAILED", "APPROVED", "PRE_APPROVED", "NONE")
_LISTED = frozenset(STATUSES) - {DELETED}
_PAGING = Paging(100)
_BRAND_PAGING = Paging(100)
_SCOPE = "seller.product.basic"


def _search(call: Call, admission: Admission) -> bytes:
    body = read_body(call.body)
    status = body.choice("status", ("ALL", *STATUSES))
    wanted = Wanted(
        created=body.window("create_time", upper="le"),
        updated=body.window("update_time", upper="le"),
        among=among(
            status=_LISTED if status in (None, "ALL") else status,
            audit_status=body.choices("audit_status", _AUDITS),
            seller_skus=body.texts("seller_skus", _MAX_CODES),
            sku_ids=body.texts("sku_ids", _MAX_CODES),
        ),
    )
    query = _PAGING.read(call.params, wanted)
    return admission.shop.products.search(query, admission.now)


def _product(call: Call, admission: Admission) -> bytes:
    shop, now = admission.shop, admission.now
    life = shop.products.find(call.part(3), now)
    if life is None:
        raise Refusal(12052032, "The product does not exist.", http_status=200)
    return msgspec.json.encode(shop.product_view.in_detail(life, now))


def _inventory(call: Call, admission: Admission) -> bytes:
    """SKU ids win over product ids; unknown ids are skipped (assumed)."""
    body = read_body(call.body)
    shop, now = admission.shop, admission.now
    sku_ids = body.texts("sku_ids", MAX_SKUS)
    product_ids = body.texts("product_ids", MAX_PRODUCTS)
    if not sku_ids and not product_ids:
        raise bad_request("invalid param: product_ids or sku_ids is required")
    if sku_ids:
        product_ids = frozenset(
            shop.product_of_sku[one] for one in sku_ids if one in shop.product_of_sku
        )
    found = [shop.products.find(one, now) for one in sorted(product_ids)]
    rows = [
        shop.product_view.in_inventory(life, now, set(sku_ids))
        for life in found
        if life is not None
    ]
    return msgspec.json.encode({"inventory": rows} if rows else {})


def _warehouses(_call: Call, admission: Admission) -> bytes:
    return msgspec.json.encode({"warehouses": admission.shop.warehouses()})


def _delivery_options(call: Call, admission: Admission) -> bytes:
    """What is answered to an unknown warehouse is assumed."""
    front, warehouse_id = admission.shop.front, call.part(3)
    call.asked.choice("scope", ("WAREHOUSE", "PRODUCT"))
    for warehouse in warehouses_of(front):
        if warehouse.id == warehouse_id and not warehouse.is_for_returns:
            rows = render_delivery_options(front, warehouse)
            return msgspec.json.encode({"delivery_options": rows})
    raise bad_request("invalid param: warehouse_id")


def _global_warehouses(_call: Call, admission: Admission) -> bytes:
    """Of the seller, as no shop is named; what others are refused with is assumed."""
    shops = admission.grant.seller.shops
    if any(shop.is_domestic for shop in shops):
        raise Refusal(
            11036012, "The seller does not sell across borders.", http_status=200
        )
    rows = render_global_warehouses(shops[0].seller_number)
    return msgspec.json.encode({"global_warehouses": rows})


def _categories(_call: Call, admission: Admission) -> bytes:
    rows = taxonomy.render_categories(admission.shop.front)
    return msgspec.json.encode({"categories": rows})


def _attributes(call: Call, admission: Admission) -> bytes:
    category_id = _known_category(call, admission)
    rows = taxonomy.render_attributes(category_id)
    return msgspec.json.encode({"attributes": rows})


def _rules(call: Call, admission: Admission) -> bytes:
    category_id = _known_category(call, admission)
    return msgspec.json.encode(taxonomy.render_rules(admission.shop.front, category_id))


def _known_category(call: Call, admission: Admission) -> str:
    """The category of the path, if it is there; the refusal's code is assumed."""
    category_id = call.part(3)
    rows = taxonomy.render_categories(admission.shop.front)
    if all(row["id"] != category_id for row in rows):
        raise bad_request("invalid param: category_id")
    return category_id


def _brands(call: Call, admission: Admission) -> bytes:
    asked = call.asked
    wanted = Wanted(
        among=among(
            brand_name=asked.text("brand_name"),
            is_authorized=asked.text("is_authorized"),
        )
    )
    query = _BRAND_PAGING.read(call.params, wanted)
    return admission.shop.brands.search(query, admission.now)


PRODUCT_CALLS = (
    Endpoint(
        "POST", PRODUCT_SEARCH, _SCOPE, _search, records=lambda shop: shop.products
    ),
    Endpoint("GET", PRODUCT, _SCOPE, _product),
    Endpoint("POST", INVENTORY, _SCOPE, _inventory),
    Endpoint("GET", CATEGORIES, _SCOPE, _categories),
    Endpoint("GET", ATTRIBUTES, _SCOPE, _attributes),
    Endpoint("GET", RULES, _SCOPE, _rules),
    Endpoint("GET", BRANDS, _SCOPE, _brands),
    Endpoint("GET", WAREHOUSES, "seller.logistics", _warehouses),
    Endpoint("GET", DELIVERY_OPTIONS, "seller.logistics", _delivery_options),
    Endpoint(
        "GET",
        GLOBAL_WAREHOUSES,
        "seller.shop.info",
        _global_warehouses,
        takes_cipher=False,
    ),
)
