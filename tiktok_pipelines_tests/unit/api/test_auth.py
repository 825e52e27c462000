"""Consent links, codes and grants, as the auth host answers them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tiktok_pipelines.api.auth import AuthClient, consent_link
from tiktok_pipelines.api.hosts import CONSENT_URL_ROW, CONSENT_URL_US, consent_url
from tiktok_pipelines.clock import from_epoch
from tiktok_pipelines.errors import (
    ApiError,
    AuthorizationError,
    NeedsConsent,
    RateLimitedError,
    TransportError,
)
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    NOON,
    Reply,
    World,
    broken,
    ok,
    raw,
    refused,
    world,
)

AUTH_URL = "https://auth.example.test"
GRANT: dict[str, Any] = {
    "access_token": "ROW_access",
    "access_token_expire_in": 1768200000,
    "refresh_token": "ROW_refresh",
    "refresh_token_expire_in": "1799000000",
    "open_id": "open-1",
    "seller_name": "Kedai",
    "seller_base_region": "MY",
    "user_type": 0,
    "granted_scopes": ["seller.order.info", "seller.product.basic"],
    "shop_region": "MY",
    "id_token": "secret",
}
OLD = SecretStr("ROW_old-refresh")


def auth(scene: World) -> AuthClient:
    return AuthClient(APP, scene.http, base_url=AUTH_URL, options=scene.options)


def without(*names: str) -> dict[str, Any]:
    return {name: value for name, value in GRANT.items() if name not in names}


def test_a_code_is_exchanged_unsigned() -> None:
    scene = world(ok(GRANT))

    auth(scene).exchange("code-1")

    request = scene.script.requests[0]
    assert request.method == "GET"
    assert str(request.url).startswith(AUTH_URL + "/api/v2/token/get?")
    assert "x-tts-access-token" not in request.headers
    assert scene.script.query(0) == {
        "app_key": "app-key-1",
        "app_secret": "app-secret-value",
        "auth_code": "code-1",
        "grant_type": "authorized_code",
    }


def test_a_refresh_sends_the_refresh_token() -> None:
    scene = world(ok(GRANT))

    auth(scene).refresh(OLD)

    assert scene.script.requests[0].url.path == "/api/v2/token/refresh"
    assert scene.script.query(0) == {
        "app_key": "app-key-1",
        "app_secret": "app-secret-value",
        "refresh_token": "ROW_old-refresh",
        "grant_type": "refresh_token",
    }


def test_a_grant_holds_all_that_was_received() -> None:
    grant = auth(world(ok(GRANT))).refresh(OLD)

    assert grant.access_token.get_secret_value() == "ROW_access"
    assert grant.refresh_token.get_secret_value() == "ROW_refresh"
    assert grant.access_expires_at == from_epoch(1768200000)
    assert grant.refresh_expires_at == from_epoch(1799000000)
    assert (grant.open_id, grant.seller_name, grant.seller_base_region) == (
        "open-1",
        "Kedai",
        "MY",
    )
    assert grant.user_type == 0
    assert grant.granted_scopes == ("seller.order.info", "seller.product.basic")
    assert grant.metadata == {"shop_region": "MY"}


def test_a_meagre_grant_is_not_lost() -> None:
    data = {"access_token": "a", "granted_scopes": None}

    grant = auth(world(ok(data))).refresh(OLD)

    assert grant.access_token.get_secret_value() == "a"
    assert grant.refresh_token == OLD
    assert grant.access_expires_at == NOON + timedelta(days=7)
    assert grant.refresh_expires_at is None
    assert (grant.user_type, grant.granted_scopes) == (None, ())


def test_an_expiry_told_as_a_duration_counts_from_the_call() -> None:
    grant = auth(world(ok({**GRANT, "access_token_expire_in": 3600}))).exchange("c")

    assert grant.access_expires_at == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    "data",
    [None, without("access_token"), without("refresh_token")],
    ids=["nothing", "no access token", "no refresh token"],
)
def test_an_exchange_without_tokens_is_an_error(data: object) -> None:
    with pytest.raises(TransportError, match="no tokens"):
        auth(world(ok(data))).exchange("code-1")


@pytest.mark.parametrize(
    "trouble",
    [
        broken(httpx.ReadTimeout),
        raw(b"", status=502),
        raw(b'{"code": 0, "da'),
        raw(b"", status=429),
    ],
    ids=["timeout", "502", "cut", "429"],
)
def test_a_refresh_is_asked_again_until_it_is_answered(trouble: Reply) -> None:
    scene = world(trouble, trouble, ok(GRANT))

    auth(scene).refresh(OLD)

    assert len(scene.script.requests) == 3
    assert [record.attempt for record in scene.records] == [1, 2, 3]


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (36004004, "m"),
        (36004005, "m"),
        (105002, "m"),
        (4711, "refresh_token is invalid, used or expired"),
    ],
)
def test_a_refusal_needs_the_seller(code: int, message: str) -> None:
    scene = world(refused(code, message, status=400))

    with pytest.raises(NeedsConsent, match="tiktok-pipelines shops connect"):
        auth(scene).refresh(OLD)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        (36009033, "ip not allowed"),
        (36009004, "invalid app_key"),
        (36009004, "invalid app_secret"),
        (36009037, "quota"),
        (424242, "system busy"),
        (98001004, "m"),
    ],
)
def test_a_refusal_of_anything_but_the_grant_does_not_ask_the_seller(
    code: int, message: str
) -> None:
    with pytest.raises(ApiError) as caught:
        auth(world(refused(code, message))).refresh(OLD)

    assert caught.value.code == code


def test_a_refused_refresh_token_is_told_with_one_remedy_and_no_code() -> None:
    scene = world(refused(36004004, "refresh_token is invalid"))

    with pytest.raises(NeedsConsent) as caught:
        auth(scene).refresh(OLD)

    assert str(caught.value).count("shops connect") == 1
    assert "the code is used up" not in str(caught.value)


@pytest.mark.parametrize(
    ("trouble", "kind"),
    [
        (broken(httpx.ConnectError), TransportError),
        (refused(36009002), RateLimitedError),
        (raw(b"<html>", status=403), AuthorizationError),
    ],
    ids=["silence", "too fast", "a proxy"],
)
def test_trouble_on_the_way_is_no_refusal(trouble: Reply, kind: type[ApiError]) -> None:
    with pytest.raises(kind):
        auth(world(trouble)).refresh(OLD)


def test_the_consent_link_carries_service_and_state() -> None:
    link = consent_link(CONSENT_URL_ROW, "service 1", "st&te")

    url = httpx.URL(link)
    assert link.startswith("https://services.tiktokshop.com/open/authorize?")
    assert dict(url.params) == {"service_id": "service 1", "state": "st&te"}


def test_the_consent_page_depends_on_the_region() -> None:
    assert consent_url("us") == CONSENT_URL_US
    assert consent_url("ROW") == CONSENT_URL_ROW


def test_another_region_is_refused() -> None:
    with pytest.raises(ValueError, match="us or row"):
        consent_url("mars")
