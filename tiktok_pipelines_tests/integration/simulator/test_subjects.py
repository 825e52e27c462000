"""Products, packages, aftersales and finance over real HTTP."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import NamedTuple

import httpx
import pytest

from tiktok_pipelines.simulator import Simulator, serve
from tiktok_pipelines.simulator.paths import (
    ACTIVITIES,
    ACTIVITY,
    ATTRIBUTES,
    BRANDS,
    CANCELLATIONS,
    CATEGORIES,
    COUPON,
    COUPONS,
    EXTERNAL_ORDERS,
    INVENTORY,
    NEW_PAYMENTS,
    OLD_CANCELLATIONS,
    OLD_RETURNS,
    ORDER_TRANSACTIONS,
    PACKAGE,
    PACKAGE_SEARCH,
    PAYMENTS,
    PRICE_DETAIL,
    PRODUCT,
    PRODUCT_SEARCH,
    RETURN_RECORDS,
    RETURNS,
    RULES,
    STATEMENT_TRANSACTIONS,
    STATEMENTS,
    TRACKING,
    UNSETTLED_ORDERS,
    WAREHOUSES,
    WITHDRAWALS,
)
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines_tests.integration.simulator.caller import Caller, Json, data_of
from tiktok_pipelines_tests.integration.simulator.subjects import (
    BRITISH,
    CONFIG,
    at,
    get,
    pages,
    truth,
)

KINDS = "WITHDRAW,SETTLE,TRANSFER,REVERSE"


class Listing(NamedTuple):
    """A call that is paged; ``subject`` is the truth's name of what it lists."""

    method: str
    path: str
    subject: str
    key: str = "id"
    params: Mapping[str, str] = {}


PAGED = [
    Listing("POST", PRODUCT_SEARCH, "products"),
    Listing("GET", BRANDS, "brands"),
    Listing("POST", PACKAGE_SEARCH, "packages"),
    Listing("POST", COUPONS, "coupons"),
    Listing("POST", CANCELLATIONS, "cancellations", "cancel_id"),
    Listing("POST", OLD_CANCELLATIONS, "cancellations", "cancel_id"),
    Listing("POST", RETURNS, "returns", "return_id"),
    Listing("POST", OLD_RETURNS, "returns", "return_id"),
    Listing("GET", STATEMENTS, "statements", params={"sort_field": "statement_time"}),
    Listing("GET", PAYMENTS, "payments", params={"sort_field": "create_time"}),
    Listing("GET", NEW_PAYMENTS, "payments", params={"sort_field": "create_time"}),
    Listing("GET", WITHDRAWALS, "withdrawals", params={"types": KINDS}),
    Listing(
        "GET",
        UNSETTLED_ORDERS,
        "unsettled",
        params={"sort_field": "order_create_time"},
    ),
]
LIST_OF = {"returns": "return_orders", "unsettled": "transactions"}


@pytest.fixture
def caller(british: Caller) -> Caller:
    return british


@pytest.fixture
def shop(british: Caller) -> Shop:
    return british.sim.shops[BRITISH]


@pytest.mark.parametrize("call", PAGED, ids=[call.path for call in PAGED])
def test_paging_yields_every_record_once(
    caller: Caller, shop: Shop, call: Listing
) -> None:
    name, key = LIST_OF.get(call.subject, call.subject), call.key
    params = {"page_size": "10", **call.params}
    found = [
        row
        for page in pages(caller, shop, call.method, call.path, **params)
        for row in page.get(name, [])
    ]

    wanted = truth(caller, shop, call.subject)
    if call.subject == "products":
        wanted = [row for row in wanted if row["status"] != "DELETED"]
    true_key = "package_id" if call.subject == "packages" else key
    ids = [row[key] for row in found]
    assert len(ids) == len(set(ids)) > 3
    assert set(ids) == {row[true_key] for row in wanted}
    if call.subject not in ("products", "packages", "coupons"):
        by_id = {row[key]: row for row in wanted}
        assert found == [by_id[one] for one in ids]


