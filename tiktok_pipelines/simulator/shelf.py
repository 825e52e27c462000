"""The goods that orders are for: what they are called and what they cost at a time.

A seller edits each product again and again, in a rhythm of its own; every edition is a
pure function of its number. An order is filled from the shelf of its second, so lines
carry the title and the price of the day on which they were bought.
"""

from dataclasses import dataclass

from tiktok_pipelines.simulator.chance import Dice, make_id
from tiktok_pipelines.simulator.markets import Market, ProductOffer

OPENED = 1_577_836_800  # 2020-01-01, when every shop listed its first goods
_IMAGE_HOST = "https://p16-oec-sg.example.invalid/tos-alisg-i-aphluv4xwc-sg"
_DAY = 86400
_TITLE_ENDS = ("", " [BEST SELLER]", "", " | New Batch", " ✨")
_PRICE_PCTS = (100, 100, 95, 108, 90, 100, 112)
SKUS_PER_PRODUCT = 16  # at most; spaces out their ids


@dataclass(frozen=True, slots=True)
class Sku:
    """A variant on sale; ``fields`` are the keys that every line of it carries."""

    price: int
    fields: dict[str, object]

    @property
    def id(self) -> str:
        """The id of the SKU."""
        return str(self.fields["sku_id"])


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When the editions of a product begin: every ``period_s`` seconds."""

    first: int
    period_s: int

    def edition_at(self, time: int) -> int:
        """The number of the edition; before the first one, the first."""
        return max(0, (time - self.first) // self.period_s)

    def start_of(self, edition: int) -> int:
        """When an edition begins."""
        return self.first + edition * self.period_s


@dataclass(frozen=True, slots=True)
class Goods:
    """One product of a shop, over all its editions."""

    seed: int
    shop_index: int
    number: int
    market: Market
    offer: ProductOffer
    series: str = ""

    @property
    def id(self) -> str:
        """The id of the product."""
        return make_id("173", self.shop_index, serial=self.number)

    @property
    def rhythm(self) -> Rhythm:
        """When it is edited: every 12 to 40 days."""
        chance = Dice(self.seed, self.shop_index, self.number, 0xED)
        first = OPENED + self.number * 3600 + chance.between(0, 30 * _DAY)
        return Rhythm(first, chance.between(12 * _DAY, 40 * _DAY))

    def title(self, edition: int) -> str:
        """The title; it changes with every third edition."""
        named = f"{self.offer.name}{self.series}"
        return named + self._dice(edition // 3, 0x71).pick(_TITLE_ENDS)

    def skus(self, edition: int) -> tuple[Sku, ...]:
        """Its variants; prices change with every second edition."""
        title = self.title(edition)
        factor = (
            self._dice(edition // 2, 0x9C).pick(_PRICE_PCTS) if edition > 1 else 100
        )
        return tuple(
            Sku(
                _tidy(offer.price * self._level_pct * factor // 10_000, self.market),
                self._fields_of(variant, title),
            )
            for variant, offer in enumerate(self.offer.skus)
        )

    @property
    def _level_pct(self) -> int:
        """How dear the shop is, as against others of its market."""
        return 100 - Dice(self.seed, self.shop_index, 0x5C).between(0, 6)

    def _fields_of(self, variant: int, title: str) -> dict[str, object]:
        offer = self.offer.skus[variant]
        serial = self.number * SKUS_PER_PRODUCT + variant
        tail = f"-{self.number}" if self.series else ""
        return {
            "product_id": self.id,
            "product_name": title,
            "sku_id": make_id("172", self.shop_index, serial=serial),
            "sku_name": offer.name or "Default",
            "seller_sku": f"{offer.seller_sku}{tail}" if offer.name else "",
            "sku_type": "NORMAL",
            "sku_image": image_url(self.shop_index, serial),
            "currency": self.market.currency,
        }

    def _dice(self, *parts: int) -> Dice:
        return Dice(self.seed, self.shop_index, self.number, *parts)


def image_url(shop_index: int, serial: int) -> str:
    """Where a picture of that number would be."""
    name = make_id("", shop_index, serial=serial)
    return f"{_IMAGE_HOST}/{name}~tplv-aphluv4xwc-crop-webp.webp"


def _tidy(price: int, market: Market) -> int:
    step = 10 if market.decimals else 1000
    return price - price % step
