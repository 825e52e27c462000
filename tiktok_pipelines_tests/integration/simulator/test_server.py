"""The simulator as a server: limits, faults, its control."""

import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from datetime import timedelta

import httpx
import pytest
from starlette.responses import Response

from tiktok_pipelines.simulator import Simulator, SimulatorConfig, run, serve
from tiktok_pipelines.simulator.simulator import Answer, Visit
from tiktok_pipelines_tests.integration.simulator.caller import (
    SEARCH,
    SHOPS,
    Caller,
    Json,
)
from tiktok_pipelines_tests.integration.simulator.conftest import NOW

SMALL = SimulatorConfig(shops=2, orders=5, now=NOW)

PROGRAM = """
from tiktok_pipelines.simulator import SimulatorConfig, run
run(
    SimulatorConfig(shops=1, orders=3), "127.0.0.1", 0,
    on_ready=lambda url, sim: print(url, flush=True),
)
print("stopped")
"""


@contextmanager
def limited(rate_per_second: float) -> Generator[Caller]:
    config = SimulatorConfig(
        shops=2, orders=5, now=NOW, rate_per_second=rate_per_second
    )
    sim = Simulator(config)
    with serve(sim) as url, httpx.Client(base_url=url, timeout=60) as http:
        yield Caller(sim, http)


def search(caller: Caller, shop: int = 0) -> httpx.Response:
    params = {"page_size": "10"}
    return caller.send(caller.sim.shops[shop], "POST", SEARCH, params=params)


def test_too_many_calls_get_429_and_are_told_when_to_come_back() -> None:
    with limited(0.1) as caller:
        first, second = search(caller), search(caller)

    assert first.json()["code"] == 0
    assert (second.status_code, second.json()["code"]) == (429, 36009002)
    assert 1 <= int(second.headers["retry-after"]) <= 10


def test_limits_are_counted_per_shop_and_endpoint() -> None:
    with limited(0.1) as caller:
        search(caller)
        other_shop = search(caller, shop=1)
        other_endpoint = caller.send(caller.sim.shops[0], "GET", SHOPS)

    assert other_shop.json()["code"] == 0
    assert other_endpoint.json()["code"] == 0


def test_after_the_wait_a_call_passes_again() -> None:
    with limited(0.1) as caller:
        search(caller)
        wait_s = int(search(caller).headers["retry-after"])
        caller.sim.clock.advance(timedelta(seconds=wait_s))

        assert search(caller).json()["code"] == 0


def test_calls_are_counted_by_method_path_and_shop(fresh: Caller) -> None:
    first, second = fresh.sim.shops[0], fresh.sim.shops[2]
    fresh.search(first)
    fresh.search(first)
    fresh.search(second)
    fresh.send(first, "POST", SEARCH)

    assert fresh.sim.calls["POST", SEARCH, first.id] == 3
    assert fresh.sim.calls["POST", SEARCH, second.id] == 1
    assert fresh.sim.calls["GET", "/api/v2/token/get", ""] == 2
    assert fresh.sim.refusals[36009004] == 1


def test_a_fault_can_be_put_around_an_answer(fresh: Caller) -> None:
    visits: list[Visit] = []

    async def break_orders(visit: Visit, answer: Answer) -> Response:
        visits.append(visit)
        return Response("oops", 502) if visit.path == SEARCH else answer()

    shop = fresh.sim.shops[0]
    fresh.token(shop.seller_id)
    fresh.sim.around = break_orders

    answers = [
        fresh.send(shop, "POST", SEARCH, params={"page_size": "1"}),
        fresh.send(shop, "GET", SHOPS),
    ]

    assert [answer.status_code for answer in answers] == [502, 200]
    assert [visit.shop_id for visit in visits] == [shop.id, ""]


def test_state_truth_and_calls_can_be_read_over_http(fresh: Caller) -> None:
    shop = fresh.sim.shops[3]

    state = fresh.http.get("/_sim/state").json()
    truth = fresh.http.get(f"/_sim/truth/{shop.id}").json()
    fresh.token(shop.seller_id)
    calls = fresh.http.get("/_sim/calls").json()["calls"]

    assert state["now"] == "2026-01-10T09:30:00+00:00"
    assert [row["id"] for row in state["shops"]] == [s.id for s in fresh.sim.shops]
    assert {row["orders"] for row in state["shops"]} == {40}
    assert truth == fresh.sim.truth(shop.id)
    assert [row["path"] for row in calls] == ["/api/v2/token/get"]


