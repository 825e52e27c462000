"""Products and their stock as the API returns them, at one moment.

Source: TikTok Shop API reference, "Products" and "Inventory"; field by field
after the recorded answers of a Vietnamese shop.
"""

from tiktok_pipelines.simulator import taxonomy
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.products import AUDITS, FAILED, ProductLife
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.shelf import Sku, image_url
from tiktok_pipelines.simulator.stock import Level, Stock
from tiktok_pipelines.simulator.storefront import Storefront

_OFF_BY = {"SELLER_DEACTIVATED": "SELLER", "PLATFORM_DEACTIVATED": "PLATFORM"}


class ProductView:
    """How one shop's products look."""

    def __init__(self, front: Storefront, stock: Stock) -> None:
        self._front = front
        self._stock = stock

    def in_search(self, life: ProductLife, now: int) -> Json:
        """A row of Search Products."""
        standing = life.standing_at(now)
        edition = life.edition_at(now)
        return {
            "id": life.id,
            "title": life.goods.title(edition),
            "status": standing.status,
            "create_time": life.create_time,
            "update_time": standing.update_time,
            "sales_regions": [self._front.market.region],
            "has_draft": False,
            "is_not_for_sale": False,
            "product_tags": [],
            "recommended_categories": [],
            "audit": _audit(standing.status),
            "skus": [self._sku(life, sku, now=now) for sku in life.goods.skus(edition)],
        }

    def in_detail(self, life: ProductLife, now: int) -> Json:
        """The answer of Get Product."""
        row = self.in_search(life, now)
        del row["sales_regions"]
        number, edition = life.goods.number, life.edition_at(now)
        skus = [
            self._sku(life, sku, now=now)
            | _sku_details(place, sku)
            | self._bundle(life)
            for place, sku in enumerate(life.goods.skus(edition))
        ]
        return row | {
            "product_status": row["status"],
            **_failure(self._front, str(row["status"])),
            "description": f"<p>{row['title']}</p><p>Revision {edition}</p>",
            "category_chains": taxonomy.category_chain(self._front, number),
            "brand": taxonomy.brand_of(self._front, number),
            "main_images": [
                _image(self._front.index, number * 8 + place) for place in range(3)
            ],
            "product_attributes": taxonomy.attributes_of(number),
            "package_weight": {"value": _weight(number), "unit": "KILOGRAM"},
            "package_dimensions": _dimensions(number),
            "is_cod_allowed": self._front.market.cod,
            "is_pre_owned": False,
            "is_replicated": False,
            "manufacturer_ids": [],
            "responsible_person_ids": [],
            "shipping_insurance_requirement": "NOT_SUPPORTED",
            "skus": skus,
        }

    def in_inventory(self, life: ProductLife, now: int, wanted: set[str]) -> Json:
        """A row of Inventory Search; with ``wanted``, those SKUs alone."""
        return {
            "product_id": life.id,
            "skus": [
                self._inventory_of(life, sku, now=now)
                for sku in life.goods.skus(life.edition_at(now))
                if not wanted or sku.id in wanted
            ],
        }

    def _sku(self, life: ProductLife, sku: Sku, *, now: int) -> Json:
        market = self._front.market
        price = amount_text(sku.price, market.decimals)
        status = life.standing_at(now).status
        info: Json = {"status": "NORMAL"}
        if status in _OFF_BY:
            info = {"status": "DEACTIVATED", "deactivation_source": _OFF_BY[status]}
        return {
            "id": sku.id,
            "seller_sku": sku.fields["seller_sku"],
            "price": {
                "currency": market.currency,
                "tax_exclusive_price": price,
                "sale_price": price,
            },
            "inventory": [
                {"warehouse_id": level.warehouse.id, "quantity": level.available}
                for level in self._stock.levels(life, sku.id, now=now)
            ],
            "status_info": info,
        }

    def _bundle(self, life: ProductLife) -> Json:
        """What some of the products that come and go consist of, as first told."""
        if not life.is_passing or life.goods.number % 4:
            return {}
        parts = [(goods.title(0), goods.skus(0)[0]) for goods in self._front.goods[:2]]
        return {
            "combined_skus": [
                {
                    "product_id": sku.fields["product_id"],
                    "sku_id": sku.id,
                    "sku_count": place,
                    "seller_sku": sku.fields["seller_sku"],
                    "title": title,
                }
                for place, (title, sku) in enumerate(parts, start=1)
            ]
        }

    def _inventory_of(self, life: ProductLife, sku: Sku, *, now: int) -> Json:
        levels = self._stock.levels(life, sku.id, now=now)
        available = sum(level.available for level in levels)
        return {
            "id": sku.id,
            "seller_sku": sku.fields["seller_sku"],
            "total_available_quantity": available,
            "total_committed_quantity": sum(level.committed for level in levels),
            "warehouse_inventory": [_in_warehouse(level) for level in levels],
            "total_available_inventory_distribution": _distribute(sku, available),
        }


def _in_warehouse(level: Level) -> Json:
    return {
        "warehouse_id": level.warehouse.id,
        "available_quantity": level.available,
        "committed_quantity": level.committed,
    }


def _distribute(sku: Sku, available: int) -> Json:
    """Part of what is available is set aside for campaigns and creators."""
    campaign = available * 3 // 10 if int(sku.id) % 3 == 0 else 0
    creator = available // 5 if int(sku.id) % 4 == 0 else 0
    shares: Json = {"in_shop_inventory": {"quantity": available - campaign - creator}}
    if campaign:
        row = {"quantity": campaign, "campaign_name": "Pay Day Sale"}
        shares["campaign_inventory"] = [row]
    if creator:
        row = {"quantity": creator, "creator_name": "kak_mira"}
        shares["creator_inventory"] = [row]
    return shares


def _audit(status: str) -> Json:
    return {"status": AUDITS.get(status, "APPROVED"), "pre_approved_reasons": []}


def _failure(front: Storefront, status: str) -> Json:
    if status != FAILED:
        return {}
    platform = "TOKOPEDIA" if front.market.region == "ID" else "TIKTOK_SHOP"
    return {
        "audit_failed_reasons": [
            {
                "listing_platform": platform,
                "position": "Product title",
                "reasons": ["The title promises what the product cannot do."],
                "suggestions": ["Leave the promise out."],
            }
        ]
    }


def _sku_details(place: int, sku: Sku) -> Json:
    number = int(sku.id) % 97
    name = str(sku.fields["sku_name"])
    attribute: Json = {
        "id": "100000",
        "name": "Specification",
        "value_id": f"{7_000_000 + place}",
        "value_name": name,
    }
    return {
        "sales_attributes": [] if name == "Default" else [attribute],
        "sku_weight": {"value": _weight(number), "unit": "KILOGRAM"},
        "sku_dimensions": _dimensions(number),
        "global_listing_policy": {"inventory_type": "EXCLUSIVE", "price_sync": False},
    }


def _image(shop_index: int, serial: int) -> Json:
    url = image_url(shop_index, serial)
    return {
        "height": 1200,
        "width": 1200,
        "uri": url.rpartition("/")[2],
        "urls": [url],
        "thumb_urls": [f"{url}?thumb"],
    }


def _weight(number: int) -> str:
    return amount_text(Dice(number, 0x3E).between(5, 250), 2)


def _dimensions(number: int) -> Json:
    chance = Dice(number, 0xD1)
    sides = ("length", "width", "height")
    dimensions: Json = {side: str(chance.between(2, 40)) for side in sides}
    return dimensions | {"unit": "CENTIMETER"}
