"""Every call that is no search, against its description."""

import json

import pytest

from tiktok_pipelines.api.endpoints.table import ENDPOINTS, INVENTORY_SEARCH
from tiktok_pipelines_tests.unit.api.described import body_of, limits, query_of
from tiktok_pipelines_tests.unit.api.families import READINGS, Reading, shop
from tiktok_pipelines_tests.unit.api.scripted import ok, raw, world
from tiktok_pipelines_tests.unit.api.test_table import NOT_DESCRIBED

OWN = {"app_key", "timestamp", "sign", "shop_cipher"}


def name_of(reading: Reading) -> str:
    return reading.endpoint.name


def test_every_call_that_is_not_paged_is_tried_here() -> None:
    tried = {name_of(reading) for reading in READINGS}
    older = {one.older.name for one in ENDPOINTS if one.older}
    single = {one.name for one in ENDPOINTS if not one.max_page_size}

    assert tried == single - {*older, *NOT_DESCRIBED, "authorized_shops"}


@pytest.mark.parametrize("reading", READINGS, ids=name_of)
def test_a_call_sends_what_is_described(reading: Reading) -> None:
    scene = world(ok({}))

    reading.pages(shop(scene))

    request = scene.script.requests[0]
    body = json.loads(request.content or b"{}")
    described = query_of(reading.endpoint) | body_of(reading.endpoint)
    assert request.method == reading.endpoint.method
    assert set(scene.script.query(0)) - OWN <= query_of(reading.endpoint)
    assert set(body) <= body_of(reading.endpoint)
    assert {*scene.script.query(0), *body} - OWN == described - reading.not_offered


@pytest.mark.parametrize("reading", READINGS, ids=name_of)
def test_a_page_tells_what_its_path_names(reading: Reading) -> None:
    scene = world(ok({}))

    page = reading.pages(shop(scene))[0]

    path = scene.script.requests[0].url.path
    assert page.endpoint is reading.endpoint
    assert page.request["path"] == path
    assert reading.endpoint.ids_of(path) == page.path_ids
    assert set(page.path_ids.values()) <= {"57"}
    assert page.records == ()


@pytest.mark.parametrize("reading", READINGS, ids=name_of)
def test_records_come_from_where_they_are(reading: Reading) -> None:
    key, record = reading.endpoint.records_key, {"id": "1", "name": "x"}
    found = record if reading.endpoint.is_one else [record, record]
    data = {key: found, "sum": "5", "total_count": 2} if key else record

    page = reading.pages(shop(world(ok(data))))[0]

    assert [*page.records] == (found if isinstance(found, list) and key else [record])
    assert page.head == ({"sum": "5"} if key else {})


def test_an_object_where_a_list_belongs_is_no_record() -> None:
    page = shop(world(ok({"warehouses": {"id": "1"}}))).inventory.warehouses()

    assert page.records == ()


@pytest.mark.parametrize("name", ["product_ids", "sku_ids"])
def test_stock_is_asked_for_as_many_ids_at_a_time_as_go(name: str) -> None:
    scene = world(ok({"inventory": []}))
    most = limits(INVENTORY_SEARCH)[name]
    ids = [str(number) for number in range(2 * most + 1)]
    stock = shop(scene).inventory
    read = stock.of_products if name == "product_ids" else stock.of_skus

    pages = list(read(ids))

    bodies = [json.loads(request.content) for request in scene.script.requests]
    assert [len(body[name]) for body in bodies] == [most, most, 1]
    assert [one for body in bodies for one in body[name]] == ids
    assert [set(body) for body in bodies] == [{name}] * 3
    assert len(pages) == 3


def test_no_stock_of_nothing_is_asked_for() -> None:
    scene = world(ok())

    assert list(shop(scene).inventory.of_skus([])) == []
    assert scene.script.requests == []


def test_an_id_that_is_none_is_not_sent() -> None:
    scene = world(ok())

    with pytest.raises(ValueError, match="product_detail needs product_id"):
        shop(scene).products.detail("57/../58")

    assert scene.script.requests == []


def test_a_refusal_names_the_path_with_its_ids() -> None:
    scene = world(raw(b'{"code": 12019150, "message": "product not found"}'))

    with pytest.raises(Exception, match="/product/202309/products/57: product not"):
        shop(scene).products.detail("57")


def test_calls_are_recorded_without_ids_so_that_they_can_be_counted() -> None:
    scene = world(ok({}))

    shop(scene).products.detail("57")

    assert scene.records[0].path == "/product/202309/products/{product_id}"
