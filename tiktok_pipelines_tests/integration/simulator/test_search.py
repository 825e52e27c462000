"""Order search and detail against the simulator's truth."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiktok_pipelines_tests.integration.simulator.caller import (
    DETAIL,
    SEARCH,
    Caller,
    Json,
    data_of,
)

STATUSES = ("COMPLETED", "CANCELLED", "IN_TRANSIT", "DELIVERED", "ON_HOLD", "UNPAID")
Fits = Callable[[Json], bool]


def ids_of(orders: list[Json]) -> list[str]:
    return [order["id"] for order in orders]


def test_search_returns_the_truth(standing: Caller) -> None:
    for shop in standing.sim.shops:
        found = standing.orders(shop, sort_order="ASC")

        assert found == standing.truth(shop)


def test_detail_returns_the_truth(standing: Caller) -> None:
    shop = standing.sim.shops[2]
    truth = standing.truth(shop)[:50]
    ids = ids_of(truth)

    response = standing.send(shop, "GET", DETAIL, params={"ids": ",".join(ids)})

    assert data_of(response)["orders"] == truth


def test_the_older_detail_version_answers_the_same(standing: Caller) -> None:
    shop = standing.sim.shops[0]
    ids = {"ids": standing.truth(shop)[0]["id"]}
    older = "/order/202309/orders"

    answers = [
        data_of(standing.send(shop, "GET", path, params=ids))
        for path in (DETAIL, older)
    ]

    assert answers[0] == answers[1]


def test_unknown_ids_and_ids_of_other_shops_are_skipped(standing: Caller) -> None:
    shop, other = standing.sim.shops[0], standing.sim.shops[1]
    ours = standing.truth(shop)[0]["id"]
    theirs = standing.truth(other)[0]["id"]
    ids = {"ids": f"{theirs},1,{ours},x,{ours}"}

    data = data_of(standing.send(shop, "GET", DETAIL, params=ids))

    assert ids_of(data["orders"]) == [ours]


def test_a_detail_without_hits_has_no_orders_key(standing: Caller) -> None:
    response = standing.send(standing.sim.shops[0], "GET", DETAIL, params={"ids": "1"})

    assert data_of(response) == {}


@settings(max_examples=15, deadline=None)
@given(
    st.integers(1, 100),
    st.sampled_from(["ASC", "DESC"]),
    st.sampled_from(["create_time", "update_time"]),
)
def test_paging_yields_each_order_once_in_order(
    standing: Caller, size: int, direction: str, field: str
) -> None:
    shop = standing.sim.shops[1]

    found = standing.orders(
        shop, page_size=str(max(size, 5)), sort_order=direction, sort_field=field
    )

    keys = [(order[field], order["id"]) for order in found]
    assert keys == sorted(keys, reverse=direction == "DESC")
    assert set(ids_of(found)) == set(ids_of(standing.truth(shop)))
    assert len(found) == 120


def test_the_default_is_newest_created_first(standing: Caller) -> None:
    page = standing.search(standing.sim.shops[0], page_size="20")

    times = [order["create_time"] for order in page["orders"]]
    assert times == sorted(times, reverse=True)
    assert page["total_count"] == 120


@pytest.mark.parametrize("field", ["create_time", "update_time"])
def test_windows_include_their_start_and_exclude_their_end(
    standing: Caller, field: str
) -> None:
    shop = standing.sim.shops[3]
    times = sorted(order[field] for order in standing.truth(shop))
    start, end = times[20], times[80]

    found = standing.orders(shop, {f"{field}_ge": start, f"{field}_lt": end})

    assert sorted(order[field] for order in found) == [
        time for time in times if start <= time < end
    ]


def filters(caller: Caller) -> list[tuple[Json, Fits]]:
    truth = caller.truth(caller.sim.shops[4])
    buyer, warehouse = truth[3]["user_id"], truth[5]["warehouse_id"]
    created = truth[40]["create_time"]
    return [
        ({}, lambda _: True),
        *(
            ({"order_status": status}, lambda o, s=status: o["status"] == s)
            for status in STATUSES
        ),
        ({"shipping_type": "SELLER"}, lambda o: o["shipping_type"] == "SELLER"),
        ({"shipping_type": "TIKTOK_DIGITAL"}, lambda _: False),
        ({"buyer_user_id": buyer}, lambda o: o["user_id"] == buyer),
        (
            {"is_buyer_request_cancel": False},
            lambda o: not o["is_buyer_request_cancel"],
        ),
        ({"warehouse_ids": [warehouse]}, lambda o: o["warehouse_id"] == warehouse),
        ({"warehouse_ids": ["1"]}, lambda _: False),
        ({"create_time_ge": created}, lambda o: o["create_time"] >= created),
        ({"update_time_lt": created}, lambda o: o["update_time"] < created),
        (
            {"create_time_ge": created, "update_time_ge": created + 86400},
            lambda o: (
                o["create_time"] >= created and o["update_time"] >= created + 86400
            ),
        ),
        (
            {"order_status": "COMPLETED", "create_time_lt": created},
            lambda o: o["status"] == "COMPLETED" and o["create_time"] < created,
        ),
        ({"create_time_ge": created, "create_time_lt": created}, lambda _: False),
    ]


@pytest.mark.parametrize("field", ["create_time", "update_time"])
def test_each_filter_finds_what_fits_and_counts_it(
    standing: Caller, field: str
) -> None:
    shop = standing.sim.shops[4]
    truth = standing.truth(shop)

    for body, fits in filters(standing):
        pages = list(standing.pages(shop, body, page_size="13", sort_field=field))
        found = [order for page in pages for order in page.get("orders", [])]

        right = {order["id"] for order in truth if fits(order)}
        assert set(ids_of(found)) == right, body
        assert {page["total_count"] for page in pages} == {len(right)} == {len(found)}


def test_an_open_cancellation_request_can_be_searched(fresh: Caller) -> None:
    seen = Counter[bool]()
    for _ in range(60):
        for shop in fresh.sim.shops:
            asked = fresh.orders(shop, {"is_buyer_request_cancel": True})
            seen.update(order["is_buyer_request_cancel"] for order in asked)
        fresh.sim.clock.advance(timedelta(hours=1))

    assert set(seen) == {True}


def test_an_empty_result_has_a_count_and_no_list(standing: Caller) -> None:
    page = standing.search(standing.sim.shops[0], {"create_time_lt": 1})

    assert page["total_count"] == 0
    assert "orders" not in page
    assert not page.get("next_page_token")


def test_a_page_token_of_another_search_or_shop_is_refused(standing: Caller) -> None:
    shop, other = standing.sim.shops[0], standing.sim.shops[1]
    token = standing.search(shop, page_size="10")["next_page_token"]
    params = {"page_size": "10", "page_token": token}

    answers = [
        standing.send(other, "POST", SEARCH, params=params),
        standing.send(shop, "POST", SEARCH, params=params, body={"create_time_ge": 1}),
        standing.send(shop, "POST", SEARCH, params=params | {"sort_order": "ASC"}),
        standing.send(shop, "POST", SEARCH, params=params | {"page_token": token[1:]}),
    ]

    for answer in answers:
        assert answer.json()["code"] == 36009004
        assert "page_token" in answer.json()["message"]


def test_a_page_token_may_be_used_with_another_page_size(standing: Caller) -> None:
    shop = standing.sim.shops[0]
    token = standing.search(shop, page_size="10")["next_page_token"]

    rest = standing.search(shop, page_size="100", page_token=token)

    assert len(rest["orders"]) == 100


def test_orders_live_on_when_time_advances(fresh: Caller) -> None:
    shop = fresh.sim.shops[0]
    before = {order["id"]: order for order in fresh.orders(shop)}
    since = fresh.sim.clock.epoch()

    fresh.sim.clock.advance(timedelta(days=1))

    after = {order["id"]: order for order in fresh.orders(shop)}
    changed = fresh.orders(shop, {"update_time_ge": since + 1})
    moved = {
        key
        for key, order in after.items()
        if key not in before or order["update_time"] != before[key]["update_time"]
    }
    assert before.keys() < after.keys()
    assert moved == set(ids_of(changed))
    assert moved & before.keys()


def test_no_more_orders_come_after_the_future_days(fresh: Caller) -> None:
    sim, shop = fresh.sim, fresh.sim.shops[0]
    sim.clock.advance(timedelta(days=2))
    then = sim.count(shop.id)

    sim.clock.advance(timedelta(days=30))

    assert sim.count(shop.id) == then
    assert 46 <= then <= 50
