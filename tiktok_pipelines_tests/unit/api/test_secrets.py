"""No secret in an error, a log or a ``repr`` of the client."""

import logging
import traceback
from collections.abc import Callable, Iterator
from dataclasses import asdict

import httpx
import pytest
from pydantic import SecretStr

from tiktok_pipelines.api.auth import AuthClient
from tiktok_pipelines.api.client import AuthorizedShop, TikTokShopClient
from tiktok_pipelines.api.endpoints.access import ShopAccess
from tiktok_pipelines.api.endpoints.orders import OrderSearch
from tiktok_pipelines.api.exchange import Outgoing
from tiktok_pipelines.api.http_client import keep_queries_out_of_logs
from tiktok_pipelines.api.transport import Call
from tiktok_pipelines.errors import PipelineError
from tiktok_pipelines_tests.unit.api.scripted import (
    APP,
    BASE_URL,
    CIPHER,
    FakeTokens,
    Reply,
    World,
    broken,
    ok,
    raw,
    refused,
    world,
)

CODE, REFRESH = "code-value", "refresh-value"
SECRETS = [
    "app-secret-value",
    "token-one",
    "token-two",
    "GCP_cipher-value",
    CODE,
    REFRESH,
    "granted-access",
    "granted-refresh",
]
QUOTING = " ".join(SECRETS)
Use = Callable[[World], object]


def search(scene: World) -> object:
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    shop = client.shop("shop-1", cipher=CIPHER, tokens=scene.tokens)
    return list(shop.orders.pages(OrderSearch()))


def exchange(scene: World) -> object:
    auth = AuthClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    return auth.exchange(CODE)


def refresh(scene: World) -> object:
    auth = AuthClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    return auth.refresh(SecretStr(REFRESH))


USES = pytest.mark.parametrize("use", [search, exchange, refresh])


@pytest.fixture(autouse=True)
def filters_of_our_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take away filters that other libraries put on httpx's logger when imported."""
    monkeypatch.setattr(logging.getLogger("httpx"), "filters", [])


def leaks(text: str) -> list[str]:
    return [secret for secret in [*SECRETS, "sign=", "auth_code="] if secret in text]


def chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


TROUBLE: dict[str, Reply] = {
    "no connection": broken(httpx.ConnectError),
    "bad header": broken(httpx.LocalProtocolError),
    "timeout": broken(httpx.ReadTimeout),
    "html": raw(b"<html>" + QUOTING.encode(), status=502),
    "cut": raw(b'{"code": 0, "data": "' + QUOTING.encode()),
    "expired": refused(105002),
    "limited": raw(b"", status=429),
}


@pytest.mark.parametrize("trouble", TROUBLE.values(), ids=TROUBLE.keys())
@USES
def test_no_secret_stands_in_an_error_or_behind_it(use: Use, trouble: Reply) -> None:
    with pytest.raises(PipelineError) as caught:
        use(world(trouble))

    shown = "".join(traceback.format_exception(caught.value))
    behind = [repr(vars(one)) + repr(one.args) for one in chain(caught.value)]
    assert leaks(shown + "".join(behind)) == []
    assert not any(isinstance(one, httpx.HTTPError) for one in chain(caught.value))


def test_what_the_server_quotes_is_blacked_out() -> None:
    scene = world(refused(106001, "bad: app-secret-value token-one GCP_cipher-value"))

    with pytest.raises(PipelineError, match=r"bad: \*\*\* \*\*\* \*\*\*") as caught:
        search(scene)

    assert leaks(str(caught.value)) == []


def test_an_empty_secret_blacks_out_nothing() -> None:
    scene = world(refused(106001, "plain words"))
    scene.tokens = FakeTokens("")

    with pytest.raises(PipelineError, match="plain words"):
        search(scene)


def test_a_message_without_end_is_cut() -> None:
    with pytest.raises(PipelineError) as caught:
        search(world(refused(106001, "x" * 10_000)))

    assert len(str(caught.value)) < 1000


@pytest.mark.parametrize(
    "reply",
    [*TROUBLE.values(), ok({"access_token": "granted-access", "refresh_token": "r"})],
    ids=[*TROUBLE.keys(), "success"],
)
@USES
def test_no_secret_stands_in_a_log_even_when_everything_is_logged(
    use: Use, reply: Reply, caplog: pytest.LogCaptureFixture
) -> None:
    scene = world(reply)
    caplog.set_level(logging.DEBUG)
    for name in ("httpx", "httpcore"):
        caplog.set_level(logging.DEBUG, logger=name)

    try:
        use(scene)
    except PipelineError:
        logging.getLogger("test").exception("failed")

    assert leaks(caplog.text) == []


def test_httpx_still_logs_its_requests_to_who_asks(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG, logger="httpx")

    search(world(ok()))

    assert "/order/202309/orders/search" in caplog.text


def test_requests_are_not_logged_unasked() -> None:
    keep_queries_out_of_logs()

    assert not logging.getLogger("httpx").isEnabledFor(logging.INFO)
    assert not logging.getLogger("httpcore.http11").isEnabledFor(logging.DEBUG)


@USES
def test_no_secret_stands_in_a_record(use: Use) -> None:
    scene = world(
        raw(QUOTING.encode(), status=502),
        broken(httpx.ReadTimeout),
        refused(106001, QUOTING),
    )

    with pytest.raises(PipelineError):
        use(scene)

    told = repr([asdict(record) for record in scene.records])
    assert len(scene.records) == 3
    assert leaks(told) == []
    assert "?" not in told


def test_no_secret_stands_in_a_page() -> None:
    scene = world(ok({"orders": []}))
    client = TikTokShopClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    shop = client.shop("shop-1", cipher=CIPHER, tokens=scene.tokens)

    page = shop.orders.search(OrderSearch())

    assert leaks(repr(page) + repr(page.request)) == []


def test_no_secret_stands_in_a_repr() -> None:
    scene = world(
        ok({"access_token": "granted-access", "refresh_token": "granted-refresh"})
    )
    auth = AuthClient(APP, scene.http, base_url=BASE_URL, options=scene.options)
    transport = scene.transport()
    shop = AuthorizedShop(
        id="1", name="", region="", seller_type="", cipher=CIPHER, code=""
    )
    call = Call(endpoint=Outgoing.__annotations__["endpoint"], cipher=CIPHER)
    values: list[object] = [
        APP,
        auth,
        transport,
        shop,
        call,
        scene.options,
        ShopAccess(transport, "shop-1", CIPHER, scene.tokens),
        auth.refresh(SecretStr(REFRESH)),
    ]

    assert leaks("".join(repr(value) + str(value) for value in values)) == []
