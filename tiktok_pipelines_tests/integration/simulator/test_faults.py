"""Faults of calls, as a client without any patience sees them."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
import pytest
from starlette.responses import Response

from tiktok_pipelines.simulator import KINDS, Fault, Simulator, SimulatorConfig, serve
from tiktok_pipelines.simulator.paths import TOKEN_REFRESH
from tiktok_pipelines.simulator.simulator import Answer, Visit, answer_plainly
from tiktok_pipelines_tests.integration.simulator.caller import (
    DETAIL,
    SEARCH,
    SHOPS,
    Caller,
)
from tiktok_pipelines_tests.integration.simulator.conftest import NOW


def search(caller: Caller, shop: int = 0, **params: str) -> httpx.Response:
    params = {"page_size": "10", **params}
    return caller.send(caller.sim.shops[shop], "POST", SEARCH, params=params)


def second_page(caller: Caller) -> httpx.Response:
    token = search(caller).json()["data"]["next_page_token"]
    return search(caller, page_token=token)


@pytest.mark.parametrize(
    ("fault", "http_status", "code"),
    [
        (Fault("throttle"), 429, 36009002),
        (Fault("throttle_bare"), 429, 36009002),
        (Fault("error_code"), 200, 36009003),
        (Fault("error_code", code=36009007), 200, 36009007),
    ],
)
def test_a_refusal_is_sent_until_the_fault_is_gone(
    faulty: Caller, fault: Fault, http_status: int, code: int
) -> None:
    faulty.sim.faults.add(fault)
    struck = search(faulty)
    faulty.sim.faults.clear()

    assert (struck.status_code, struck.json()["code"]) == (http_status, code)
    assert faulty.sim.faults.hits == {fault.kind: 1}
    assert faulty.sim.refusals == {code: 1}
    assert search(faulty).json()["code"] == 0


@pytest.mark.parametrize(
    ("fault", "wait"),
    [
        (Fault("throttle"), "1"),
        (Fault("throttle", seconds=6.2), "7"),
        (Fault("throttle_bare"), None),
    ],
)
def test_a_throttle_says_how_long_or_nothing(
    faulty: Caller, fault: Fault, wait: str | None
) -> None:
    faulty.sim.faults.add(fault)

    assert search(faulty).headers.get("retry-after") == wait


def test_a_burst_ends_by_itself(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("throttle", count=2))

    found = [search(faulty).status_code for _ in range(4)]

    assert found == [429, 429, 200, 200]


@pytest.mark.parametrize(
    ("fault", "http_status"),
    [(Fault("server_error"), 502), (Fault("server_error", code=503), 503)],
)
def test_a_server_in_trouble_answers_in_html(
    faulty: Caller, fault: Fault, http_status: int
) -> None:
    faulty.sim.faults.add(fault)

    answer = search(faulty)

    assert answer.status_code == http_status
    assert answer.headers["content-type"].startswith("text/html")
    assert answer.text.startswith("<html>")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("cut_before", "without sending a response"),
        ("cut_midway", "without sending complete message body"),
    ],
)
def test_a_connection_is_cut(
    faulty: Caller, capfd: pytest.CaptureFixture[str], kind: str, told: str
) -> None:
    faulty.sim.faults.add(Fault(kind, count=1))

    with pytest.raises(httpx.RemoteProtocolError, match=told):
        search(faulty)

    assert search(faulty).json()["code"] == 0
    assert capfd.readouterr().err == ""


def test_json_breaks_off_under_http_200(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("broken_json", count=1))

    broken, whole = search(faulty), search(faulty)

    assert broken.status_code == 200
    assert int(broken.headers["content-length"]) == len(broken.content)
    assert len(broken.content) == len(whole.content) // 2
    assert whole.text.startswith(broken.text[:100])


def test_a_slow_answer_comes_late_and_whole(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("slow", seconds=0.15, count=1))

    before = time.monotonic()
    answer = search(faulty)

    assert time.monotonic() - before >= 0.15
    assert answer.json()["code"] == 0


def test_nobody_waits_for_a_slow_answer_when_the_server_stops() -> None:
    sim = Simulator(SimulatorConfig(shops=1, orders=1, now=NOW))
    sim.faults.add(Fault("slow", seconds=60))
    with serve(sim) as url:
        with pytest.raises(httpx.ReadTimeout):
            httpx.get(f"{url}{TOKEN_REFRESH}", timeout=0.05)
        before = time.monotonic()

    assert time.monotonic() - before < 30


def test_an_expired_token_is_refused_until_it_is_replaced(fresh: Caller) -> None:
    shop = fresh.sim.shops[0]
    tokens = fresh.exchange(fresh.sim.authorize(shop.seller_id))["data"]
    fresh.token(shop.seller_id)
    fresh.sim.faults.add(Fault("expired_token", count=1))

    struck, later = search(fresh), search(fresh)

    assert (struck.status_code, struck.json()["code"]) == (401, 105002)
    assert later.json()["code"] == 105002
    assert fresh.refresh(tokens["refresh_token"])["code"] == 0


@pytest.mark.parametrize("path", [SEARCH, TOKEN_REFRESH])
def test_a_seller_withdraws_for_good(fresh: Caller, path: str) -> None:
    shop = fresh.sim.shops[0]
    tokens = fresh.exchange(fresh.sim.authorize(shop.seller_id))["data"]
    fresh.token(shop.seller_id)
    fresh.sim.faults.add(Fault("revoked", shop_id=shop.id, path=path))

    if path == SEARCH:
        assert search(fresh).json()["code"] == 105002
    refreshed = fresh.refresh(tokens["refresh_token"])
    fresh.sim.faults.clear()

    assert refreshed["code"] == 36004004
    assert search(fresh).json()["code"] == 105002
    assert search(fresh, shop=2).json()["code"] == 0


@pytest.mark.parametrize("act", ["exchange", "refresh"])
def test_tokens_are_rotated_and_the_answer_is_lost(fresh: Caller, act: str) -> None:
    seller = fresh.sim.sellers[0].id
    old = fresh.exchange(fresh.sim.authorize(seller))["data"]["refresh_token"]
    code = fresh.sim.authorize(seller)
    secret, call = (code, fresh.exchange) if act == "exchange" else (old, fresh.refresh)
    fresh.sim.faults.add(Fault("lost_token_answer"))

    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        call(secret)

    again = call(secret)
    assert again["code"] == 36004004
    assert fresh.sim.faults.hits["lost_token_answer"] == 1


def test_a_call_that_is_cut_before_has_done_nothing(fresh: Caller) -> None:
    token = fresh.exchange(fresh.sim.authorize(fresh.sim.sellers[0].id))["data"]
    fresh.sim.faults.add(Fault("cut_before", path=TOKEN_REFRESH, count=1))

    with pytest.raises(httpx.RemoteProtocolError):
        fresh.refresh(token["refresh_token"])

    assert fresh.refresh(token["refresh_token"])["code"] == 0


def test_only_page_tokens_are_refused(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("refuse_page_token", count=1))

    struck = second_page(faulty)

    assert struck.json()["code"] == 36009004
    assert "page_token" in struck.json()["message"]
    assert second_page(faulty).json()["code"] == 0


@pytest.mark.parametrize(("ahead_s", "code"), [(299, 0), (301, 36009004)])
def test_a_skewed_clock_refuses_timestamps_and_is_told(
    faulty: Caller, ahead_s: int, code: int
) -> None:
    faulty.sim.faults.add(Fault("clock_skew", seconds=ahead_s))

    struck = search(faulty)
    faulty.sim.faults.clear()

    assert struck.json()["code"] == code
    assert date_of(struck) == NOW + timedelta(seconds=ahead_s)
    assert date_of(search(faulty)) == NOW
    assert faulty.sim.faults.hits["clock_skew"] == 1


def date_of(answer: httpx.Response) -> datetime:
    return parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)


@pytest.mark.parametrize(
    ("shop", "path", "found"),
    [
        (None, "", [429, 429, 429, 429]),
        (0, "", [429, 200, 200, 429]),
        (2, "", [200, 429, 429, 200]),
        (None, SEARCH, [429, 429, 200, 200]),
        (2, SEARCH, [200, 429, 200, 200]),
        (None, "/authorization/*", [200, 200, 200, 429]),
    ],
)
def test_other_shops_and_paths_are_left_alone(
    faulty: Caller, shop: int | None, path: str, found: list[int]
) -> None:
    shops = faulty.sim.shops
    faulty.token(shops[2].seller_id)
    shop_id = "" if shop is None else shops[shop].id
    faulty.sim.faults.add(Fault("throttle", shop_id=shop_id, path=path))

    answers = [
        search(faulty, shop=0),
        search(faulty, shop=2),
        faulty.send(shops[2], "GET", DETAIL, params={"ids": "1"}),
        faulty.send(shops[0], "GET", SHOPS),
    ]

    assert [answer.status_code for answer in answers] == found


def test_faults_can_be_stacked(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("slow", seconds=0.05))
    faulty.sim.faults.add(Fault("unknown_field"))
    faulty.sim.faults.add(Fault("cut_midway"))

    before = time.monotonic()
    with pytest.raises(httpx.RemoteProtocolError):
        search(faulty)

    assert time.monotonic() - before >= 0.05
    assert faulty.sim.faults.hits == {"slow": 1, "unknown_field": 10, "cut_midway": 1}


def test_what_is_put_around_an_answer_sees_it_spoiled_and_whole(faulty: Caller) -> None:
    seen: list[bytes] = []

    async def witness(_visit: Visit, answer: Answer) -> Response:
        response = answer()
        seen.append(bytes(response.body))
        return response

    faulty.sim.around = witness
    for kind in ("unknown_field", "broken_json"):
        faulty.sim.faults.add(Fault(kind))
    broken = search(faulty)
    faulty.sim.faults.add(Fault("throttle"))
    throttled = search(faulty)
    faulty.sim.around = answer_plainly

    assert throttled.status_code == 429
    assert len(seen) == 1
    assert b"promised_by" in seen[0]
    assert broken.content == seen[0][: len(seen[0]) // 2]


def test_with_everything_wrong_at_once_the_simulator_itself_stays_well(
    fresh: Caller, capfd: pytest.CaptureFixture[str]
) -> None:
    shop = fresh.sim.shops[0]
    quiet = fresh.orders(shop, page_size="15")
    seconds = {"slow": 0.001, "clock_skew": 20.0}
    for kind in sorted(KINDS.keys() - {"revoked", "expired_token"}):
        rate = 1.0 if kind == "clock_skew" else 0.15
        fresh.sim.faults.add(Fault(kind, rate=rate, seconds=seconds.get(kind)))

    statuses = [status_of(second_page, fresh) for _ in range(90)]
    statuses += [status_of(refreshed, fresh) for _ in range(20)]
    fresh.sim.faults.clear()

    assert set(statuses) == {200, 400, 429, 502, "cut", "no JSON"}
    assert fresh.sim.faults.hits.keys() == KINDS.keys() - {"revoked", "expired_token"}
    assert fresh.orders(shop, page_size="15") == quiet
    assert capfd.readouterr().err == ""


def refreshed(caller: Caller) -> httpx.Response:
    code = caller.sim.authorize(caller.sim.sellers[0].id)
    tokens = caller.exchange(code)["data"]
    caller.refresh(tokens["refresh_token"])
    return httpx.Response(200)


def status_of(act: Callable[[Caller], httpx.Response], caller: Caller) -> int | str:
    try:
        return act(caller).status_code
    except httpx.RemoteProtocolError:
        return "cut"
    except (ValueError, TypeError):
        return "no JSON"
