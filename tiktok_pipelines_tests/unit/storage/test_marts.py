"""The files of the views: what their heads say, and in which order they are made."""

import re
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from tiktok_pipelines.ingest.subjects import BY_NAME
from tiktok_pipelines.storage.marts.seeds import Row, seeds, whole_currencies
from tiktok_pipelines.storage.marts.views import View, in_order, parse, views

FILE = """\
-- One row per order.
-- Grain: shop_id, order_id.
-- Rules: first line of a rule
--   and its second.
--
-- Columns:
-- shop_id text: The shop.
-- order_id text: TikTok's id: of the
--   order.
-- amount numeric: What is paid.

SELECT shop_id, order_id, total_amount -- of tiktok.customers
FROM tiktok.orders
JOIN tiktok_mart.dim_shops USING (shop_id);
"""
REGIONS = seeds()["tiktok_mart.regions"].rows
# Whom a view would let read what its owner may, and analysts may not.
CLOSED = {
    "tiktok.order_recipients",
    "tiktok_ops.privacy_keys",
    "tiktok_ops.quarantine_records",
}
SOUTH_EAST_ASIA = {"VN", "ID", "TH", "PH", "MY", "SG"}


def view(name: str, *reads: str) -> View:
    return parse(name, f"-- One.\n--\n-- Columns:\n-- a text: A.\nSELECT {reads}")


def test_the_head_of_a_file_tells_the_view_and_its_columns() -> None:
    found = parse("fct", FILE)

    assert found.name == "tiktok_mart.fct"
    assert found.facts.comment == (
        "One row per order.\nGrain: shop_id, order_id.\n"
        "Rules: first line of a rule and its second."
    )
    columns = [(c.name, c.type, c.comment, c.is_key) for c in found.facts.columns]
    assert columns == [
        ("shop_id", "text", "The shop.", True),
        ("order_id", "text", "TikTok's id: of the order.", True),
        ("amount", "numeric", "What is paid.", False),
    ]
    assert found.query.startswith("SELECT shop_id")
    assert found.query.endswith("USING (shop_id)")


def test_what_a_view_reads_is_taken_from_its_query_alone() -> None:
    assert parse("fct", FILE).reads == {"tiktok.orders", "tiktok_mart.dim_shops"}


def test_the_hash_tells_a_change_of_the_query_and_of_the_words() -> None:
    same = parse("fct", FILE)

    changed = [FILE.replace("JOIN", "LEFT JOIN"), FILE.replace("The shop.", "Shop.")]

    assert parse("fct", FILE).content_hash == same.content_hash
    assert (
        len({same.content_hash, *(parse("fct", t).content_hash for t in changed)}) == 3
    )


def test_a_column_without_a_type_is_refused() -> None:
    with pytest.raises(ValueError, match="no column"):
        parse("fct", FILE.replace("shop_id text:", "shop_id:"))


def test_a_view_comes_after_those_that_it_reads() -> None:
    found = in_order(
        [
            view("a", "tiktok_mart.b"),
            view("b", "tiktok_mart.c", "tiktok.orders"),
            view("c"),
        ]
    )

    assert [one.name for one in found] == [f"tiktok_mart.{name}" for name in "cba"]


def test_views_in_a_circle_are_refused() -> None:
    with pytest.raises(ValueError, match=r"circle: tiktok_mart\.a, tiktok_mart\.b"):
        in_order([view("a", "tiktok_mart.b"), view("b", "tiktok_mart.a")])


@pytest.mark.parametrize("one", views().values(), ids=list(views()))
def test_a_view_tells_its_grain_its_dates_and_its_rules(one: View) -> None:
    told = one.facts.comment.split("\n")

    starts = [line.partition(":")[0] for line in told[1:]]
    assert starts == ["Grain", "Date basis", "Rules"]
    keys = [column.name for column in one.facts.columns if column.is_key]
    assert set(re.findall(r"\w+", told[1].split(". ")[0])[1:]) == set(keys)
    assert keys


@pytest.mark.parametrize("one", views().values(), ids=list(views()))
def test_a_view_shows_nothing_that_analysts_may_not_see(one: View) -> None:
    assert not one.reads & CLOSED
    assert "token" not in one.query.replace("'token'", "").replace("token_count", "")
    assert "cipher" not in one.query


def test_there_are_the_views_that_are_promised() -> None:
    wanted = """
        dim_shops dim_products dim_skus fct_orders fct_order_skus fct_shipments
        fct_returns fct_cancellations fct_stock_daily fct_order_finance agg_shop_daily
        agg_sku_daily rec_payouts rec_money_bridge ops_freshness ops_completeness
        ops_api_usage
    """.split()

    assert set(views()) == {f"tiktok_mart.{name}" for name in wanted}


@pytest.mark.parametrize("row", REGIONS, ids=[row["region"] for row in REGIONS])
def test_a_market_has_a_real_time_zone_and_limits_in_order(row: Row) -> None:
    steps = ("ready", "hand_over", "deliver")
    limits = [int(row[f"{step}_within_hours"]) for step in steps]

    assert ZoneInfo(row["time_zone"]).key == row["time_zone"]
    assert re.fullmatch(r"[A-Z]{3}", row["currency"])
    assert Decimal(row["decimals"]) in (0, 2)
    assert 0 < limits[0] <= limits[1] <= limits[2]
    assert row["confidence"] in {"high", "medium", "low"}
    assert row["source"]
    assert row["threshold_source"]


def test_the_markets_of_south_east_asia_come_first() -> None:
    regions = [row["region"] for row in REGIONS]
    whole = {row["region"] for row in REGIONS if row["decimals"] == "0"}
    told = {row["region"] for row in REGIONS if row["is_south_east_asia"] == "true"}

    assert set(regions[:6]) == SOUTH_EAST_ASIA == told
    assert {"US", "GB", "UK", "DE", "FR", "IT", "ES", "IE", "JP", "MX", "BR"} <= set(
        regions
    )
    assert whole == {"VN", "ID", "JP"}


def test_the_loads_read_of_markets_what_the_views_read() -> None:
    """Source: docs/tiktok-shop-api.md, "Markets" and "Money"."""
    markets = ["US", "VN", "XX", *SOUTH_EAST_ASIA]

    told = {market for market in markets if BY_NAME["payments"].is_for(market)}
    assert told == {"US", "XX"}
    assert whole_currencies() == ["IDR", "JPY", "VND"]
