"""Answers of the auth host that leave things out, and shops that come and go."""

import json
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from starlette.responses import Response

from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.assembly import Pipeline
from tiktok_pipelines.errors import AuthorizationError, NeedsConsent
from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.refusals import Refusal
from tiktok_pipelines.simulator.sellers import Seller
from tiktok_pipelines.simulator.simulator import Answer, Around, Visit
from tiktok_pipelines.tokens.store import UNKNOWN_END
from tiktok_pipelines_tests.integration.ingest.stored import count, rows, table

EXCHANGE = "/api/v2/token/get"
REFRESH = "/api/v2/token/refresh"
SHOPS = "/authorization/202309/shops"
CREDENTIALS = "tiktok_ops.credentials"
NAMES = ("open_id", "seller_name")
KEPT = (
    "seller",
    "seller_name",
    "seller_region",
    "granted_scopes",
    "token_metadata",
    "refresh_expires_at",
)
DUE = timedelta(days=6, hours=8)

Json = dict[str, Any]


def altered(paths: tuple[str, ...], change: Callable[[Json], object]) -> Around:
    """Let TikTok answer these paths with other ``data``."""

    async def around(visit: Visit, answer: Answer) -> Response:
        response = answer()
        if visit.path not in paths:
            return response
        told: Json = json.loads(bytes(response.body))
        change(told["data"])
        return Response(json.dumps(told), media_type="application/json")

    return around


def without(*names: str) -> Callable[[Json], object]:
    """A change that leaves fields out."""

    def change(data: Json) -> None:
        for name in names:
            del data[name]

    return change


def seller_with_two_shops(simulator: Simulator) -> Seller:
    return next(seller for seller in simulator.sellers if len(seller.shops) == 2)


def test_a_refresh_that_names_no_seller_is_stored_for_the_one_asked_for(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0].open_id
    before = pipeline.shops.store.seller_tokens(seller)
    simulator.around = altered((REFRESH,), without(*NAMES))
    simulator.clock.advance(DUE)

    token = pipeline.shops.tokens_of(seller).current()

    after = pipeline.shops.store.seller_tokens(seller)
    assert after.access == token != before.access
    assert after.refresh != before.refresh
    assert count(pipeline.database, CREDENTIALS) == len(simulator.sellers)


