"""A shop and its records, kind by kind."""

from functools import cached_property, partial
from math import ceil

from tiktok_pipelines.simulator.aftersale_options import render_eligibility
from tiktok_pipelines.simulator.cancellations import (
    CancellationLife,
    CancellationView,
    list_cancellations,
)
from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.combining import combine_parcels
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.fbt import GoodsView, list_goods
from tiktok_pipelines.simulator.finance import Finance
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.packages import PackageLife, PackageView, pack
from tiktok_pipelines.simulator.plan import OrderPlan, draw_plan
from tiktok_pipelines.simulator.product_render import ProductView
from tiktok_pipelines.simulator.products import ProductLife, list_products
from tiktok_pipelines.simulator.promotions import (
    PromotionView,
    list_activities,
    list_coupons,
)
from tiktok_pipelines.simulator.register import Json, Register
from tiktok_pipelines.simulator.render import render_order
from tiktok_pipelines.simulator.return_render import ReturnView
from tiktok_pipelines.simulator.returns import ReturnLife, list_returns
from tiktok_pipelines.simulator.stock import Stock
from tiktok_pipelines.simulator.storefront import Storefront, open_storefront
from tiktok_pipelines.simulator.taxonomy import list_brands, render_brand
from tiktok_pipelines.simulator.timeline import DAY
from tiktok_pipelines.simulator.unsettled import (
    Estimate,
    list_estimates,
    render_estimate,
)
from tiktok_pipelines.simulator.warehouses import render_warehouse, warehouses_of
from tiktok_pipelines.simulator.withdrawals import (
    WithdrawalLife,
    list_withdrawals,
    render_withdrawal,
)

MAX_PRODUCTS_FOUND = 10_000

_CACHED_ORDERS = 10_000  # per shop; about 45 MB
_FLASH_SALE = 4  # orders that arrive in the same second, now and then


class OrderRegister(Register[OrderPlan]):
    """A shop's orders; each is rendered once per event of its life."""

    def __init__(self, front: Storefront, plans: list[OrderPlan]) -> None:
        def render(plan: OrderPlan, now: int) -> Json:
            return render_order(front, plan, version=plan.version_at(now))

        super().__init__("orders", plans, of=front.id, render=render)
        self._known: dict[str, tuple[int, bytes]] = {}

    def encode(self, life: OrderPlan, now: int) -> bytes:
        """The order's JSON."""
        version = life.version_at(now)
        known = self._known.get(life.id)
        if known is not None and known[0] == version:
            return known[1]
        content = super().encode(life, now)
        if len(self._known) >= _CACHED_ORDERS:
            self._known.pop(next(iter(self._known)))
        self._known[life.id] = version, content
        return content


