"""A client that nobody here wrote: ``tiktok-shop-api`` from PyPI, MIT.

Its models come from TikTok's published descriptions, so what they take, and take whole,
has documented names. It signs with the machine's clock, hence real time here.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tiktok_shop_api import TikTokShop, TikTokShopAuth, TikTokShopError
from tiktok_shop_api.generated.models.get_order_list_request import GetOrderListRequest
from tiktok_shop_api.generated.models.get_order_list_response_data_order import (
    GetOrderListResponseDataOrder,
)
from tiktok_shop_api.generated.models.get_order_list_sort_order import (
    GetOrderListSortOrder,
)

from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines.simulator.plan import draw_plan
from tiktok_pipelines.simulator.render import render_order
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.storefront import open_storefront

CONFIG = SimulatorConfig(orders=150, days=4, rate_per_second=1e6)


@pytest.fixture(scope="module")
def served() -> Iterator[tuple[Simulator, str]]:
    sim = Simulator(CONFIG)
    with serve(sim) as url:
        yield sim, url


def open_shop(served: tuple[Simulator, str], shop: Shop) -> Any:
    sim, url = served
    tokens = _auth(url).exchange_code(sim.authorize(shop.seller_id))
    return TikTokShop(
        CONFIG.app_key,
        CONFIG.app_secret,
        tokens.access_token,
        shop.cipher,
        base_url=url,
    )


def _auth(url: str) -> TikTokShopAuth:
    return TikTokShopAuth(CONFIG.app_key, CONFIG.app_secret, base_url=url)


def test_it_exchanges_a_code_and_refreshes(served: tuple[Simulator, str]) -> None:
    sim, url = served
    auth = _auth(url)

    first = auth.exchange_code(sim.authorize(sim.sellers[0].id))
    second = auth.refresh(first.refresh_token)

    assert second.access_token != first.access_token
    assert second.granted_scopes == first.granted_scopes
    with pytest.raises(TikTokShopError, match="refresh_token"):
        auth.refresh(first.refresh_token)


def test_it_reads_the_authorized_shops(served: tuple[Simulator, str]) -> None:
    sim, _ = served
    with open_shop(served, sim.shops[0]) as client:
        shops = client.authorization.get_authorized_shops().data.shops

    assert [(shop.id, shop.cipher) for shop in shops] == [
        (shop.id, shop.cipher) for shop in sim.shops[:2]
    ]


@pytest.mark.parametrize("index", range(6))
def test_it_pages_through_every_shop(served: tuple[Simulator, str], index: int) -> None:
    sim, _ = served
    shop = sim.shops[index]
    with open_shop(served, shop) as client:
        found = list(_all_orders(client))

    wanted = {order["id"]: order for order in sim.truth(shop.id)}
    assert len(found) == len({order["id"] for order in found})
    assert {order["id"] for order in found} <= wanted.keys()
    assert len(found) >= 150


def _all_orders(client: Any) -> Iterator[dict[str, Any]]:
    token: dict[str, str] = {}
    while True:
        data = client.orders.get_order_list(
            page_size=40,
            sort_order=GetOrderListSortOrder.ASC,
            body=GetOrderListRequest(create_time_ge=1),
            **token,
        ).data
        yield from (order.to_dict() for order in data.orders)
        if not data.next_page_token:
            return
        token = {"page_token": data.next_page_token}


def test_it_reads_details_by_repeated_ids(served: tuple[Simulator, str]) -> None:
    sim, _ = served
    shop = sim.shops[3]
    ids = [str(order["id"]) for order in sim.truth(shop.id)[:3]]
    with open_shop(served, shop) as client:
        orders = client.orders.get_order_detail(ids=ids).data.orders

    assert [order.id for order in orders] == ids


def test_it_is_told_what_is_wrong(served: tuple[Simulator, str]) -> None:
    sim, _ = served
    with open_shop(served, sim.shops[0]) as client:
        stranger = client.with_shop(shop_cipher=sim.shops[4].cipher)

        with stranger, pytest.raises(TikTokShopError) as caught:
            stranger.orders.get_order_list(page_size=1)

    assert (caught.value.code, caught.value.http_status) == (101000, 401)


@pytest.mark.parametrize("index", range(6))
def test_its_models_know_every_field_of_every_state(index: int) -> None:
    front = open_storefront(CONFIG, index)
    for number in range(150):
        plan = draw_plan(front, number, created=1_768_000_000)
        for version in range(1, len(plan.times) + 1):
            order = render_order(front, plan, version=version)

            model: Any = GetOrderListResponseDataOrder.from_dict(order)

            assert model.to_dict() == order
            assert not model.additional_properties
            assert not any(line.additional_properties for line in model.line_items)