def test_time_and_authorisations_can_be_moved_over_http(fresh: Caller) -> None:
    seller = fresh.sim.sellers[0].id

    def post(name: str, body: Json) -> Json:
        return fresh.http.post(f"/_sim/{name}", json=body).json()

    state = post("time", {"advance_s": 3600})
    tokens = fresh.exchange(post("authorize", {"seller": seller})["code"])["data"]
    post("expire", {"seller": None})
    refreshed = fresh.refresh(tokens["refresh_token"])["data"]
    post("revoke", {"seller": seller})

    assert state["now"] == "2026-01-10T10:30:00+00:00"
    assert fresh.refresh(refreshed["refresh_token"])["code"] == 36004004


@pytest.mark.parametrize(
    ("path", "body", "http_status"),
    [
        ("/_sim/time", {"advance_s": -1}, 400),
        ("/_sim/time", {}, 400),
        ("/_sim/authorize", {"seller": "nobody"}, 404),
        ("/_sim/expire", {"seller": "nobody"}, 404),
        ("/_sim/revoke", {}, 404),
    ],
)
def test_a_wrong_control_request_changes_nothing(
    standing: Caller, path: str, body: Json, http_status: int
) -> None:
    response = standing.http.post(path, json=body)

    assert response.status_code == http_status
    assert response.json()["error"]
    assert standing.sim.clock.now() == NOW


def test_the_truth_of_an_unknown_shop_is_not_found(standing: Caller) -> None:
    assert standing.http.get("/_sim/truth/1").status_code == 404


def test_the_truth_of_a_shop_without_orders_is_an_empty_list() -> None:
    sim = Simulator(SimulatorConfig(shops=1, orders=0, now=NOW))

    with serve(sim) as url:
        assert httpx.get(f"{url}/_sim/truth/{sim.shops[0].id}").json() == []


def test_the_home_page_says_what_this_is(standing: Caller) -> None:
    page = standing.http.get("/")

    assert "TikTok Shop that runs anywhere" in page.text
    assert all(shop.id in page.text for shop in standing.sim.shops)


def test_a_stopped_simulator_leaves_no_thread_and_frees_its_port() -> None:
    threads = threading.active_count()
    with serve(Simulator(SMALL)) as url:
        port = int(url.rpartition(":")[2])
        assert httpx.get(url).status_code == 200

    with serve(Simulator(SMALL), port=port) as again:
        assert again == url
    assert threading.active_count() == threads


def test_a_busy_port_is_said_at_once() -> None:
    with socket.create_server(("127.0.0.1", 0)) as busy:
        port = busy.getsockname()[1]

        with pytest.raises(OSError, match="in use"), serve(Simulator(SMALL), port=port):
            pass


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_run_serves_until_a_signal_and_gives_the_handlers_back(number: int) -> None:
    before = signal.getsignal(number)
    titles: list[str] = []

    def visit(url: str) -> None:
        titles.append(httpx.get(url).text)
        os.kill(os.getpid(), number)

    def on_ready(url: str, _sim: Simulator) -> None:
        threading.Thread(target=visit, args=(url,)).start()

    run(SMALL, "127.0.0.1", 0, on_ready=on_ready)

    assert "TikTok Shop simulator" in titles[0]
    assert signal.getsignal(number) == before


def test_a_process_of_its_own_ends_well_at_a_signal() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        state = httpx.get(f"{url}/_sim/state").json()
        os.kill(process.pid, signal.SIGTERM)
        rest = process.stdout.read()

    assert state["shops"][0]["orders"] == 3
    assert rest == "stopped\n"
    assert process.returncode == 0


def test_with_real_time_the_clock_runs() -> None:
    sim = Simulator(SimulatorConfig(shops=1, orders=1))
    first = sim.clock.now()

    sim.clock.advance(timedelta(hours=1))

    assert sim.clock.now() > first + timedelta(hours=1)


def test_time_cannot_be_turned_back() -> None:
    with pytest.raises(ValueError, match="forwards"):
        Simulator(SMALL).clock.advance(timedelta(seconds=-1))