class Shop:
    """One shop; what only some calls need is drawn when they are made."""

    def __init__(self, config: SimulatorConfig, index: int, *, start: int) -> None:
        self.front = front = open_storefront(config, index)
        self.orders = OrderRegister(front, _draw_plans(config, front, start=start))
        self._config, self._start = config, start
        self.is_without_202602 = index in config.without_202602
        self.is_domestic = index in config.domestic
        self.id, self.name, self.cipher = front.id, front.name, front.cipher
        self.region = front.market.region
        self.currency = front.market.currency
        self.timezone = front.market.timezone
        self.seller_number = front.seller_number
        self.seller_id = ""
        self.webhooks: dict[str, Json] = {}

    def __repr__(self) -> str:
        return f"Shop({self.id}, {self.region}, {self.name!r})"

    @cached_property
    def stock(self) -> Stock:
        """What lies in the warehouses."""
        config = self._config
        return Stock(
            self.front,
            self.orders.lives,
            orders_per_day=config.orders / config.days,
        )

    @cached_property
    def products(self) -> Register[ProductLife]:
        """The products, as searches return them."""
        return Register(
            "products",
            list_products(self._config, self.front, start=self._start),
            of=self.id,
            render=self.product_view.in_search,
            ceiling=MAX_PRODUCTS_FOUND,
        )

    @cached_property
    def product_view(self) -> ProductView:
        """How the products look otherwise."""
        return ProductView(self.front, self.stock)

    @cached_property
    def product_of_sku(self) -> dict[str, str]:
        """The product's id for every SKU's id."""
        return {
            sku.id: life.id
            for life in self.products.lives
            for sku in life.goods.skus(0)
        }

    @cached_property
    def brands(self) -> Register[Course]:
        """The brands of the region."""
        brands = list_brands(self.front)
        return Register("brands", brands, of=self.id, render=render_brand)

    @cached_property
    def fbt(self) -> Register[Course]:
        """What TikTok keeps for the seller."""
        products = [*self.products.lives]
        lives = list_goods(self.front, products)
        render = GoodsView(self.front, self.stock, products).render
        return Register("inventory", lives, of=self.id, render=render)

    @cached_property
    def packages(self) -> Register[PackageLife]:
        """The packages, as searches return them."""
        lives = pack(self.front, self.orders.lives)
        render = self.package_view.in_search
        return Register("packages", lives, of=self.id, render=render)

    @cached_property
    def package_view(self) -> PackageView:
        """How the packages look otherwise."""
        return PackageView(self.front)

    @cached_property
    def cancellations(self) -> Register[CancellationLife]:
        """The cancellations."""
        lives = list_cancellations(self.front, self.orders.lives)
        render = CancellationView(self.front).render
        return Register("cancellations", lives, of=self.id, render=render)

    @cached_property
    def returns(self) -> Register[ReturnLife]:
        """The returns, refunds and replacements."""
        lives = list_returns(self.front, self.orders.lives)
        render = self.return_view.render
        return Register("return_orders", lives, of=self.id, render=render)

    def eligibility(self, plan: OrderPlan, now: int) -> list[Json]:
        """What the seller may ask for an order now, SKU by SKU."""
        first = self._first_returns.get(plan.id)
        return render_eligibility(
            self.orders.render(plan, now),
            plan.standing_at(now).status,
            has_return=first is not None and first <= now,
        )

    @cached_property
    def _first_returns(self) -> dict[str, int]:
        """When the first return of an order is asked for, order by order."""
        found: dict[str, int] = {}
        for life in self.returns.lives:
            order_id = life.named["order_ids"][0]
            found[order_id] = min(life.create_time, found.get(order_id, life.times[0]))
        return found

    @cached_property
    def return_view(self) -> ReturnView:
        """How the returns look otherwise."""
        return ReturnView(self.front)

    @cached_property
    def finance(self) -> Finance:
        """Statements, their transactions, and payments."""
        return Finance(self.front, self.orders.lives, self.returns.lives)

    @cached_property
    def withdrawals(self) -> Register[WithdrawalLife]:
        """Movements of the balance."""
        return Register(
            "withdrawals",
            list_withdrawals(self.front, self.finance.payouts),
            of=self.id,
            render=partial(render_withdrawal, front=self.front),
        )

    @cached_property
    def unsettled(self) -> Register[Estimate]:
        """What orders that are not settled will bring."""
        settled = self.finance.all_transactions
        lives = list_estimates(self.front, self.orders.lives, settled)
        return Register("transactions", lives, of=self.id, render=render_estimate)

    @cached_property
    def activities(self) -> Register[Course]:
        """The promotions."""
        lives = list_activities(self._config, self.front, start=self._start)
        render = self.promotion_view.activity
        return Register("activities", lives, of=self.id, render=render)

    @cached_property
    def coupons(self) -> Register[Course]:
        """The coupons."""
        lives = list_coupons(self._config, self.front, start=self._start)
        render = self.promotion_view.coupon
        return Register("coupons", lives, of=self.id, render=render)

    @cached_property
    def promotion_view(self) -> PromotionView:
        """How promotions and coupons look."""
        return PromotionView(self.front)

    def warehouses(self) -> list[Json]:
        """The warehouses as the API returns them."""
        return [
            render_warehouse(self.front, one, place)
            for place, one in enumerate(warehouses_of(self.front))
        ]


def _draw_plans(
    config: SimulatorConfig, front: Storefront, *, start: int
) -> list[OrderPlan]:
    """The orders that are visible at the start, and those that will come.

    Orders have numbered places on an endless time line, so a simulator that is started
    again, with the same config, has the same orders and a few new ones.
    """
    if not config.orders:
        return []
    step_s = config.days * DAY / config.orders
    end = start + config.future_days * DAY
    first = int(start / step_s) - config.orders - 2 * _FLASH_SALE
    last = ceil(end / step_s) + _FLASH_SALE
    placed = sorted(
        (_placed_at(front, number, step_s=step_s), number)
        for number in range(first, last)
    )
    # Neighbours are drawn too, so that pairs do not depend on where the row is cut.
    plans = combine_parcels(
        front, [draw_plan(front, number, created=at) for at, number in placed]
    )
    past = [plan for plan in plans if plan.create_time <= start][-config.orders :]
    return past + [plan for plan in plans if start < plan.create_time <= end]


def _placed_at(front: Storefront, number: int, *, step_s: float) -> int:
    """When the order is placed; some groups all come in the same second."""
    group = number // _FLASH_SALE
    if Dice(front.seed, front.index, group, 0xF1).random() < 0.05:
        return int(group * _FLASH_SALE * step_s)
    jitter = Dice(front.seed, front.index, number, 0x7E).random()
    return int((number + jitter) * step_s)
