"""The calls of the Order API: what is sent, what is passed on."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import httpx
import pytest

from tiktok_pipelines.api.client import ShopClient, TikTokShopClient
from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.errors import PageTokenRefused
from tiktok_pipelines.timewindow import TimeWindow
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    BASE_URL,
    CIPHER,
    NOON,
    World,
    ok,
    raw,
    refused,
    world,
)

SAMPLES = Path(__file__).parents[2] / "golden" / "samples"
DAY = TimeWindow.of_day(date(2026, 1, 5))
START = int(datetime(2026, 1, 5, tzinfo=UTC).timestamp())


def shop(scene: World) -> ShopClient:
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    return client.shop("shop-1", cipher=CIPHER, tokens=scene.tokens)


def body(request: httpx.Request) -> object:
    return json.loads(request.content)


def test_filters_go_into_the_body_and_paging_into_the_query() -> None:
    scene = world(ok({"orders": []}))
    search = OrderSearch(
        created=DAY,
        updated=DAY,
        sort_field="update_time",
        page_size=50,
        order_status="UNPAID",
        shipping_type="TIKTOK",
        buyer_user_id="7",
        is_buyer_request_cancel=False,
        warehouse_ids=["1", "2"],
    )

    shop(scene).orders.search(search, page_token="next/+=")

    own = {"app_key", "timestamp", "sign", "shop_cipher"}
    query = {k: v for k, v in scene.script.query(0).items() if k not in own}
    assert query == {
        "page_size": "50",
        "sort_field": "update_time",
        "sort_order": "ASC",
        "page_token": "next/+=",
    }
    assert body(scene.script.requests[0]) == {
        "create_time_ge": START,
        "create_time_lt": START + 86400,
        "update_time_ge": START,
        "update_time_lt": START + 86400,
        "order_status": "UNPAID",
        "shipping_type": "TIKTOK",
        "buyer_user_id": "7",
        "is_buyer_request_cancel": False,
        "warehouse_ids": ["1", "2"],
    }


def test_a_search_without_filters_has_no_body() -> None:
    scene = world(ok({"orders": []}))

    shop(scene).orders.search(OrderSearch())

    assert scene.script.requests[0].content == b""
    assert scene.script.query(0)["page_size"] == "100"


def test_a_page_tells_what_was_asked_without_secrets() -> None:
    scene = world(raw(b"", status=503), ok({"orders": [], "total_count": 3}))

    page = shop(scene).orders.search(OrderSearch(created=DAY))

    assert page.request == {
        "method": "POST",
        "path": "/order/202309/orders/search",
        "query": {"page_size": "100", "sort_field": "create_time", "sort_order": "ASC"},
        "body": {"create_time_ge": START, "create_time_lt": START + 86400},
    }
    assert page.total_count == 3
    assert page.next_page_token == ""
    assert NOON < page.fetched_at == scene.clock.now()
    assert page.request_id == "r-1"
    assert page.endpoint.name == "order_search"


@pytest.mark.parametrize(
    "name", ["real_vn_order_list_202309.json", "reference_order_list_202309.json"]
)
def test_a_recorded_page_is_passed_on_as_received(name: str) -> None:
    received = (SAMPLES / name).read_bytes()
    data = json.loads(received)["data"]

    page = shop(world(raw(received))).orders.search(OrderSearch())

    assert list(page.records) == data["orders"]
    assert page.body == received
    assert page.total_count == data["total_count"]


def test_a_null_list_holds_no_records() -> None:
    received = (SAMPLES / "synthetic_order_page_null_lists.json").read_bytes()

    page = shop(world(raw(received))).orders.search(OrderSearch())

    assert page.records == ()
    assert page.total_count == 0


@pytest.mark.parametrize("data", [None, {}, {"next_page_token": None}])
def test_missing_fields_are_no_records_and_no_next_page(data: object) -> None:
    page = shop(world(ok(data))).orders.search(OrderSearch())

    assert (page.records, page.total_count, page.next_page_token) == ((), None, "")


def test_records_of_any_kind_are_passed_on() -> None:
    records = ["text", None, 5, {"id": "1"}]

    page = shop(world(ok({"orders": records}))).orders.search(OrderSearch())

    assert list(page.records) == records


def test_all_pages_are_followed_with_the_same_filters() -> None:
    scene = world(
        ok({"orders": [{"id": "1"}], "next_page_token": "a+/="}),
        ok({"orders": None, "next_page_token": "b"}),
        ok({"orders": [{"id": "2"}], "next_page_token": ""}),
    )

    pages = list(shop(scene).orders.pages(OrderSearch(created=DAY)))

    asked = [scene.script.query(n).get("page_token") for n in range(3)]
    bodies = [body(request) for request in scene.script.requests]
    assert [len(page.records) for page in pages] == [1, 0, 1]
    assert asked == [None, "a+/=", "b"]
    assert bodies == [bodies[0]] * 3


def test_pages_are_fetched_one_at_a_time() -> None:
    scene = world(ok({"orders": [{"id": "1"}], "next_page_token": "a"}))

    next(shop(scene).orders.pages(OrderSearch()))

    assert len(scene.script.requests) == 1


def test_a_refused_page_token_restarts_the_window() -> None:
    scene = world(
        ok({"orders": [{"id": "1"}], "next_page_token": "a"}),
        refused(36009004, "invalid page_token", status=400),
    )
    pages = shop(scene).orders.pages(OrderSearch())
    next(pages)

    with pytest.raises(PageTokenRefused, match="start the window again"):
        next(pages)

    assert len(scene.script.requests) == 2


def test_details_are_asked_for_50_ids_at_a_time_in_order() -> None:
    ids = [str(number) for number in range(120)]
    scene = world(ok({"orders": []}))

    pages = list(shop(scene).orders.detail(ids))

    asked = [scene.script.query(n)["ids"].split(",") for n in range(3)]
    assert [len(some) for some in asked] == [50, 50, 20]
    assert [one for some in asked for one in some] == ids
    assert [page.total_count for page in pages] == [None] * 3
    assert {request.url.path for request in scene.script.requests} == {
        "/order/202507/orders"
    }


def test_no_ids_are_no_call() -> None:
    scene = world(ok())

    assert list(shop(scene).orders.detail([])) == []
    assert scene.script.requests == []


@pytest.mark.parametrize("size", [0, -1, 101])
def test_a_page_size_out_of_range_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match="page_size must be 1 to 100"):
        OrderSearch(page_size=size)


def test_too_many_warehouses_are_refused() -> None:
    with pytest.raises(ValueError, match="at most 100"):
        OrderSearch(warehouse_ids=["1"] * 101)
