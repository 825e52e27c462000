"""Promotions and coupons: what becomes of which field.

Source: docs/tiktok-shop-api.md, "Promotions".
"""

from tiktok_pipelines.transform.fields import (
    amounts,
    milliseconds,
    moments,
    numbers,
    texts,
)
from tiktok_pipelines.transform.layout import Layout
from tiktok_pipelines.transform.parts import Block, Part, RecordMap

KNOWN_STATUSES = frozenset(
    """
    DEACTIVATED EXPIRED NOT_START ONGOING
    """.split()
)
"""Statuses of promotions and coupons."""
_MONEY = frozenset({"amount", "currency"})
_TERMS = frozenset(
    """
    activity_price discount quantity_limit quantity_per_user used_quantity
    """.split()
)
_NOTHING = frozenset[str]()
_SPAN = frozenset({"end_time", "start_time"})


def _money_block(kind: str, path: str, prefix: str, **columns: str) -> Block:
    """An amount with its currency; ``columns`` names them: amount=…, currency=…."""
    return Block(
        path,
        Layout(
            kind,
            [
                *amounts(**{columns["amount"]: "amount"}),
                *texts(**{columns["currency"]: "currency"}),
            ],
            known=_MONEY,
            expected=_NOTHING,
            prefix=f"{prefix}{path}.",
        ),
    )


def _terms(table: str, kind: str, *, key: str, parts: tuple[Part, ...] = ()) -> Part:
    """What is sold at which terms: products, and their SKUs."""
    above = ("product_id",) if key == "sku_id" else ()
    return Part(
        table,
        Layout(
            kind,
            [*texts(**{key: "id"}), *amounts(discount_pct="discount")],
            known=_TERMS | {"id", *(part.path for part in parts)},
            expected=_NOTHING,
        ),
        keys=("promotion_id", *above, key),
        path="skus" if above else "products",
        others=numbers("quantity_limit", "quantity_per_user", "used_quantity"),
        blocks=(
            _money_block(
                kind, "activity_price", "", amount="price", currency="currency"
            ),
        ),
        parts=parts,
    )


PROMOTIONS = RecordMap(
    "promotions",
    Part(
        "promotions",
        Layout(
            "promotion",
            [
                *texts("title", "status", "product_level", "duration_type"),
                *texts(promotion_id="activity_id", promotion_type="activity_type"),
                *moments(begins_at="begin_time", ends_at="end_time"),
            ],
            known=frozenset(
                """
                activity_commands activity_id activity_type auction_support_type
                begin_time benefit_products create_time discount duration_type
                end_time participation_limit product_level products status
                target_user_info title update_time
                """.split()
            ),
            expected=frozenset({"activity_type", "status", "update_time"}),
        ),
        keys=("promotion_id",),
        others=milliseconds(created_at="create_time", updated_at="update_time"),
        blocks=(
            Block(
                "target_user_info",
                Layout(
                    "promotion",
                    texts(target_user_type="user_type"),
                    known=frozenset({"user_type"}),
                    expected=_NOTHING,
                    prefix="target_user_info.",
                ),
            ),
        ),
        values={"status": KNOWN_STATUSES},
        parts=(
            _terms(
                "promotion_products",
                "promotion_product",
                key="product_id",
                parts=(_terms("promotion_skus", "promotion_sku", key="sku_id"),),
            ),
        ),
    ),
    noun="promotion",
)


def _span(path: str, **columns: str) -> Layout:
    return Layout(
        "coupon",
        moments(**columns),
        known=_SPAN,
        expected=_NOTHING,
        prefix=f"{path}.",
    )


COUPONS = RecordMap(
    "coupons",
    Part(
        "coupons",
        Layout(
            "coupon",
            [
                *texts("title", "status", "display_type", "promo_code"),
                *texts("target_buyer_segment", "product_scope", "creation_source"),
                *texts(coupon_id="id"),
            ],
            known=frozenset(
                """
                claim_duration create_time creation_source discount display_channels
                display_type id live_tasks product_ids product_scope promo_code
                redemption_duration seller_tnc status target_buyer_segment threshold
                title update_time usage_limits usage_stats
                """.split()
            ),
            expected=frozenset({"display_type", "status", "update_time"}),
        ),
        keys=("coupon_id",),
        others=milliseconds(created_at="create_time", updated_at="update_time"),
        blocks=(
            Block(
                "claim_duration",
                _span(
                    "claim_duration",
                    claim_from_at="start_time",
                    claim_until_at="end_time",
                ),
            ),
            Block(
                "redemption_duration",
                Layout(
                    "coupon",
                    [
                        *texts(redemption_type="type"),
                        *moments(
                            redeem_from_at="start_time", redeem_until_at="end_time"
                        ),
                    ],
                    known=_SPAN | {"relative_time", "type"},
                    expected=_NOTHING,
                    prefix="redemption_duration.",
                ),
                others=numbers(redeem_within="relative_time"),
            ),
            Block(
                "usage_limits",
                Layout(
                    "coupon",
                    (),
                    known=frozenset(
                        "redemption_limit single_buyer_claim_limit"
                        " total_claim_limit".split()
                    ),
                    expected=_NOTHING,
                    prefix="usage_limits.",
                ),
                others=numbers(
                    "redemption_limit",
                    claim_limit_per_buyer="single_buyer_claim_limit",
                    claim_limit="total_claim_limit",
                ),
            ),
            Block(
                "usage_stats",
                Layout(
                    "coupon",
                    (),
                    known=frozenset({"claimed_count", "redeemed_count"}),
                    expected=_NOTHING,
                    prefix="usage_stats.",
                ),
                others=numbers("claimed_count", "redeemed_count"),
            ),
            Block(
                "discount",
                Layout(
                    "coupon",
                    [
                        *texts(discount_type="type"),
                        *amounts(discount_pct="percentage"),
                    ],
                    known=frozenset(
                        {"max_discount", "percentage", "reduction_amount", "type"}
                    ),
                    expected=_NOTHING,
                    prefix="discount.",
                ),
                blocks=(
                    _money_block(
                        "coupon",
                        "reduction_amount",
                        "discount.",
                        amount="reduction_amount",
                        currency="reduction_currency",
                    ),
                    _money_block(
                        "coupon",
                        "max_discount",
                        "discount.",
                        amount="max_discount_amount",
                        currency="max_discount_currency",
                    ),
                ),
            ),
            Block(
                "threshold",
                Layout(
                    "coupon",
                    texts(threshold_type="type"),
                    known=frozenset({"min_spend", "type"}),
                    expected=_NOTHING,
                    prefix="threshold.",
                ),
                blocks=(
                    _money_block(
                        "coupon",
                        "min_spend",
                        "threshold.",
                        amount="min_spend_amount",
                        currency="currency",
                    ),
                ),
            ),
        ),
        values={"status": KNOWN_STATUSES},
        parts=(
            Part(
                "coupon_products",
                Layout(
                    "coupon_product",
                    texts(product_id="product_id"),
                    known=frozenset({"product_id"}),
                    expected=_NOTHING,
                ),
                keys=("coupon_id", "product_id"),
                path="product_ids",
                scalar="product_id",
            ),
        ),
    ),
    noun="coupon",
)