def test_a_refresh_that_names_another_seller_does_not_touch_that_one(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    asked, named = (seller.open_id for seller in simulator.sellers)
    others = pipeline.shops.store.seller_tokens(named)
    simulator.around = altered((REFRESH,), lambda data: data.update(open_id=named))
    simulator.clock.advance(DUE)

    token = pipeline.shops.tokens_of(asked).current()

    assert pipeline.shops.store.seller_tokens(asked).access == token
    assert pipeline.shops.store.seller_tokens(named) == others


def test_what_a_refresh_leaves_out_stays_as_it_was(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.around = altered((EXCHANGE,), lambda data: data.update(shop_region="MY"))
    unconnected.connector.connect(simulator.authorize(seller.id))
    (before,) = table(unconnected.database, CREDENTIALS)
    meagre = without(
        *NAMES, "seller_base_region", "granted_scopes", "refresh_token_expire_in"
    )
    simulator.around = altered((REFRESH,), meagre)
    simulator.clock.advance(DUE)

    unconnected.shops.tokens_of(seller.open_id).current()

    (after,) = table(unconnected.database, CREDENTIALS)
    assert after["access_token"] != before["access_token"]
    assert before["token_metadata"] == {"shop_region": "MY"}
    assert {name: after[name] for name in KEPT} == {name: before[name] for name in KEPT}


def test_a_seller_without_a_name_is_called_by_the_first_shop(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = seller_with_two_shops(simulator)
    stand_in = f"shop-{min(shop.id for shop in seller.shops)}"
    simulator.around = altered((EXCHANGE, REFRESH), without(*NAMES))

    connected = unconnected.connector.connect(simulator.authorize(seller.id))
    simulator.clock.advance(DUE)
    unconnected.shops.tokens_of(stand_in).current()

    assert connected.seller == stand_in
    assert {shop.seller for shop in unconnected.shops.all()} == {stand_in}
    assert unconnected.shops.store.sellers() == [stand_in]


def test_a_seller_who_is_named_no_longer_keeps_the_name_of_before(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    unconnected.connector.connect(simulator.authorize(seller.id))
    simulator.around = altered((EXCHANGE,), without(*NAMES))

    unconnected.connector.connect(simulator.authorize(seller.id))

    assert unconnected.shops.store.sellers() == [seller.open_id]


def test_a_consent_that_names_neither_seller_nor_shop_is_told(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    def nobody(data: Json) -> None:
        for name in (*NAMES, "shops"):
            data.pop(name, None)

    simulator.around = altered((EXCHANGE, SHOPS), nobody)

    with pytest.raises(NeedsConsent, match=r"neither a seller nor a shop.*connect"):
        unconnected.connector.connect(simulator.authorize(simulator.sellers[0].id))

    assert count(unconnected.database, CREDENTIALS) == 0


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(105005, "the scope is missing", http_status=401),
        Refusal(36009003, "internal", http_status=500),
        Refusal(105002, "expired", http_status=401),
    ],
    ids=["scope", "trouble", "token"],
)
def test_shops_that_cannot_be_read_do_not_lose_the_tokens(
    unconnected: Pipeline, simulator: Simulator, refusal: Refusal
) -> None:
    seller = simulator.sellers[0]

    async def without_shops(visit: Visit, answer: Answer) -> Response:
        if visit.path == SHOPS:
            raise refusal
        return answer()

    simulator.around = without_shops

    with pytest.raises(NeedsConsent) as caught:
        unconnected.connector.connect(simulator.authorize(seller.id))

    told = str(caught.value)
    assert f"the tokens of seller {seller.open_id} are stored" in told
    assert told.endswith(
        "get a new code, as each is good once: tiktok-pipelines shops connect"
    )
    token = unconnected.shops.tokens_of(seller.open_id).current()
    assert simulator.authorizations.find(token.get_secret_value()) is not None


def test_an_entry_without_an_id_does_not_keep_the_others_out(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.around = altered((SHOPS,), lambda data: data["shops"].insert(0, {}))

    connected = unconnected.connector.connect(simulator.authorize(seller.id))

    assert [shop.id for shop in connected] == [shop.id for shop in seller.shops]
    assert len(connected) == len(unconnected.shops.all()) == len(seller.shops)


def test_tokens_are_stored_while_nobody_refreshes_the_old_ones(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    before = pipeline.shops.store.seller_tokens(seller.open_id)
    code = simulator.authorize(seller.id)
    connecting = threading.Thread(target=pipeline.connector.connect, args=[code])

    with pipeline.shops.store.refreshing(seller.open_id):
        connecting.start()
        connecting.join(timeout=0.5)
        during = pipeline.shops.store.seller_tokens(seller.open_id)
    connecting.join(timeout=60)

    assert during == before != pipeline.shops.store.seller_tokens(seller.open_id)


def without_ciphers(data: Json) -> None:
    for shop in data["shops"]:
        del shop["cipher"]


def test_a_shop_without_a_cipher_is_stored_and_to_be_connected_again(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.around = altered((SHOPS,), without_ciphers)
    unconnected.connector.connect(simulator.authorize(seller.id))

    with pytest.raises(AuthorizationError, match=r"without its cipher.*shops connect"):
        unconnected.shops.client_of(seller.shops[0].id).orders.search(OrderSearch())


def test_a_shop_named_without_a_cipher_keeps_the_one_it_has(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    simulator.around = altered((SHOPS,), without_ciphers)

    pipeline.connector.connect(simulator.authorize(seller.id))

    shop = pipeline.shops.get(seller.shops[0].id)
    cipher = pipeline.shops.store.shop_cipher(shop).get_secret_value()
    assert cipher == seller.shops[0].cipher


def test_a_shop_that_a_consent_leaves_out_is_marked_and_told(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = seller_with_two_shops(simulator)
    left_out = seller.shops[-1].id
    simulator.around = altered((SHOPS,), lambda data: data["shops"].pop())

    connected = pipeline.connector.connect(simulator.authorize(seller.id))

    assert connected.no_longer_named == [left_out]
    marked = {shop.shop_id: shop for shop in pipeline.shops.enabled()}
    assert len(marked) == len(simulator.shops)
    assert marked[left_out].sync_status == "error"
    assert "shops connect" in (marked[left_out].last_error_message or "")
    others = {shop.sync_status for key, shop in marked.items() if key != left_out}
    assert others == {"idle"}


def test_a_shop_that_is_named_again_is_fine_again(
    pipeline: Pipeline, simulator: Simulator
) -> None:
    seller = seller_with_two_shops(simulator)
    simulator.around = altered((SHOPS,), lambda data: data["shops"].pop())
    pipeline.connector.connect(simulator.authorize(seller.id))
    simulator.around = altered((), without())

    connected = pipeline.connector.connect(simulator.authorize(seller.id))

    assert connected.no_longer_named == []
    assert {shop.sync_status for shop in pipeline.shops.all()} == {"idle"}


def test_an_untold_end_of_the_authorisation_is_left_to_tiktok(
    unconnected: Pipeline, simulator: Simulator
) -> None:
    seller = simulator.sellers[0]
    untold = without("refresh_token_expire_in")
    simulator.around = altered((EXCHANGE, REFRESH), untold)
    unconnected.connector.connect(simulator.authorize(seller.id))
    simulator.clock.advance(timedelta(days=30))

    token = unconnected.shops.tokens_of(seller.open_id).current()

    assert simulator.authorizations.find(token.get_secret_value()) is not None
    (row,) = rows(unconnected.database, f"SELECT refresh_expires_at FROM {CREDENTIALS}")
    assert row["refresh_expires_at"] == UNKNOWN_END
