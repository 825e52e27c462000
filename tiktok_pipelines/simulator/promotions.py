"""Promotions and coupons of a shop, begun and ended by the clock.

Source: TikTok Shop API reference, "Promotions": ``create_time`` and ``update_time`` are
milliseconds there, all other times seconds. They do not explain the discounts of
orders, which are drawn for themselves. While one is on, what was used of it grows by
the hour; that this does not move its update time is assumed.
"""

from math import ceil

from tiktok_pipelines.simulator.chance import Dice
from tiktok_pipelines.simulator.config import SimulatorConfig
from tiktok_pipelines.simulator.life import Course
from tiktok_pipelines.simulator.money import amount_text
from tiktok_pipelines.simulator.register import Json
from tiktok_pipelines.simulator.storefront import Storefront
from tiktok_pipelines.simulator.timeline import DAY, HOUR

STATUSES = ("NOT_START", "ONGOING", "EXPIRED", "DEACTIVATED")
TYPES = (
    "DIRECT_DISCOUNT",
    "FLASHSALE",
    "FIXED_PRICE",
    "SHIPPING_DISCOUNT",
    "BUY_MORE_SAVE_MORE",
    "GIFT_WITH_PURCHASE",
    "BUY_X_GET_Y",
)
DISPLAYS = ("REGULAR", "LIVE", "CREATOR_EXCLUSIVE", "CHAT", "PROMO_CODE")
_EVERY_S = 10 * DAY
_SHOWN_S = 400 * DAY
_ACTIVITY, _COUPON = "741", "742"


def list_activities(
    config: SimulatorConfig, front: Storefront, *, start: int
) -> list[Course]:
    """Every promotion of the last year, and those to come."""
    return [
        _draw(front, number, _ACTIVITY, named=_activity_facts(number))
        for number in _numbers(config, start)
    ]


def list_coupons(
    config: SimulatorConfig, front: Storefront, *, start: int
) -> list[Course]:
    """Every coupon of the last year, and those to come."""
    return [
        _draw(front, number, _COUPON, named=_coupon_facts(number))
        for number in _numbers(config, start)
    ]


class PromotionView:
    """How one shop's promotions and coupons look."""

    def __init__(self, front: Storefront) -> None:
        self._front = front

    def activity(self, life: Course, now: int) -> Json:
        """A row of Search Activities."""
        return {
            "id": life.id,
            "title": life.named["activity_title"][0],
            "activity_type": life.named["activity_type"][0],
            "duration_type": "NORMAL",
            "begin_time": life.times[1],
            "end_time": int(life.named["ends"][0]),
            "product_level": "VARIATION",
            **_standing(life, now),
        }

    def activity_detail(self, life: Course, now: int) -> Json:
        """The answer of Get Activity."""
        row = self.activity(life, now)
        row["activity_id"] = row.pop("id")
        chance = Dice(int(life.id), 0x0F)
        goods = self._front.goods[chance.between(0, len(self._front.goods) - 1)]
        shelf = goods.skus(goods.rhythm.edition_at(life.create_time))
        off_pct = 5 * chance.between(1, 8)
        skus = [
            {
                "id": sku.id,
                "discount": str(off_pct),
                "quantity_limit": -1,
                "quantity_per_user": -1,
                "used_quantity": _hours_on(life, now) // (place + 2),
            }
            for place, sku in enumerate(shelf)
        ]
        return row | {"products": [{"id": goods.id, "skus": skus}]}

    def coupon(self, life: Course, now: int) -> Json:
        """A row of Search Coupons."""
        market = self._front.market
        chance = Dice(int(life.id), 0xC0)
        unit = 100 if market.decimals else 1_000
        spend = amount_text(unit * chance.between(10, 60), market.decimals)
        display = life.named["display_type"][0]
        row: Json = {
            "id": life.id,
            "title": life.named["title"][0],
            "display_type": display,
            "target_buyer_segment": "ALL",
            "claim_duration": _span(life),
            "redemption_duration": {"type": "ABSOLUTE", **_span(life)},
            "usage_limits": {
                "single_buyer_claim_limit": 1,
                "total_claim_limit": 100 * chance.between(1, 50),
            },
            "discount": {
                "type": "PERCENT_OFF",
                "percentage": str(5 * chance.between(1, 6)),
            },
            "threshold": {
                "type": "MIN_SPEND",
                "min_spend": {"amount": spend, "currency": market.currency},
            },
            "product_scope": "SPECIFIC_PRODUCTS" if _is_narrow(life) else "FULL_SHOP",
            "creation_source": "SELLER_CENTER",
            **_standing(life, now),
        }
        return row | (
            {"promo_code": f"K{life.id[-6:]}"} if display == DISPLAYS[4] else {}
        )

    def coupon_detail(self, life: Course, now: int) -> Json:
        """The answer of Get Coupon."""
        claimed = _hours_on(life, now)
        goods = self._front.goods
        first = int(life.id) % len(goods)
        row = self.coupon(life, now) | {
            "usage_stats": {"claimed_count": claimed, "redeemed_count": claimed // 3},
            "display_channels": ["LIVE"],
        }
        if _is_narrow(life):
            row["product_ids"] = [one.id for one in goods[first : first + 3]]
        return row


def _is_narrow(life: Course) -> bool:
    """Whether a coupon is for some products only."""
    return int(life.id) % 3 == 0


def _hours_on(life: Course, now: int) -> int:
    """How many hours it has been on."""
    _, begins, ends = life.times
    return max(0, min(now, ends) - begins) // HOUR


def _numbers(config: SimulatorConfig, start: int) -> range:
    last = ceil((start + config.future_days * DAY) / _EVERY_S) + 1
    return range((start - _SHOWN_S) // _EVERY_S, last)


def _draw(
    front: Storefront, number: int, prefix: str, *, named: dict[str, tuple[str, ...]]
) -> Course:
    chance = Dice(front.seed, front.index, number, int(prefix))
    begins = number * _EVERY_S + chance.between(0, 5 * DAY)
    created = begins - chance.between(DAY, 6 * DAY)
    ends = begins + chance.between(3 * DAY, 14 * DAY)
    is_stopped = chance.random() < 0.12
    stopped = begins + (ends - begins) // 2 if is_stopped else ends
    last = "DEACTIVATED" if is_stopped else "EXPIRED"
    return Course(
        front.make_id(prefix, number),
        (created, begins, stopped),
        ("NOT_START", "ONGOING", last),
        {**named, "ends": (str(ends),)},
    )


def _activity_facts(number: int) -> dict[str, tuple[str, ...]]:
    kind = TYPES[number % 3]
    return {"activity_type": (kind,), "activity_title": (f"Sale {number}",)}


def _coupon_facts(number: int) -> dict[str, tuple[str, ...]]:
    display = DISPLAYS[number % len(DISPLAYS)]
    return {"display_type": (display,), "title": (f"Coupon {number}",)}


def _standing(life: Course, now: int) -> Json:
    standing = life.standing_at(now)
    return {
        "status": standing.status,
        "create_time": life.create_time * 1000,
        "update_time": standing.update_time * 1000,
    }


def _span(life: Course) -> Json:
    return {"start_time": life.times[1], "end_time": int(life.named["ends"][0])}
