"""Wrong requests and the codes with which they are refused."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import httpx
import pytest

from tiktok_pipelines.simulator.signing import sign
from tiktok_pipelines_tests.integration.simulator.caller import (
    DETAIL,
    SEARCH,
    SHOPS,
    Caller,
)

Change = Callable[[dict[str, str], Caller], None]


def nothing(_params: dict[str, str], _caller: Caller) -> None:
    pass


def setting(name: str, value: str) -> Change:
    return lambda params, _: params.update({name: value})


def without(name: str) -> Change:
    def change(params: dict[str, str], _: Caller) -> None:
        params.pop(name, None)

    return change


def at(seconds: int) -> Change:
    return lambda params, caller: params.update(
        timestamp=str(caller.sim.clock.epoch() + seconds)
    )


def foreign_cipher(params: dict[str, str], caller: Caller) -> None:
    params["shop_cipher"] = caller.sim.shops[3].cipher


@dataclass(frozen=True)
class Case:
    """A good search, and what is wrong with it; signed after ``before``."""

    code: int
    http_status: int
    message: str = ""
    method: str = "POST"
    path: str = SEARCH
    body: bytes = b"{}"
    before: Change = nothing
    after: Change = nothing
    headers: dict[str, str] = field(default_factory=dict[str, str])


def with_body(text: str, code: int = 36009004, message: str = "") -> Case:
    return Case(code, 400, message, body=text.encode())


CASES = {
    "unknown path": Case(36009009, 404, path="/order/202309/orders/look"),
    "legacy path": Case(36009009, 404, path="/api/orders/search"),
    "wrong method": Case(36009010, 405, method="GET", body=b""),
    "no app key": Case(36009004, 400, "app_key", before=without("app_key")),
    "wrong app key": Case(36009004, 400, "app_key", before=setting("app_key", "x")),
    "no timestamp": Case(36009004, 400, "timestamp", before=without("timestamp")),
    "milliseconds": Case(
        36009004, 400, "timestamp", before=setting("timestamp", "1768037400000")
    ),
    "negative timestamp": Case(
        36009004, 400, "timestamp", before=setting("timestamp", "-176803740")
    ),
    "timestamp too old": Case(36009004, 400, "timestamp", before=at(-301)),
    "timestamp too new": Case(36009004, 400, "timestamp", before=at(31)),
    "no sign": Case(36009004, 400, "signature", after=without("sign")),
    "wrong sign": Case(106001, 401, after=setting("sign", "00" * 32)),
    "altered query": Case(106001, 401, after=setting("page_size", "11")),
    "no token": Case(
        36009004, 400, "x-tts-access-token", headers={"x-tts-access-token": ""}
    ),
    "unknown token": Case(
        36009004, 400, "x-tts-access-token", headers={"x-tts-access-token": "ROW_x"}
    ),
    "no cipher": Case(106013, 400, before=without("shop_cipher")),
    "foreign cipher": Case(101000, 401, before=foreign_cipher),
    "unknown cipher": Case(101000, 401, before=setting("shop_cipher", "ROW_x")),
    "cipher not required": Case(
        36009004, 400, "not required", method="GET", path=SHOPS, body=b""
    ),
    "form body": Case(36009022, 400, headers={"content-type": "text/plain"}),
    "no page size": Case(36009004, 400, "page_size", before=without("page_size")),
    "page size 0": Case(98001004, 400, "page_size", before=setting("page_size", "0")),
    "page size 101": Case(
        98001004, 400, "page_size", before=setting("page_size", "101")
    ),
    "page size text": Case(
        36009004, 400, "page_size", before=setting("page_size", "ten")
    ),
    "lower-case order": Case(
        36009004, 400, "sort_order", before=setting("sort_order", "asc")
    ),
    "unknown sort": Case(
        36009004, 400, "sort_field", before=setting("sort_field", "id")
    ),
    "bad page token": Case(
        36009004, 400, "page_token", before=setting("page_token", "a+/=")
    ),
    "page size in body": with_body('{"page_size": 10}', message="page_size"),
    "body no JSON": with_body("{"),
    "body a list": with_body("[]"),
    "status list": with_body('{"order_status": ["UNPAID"]}', message="order_status"),
    "unknown status": with_body('{"order_status": "CANCEL"}', 98001004),
    "unknown carrier kind": with_body('{"shipping_type": "tiktok"}', 98001004),
    "time as text": with_body('{"create_time_ge": "1"}', message="create_time_ge"),
    "time as float": with_body('{"update_time_lt": 1.5}', message="update_time_lt"),
    "flag as text": with_body('{"is_buyer_request_cancel": "true"}'),
    "one warehouse": with_body('{"warehouse_ids": "1"}', message="warehouse_ids"),
    "101 warehouses": with_body(
        f'{{"warehouse_ids": {["1"] * 101}}}'.replace("'", '"'), 98001004
    ),
    "no ids": Case(36009004, 400, "ids", method="GET", path=DETAIL, body=b""),
    "51 ids": Case(
        36009004,
        400,
        "ids",
        method="GET",
        path=DETAIL,
        body=b"",
        before=setting("ids", ",".join(map(str, range(51)))),
    ),
}


def send(caller: Caller, case: Case) -> httpx.Response:
    shop = caller.sim.shops[0]
    params = {
        "app_key": caller.sim.config.app_key,
        "timestamp": str(caller.sim.clock.epoch()),
        "page_size": "10",
        "shop_cipher": shop.cipher,
    }
    case.before(params, caller)
    secret = caller.sim.config.app_secret
    params["sign"] = sign(secret, case.path, query=params.items(), body=case.body)
    case.after(params, caller)
    headers = {
        "content-type": "application/json",
        "x-tts-access-token": caller.token(shop.seller_id),
    }
    return caller.http.request(
        case.method,
        case.path,
        params=params,
        content=case.body,
        headers=headers | case.headers,
    )


def test_the_request_that_all_cases_spoil_is_good(standing: Caller) -> None:
    response = send(standing, Case(0, 200))

    assert response.status_code == 200
    assert response.json()["code"] == 0


@pytest.mark.parametrize("case", CASES.values(), ids=CASES.keys())
def test_a_wrong_request_is_refused_with_its_code(standing: Caller, case: Case) -> None:
    response = send(standing, case)

    envelope = response.json()
    assert (envelope["code"], response.status_code) == (case.code, case.http_status)
    assert case.message in envelope["message"]
    assert set(envelope) == {"code", "data", "message", "request_id"}


@pytest.mark.parametrize("seconds", [-300, 0, 30])
def test_a_timestamp_inside_the_window_is_taken(standing: Caller, seconds: int) -> None:
    response = send(standing, Case(0, 200, before=at(seconds)))

    assert response.json()["code"] == 0


def test_an_expired_token_is_refused_with_401(fresh: Caller) -> None:
    seller = fresh.sim.shops[0].seller_id
    fresh.token(seller)
    fresh.sim.expire_access_tokens(seller)

    response = send(fresh, Case(0, 0))

    assert (response.json()["code"], response.status_code) == (105002, 401)


def test_a_token_expires_by_itself(fresh: Caller) -> None:
    fresh.token(fresh.sim.shops[0].seller_id)
    fresh.sim.clock.advance(timedelta(days=7, seconds=-1))
    last = send(fresh, Case(0, 0))
    fresh.sim.clock.advance(timedelta(seconds=1))

    assert last.json()["code"] == 0
    assert send(fresh, Case(0, 0)).json()["code"] == 105002


def test_a_scope_that_was_not_granted_is_refused(fresh: Caller) -> None:
    shop = fresh.sim.shops[0]
    code = fresh.sim.authorize(shop.seller_id, ["seller.authorization.info"])
    token = fresh.exchange(code)["data"]["access_token"]

    response = send(fresh, Case(0, 0, headers={"x-tts-access-token": token}))

    assert (response.json()["code"], response.status_code) == (105005, 401)
    assert "seller.order.info" in response.json()["message"]
