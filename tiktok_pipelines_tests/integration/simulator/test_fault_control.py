"""Faults switched over HTTP."""

import pytest

from tiktok_pipelines.simulator import Fault
from tiktok_pipelines_tests.integration.simulator.caller import SEARCH, Caller, Json

FAULTS = "/_sim/faults"


def test_a_fault_is_switched_on_listed_and_off(faulty: Caller) -> None:
    shop = faulty.sim.shops[0]
    asked = {"kind": "throttle", "shop_id": shop.id, "path": SEARCH, "count": 3}

    added = faulty.http.post(FAULTS, json=asked).json()
    struck = faulty.send(shop, "POST", SEARCH, params={"page_size": "1"})
    listed = faulty.http.get(FAULTS).json()
    removed = faulty.http.delete(FAULTS).json()

    assert struck.status_code == 429
    assert listed["hits"] == {"throttle": 1}
    assert listed["faults"] == [
        {
            **asked,
            "id": added["id"],
            "rate": 1.0,
            "share": None,
            "seconds": None,
            "code": None,
            "hits": 1,
            "left": 2,
        }
    ]
    assert removed == {"removed": 1}
    assert faulty.http.get(FAULTS).json()["faults"] == []


@pytest.mark.parametrize(
    ("query", "left"),
    [
        ({"kind": "slow"}, ["throttle"]),
        ({"id": "first"}, ["slow", "throttle"]),
        ({}, []),
        ({"id": "999999"}, ["slow", "slow", "throttle"]),
    ],
)
def test_some_faults_are_switched_off(
    faulty: Caller, query: dict[str, str], left: list[str]
) -> None:
    first = [faulty.sim.faults.add(Fault(one)) for one in ("slow", "slow", "throttle")]
    if query == {"id": "first"}:
        query = {"id": str(first[0])}

    answer = faulty.http.delete(FAULTS, params=query)

    assert answer.json() == {"removed": 3 - len(left)}
    assert [one.fault.kind for one in faulty.sim.faults.active()] == left


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "missing required field `kind`"),
        ([], "Expected `object`"),
        ({"kind": "rain"}, "one of throttle, throttle_bare"),
        ({"kind": "slow", "second": 1}, "unknown field `second`"),
        ({"kind": "slow", "shop_id": "1"}, "no shop '1': one of 749"),
        ({"kind": "slow", "rate": 2}, "above 0 and at most 1"),
    ],
)
def test_a_wrong_fault_is_refused_with_what_is_allowed(
    faulty: Caller, body: Json, told: str
) -> None:
    answer = faulty.http.post(FAULTS, json=body)

    assert answer.status_code == 400
    assert told in answer.json()["error"]
    assert "Send an object of: kind, shop_id, path" in answer.json()["error"]
    assert faulty.sim.faults.active() == []


@pytest.mark.parametrize(
    ("query", "told"),
    [({"kind": "rain"}, "one of throttle"), ({"id": "x"}, "must be a number")],
)
def test_a_wrong_calm_switches_nothing_off(
    faulty: Caller, query: Json, told: str
) -> None:
    faulty.sim.faults.add(Fault("slow"))

    answer = faulty.http.delete(FAULTS, params=query)

    assert answer.status_code == 400
    assert told in answer.json()["error"]
    assert len(faulty.sim.faults.active()) == 1


def test_controls_are_never_struck(faulty: Caller) -> None:
    faulty.sim.faults.add(Fault("cut_before"))

    assert faulty.http.get(FAULTS).status_code == 200
    assert faulty.http.get("/_sim/state").status_code == 200


def test_the_home_page_shows_the_faults_that_are_on(faulty: Caller) -> None:
    calm = faulty.http.get("/").text
    faulty.sim.faults.add(Fault("clock_skew"))

    assert "No fault is on" in calm
    assert "clock_skew" in faulty.http.get("/").text


def test_the_time_can_be_asked_for(faulty: Caller) -> None:
    assert faulty.http.get("/_sim/time").json() == {"now": "2026-01-10T09:30:00+00:00"}
