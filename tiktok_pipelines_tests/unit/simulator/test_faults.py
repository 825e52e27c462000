"""Which calls a fault strikes, and for how long."""

from collections.abc import Mapping
from threading import RLock

import msgspec
import pytest

from tiktok_pipelines.simulator.fault_list import KINDS, Fault
from tiktok_pipelines.simulator.faults import Faults, Target
from tiktok_pipelines.simulator.paths import DETAIL, SEARCH, SHOPS, TOKEN_REFRESH
from tiktok_pipelines.simulator.spoiled_orders import SPOILS

HERE = Target(SEARCH, ["1"])
ORDER_IDS = range(580_000_000_000_000_000, 580_000_000_000_002_000)


def board(seed: int = 7) -> Faults:
    return Faults(RLock(), seed=seed, shop_ids=["1", "2"])


def strikes(faults: Faults, kind: str, calls: int, at: Target = HERE) -> list[bool]:
    return [faults.striking(at).take(kind) is not None for _ in range(calls)]


def spoiled(faults: Faults, kind: str) -> set[int]:
    struck = faults.striking(HERE)
    return {one for one in ORDER_IDS if struck.on_record(kind, one)}


def test_nothing_goes_wrong_by_itself() -> None:
    assert not board().striking(HERE)


def test_a_fault_strikes_every_call_until_it_is_cleared() -> None:
    faults = board()
    faults.add(Fault("throttle"))

    before = strikes(faults, "throttle", 3)

    assert faults.clear() == 1
    assert before == [True] * 3
    assert strikes(faults, "throttle", 2) == [False] * 2
    assert faults.hits["throttle"] == 3


def test_a_counted_fault_stops_and_stays_listed() -> None:
    faults = board()
    faults.add(Fault("throttle", count=2))

    found = strikes(faults, "throttle", 4)

    assert found == [True, True, False, False]
    assert [(one.hits, one.left) for one in faults.active()] == [(2, 0)]
    assert not faults.striking(HERE)


def test_the_same_seed_strikes_the_same_calls() -> None:
    found: list[list[bool]] = []
    for seed in (7, 7, 8):
        faults = board(seed)
        faults.add(Fault("cut_before", rate=0.3))
        found.append(strikes(faults, "cut_before", 200))

    assert found[0] == found[1] != found[2]
    assert 35 < sum(found[0]) < 85


def test_the_same_orders_are_spoiled_each_time_and_in_every_run() -> None:
    first, again, other = board(), board(), board(seed=8)
    for faults in (first, again, other):
        faults.add(Fault("nulls", share=0.2))

    found = spoiled(first, "nulls")

    assert found == spoiled(first, "nulls") == spoiled(again, "nulls")
    assert found != spoiled(other, "nulls")
    assert 320 < len(found) < 480


def test_every_tenth_order_is_malformed_unless_told_otherwise() -> None:
    faults = board()
    faults.add(Fault("malformed"))

    assert 150 < len(spoiled(faults, "malformed")) < 250


@pytest.mark.parametrize(
    ("fault", "target", "is_struck"),
    [
        (Fault("throttle", shop_id="1"), Target(SEARCH, ["1"]), True),
        (Fault("throttle", shop_id="1"), Target(SEARCH, ["2"]), False),
        (Fault("throttle", shop_id="1"), Target(SHOPS, ["2", "1"]), True),
        (Fault("throttle", shop_id="1"), Target(TOKEN_REFRESH), False),
        (Fault("throttle", path=SEARCH), Target(DETAIL, ["1"]), False),
        (Fault("throttle", path="/order/*"), Target(DETAIL, ["1"]), True),
        (Fault("throttle", path="/order/*"), Target(SHOPS, ["1"]), False),
        (Fault("moving_rows"), Target(SEARCH, has_page_token=True), True),
        (Fault("moving_rows"), Target(SEARCH), False),
        (Fault("moving_rows"), Target(DETAIL, has_page_token=True), False),
    ],
)
def test_a_fault_strikes_where_it_is_meant(
    fault: Fault, target: Target, *, is_struck: bool
) -> None:
    faults = board()
    faults.add(fault)

    assert bool(faults.striking(target)) is is_struck


def test_several_faults_of_a_kind_take_turns() -> None:
    faults = board()
    faults.add(Fault("slow", seconds=1, count=1))
    faults.add(Fault("slow", seconds=2, count=1))

    found = [faults.striking(HERE).take("slow") for _ in range(3)]

    assert [one.seconds if one else None for one in found] == [1, 2, None]


def test_one_fault_is_removed_by_its_id() -> None:
    faults = board()
    first, second = faults.add(Fault("slow")), faults.add(Fault("slow"))

    assert faults.remove(first)
    assert not faults.remove(first)
    assert [one.id for one in faults.active()] == [second]


def test_one_kind_is_cleared() -> None:
    faults = board()
    faults.add(Fault("slow"))
    faults.add(Fault("throttle"))

    assert faults.clear("slow") == 1
    assert [one.fault.kind for one in faults.active()] == ["throttle"]


def test_the_clocks_of_several_faults_add_up() -> None:
    faults = board()
    faults.add(Fault("clock_skew"))
    faults.add(Fault("clock_skew", seconds=-60, path=SEARCH))

    assert (faults.skew_s(SEARCH), faults.skew_s(DETAIL)) == (540, 600)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"kind": "rain"}, "no fault 'rain': one of throttle, "),
        ({"kind": "nulls", "seconds": 3}, "nulls takes no seconds, but: count, path"),
        ({"kind": "clock_skew", "shop_id": "1"}, "takes no shop_id"),
        ({"kind": "nulls", "path": SHOPS}, "never strikes /authorization"),
        ({"kind": "nulls", "rate": 0}, "above 0 and at most 1"),
        ({"kind": "nulls", "share": 1.1}, "above 0 and at most 1"),
        ({"kind": "nulls", "count": 0}, "at least 1"),
        ({"kind": "slow", "seconds": -1}, "may not be negative"),
        ({"kind": "server_error", "code": 404}, "from 500 to 599"),
        ({"kind": "error_code", "code": 0}, "may not be 0"),
        ({"kind": "nulls", "rat": 1}, "unknown field `rat`"),
        ({"kind": "nulls", "rate": "1"}, "Expected `float`"),
    ],
)
def test_a_wrong_fault_is_told(wrong: Mapping[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        msgspec.convert(wrong, Fault)


def test_a_fault_in_an_unknown_shop_is_told() -> None:
    with pytest.raises(ValueError, match="no shop '3': one of 1, 2"):
        board().add(Fault("slow", shop_id="3"))


def test_every_way_to_spoil_an_order_is_a_fault() -> None:
    listed = [name for name, kind in KINDS.items() if "share" in kind.takes]

    assert listed == list(SPOILS)
