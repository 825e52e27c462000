"""A shop with its orders: search, detail and the whole truth."""

from collections.abc import Iterator, Sequence
from math import ceil

import msgspec

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.index import OrderIndex
from tiktok_pipelines.simulator.page_tokens import make_page_token, read_page_token
from tiktok_pipelines.simulator.plan import OrderPlan, draw_plan
from tiktok_pipelines.simulator.query import OrderQuery
from tiktok_pipelines.simulator.render import Json, render_order
from tiktok_pipelines.simulator.storefront import Storefront, open_storefront
from tiktok_pipelines.simulator.timeline import DAY

_CACHED_ORDERS = 10_000  # per shop; about 45 MB
_FLASH_SALE = 4  # orders that arrive in the same second, now and then


class Shop:
    """One shop; times are Unix seconds of the simulated clock."""

    def __init__(self, config: SimulatorConfig, index: int, *, start: int) -> None:
        self._front = front = open_storefront(config, index)
        self._index = OrderIndex(_draw_plans(config, front, start=start))
        self._rendered: dict[str, tuple[int, bytes]] = {}
        self._encoder = msgspec.json.Encoder()
        self.id, self.name, self.cipher = front.id, front.name, front.cipher
        self.region = front.market.region
        self.currency = front.market.currency
        self.timezone = front.market.timezone
        self.seller_number = front.seller_number
        self.seller_id = ""

    def __repr__(self) -> str:
        return f"Shop({self.id}, {self.region}, {self.name!r})"

    def count(self, now: int) -> int:
        """How many orders are visible."""
        self._index.advance(now)
        return len(self._index)

    def search(self, query: OrderQuery, now: int) -> bytes:
        """One page, as the JSON of ``data``.

        Raises:
            Refusal: the page token does not belong to this search.
        """
        self._index.advance(now)
        binding = f"{self.id}|{query.binding}"
        token = query.page_token
        after = read_page_token(binding, token) if token else None
        hits = self._index.search(query.filter, by_update_time=query.by_update_time)
        keys = hits.page(after, size=query.page_size + 1, descending=query.descending)
        page = keys[: query.page_size]
        is_last = len(keys) == len(page)
        following = "" if is_last else make_page_token(binding, page[-1])
        head = b'{"next_page_token":"' + following.encode() + b'",'
        count = b'"total_count":' + str(len(hits)).encode() + b"}"
        return head + self._orders_of([order_id for _, order_id in page], now) + count

    def detail(self, ids: Sequence[str], now: int) -> bytes:
        """The orders of those ids, as the JSON of ``data``; unknown ids are skipped."""
        self._index.advance(now)
        return b"{" + self._orders_of(ids, now).rstrip(b",") + b"}"

    def truth(self, now: int) -> Iterator[Json]:
        """Every visible order, the oldest first, exactly as detail returns it."""
        self._index.advance(now)
        for plan in self._index.visible():
            yield render_order(self._front, plan, version=plan.version_at(now))

    def _orders_of(self, ids: Sequence[str], now: int) -> bytes:
        """The ``orders`` key and a comma, or nothing: an empty list is left out."""
        found = [self._index.find(order_id) for order_id in dict.fromkeys(ids)]
        orders = [self._json_of(plan, now) for plan in found if plan is not None]
        return b'"orders":[' + b",".join(orders) + b"]," if orders else b""

    def _json_of(self, plan: OrderPlan, now: int) -> bytes:
        """An order's JSON; rendered once per event of its life."""
        version = plan.version_at(now)
        known = self._rendered.get(plan.id)
        if known is not None and known[0] == version:
            return known[1]
        content = self._encoder.encode(render_order(self._front, plan, version=version))
        if len(self._rendered) >= _CACHED_ORDERS:
            self._rendered.pop(next(iter(self._rendered)))
        self._rendered[plan.id] = version, content
        return content


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
    past = [place for place in placed if place[0] <= start][-config.orders :]
    coming = [place for place in placed if start < place[0] <= end]
    return [draw_plan(front, number, created=at) for at, number in past + coming]


def _placed_at(front: Storefront, number: int, *, step_s: float) -> int:
    """When the order is placed; some groups all come in the same second."""
    group = number // _FLASH_SALE
    if Dice(front.seed, front.index, group, 0xF1).random() < 0.05:
        return int(group * _FLASH_SALE * step_s)
    jitter = Dice(front.seed, front.index, number, 0x7E).random()
    return int((number + jitter) * step_s)