def test_details_are_the_truth(caller: Caller, shop: Shop) -> None:
    for product in truth(caller, shop, "products"):
        assert get(caller, shop, at(PRODUCT, product["id"])) == product
    for package in truth(caller, shop, "packages")[:20]:
        assert get(caller, shop, at(PACKAGE, package["package_id"])) == package
    for order in truth(caller, shop, "order_transactions")[:20]:
        path = at(ORDER_TRANSACTIONS, order["order_id"])
        assert get(caller, shop, path) == order


def test_transactions_of_a_statement_come_in_pages_that_tell_its_totals(
    caller: Caller, shop: Shop
) -> None:
    meant = max(
        truth(caller, shop, "statement_transactions"),
        key=lambda one: len(one.get("transactions", [])),
    )

    found = list(
        pages(
            caller,
            shop,
            "GET",
            at(STATEMENT_TRANSACTIONS, meant["id"]),
            page_size="2",
            sort_field="order_create_time",
        )
    )

    rows = [row for page in found for row in page["transactions"]]
    assert len(found) > 1
    assert sorted(row["id"] for row in rows) == sorted(
        row["id"] for row in meant["transactions"]
    )
    assert {page["total_settlement_amount"] for page in found} == {
        meant["total_settlement_amount"]
    }


def test_the_order_has_tracking_prices_and_numbers_elsewhere(
    caller: Caller, shop: Shop
) -> None:
    orders = truth(caller, shop, "orders")
    order = next(one for one in orders if one["status"] == "COMPLETED")

    events = get(caller, shop, at(TRACKING, order["id"]))["tracking"]
    prices = get(caller, shop, at(PRICE_DETAIL, order["id"]))
    shopify = [
        get(caller, shop, at(EXTERNAL_ORDERS, one["id"]), platform="SHOPIFY")
        for one in orders[:60]
    ]

    times = [event["update_time_millis"] for event in events]
    assert times == sorted(times, reverse=True)
    assert times[0] // 1000 == order["delivery_time"]
    assert prices["payment"] == order["payment"]["total_amount"]
    assert {len(one.get("external_orders", [])) for one in shopify} == {0, 1}


def test_records_of_a_return(caller: Caller, shop: Shop) -> None:
    row = truth(caller, shop, "returns")[0]

    records = get(caller, shop, at(RETURN_RECORDS, row["return_id"]))["records"]

    assert records[0]["create_time"] == row["create_time"]


def test_a_category_has_attributes_and_rules(caller: Caller, shop: Shop) -> None:
    categories = get(caller, shop, CATEGORIES)["categories"]
    leaf = next(row["id"] for row in categories if row["is_leaf"])

    assert get(caller, shop, at(ATTRIBUTES, leaf))["attributes"]
    assert get(caller, shop, at(RULES, leaf))["package_dimension"]
    assert get(caller, shop, WAREHOUSES) == {
        "warehouses": truth(caller, shop, "warehouses")
    }


def test_the_upper_bounds_of_products_are_included(caller: Caller, shop: Shop) -> None:
    product = truth(caller, shop, "products")[-1]
    at_time = product["create_time"]

    def found(**body: int) -> set[str]:
        answer = caller.send(
            shop, "POST", PRODUCT_SEARCH, params={"page_size": "100"}, body=body
        )
        return {row["id"] for row in data_of(answer).get("products", [])}

    assert product["id"] in found(create_time_ge=at_time, create_time_le=at_time)
    assert product["id"] not in found(create_time_le=at_time - 1)


def test_deleted_products_are_found_by_their_status_alone(
    caller: Caller, shop: Shop
) -> None:
    deleted = {
        row["id"]
        for row in truth(caller, shop, "products")
        if row["status"] == "DELETED"
    }

    def found(**body: str) -> set[str]:
        answer = caller.send(
            shop, "POST", PRODUCT_SEARCH, params={"page_size": "100"}, body=body
        )
        return {row["id"] for row in data_of(answer)["products"]}

    assert found(status="DELETED") == deleted != set()
    assert not found() & deleted
    assert found() == found(status="ALL")


