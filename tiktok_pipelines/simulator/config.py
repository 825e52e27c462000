"""What a simulated TikTok Shop is made of; the same config makes the same shops."""

from dataclasses import dataclass, field
from datetime import datetime

from tiktok_pipelines.simulator.markets import load_markets


@dataclass(frozen=True, slots=True)
class SimulatorConfig:
    """Size, seed and behaviour of the simulator.

    Attributes:
        shops: number of shops; their markets are MY, SG, TH, VN, PH, ID, again and
            again.
        orders: orders per shop that are visible at the start.
        days: the days over which those orders were placed.
        products: products per shop that come and go, besides those that are ordered.
        without_202602: places of shops that refuse the aftersales calls of 202602.
        domestic: places of shops that sell at home alone, from warehouses of their
            own: what is for sellers across borders, or done by TikTok, is refused.
        markets: regions in which shops are opened, in turn; empty: the six of SEA.
        seed: another seed, other orders.
        now: frozen start time, aware UTC; None runs with real time.
        future_days: for how long orders keep being placed after the start.
        rate_per_second: calls per (app, shop, endpoint); more get HTTP 429.
        webhook_url: where the app has events sent, as set in Partner Center; empty:
            nowhere, unless a shop has an address of its own.
        webhook_time_scale: how long the pauses between two tries are, as a share of
            TikTok's.
        redirect_uri: where the consent page sends people; empty: it shows the code.

    Raises:
        ValueError: a number is out of range, or ``now`` is naive.
    """

    shops: int = 6
    orders: int = 200
    days: int = 90
    products: int = 24
    without_202602: tuple[int, ...] = ()
    domestic: tuple[int, ...] = ()
    markets: tuple[str, ...] = ()
    seed: int = 7
    app_key: str = "demo_app_key"
    app_secret: str = field(default="demo_app_secret", repr=False)
    service_id: str = "demo_service"
    now: datetime | None = None
    future_days: float = 2
    rate_per_second: float = 50.0
    access_token_life_s: int = 7 * 86400
    refresh_token_life_s: int = 365 * 86400
    webhook_url: str = ""
    webhook_time_scale: float = 1.0
    redirect_uri: str = "http://127.0.0.1:8000/tiktok/callback"

    def __post_init__(self) -> None:
        if not 1 <= self.shops <= 1000:
            raise ValueError(f"shops must be 1 to 1000, not {self.shops}")
        if self.orders < 0 or self.days < 1 or self.future_days < 0:
            raise ValueError("orders and future_days may not be negative, days is >= 1")
        if self.products < 0:
            raise ValueError("products may not be negative")
        known = {market.region for market in load_markets()}
        if not known >= set(self.markets):
            raise ValueError(f"markets must be of {', '.join(sorted(known))}")
        if self.rate_per_second <= 0:
            raise ValueError("rate_per_second must be positive")
        if self.now is not None and self.now.tzinfo is None:
            raise ValueError("now needs a time zone: add tzinfo=UTC")
