"""What a shop is before anyone orders: its name, goods, warehouses and buyers."""

from dataclasses import dataclass
from functools import cached_property

from tiktok_pipelines.simulator.chance import Dice, make_id
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.markets import SOUTHEAST_ASIA, Market, load_markets
from tiktok_pipelines.simulator.shelf import Goods, Rhythm, Sku

# Sellers of each six shops: MY and SG share one, PH and ID another.
_SELLER_OF_SHOP = (0, 0, 1, 2, 3, 3)
_SELLERS_PER_ROUND = 4


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
    goods: tuple[Goods, ...]
    warehouses: tuple[str, ...]
    buyer_count: int

    def make_id(self, prefix: str, serial: int) -> str:
        """An id of this shop; see ``chance.make_id``."""
        return make_id(prefix, self.index, serial=serial)

    def shelf_at(self, time: int) -> tuple[Sku, ...]:
        """Everything that can be ordered, as it was called and priced at that time."""
        editions = tuple(rhythm.edition_at(time) for rhythm in self._rhythms)
        shelf = self._shelves.get(editions)
        if shelf is None:
            pairs = zip(self.goods, editions, strict=True)
            shelf = tuple(
                sku for goods, edition in pairs for sku in goods.skus(edition)
            )
            self._shelves[editions] = shelf
        return shelf

    @cached_property
    def _rhythms(self) -> tuple[Rhythm, ...]:
        return tuple(goods.rhythm for goods in self.goods)

    @cached_property
    def _shelves(self) -> dict[tuple[int, ...], tuple[Sku, ...]]:
        return {}

    @cached_property
    def offset_s(self) -> int:
        """Seconds that the shop's clocks are ahead of UTC; no market has DST."""
        return self.market.utc_offset_h * 3600


def open_storefront(config: SimulatorConfig, index: int) -> Storefront:
    """The shop at ``index``; the markets of the config take turns."""
    regions = config.markets or SOUTHEAST_ASIA
    around, place = divmod(index, len(regions))
    market = next(one for one in load_markets() if one.region == regions[place])
    prefix = "GCP" if place % 2 else "ROW"
    name = market.shop_names[around % len(market.shop_names)]
    return Storefront(
        index=index,
        seed=config.seed,
        market=market,
        id=make_id("749", index, serial=config.seed + 1),
        cipher=f"{prefix}_{_cipher_text(config.seed, index)}",
        name=name if around < len(market.shop_names) else f"{name} {around + 1}",
        seller_number=(
            index
            if config.markets
            else around * _SELLERS_PER_ROUND + _SELLER_OF_SHOP[place]
        ),
        goods=tuple(
            Goods(config.seed, index, number, market, offer)
            for number, offer in enumerate(market.products)
        ),
        warehouses=tuple(make_id("727", index, serial=number) for number in range(2)),
        buyer_count=max(20, int(config.orders * 0.6)),
    )


def _cipher_text(seed: int, index: int) -> str:
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
    chance = Dice(seed, index, 0xC1)
    text = "".join(letters[chance.between(0, 61)] for _ in range(20))
    return f"{text[:8]}AAAAA{text[8:]}"
