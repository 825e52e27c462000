"""A client as plain as can be: it signs as documented and looks at nothing else."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, cast

import httpx

from tiktok_pipelines.simulator import Simulator
from tiktok_pipelines.simulator.shop import Shop
from tiktok_pipelines.simulator.signing import sign

SEARCH = "/order/202309/orders/search"
DETAIL = "/order/202507/orders"
SHOPS = "/authorization/202309/shops"

Json = dict[str, Any]


class Caller:
    """Calls one simulator, with a token for each seller."""

    def __init__(self, sim: Simulator, http: httpx.Client) -> None:
        self.sim = sim
        self.http = http
        self._tokens: dict[str, str] = {}

    def truth(self, shop: Shop) -> list[Json]:
        return cast("list[Json]", self.sim.truth(shop.id))

    def token(self, seller: str) -> str:
        if seller not in self._tokens:
            tokens = self.exchange(self.sim.authorize(seller))["data"]
            self._tokens[seller] = tokens["access_token"]
        return self._tokens[seller]

    def exchange(self, code: str) -> Json:
        return self._token_call("get", auth_code=code, grant_type="authorized_code")

    def refresh(self, token: str) -> Json:
        return self._token_call(
            "refresh", refresh_token=token, grant_type="refresh_token"
        )

    def _token_call(self, name: str, **params: str) -> Json:
        config = self.sim.config
        app = {"app_key": config.app_key, "app_secret": config.app_secret}
        response = self.http.get(f"/api/v2/token/{name}", params=app | params)
        return cast("Json", response.json())

    def signed(self, path: str, params: dict[str, str], body: bytes) -> dict[str, str]:
        """The whole query: what every call carries, ``params`` and the signature."""
        usual = {
            "app_key": self.sim.config.app_key,
            "timestamp": str(self.sim.clock.epoch()),
        }
        query = usual | params
        secret = self.sim.config.app_secret
        return query | {"sign": sign(secret, path, query=query.items(), body=body)}

    def send(
        self,
        shop: Shop,
        method: str,
        path: str,
        *,
        params: Mapping[str, str] | None = None,
        body: Mapping[str, object] | None = None,
    ) -> httpx.Response:
        content = b"" if body is None else json.dumps(body).encode()
        scoped = {} if path == SHOPS else {"shop_cipher": shop.cipher}
        query = self.signed(path, scoped | dict(params or {}), content)
        return self.http.request(
            method,
            path,
            params=query,
            content=content,
            headers={
                "content-type": "application/json",
                "x-tts-access-token": self.token(shop.seller_id),
            },
        )

    def search(
        self, shop: Shop, body: Mapping[str, object] | None = None, **params: str
    ) -> Json:
        params = {"page_size": "100"} | params
        return data_of(self.send(shop, "POST", SEARCH, params=params, body=body))

    def pages(
        self, shop: Shop, body: Mapping[str, object] | None = None, **params: str
    ) -> Iterator[Json]:
        token = ""
        while True:
            more = {"page_token": token} if token else {}
            page = self.search(shop, body, **params, **more)
            yield page
            token = page.get("next_page_token", "")
            if not token:
                return

    def orders(
        self, shop: Shop, body: Mapping[str, object] | None = None, **params: str
    ) -> list[Json]:
        return [
            order
            for page in self.pages(shop, body, **params)
            for order in page.get("orders", [])
        ]


def data_of(response: httpx.Response) -> Json:
    envelope = cast("Json", response.json())
    assert envelope["code"] == 0, envelope
    return cast("Json", envelope["data"])