def test_a_search_with_too_many_hits_is_refused() -> None:
    sim = Simulator(replace(CONFIG, shops=1, orders=5, products=16_000))
    with serve(sim) as url, httpx.Client(base_url=url) as http:
        caller, shop = Caller(sim, http), sim.shops[0]
        params = {"page_size": "100"}

        refused = caller.send(shop, "POST", PRODUCT_SEARCH, params=params, body={})
        since = sim.clock.epoch() - 200 * 86400
        body = {"create_time_ge": since}
        allowed = caller.send(shop, "POST", PRODUCT_SEARCH, params=params, body=body)

    assert refused.json()["code"] == 12052180
    assert 5_000 < data_of(allowed)["total_count"] <= 10_000


def test_inventory_is_asked_for_by_product_or_by_sku(
    caller: Caller, shop: Shop
) -> None:
    rows = truth(caller, shop, "inventory")[:3]

    def ask(**body: list[str]) -> Json:
        return data_of(caller.send(shop, "POST", INVENTORY, body=body))

    by_product = ask(product_ids=[row["product_id"] for row in rows] + ["17"])
    sku = rows[0]["skus"][0]
    by_sku = ask(sku_ids=[sku["id"]], product_ids=[rows[1]["product_id"]])
    assert sorted(by_product["inventory"], key=str) == sorted(rows, key=str)
    assert by_sku["inventory"] == [rows[0] | {"skus": [sku]}]


def test_calls_are_counted_and_limited_by_endpoint(caller: Caller, shop: Shop) -> None:
    for product in truth(caller, shop, "products")[:3]:
        get(caller, shop, at(PRODUCT, product["id"]))

    assert caller.sim.calls["GET", PRODUCT, shop.id] >= 3


def test_promotions_are_paged_in_the_body_and_found_by_status(
    caller: Caller, shop: Shop
) -> None:
    def ask(body: Json) -> Json:
        return data_of(caller.send(shop, "POST", ACTIVITIES, body=body))

    wanted = truth(caller, shop, "activities")
    first = ask({"page_size": 7})
    second = ask({"page_size": 7, "page_token": first["next_page_token"]})
    ongoing = ask({"page_size": 0, "status": "ONGOING"})["activities"]

    found = [row["id"] for row in (*first["activities"], *second["activities"])]
    assert found == [row["activity_id"] for row in wanted[:14]]
    assert first["total_count"] == len(wanted)
    assert {row["id"] for row in ongoing} == {
        row["activity_id"] for row in wanted if row["status"] == "ONGOING"
    }
    assert get(caller, shop, at(ACTIVITY, found[0])) == wanted[0]


def test_a_coupon_is_told_with_its_use_which_grows_and_leaves_its_update_time(
    caller: Caller, shop: Shop
) -> None:
    wanted = {row["id"]: row for row in truth(caller, shop, "coupons")}
    ongoing = [row for row in wanted.values() if row["status"] == "ONGOING"]
    told = get(caller, shop, at(COUPON, ongoing[0]["id"]))["coupon"]

    caller.sim.clock.advance(timedelta(hours=3))
    later = get(caller, shop, at(COUPON, ongoing[0]["id"]))["coupon"]

    assert told == ongoing[0]
    assert later["usage_stats"] != told["usage_stats"]
    assert later["update_time"] == told["update_time"]
    assert {"product_ids" in row for row in wanted.values()} == {True, False}


def test_the_truth_of_every_subject_is_told_over_http(
    caller: Caller, shop: Shop
) -> None:
    for subject in ("orders", "packages", "statements"):
        told = caller.http.get(f"/_sim/truth/{shop.id}/{subject}").json()
        assert told == truth(caller, shop, subject)

    missing = caller.http.get(f"/_sim/truth/{shop.id}/dreams")
    assert missing.status_code == 404
    assert "one of orders" in missing.json()["error"]
