"""Codes and tokens: how long they live, and what a refresh does."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tiktok_pipelines.simulator import Simulator, SimulatorConfig, serve
from tiktok_pipelines_tests.integration.simulator.caller import (
    SHOPS,
    Caller,
    data_of,
)
from tiktok_pipelines_tests.integration.simulator.conftest import NOW


def test_a_code_becomes_tokens_with_absolute_expiries(fresh: Caller) -> None:
    sim = fresh.sim
    seller = sim.sellers[0]

    data = fresh.exchange(sim.authorize(seller.name))["data"]

    now = sim.clock.epoch()
    assert data["access_token_expire_in"] == now + 7 * 86400
    assert data["refresh_token_expire_in"] == now + 365 * 86400
    assert data["seller_name"] == seller.name
    assert data["seller_base_region"] == "MY"
    assert data["user_type"] == 0
    assert "seller.order.info" in data["granted_scopes"]


def test_a_code_works_once(fresh: Caller) -> None:
    code = fresh.sim.authorize(fresh.sim.sellers[0].id)

    first, second = fresh.exchange(code), fresh.exchange(code)

    assert first["code"] == 0
    assert second["code"] == 36004004


@pytest.mark.parametrize(("minutes", "code"), [(29, 0), (30, 36004004)])
def test_a_code_lives_30_minutes(fresh: Caller, minutes: int, code: int) -> None:
    text = fresh.sim.authorize(fresh.sim.sellers[0].id)

    fresh.sim.clock.advance(timedelta(minutes=minutes))

    assert fresh.exchange(text)["code"] == code


def test_a_refresh_gives_two_new_tokens_and_kills_the_old_refresh_token(
    fresh: Caller,
) -> None:
    old = fresh.exchange(fresh.sim.authorize(fresh.sim.sellers[0].id))["data"]
    fresh.sim.clock.advance(timedelta(days=6))

    new = fresh.refresh(old["refresh_token"])["data"]

    assert new["access_token"] != old["access_token"]
    assert new["refresh_token"] != old["refresh_token"]
    assert new["access_token_expire_in"] == fresh.sim.clock.epoch() + 7 * 86400
    assert new["refresh_token_expire_in"] == old["refresh_token_expire_in"]
    assert fresh.refresh(old["refresh_token"])["code"] == 36004004
    assert fresh.refresh(new["refresh_token"])["code"] == 0


def test_the_authorisation_ends_however_often_it_is_refreshed(fresh: Caller) -> None:
    tokens = fresh.exchange(fresh.sim.authorize(fresh.sim.sellers[0].id))["data"]
    fresh.sim.clock.advance(timedelta(days=364))
    tokens = fresh.refresh(tokens["refresh_token"])["data"]

    fresh.sim.clock.advance(timedelta(days=1))

    assert tokens["access_token_expire_in"] == tokens["refresh_token_expire_in"]
    assert fresh.refresh(tokens["refresh_token"])["code"] == 36004004


def test_a_revoked_authorisation_kills_both_tokens(fresh: Caller) -> None:
    shop = fresh.sim.shops[2]
    tokens = fresh.exchange(fresh.sim.authorize(shop.seller_id))["data"]
    fresh.token(shop.seller_id)

    fresh.sim.revoke(shop.seller_id)

    assert fresh.send(shop, "GET", SHOPS).json()["code"] == 105002
    assert fresh.refresh(tokens["refresh_token"])["code"] == 36004004


def test_expiring_all_access_tokens_leaves_refresh_tokens(fresh: Caller) -> None:
    tokens = fresh.exchange(fresh.sim.authorize(fresh.sim.sellers[1].id))["data"]

    fresh.sim.expire_access_tokens()

    assert fresh.refresh(tokens["refresh_token"])["code"] == 0


@pytest.mark.parametrize(
    ("name", "value"),
    [("app_key", "x"), ("app_secret", "x"), ("grant_type", "authorization_code")],
)
def test_the_auth_host_checks_the_app(fresh: Caller, name: str, value: str) -> None:
    config = fresh.sim.config
    params = {
        "app_key": config.app_key,
        "app_secret": config.app_secret,
        "grant_type": "authorized_code",
        "auth_code": fresh.sim.authorize(fresh.sim.sellers[0].id),
    }

    response = fresh.http.get("/api/v2/token/get", params=params | {name: value})

    assert response.json()["code"] == 36009004
    assert name in response.json()["message"]


def test_a_seller_sees_his_shops_and_one_cipher_for_each(fresh: Caller) -> None:
    local, cross = fresh.sim.sellers[1], fresh.sim.sellers[0]

    rows = [
        data_of(fresh.send(seller.shops[0], "GET", SHOPS))["shops"]
        for seller in (local, cross)
    ]

    assert [(row["region"], row["seller_type"]) for row in rows[0]] == [("TH", "LOCAL")]
    assert [(row["region"], row["seller_type"]) for row in rows[1]] == [
        ("MY", "CROSS_BORDER"),
        ("SG", "CROSS_BORDER"),
    ]
    assert [row["cipher"] for row in rows[1]] == [s.cipher for s in cross.shops]
    assert len({row["cipher"] for row in rows[1]}) == 2


def test_consent_sends_the_seller_back_with_code_and_state(fresh: Caller) -> None:
    seller = fresh.sim.sellers[2]
    asked = {"service_id": "demo_service", "state": "a b+c", "approve": seller.id}

    response = fresh.http.get("/open/authorize", params=asked)

    target = response.headers["location"]
    query = parse_qs(urlsplit(target).query)
    assert response.status_code == 302
    assert target.startswith("http://127.0.0.1:8000/tiktok/callback?")
    assert query["state"] == ["a b+c"]
    assert query["app_key"] == ["demo_app_key"]
    assert query["shop_region"] == ["VN"]
    assert fresh.exchange(query["code"][0])["data"]["seller_name"] == seller.name


def test_a_refused_consent_carries_no_code(fresh: Caller) -> None:
    asked = {"service_id": "demo_service", "state": "s", "refuse": "1"}

    response = fresh.http.get("/open/authorize", params=asked)

    query = parse_qs(urlsplit(response.headers["location"]).query)
    assert query == {"code": ["null"], "error": ["auth_denied"], "state": ["s"]}


def test_the_consent_page_offers_every_seller(fresh: Caller) -> None:
    asked = {"service_id": "demo_service", "state": '"><script>'}

    page = fresh.http.get("/open/authorize", params=asked)

    assert page.status_code == 200
    assert all(f"Authorize {s.name}" in page.text for s in fresh.sim.sellers)
    assert "Refuse" in page.text
    assert "<script>" not in page.text


def test_an_unknown_service_or_seller_gets_no_code(fresh: Caller) -> None:
    wrong = [{"service_id": "x"}, {"service_id": "demo_service", "approve": "nobody"}]

    answers = [fresh.http.get("/open/authorize", params=asked) for asked in wrong]

    assert [answer.status_code for answer in answers] == [400, 404]


def test_without_a_redirect_uri_the_page_shows_the_code() -> None:
    sim = Simulator(SimulatorConfig(shops=1, orders=1, now=NOW, redirect_uri=""))
    asked = {"service_id": "demo_service", "approve": sim.sellers[0].id}

    with serve(sim) as url:
        page = httpx.get(f"{url}/open/authorize", params=asked)

    assert page.status_code == 200
    assert "<code>TTP_" in page.text
