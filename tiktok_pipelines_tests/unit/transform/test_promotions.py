"""Promotions and coupons, as received → rows, and back; TikTok publishes no sample."""

import pytest

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.transform.parts import RecordMap
from tiktok_pipelines.transform.promotions import COUPONS, PROMOTIONS
from tiktok_pipelines.transform.record_back import give_back_record
from tiktok_pipelines.transform.records import RecordRows, read_record
from tiktok_pipelines_tests.unit.simulator.worlds import CONFIG, everywhere
from tiktok_pipelines_tests.unit.transform.samples import NOON, Json

# Every field that the published answers have, with values of the published types.
PROMOTION: Json = {
    "activity_id": "741",
    "title": "Sale",
    "activity_type": "FIXED_PRICE",
    "duration_type": "NORMAL",
    "begin_time": 1767600000,
    "end_time": 1767700000,
    "status": "ONGOING",
    "create_time": 1767500000123,
    "update_time": 1767600000456,
    "product_level": "VARIATION",
    "activity_commands": ["A"],
    "participation_limit": [{"type": "BUYER_NO_LIMIT"}],
    "discount": {
        "bmsm_discount": {"details": [{"tier": 1, "type": "AMOUNT_OFF", "value": "5"}]}
    },
    "target_user_info": {"user_type": "ALL_USER"},
    "benefit_products": [{"id": "33"}],
    "auction_support_type": "ALL",
    "products": [
        {
            "id": "31",
            "activity_price": {"amount": "9.9", "currency": "MYR"},
            "discount": "10",
            "quantity_limit": -1,
            "quantity_per_user": 2,
            "used_quantity": 5,
            "skus": [
                {
                    "id": "311",
                    "discount": "12.5",
                    "quantity_limit": 100,
                    "quantity_per_user": -1,
                    "used_quantity": 3,
                    "activity_price": {"amount": "8", "currency": "MYR"},
                }
            ],
        },
        {"id": "32"},
    ],
}
COUPON: Json = {
    "id": "742",
    "title": "Coupon",
    "display_type": "PROMO_CODE",
    "status": "ONGOING",
    "create_time": 1767500000123,
    "update_time": 1767600000456,
    "claim_duration": {"start_time": 1767600000, "end_time": 1767700000},
    "redemption_duration": {
        "type": "RELATIVE",
        "start_time": 1767600000,
        "end_time": 1767700000,
        "relative_time": 7,
    },
    "display_channels": ["LIVE"],
    "promo_code": "K1",
    "target_buyer_segment": "ALL",
    "usage_limits": {
        "single_buyer_claim_limit": 1,
        "total_claim_limit": 500,
        "redemption_limit": 400,
    },
    "usage_stats": {"claimed_count": 9, "redeemed_count": 4},
    "discount": {
        "type": "PERCENT_OFF",
        "reduction_amount": {"amount": "3", "currency": "MYR"},
        "percentage": "15",
        "max_discount": {"amount": "20", "currency": "MYR"},
    },
    "threshold": {
        "type": "MIN_SPEND",
        "min_spend": {"amount": "50", "currency": "MYR"},
    },
    "product_scope": "SPECIFIC",
    "product_ids": ["31", "32"],
    "seller_tnc": "none",
    "creation_source": "SELLER_CENTER",
    "live_tasks": [{"type": "WATCH", "min_watch_time": "60"}],
}
EACH = pytest.mark.parametrize(
    ("mapping", "whole"),
    [(PROMOTIONS, PROMOTION), (COUPONS, COUPON)],
    ids=["promotions", "coupons"],
)
SUBJECTS = [(PROMOTIONS, "activities"), (COUPONS, "coupons")]


def rows_of(mapping: RecordMap, record: Json) -> RecordRows:
    rows, _ = read_record(mapping, record, NOON)
    assert isinstance(rows, RecordRows), rows
    return rows


def given_back(mapping: RecordMap, record: Json) -> Json:
    rows = rows_of(mapping, record)
    return give_back_record(mapping, rows.row, rows.parts)


@EACH
def test_every_published_field_is_known_and_given_back(
    mapping: RecordMap, whole: Json
) -> None:
    rows = rows_of(mapping, whole)

    assert (rows.bad, [str(note) for note in rows.notes]) == ([], [])
    assert given_back(mapping, whole) == whole


@pytest.mark.parametrize(
    ("mapping", "subject"), SUBJECTS, ids=["promotions", "coupons"]
)
def test_simulated_ones_are_given_back_field_by_field(
    mapping: RecordMap, subject: str
) -> None:
    records = everywhere(Simulator(CONFIG), subject)

    assert len(records) > 100
    for record in records:
        assert given_back(mapping, record) == record
        assert list(rows_of(mapping, record).notes) == []


def test_a_promotion_says_what_is_sold_at_which_terms() -> None:
    rows = rows_of(PROMOTIONS, PROMOTION)

    first, second = rows.parts["promotion_products"]
    assert (first["product_id"], first["price"], first["currency"]) == (
        "31",
        "9.9",
        "MYR",
    )
    assert (second["product_id"], second["price"]) == ("32", None)
    (sku,) = rows.parts["promotion_skus"]
    assert (sku["promotion_id"], sku["product_id"], sku["sku_id"]) == (
        "741",
        "31",
        "311",
    )
    assert (sku["discount_pct"], sku["used_quantity"]) == ("12.5", 3)


def test_times_of_change_are_milliseconds_and_all_others_seconds() -> None:
    row = rows_of(PROMOTIONS, PROMOTION).row

    assert row["updated_at"] == 1767600000456 * 1000
    assert row["begins_at"] == 1767600000 * 1_000_000


def test_a_coupon_says_what_it_is_for() -> None:
    rows = rows_of(COUPONS, COUPON)

    assert [row["product_id"] for row in rows.parts["coupon_products"]] == ["31", "32"]
    assert (rows.row["min_spend_amount"], rows.row["currency"]) == ("50", "MYR")
    assert (rows.row["claim_limit_per_buyer"], rows.row["redeemed_count"]) == (1, 4)
