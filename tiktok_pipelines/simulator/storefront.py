"""What a shop is before anyone orders: its name, goods, warehouses and buyers."""

from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator.chance import Dice, make_id
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.markets import Market, ProductOffer, load_markets

# Sellers of each six shops: MY and SG share one, PH and ID another.
_SELLER_OF_SHOP = (0, 0, 1, 2, 3, 3)
_SELLERS_PER_ROUND = 4
_IMAGE_HOST = "https://p16-oec-sg.example.invalid/tos-alisg-i-aphluv4xwc-sg"


@dataclass(frozen=True, slots=True)
class Sku:
    """A variant on sale; ``fields`` are the keys that every line of it carries."""

    price: int
    fields: dict[str, object]


@dataclass(frozen=True, eq=False)
class Storefront:
    """A shop's identity and shelves; a pure function of (seed, shop index)."""

    index: int
    seed: int
    market: Market
    id: str
    cipher: str
    name: str
    seller_number: int
    skus: tuple[Sku, ...]
    warehouses: tuple[str, ...]
    buyer_count: int

    def make_id(self, prefix: str, serial: int) -> str:
        """An id of this shop; see ``chance.make_id``."""
        return make_id(prefix, self.index, serial=serial)

    @cached_property
    def offset_s(self) -> int:
        """Seconds that the shop's clocks are ahead of UTC; no market has DST."""
        return self.market.utc_offset_h * 3600


def open_storefront(config: SimulatorConfig, index: int) -> Storefront:
    """The shop at ``index``; its market is MY, SG, TH, VN, PH, ID and around again."""
    markets = load_markets()
    around, place = divmod(index, len(markets))
    market = markets[place]
    prefix = "GCP" if place % 2 else "ROW"
    name = market.shop_names[around % len(market.shop_names)]
    return Storefront(
        index=index,
        seed=config.seed,
        market=market,
        id=make_id("749", index, serial=config.seed + 1),
        cipher=f"{prefix}_{_cipher_text(config.seed, index)}",
        name=name if around < len(market.shop_names) else f"{name} {around + 1}",
        seller_number=around * _SELLERS_PER_ROUND + _SELLER_OF_SHOP[place],
        skus=_stock_shelves(config.seed, index, market=market),
        warehouses=tuple(make_id("727", index, serial=number) for number in range(2)),
        buyer_count=max(20, int(config.orders * 0.6)),
    )


def _cipher_text(seed: int, index: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    chance = Dice(seed, index, 0xC1)
    text = "".join(letters[chance.between(0, 61)] for _ in range(20))
    return f"{text[:8]}AAAAA{text[8:]}"


def _stock_shelves(seed: int, index: int, *, market: Market) -> tuple[Sku, ...]:
    chance = Dice(seed, index, 0x5C)
    rebate_pct = chance.between(0, 6)
    return tuple(
        sku
        for number, product in enumerate(market.products)
        for sku in _skus_of(product, market, place=(index, number, rebate_pct))
    )


def _skus_of(
    product: ProductOffer, market: Market, *, place: tuple[int, int, int]
) -> list[Sku]:
    index, number, rebate_pct = place
    product_id = make_id("173", index, serial=number)
    return [
        Sku(
            price=_tidy(offer.price * (100 - rebate_pct) // 100, market.decimals),
            fields={
                "product_id": product_id,
                "product_name": product.name,
                "sku_id": make_id("172", index, serial=number * 16 + variant),
                "sku_name": offer.name or "Default",
                "seller_sku": offer.seller_sku if offer.name else "",
                "sku_type": "NORMAL",
                "sku_image": _image_of(index, number * 16 + variant),
                "currency": market.currency,
            },
        )
        for variant, offer in enumerate(product.skus)
    ]


def _tidy(price: int, decimals: int) -> int:
    step = 10 if decimals else 1000
    return price - price % step


def _image_of(index: int, serial: int) -> str:
    name = make_id("", index, serial=serial)
    return f"{_IMAGE_HOST}/{name}~tplv-aphluv4xwc-crop-webp.webp"
